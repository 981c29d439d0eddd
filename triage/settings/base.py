"""What all tables of `triage.toml` have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class SettingsModel(BaseModel):
    """A table in which an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
