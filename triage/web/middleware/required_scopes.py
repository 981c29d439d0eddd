"""Required scopes: each route names the scopes that open it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from triage.access import Scope

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "__triage_scopes__"


def requires_scope(*scopes: Scope) -> Callable[[View], View]:
    """Mark a view as open to tokens that carry one of these scopes; `admin` opens everything."""

    def mark(view: View) -> View:
        setattr(view, _MARK, frozenset(scopes) | {"admin"})
        return view

    return mark


def scopes_of(view: Callable[..., Any]) -> frozenset[str] | None:
    """Return the scopes of which one is required, or None where a route is open to all."""
    found: frozenset[str] | None = getattr(view, _MARK, None)
    return found
