"""Searches of agents and customers, and the articles that were found."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, func, select, update

from models.language.codes import UNKNOWN
from triage.store.database import Database
from triage.store.ids import Pseudonyms, is_signed_id, new_signed_id
from triage.store.sql import insert_new
from triage.store.tables import searches, sessions
from triage.store.weekly_counts import count_session_changes, lock_sessions

_later = searches.alias("later")
# Only the last draft of a session counts as an unanswered search: those before it were unfinished.
_CLEAR_EARLIER_DRAFTS = (
    update(searches)
    .where(
        searches.c.session_id == bindparam("session"),
        searches.c.unanswered_text.is_not(None),
        searches.c.id
        < select(func.max(_later.c.id)).where(_later.c.session_id == bindparam("session")).scalar_subquery(),
    )
    .values(unanswered_text=None)
)


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """Search as it is kept; `text` is redacted, `found` has the articles' ids and confidences, best first.

    `is_answered` says whether something was sure enough to be shown, also where the session is in the
    control group and nothing was.
    """

    id: str
    at: datetime
    kind: Literal["deflect", "suggest"]
    language: str
    text: str | None
    best: float
    found: Sequence[Mapping[str, Any]]
    is_answered: bool
    session_id: str | None = None
    is_control: bool = False
    token_id: str | None = None


@dataclass(frozen=True, slots=True)
class Searches:
    """The searches of a database. All methods raise StoreUnavailableError."""

    database: Database

    def record(self, records: Sequence[SearchRecord]) -> None:
        """Keep searches and their sessions; a search that is recorded twice is kept once."""
        if not records:
            return
        began: dict[str, SearchRecord] = {}
        for record in records:
            if record.session_id is not None:
                began.setdefault(record.session_id, record)
        answerable = {record.session_id for record in records if record.is_answered}
        with self.database.write() as connection:
            insert_new(connection, searches, [_columns(record) for record in records])
            if not began:
                return
            connection.execute(
                _CLEAR_EARLIER_DRAFTS, [{"session": session_id} for session_id in sorted(began)]
            )
            # In one order, so that two processes do not wait for each other.
            insert_new(connection, sessions, [_session(began[i]) for i in sorted(began)])
            changes = []
            for known in lock_sessions(connection, sorted(began)):
                # A session of which the end was told before its beginning was written has no language.
                language = began[known.id].language if known.language == UNKNOWN else known.language
                now = replace(
                    known, language=language, was_answerable=known.was_answerable or known.id in answerable
                )
                if now != known:
                    values = {"language": now.language, "was_answerable": now.was_answerable}
                    connection.execute(update(sessions).where(sessions.c.id == now.id).values(values))
                    changes.append((known, now))
            count_session_changes(connection, changes)

    def get(self, search_id: str) -> SearchRecord | None:
        """Return a search, without what only its session has; None where there is none of that id."""
        with self.database.read() as connection:
            row = connection.execute(_KEPT.where(searches.c.id == search_id)).mappings().first()
        return SearchRecord(**row) if row else None

    def answered_in(self, session_id: str, limit: int) -> list[SearchRecord]:
        """Return the answered searches of a session, as `get` does, up to `limit` of the newest."""
        wanted = _KEPT.where(searches.c.session_id == session_id, searches.c.is_answered)
        with self.database.read() as connection:
            rows = connection.execute(wanted.order_by(searches.c.id.desc()).limit(limit)).mappings()
            return [SearchRecord(**row) for row in rows]


_KEPT = select(*(column for column in searches.c if column.key != "unanswered_text"))


def new_search_id(pseudonyms: Pseudonyms, session_id: str | None) -> str:
    """Return the id of a new search, signed for its session."""
    return new_signed_id(pseudonyms, _purpose(session_id))


def is_search_id(pseudonyms: Pseudonyms, search_id: str, session_id: str | None) -> bool:
    """Tell whether the id was given out for a search of this session by a service with the same secret."""
    return is_signed_id(pseudonyms, search_id, _purpose(session_id))


def _purpose(session_id: str | None) -> str:
    return f"search of {session_id or 'an agent'}"


def _columns(record: SearchRecord) -> dict[str, Any]:
    columns = {name: getattr(record, name) for name in searches.c.keys() if name != "unanswered_text"}  # noqa: SIM118
    unanswered = None if record.is_answered or record.text is None else _folded(record.text) or None
    return columns | {"found": [dict(article) for article in record.found], "unanswered_text": unanswered}


def _folded(text: str) -> str:
    """Return the text as it is compared: without case, punctuation and double spaces.

    >>> _folded("  VPN, geht   nicht! ")
    'vpn geht nicht'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def _session(first: SearchRecord) -> dict[str, Any]:
    return {
        "id": first.session_id,
        "started_at": first.at,
        "token_id": first.token_id,
        "language": first.language,
        "is_control": first.is_control,
        "was_answerable": False,
    }
