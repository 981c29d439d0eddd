"""What happened to articles after they were found, and which of it the ranking has still to learn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, update

from kb_index.usage.events import EventKind
from triage.store.database import Database
from triage.store.sql import insert_new
from triage.store.tables import article_events, decisions, searches

_SOURCES = ("search_id", "decision_id", "session_id")  # the one that says most first


@dataclass(frozen=True, slots=True)
class ArticleEvent:
    """Something happened to an article of the answer that one of the three ids names."""

    kind: EventKind
    article_id: str
    decision_id: str | None = None
    search_id: str | None = None
    session_id: str | None = None

    @property
    def key(self) -> str:
        """The same for the same event: told twice, it happened once."""
        parts = (self.kind, self.article_id, self.decision_id, self.search_id, self.session_id)
        named = "\0".join(part or "" for part in parts)
        return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Listed:
    """The articles that an answer listed, by id and best first, and whether a customer saw it."""

    ids: Sequence[str]
    is_portal: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """An event with the list in which the article stood; None where that is not known."""

    event: ArticleEvent
    at: datetime
    listed: Listed | None


@dataclass(frozen=True, slots=True)
class ArticleEvents:
    """The events of a database. All methods raise StoreUnavailableError."""

    database: Database

    def record(self, events: Sequence[ArticleEvent], *, token_id: str | None = None) -> int:
        """Keep events durably, and return how many were not known yet."""
        now = datetime.now(UTC)
        rows = {
            event.key: {
                "id": event.key,
                "at": now,
                "kind": event.kind,
                "article_id": event.article_id,
                "decision_id": event.decision_id,
                "search_id": event.search_id,
                "session_id": event.session_id,
                "token_id": token_id,
            }
            for event in events
        }
        with self.database.write() as connection:
            return insert_new(connection, article_events, [rows[key] for key in sorted(rows)])

    def waiting(self) -> int:
        """Return how many events are still to be learnt from."""
        with self.database.read() as connection:
            statement = select(func.count()).where(article_events.c.learnt_at.is_(None))
            return int(connection.execute(statement).scalar_one())

    def learn(self, teach: Callable[[Sequence[Placed]], None], *, before: datetime, limit: int) -> int:
        """Give up to `limit` events from `before` to `teach`, once, and return how many there were.

        Where `teach` fails, or the process dies before this returns, they are given again. No two
        processes teach the same events: one waits for the other.
        """
        waiting = article_events.c.learnt_at.is_(None), article_events.c.at < before
        chosen = (
            select(article_events)
            .where(*waiting)
            .order_by(article_events.c.at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self.database.write() as connection:
            rows = connection.execute(chosen).mappings().all()
            if rows:
                lists = _lists(connection, rows)
                teach([_placed(row, lists) for row in rows])
                ids = [row["id"] for row in rows]
                done = update(article_events).where(article_events.c.id.in_(ids))
                connection.execute(done.values(learnt_at=datetime.now(UTC)))
            return len(rows)


def _lists(connection: Connection, rows: Sequence[Any]) -> dict[str, Listed]:
    """Return what each decision, search and session listed; of a session the last that could be shown."""
    by_decision = {row["decision_id"] for row in rows if row["decision_id"]}
    by_search = {row["search_id"] for row in rows if row["search_id"]}
    by_session = {row["session_id"] for row in rows if row["session_id"]}
    searched = select(searches.c.id, searches.c.found, searches.c.kind)
    decided = select(decisions.c.id, decisions.c.articles, literal("triage"))
    in_session = select(searches.c.session_id, searches.c.found, searches.c.kind).order_by(searches.c.at)
    asked: list[tuple[set[str], Any]] = [
        (by_session, in_session.where(searches.c.session_id.in_(by_session), searches.c.is_answered)),
        (by_search, searched.where(searches.c.id.in_(by_search))),
        (by_decision, decided.where(decisions.c.id.in_(by_decision))),
    ]
    lists = {}
    for ids, statement in asked:
        for name, articles, kind in connection.execute(statement) if ids else ():
            lists[name] = Listed([article["id"] for article in articles], kind == "deflect")
    return lists


def _placed(row: Any, lists: dict[str, Listed]) -> Placed:
    event = ArticleEvent(**{name: row[name] for name in ("kind", "article_id", *_SOURCES)})
    source = next((row[name] for name in _SOURCES if row[name]), "")
    return Placed(event, row["at"], lists.get(source))
