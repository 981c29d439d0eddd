"""Searches of agents and customers, and the articles that were found."""

from __future__ import annotations

import json
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, select, update

from models.language.codes import UNKNOWN
from triage.store.database import Database
from triage.store.ids import Pseudonyms, is_signed_id, new_signed_id
from triage.store.portal_limits.origins import PortalOrigin, is_within_limit, mark_drafts
from triage.store.portal_limits.quota import MB, DailyQuota
from triage.store.sql import insert_new
from triage.store.tables import searches, sessions
from triage.store.weekly_counts import CountedSession, count_session_changes, lock_sessions

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
    control group and nothing was. `origin` is given where it came with a portal's token.
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
    origin: PortalOrigin | None = None


_LOST_SESSIONS = 100_000
# What a search takes beside its texts, with a session of its own and all indexes: 780 to 1,010 bytes in
# SQLite, 1,140 to 1,210 in PostgreSQL (2,000 of them; 240 to 550 in a session that is there).
_ROW_BYTES = 1200


@dataclass(frozen=True, slots=True)
class Searches:
    """The searches of a database. All methods raise StoreUnavailableError.

    `quota` bounds what is kept of portals, and `most_sessions` how many sessions a day count of a client of
    theirs.
    """

    database: Database
    quota: DailyQuota = field(default_factory=lambda: DailyQuota(50 * MB))
    most_sessions: int = 0
    _lost: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def record(self, records: Sequence[SearchRecord]) -> None:
        """Keep searches and their sessions; a search that is recorded twice is kept once.

        Where a portal's quota is used up, its searches are not kept, and their sessions are discarded.
        """
        if not records:
            return
        with self.database.write() as connection:
            kept = self._with_room(connection, records)
            repeated = mark_drafts(connection, kept)
            insert_new(connection, searches, [_columns(one, is_repeated=one.id in repeated) for one in kept])
            began = _first_of_sessions(kept)
            if began:
                connection.execute(
                    _CLEAR_EARLIER_DRAFTS, [{"session": session_id} for session_id in sorted(began)]
                )
                # In one order, so that two processes do not wait for each other.
                insert_new(connection, sessions, [_session(began[i]) for i in sorted(began)])
            kept_ids = {record.id for record in kept}
            answered = [record for record in records if record.is_answered]
            shown = _first_of_sessions([record for record in answered if record.id in kept_ids])
            lost = _first_of_sessions([record for record in answered if record.id not in kept_ids])
            changes = []
            for known in lock_sessions(connection, sorted(began.keys() | lost.keys())):
                # A session of which the end was told before its beginning was written has no language.
                has_none = known.language == UNKNOWN and known.id in began
                now = replace(known, language=began[known.id].language if has_none else known.language)
                lost_one = lost.pop(known.id, None)
                if known.was_answerable or known.is_discarded:
                    pass
                elif (first := shown.get(known.id)) is not None:
                    counts = first.id not in repeated and self._is_within_limit(connection, first)
                    now = replace(now, was_answerable=counts, is_discarded=not counts)
                elif lost_one is not None:
                    now = replace(now, is_discarded=True)
                if now != known:
                    names = "language", "was_answerable", "is_discarded"
                    values = {name: getattr(now, name) for name in names}
                    connection.execute(update(sessions).where(sessions.c.id == now.id).values(values))
                    changes.append((known, now))
            count_session_changes(connection, [*changes, *self._newly_lost(lost)])

    def _with_room(self, connection: Connection, records: Sequence[SearchRecord]) -> list[SearchRecord]:
        """Return the searches for which there is room in the quota of their token."""
        sizes: dict[str, list[int]] = {}
        for record in records:
            if record.origin is not None:
                sizes.setdefault(record.token_id or "", []).append(_size(record))
        room = {token: self.quota.charge(connection, token, sizes[token]) for token in sorted(sizes)}
        kept = []
        for record in records:
            if record.origin is not None:
                room[record.token_id or ""] -= 1
            if record.origin is None or room[record.token_id or ""] >= 0:
                kept.append(record)
        return kept

    def _is_within_limit(self, connection: Connection, first: SearchRecord) -> bool:
        return first.origin is None or is_within_limit(connection, first.origin, self.most_sessions)

    def _newly_lost(self, lost: Mapping[str, SearchRecord]) -> list[tuple[CountedSession, CountedSession]]:
        """Return the change for each session of which nothing is kept, the first time that it is met."""
        found = []
        for session_id, record in sorted(lost.items()):
            if session_id in self._lost:
                continue
            self._lost[session_id] = None
            before = CountedSession(
                session_id, record.at, record.language, record.is_control, was_answerable=False, outcome=None
            )
            found.append((before, replace(before, is_discarded=True)))
        while len(self._lost) > _LOST_SESSIONS:
            self._lost.popitem(last=False)
        return found

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


def _first_of_sessions(records: Sequence[SearchRecord]) -> dict[str, SearchRecord]:
    found: dict[str, SearchRecord] = {}
    for record in records:
        if record.session_id is not None:
            found.setdefault(record.session_id, record)
    return found


def _size(record: SearchRecord) -> int:
    """Return about how many bytes a search takes in the database."""
    text = len((record.text or "").encode("utf-8", "replace"))
    return _ROW_BYTES + text + len(json.dumps(list(map(dict, record.found))))


def _columns(record: SearchRecord, *, is_repeated: bool) -> dict[str, Any]:
    columns = {name: getattr(record, name) for name in searches.c.keys() if name != "unanswered_text"}  # noqa: SIM118
    is_counted = not record.is_answered and not is_repeated
    unanswered = (folded(record.text or "") or None) if is_counted else None
    return columns | {"found": [dict(article) for article in record.found], "unanswered_text": unanswered}


def folded(text: str) -> str:
    """Return the text as it is compared: without case, punctuation and double spaces.

    >>> folded("  VPN, geht   nicht! ")
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
