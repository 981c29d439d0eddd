"""Events of articles after they were found, and which of them the ranking has still to learn from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, update

from kb_index.usage.events import EventKind
from triage.store.database import Database
from triage.store.portal_limits.quota import MB, DailyQuota
from triage.store.sql import insert_new
from triage.store.tables import article_events, decisions, searches

# What an event takes beside its article's id: 270 bytes in SQLite, 310 in PostgreSQL (of 3,500 events).
_ROW_BYTES = 320
_SOURCES = ("search_id", "decision_id", "session_id")  # the one that says most first


@dataclass(frozen=True, slots=True)
class ArticleEvent:
    """Event of an article that the answer with one of the three ids listed."""

    kind: EventKind
    article_id: str
    decision_id: str | None = None
    search_id: str | None = None
    session_id: str | None = None

    @property
    def key(self) -> str:
        """The key by which an event that is reported twice counts once."""
        parts = (self.kind, self.article_id, self.decision_id, self.search_id, self.session_id)
        named = "\0".join(part or "" for part in parts)
        return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ResultList:
    """Articles that an answer listed, by id, best first; `is_portal` where a customer saw them."""

    ids: Sequence[str]
    is_portal: bool


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """Event with the list in which its article stood; None where that list is not known."""

    event: ArticleEvent
    at: datetime
    listed: ResultList | None


@dataclass(frozen=True, slots=True)
class ArticleEvents:
    """The events of a database; `quota` bounds what is kept of portals.

    All methods raise StoreUnavailableError.
    """

    database: Database
    quota: DailyQuota = field(default_factory=lambda: DailyQuota(50 * MB))

    def record(
        self, events: Sequence[ArticleEvent], *, token_id: str | None = None, is_portal: bool = False
    ) -> int:
        """Keep events durably, as far as a portal's quota has room; return how many were not known yet.

        With a portal's token an event of an article counts once in a session, however often it was searched
        for there.
        """
        now = datetime.now(UTC)
        keys = {event: _key_of_session(event) if is_portal else event.key for event in events}
        rows: dict[str, dict[str, Any]] = {
            key: {
                "id": key,
                "at": now,
                "kind": event.kind,
                "article_id": event.article_id,
                "decision_id": event.decision_id,
                "search_id": event.search_id,
                "session_id": event.session_id,
                "token_id": token_id,
            }
            for event, key in keys.items()
        }
        with self.database.write() as connection:
            new = [rows[key] for key in sorted(rows)]
            if is_portal:
                found = select(article_events.c.id).where(article_events.c.id.in_(rows))
                known = set(connection.execute(found).scalars())
                new = [row for row in new if row["id"] not in known]
                sizes = [_ROW_BYTES + 2 * len(row["article_id"].encode("utf-8", "replace")) for row in new]
                new = new[: self.quota.charge(connection, token_id or "", sizes)]
            return insert_new(connection, article_events, new)

    def count_pending(self) -> int:
        """Return how many events the ranking has not learnt from yet."""
        with self.database.read() as connection:
            statement = select(func.count()).where(article_events.c.learnt_at.is_(None))
            return int(connection.execute(statement).scalar_one())

    def forget_learnt(self) -> int:
        """Let all events be processed again, and return how many are pending then."""
        with self.database.write() as connection:
            connection.execute(update(article_events).values(learnt_at=None))
            return int(connection.execute(select(func.count()).select_from(article_events)).scalar_one())

    def process_pending(
        self, handle: Callable[[Sequence[ListedEvent]], None], *, before: datetime, limit: int
    ) -> int:
        """Pass up to `limit` pending events from before `before` to `handle`, and return how many there were.

        Where `handle` fails, or the process dies before this returns, they are passed again. No two
        processes handle the same events: one waits for the other.
        """
        pending = article_events.c.learnt_at.is_(None), article_events.c.at < before
        chosen = (
            select(article_events)
            .where(*pending)
            .order_by(article_events.c.at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self.database.write() as connection:
            rows = connection.execute(chosen).mappings().all()
            if rows:
                lists = _result_lists(connection, rows)
                handle([_listed_event(row, lists) for row in rows])
                ids = [row["id"] for row in rows]
                done = update(article_events).where(article_events.c.id.in_(ids))
                connection.execute(done.values(learnt_at=datetime.now(UTC)))
            return len(rows)


def _key_of_session(event: ArticleEvent) -> str:
    """Return the key by which an event counts once in its session, where it names one."""
    return (event if event.session_id is None else replace(event, search_id=None)).key


def _result_lists(connection: Connection, rows: Sequence[Any]) -> dict[str, ResultList]:
    """Return the articles listed by each decision, search and session; of a session, by its last answer."""
    by_decision = {row["decision_id"] for row in rows if row["decision_id"]}
    by_search = {row["search_id"] for row in rows if row["search_id"]}
    by_session = {row["session_id"] for row in rows if row["session_id"]}
    searched = select(searches.c.id, searches.c.found, searches.c.kind)
    decided = select(decisions.c.id, decisions.c.articles, literal("triage"))
    in_session = select(searches.c.session_id, searches.c.found, searches.c.kind).order_by(searches.c.at)
    queries: list[tuple[set[str], Any]] = [
        (by_session, in_session.where(searches.c.session_id.in_(by_session), searches.c.is_answered)),
        (by_search, searched.where(searches.c.id.in_(by_search))),
        (by_decision, decided.where(decisions.c.id.in_(by_decision))),
    ]
    lists = {}
    for ids, statement in queries:
        for name, articles, kind in connection.execute(statement) if ids else ():
            lists[name] = ResultList([article["id"] for article in articles], kind == "deflect")
    return lists


def _listed_event(row: Any, lists: dict[str, ResultList]) -> ListedEvent:
    event = ArticleEvent(**{name: row[name] for name in ("kind", "article_id", *_SOURCES)})
    source = next((row[name] for name in _SOURCES if row[name]), "")
    return ListedEvent(event, row["at"], lists.get(source))
