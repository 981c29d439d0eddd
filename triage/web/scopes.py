"""What a caller may do: each route names the scopes that open it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import g

from triage.scopes import Scope

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "__triage_scopes__"


def needs(*scopes: Scope) -> Callable[[View], View]:
    """Mark a view as open to tokens that carry one of these scopes; `admin` opens everything."""

    def mark(view: View) -> View:
        setattr(view, _MARK, frozenset(scopes) | {"admin"})
        return view

    return mark


def caller_may(*scopes: Scope) -> bool:
    """Tell whether the caller has one of these scopes, on a route that several open for different things.

    Where access is not checked, everybody may.
    """
    token = g.get("token")
    return token is None or bool(token.scopes & {*scopes, "admin"})


def caller_id() -> str | None:
    """Return the id of the caller's token, None where there is none."""
    token = g.get("token")
    return token.id if token is not None else None


def scopes_of(view: Callable[..., Any]) -> frozenset[str] | None:
    """Return the scopes of which one is needed, or None where a route is open to all."""
    found: frozenset[str] | None = getattr(view, _MARK, None)
    return found
