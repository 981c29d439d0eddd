"""Origins of a portal's drafts: by them a draft that many sessions send counts once, and a client so often.

Whoever has a portal's token may begin any number of sessions. So of the sessions of a day that begin with the
same draft from the same client, the first counts, and of one client only so many. That is decided by the
first draft that something is shown for: what is shown cannot decide who counts.

What is kept are keyed hashes, which change every day, and are deleted after two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, delete, func, select, update

from triage.store.ids import Pseudonyms
from triage.store.sql import insert_new
from triage.store.tables import draft_marks

_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class PortalOrigin:
    """Keyed hashes of a client with its draft, and of the client alone; None where no client is known."""

    draft: str
    client: str | None


def portal_origin(pseudonyms: Pseudonyms, token_id: str, network: str, words: str) -> PortalOrigin:
    """Return the origin of a draft of today: of a network's address, "" if unknown, and folded text.

    Order and repetition of words make no difference, nor do numbers.
    """
    today = datetime.now(UTC).date().isoformat()
    client = f"{today}\0{token_id}\0{network}"
    letters = "".join(" " if character.isdigit() else character for character in words)
    typed = " ".join(sorted(set(letters.split()))) or words
    return PortalOrigin(
        pseudonyms.keyed_name(f"{client}\0{typed}", "draft"),
        pseudonyms.keyed_name(client, "client") if network else None,
    )


class MarkedSearch(Protocol):
    """Search in a session, with its origin; a `SearchRecord`."""

    @property
    def id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def session_id(self) -> str | None: ...
    @property
    def origin(self) -> PortalOrigin | None: ...


def mark_drafts(connection: Connection, searches: Sequence[MarkedSearch]) -> frozenset[str]:
    """Mark the drafts of these searches, and return the ids of those that another session sent before."""
    drafts = {search.origin.draft: search for search in reversed(searches) if search.origin is not None}
    if not drafts:
        return frozenset()
    connection.execute(delete(draft_marks).where(draft_marks.c.at < datetime.now(UTC) - _KEPT))
    # In one order, so that two processes do not wait for each other.
    rows = [
        {"id": draft, "at": first.at, "session_id": first.session_id}
        for draft, first in sorted(drafts.items())
    ]
    insert_new(connection, draft_marks, rows)
    marked = select(draft_marks.c.id, draft_marks.c.session_id).where(draft_marks.c.id.in_(drafts))
    session_of = {row.id: row.session_id for row in connection.execute(marked)}
    return frozenset(
        search.id
        for search in searches
        if search.origin is not None and session_of.get(search.origin.draft) != search.session_id
    )


def is_within_limit(connection: Connection, origin: PortalOrigin, most_sessions: int) -> bool:
    """Count one more session of the client, unless it has had as many today; 0 is any number."""
    if origin.client is None or not most_sessions:
        return True
    counted = select(func.count()).select_from(draft_marks).where(draft_marks.c.client == origin.client)
    if connection.execute(counted).scalar_one() >= most_sessions:
        return False
    mark = update(draft_marks).where(draft_marks.c.id == origin.draft)
    connection.execute(mark.values(client=origin.client))
    return True
