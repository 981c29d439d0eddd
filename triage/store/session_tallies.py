"""Counts by week of the portal's sessions, kept in the same transaction as the sessions themselves.

Only sessions in which something could be shown are counted: in the others both groups see the same. Comparing
those is fair, since until the first answerable search both groups saw nothing, so that what is shown cannot
decide who counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, select

from triage.store.inserts import add_counts
from triage.store.tables import session_tallies, sessions
from triage.store.tallies import week_of

_Key = tuple[date, str, bool]


@dataclass(frozen=True, slots=True)
class Session:
    """What of a session decides how it is counted; `outcome` is None while it is not known."""

    id: str
    started_at: datetime
    language: str
    is_control: bool
    was_answerable: bool
    outcome: str | None


def held(connection: Connection, ids: Sequence[str]) -> list[Session]:
    """Return those of the sessions that there are, by id, and keep others from changing them meanwhile."""
    # In one order, so that two processes do not wait for each other.
    named = select(*(sessions.c[name] for name in Session.__slots__)).where(sessions.c.id.in_(ids))
    found = connection.execute(named.order_by(sessions.c.id).with_for_update())
    return [Session(**row) for row in found.mappings()]


def count_changes(connection: Connection, changes: Iterable[tuple[Session, Session]]) -> None:
    """Count how sessions changed, each given before and after."""
    began: Counter[_Key] = Counter()
    submitted: Counter[_Key] = Counter()
    for before, after in changes:
        for session, one in ((before, -1), (after, 1)):
            if session.was_answerable:
                key = week_of(session.started_at.astimezone(UTC)), session.language, session.is_control
                began[key] += one
                submitted[key] += one * (session.outcome == "submitted")
    rows: list[dict[str, Any]] = []
    for key in sorted(began):
        if began[key] or submitted[key]:
            named = dict(zip(session_tallies.primary_key.columns.keys(), key, strict=True))
            rows.append(named | {"sessions": began[key], "submitted": submitted[key]})
    add_counts(connection, session_tallies, rows)
