"""What the service says of itself."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class HealthAnswer(BaseModel):
    status: Literal["alive"]


class ReadyAnswer(BaseModel):
    status: Literal["ready"]
    bundle: str | None
    index: str | None
    missing: dict[str, str]
