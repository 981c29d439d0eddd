"""What a token may open, and how much a minute."""

from __future__ import annotations

from typing import Literal, get_args

Scope = Literal["triage", "agent", "portal", "kb", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PER_MINUTE = 6_000
PORTAL_PER_MINUTE = 600
"""A portal's token stands in a page that everybody can read, so that everybody can use it up."""
