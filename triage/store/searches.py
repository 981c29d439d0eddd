"""What agents and customers searched for, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update

from triage.store.database import Database
from triage.store.inserts import insert_new
from triage.store.tables import searches, sessions


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """One search; `text` is redacted, `found` has the articles' ids and confidences, best first.

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
        """Keep searches, and the sessions that they belong to; the same twice is kept once."""
        if not records:
            return
        began: dict[str, SearchRecord] = {}
        for record in records:
            if record.session_id is not None:
                began.setdefault(record.session_id, record)
        answerable = sorted({r.session_id for r in records if r.session_id and r.is_answered})
        with self.database.write() as connection:
            insert_new(connection, searches, [_columns(record) for record in records])
            # In one order, so that two processes do not wait for each other.
            insert_new(connection, sessions, [_session(began[i]) for i in sorted(began)])
            for session_id in answerable:
                known = sessions.c.id == session_id, ~sessions.c.was_answerable
                connection.execute(update(sessions).where(*known).values(was_answerable=True))
            for session_id in sorted(began):
                # Its end was told before its beginning was written.
                unknown = sessions.c.id == session_id, sessions.c.language == "und"
                language = began[session_id].language
                connection.execute(update(sessions).where(*unknown).values(language=language))

    def get(self, search_id: str) -> SearchRecord | None:
        """Return a search, without what only its session has; None where there is none of that id."""
        with self.database.read() as connection:
            statement = select(searches).where(searches.c.id == search_id)
            row = connection.execute(statement).mappings().first()
        return SearchRecord(**row) if row else None


def _columns(record: SearchRecord) -> dict[str, Any]:
    columns = {name: getattr(record, name) for name in searches.c.keys()}  # noqa: SIM118 - not a dict
    return columns | {"found": [dict(article) for article in record.found]}


def _session(first: SearchRecord) -> dict[str, Any]:
    return {
        "id": first.session_id,
        "started_at": first.at,
        "token_id": first.token_id,
        "language": first.language,
        "is_control": first.is_control,
        "was_answerable": False,
    }
