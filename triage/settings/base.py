"""What all tables of `triage.toml` have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table in which an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
