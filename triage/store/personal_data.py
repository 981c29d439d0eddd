"""Personal data of requesters: exported, erased, and deleted by age."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, delete, func, or_, select, text

from models.errors import InputError
from triage.store.audit_log import AuditLog
from triage.store.database import Database
from triage.store.ids import Pseudonyms
from triage.store.tables import (
    article_events,
    audit,
    decision_fields,
    decisions,
    deliveries,
    feedback,
    outcomes,
    searches,
    sessions,
)

_BATCH = 1_000  # rows deleted in one transaction, so that others who write wait for moments only
_TURN = 6_841_220_418  # any number: processes that want to prune the same PostgreSQL database take turns
_PRUNE = "data.prune"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """Counts of removed rows, by table."""

    decisions: int
    searches: int
    sessions: int
    article_events: int
    deliveries: int
    audit: int = 0


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Personal data of a database: exported, erased by requester, and pruned by age.

    All methods raise StoreUnavailableError, and InputError where an empty requester is given. A requester is
    known by a pseudonym alone. Searches of a requester are those of the sessions from which one of the
    requester's tickets came. Weekly counts name nobody and stay.
    """

    database: Database
    pseudonyms: Pseudonyms
    audit_log: AuditLog

    def export(self, requester: str, *, actor: str) -> dict[str, Any]:
        """Return everything that is kept of a requester, by table, as JSON values, and note that.

        A column that was renamed is there under both names; the old ones are deprecated.
        """
        pseudonym = self._pseudonym(requester)
        with self.database.write() as connection:
            found: dict[str, Any] = {"requester": pseudonym}
            found |= {
                table.name: [_plain(table, row) for row in connection.execute(select(table).where(which))]
                for table, which in _of_requester(connection, pseudonym).items()
            }
            counts = {name: len(rows) for name, rows in found.items() if name != "requester"}
            self.audit_log.record(actor, "data.export", pseudonym, counts, connection=connection)
        return found

    def erase(self, requester: str, *, actor: str) -> ErasureReport:
        """Delete everything that is kept of a requester, in SQLite from its log too."""
        pseudonym = self._pseudonym(requester)
        mine = select(decisions.c.id).where(decisions.c.requester == pseudonym).order_by(decisions.c.id)
        with self.database.write() as connection:
            # Held first, as feedback does, so that the two never wait for each other.
            connection.execute(mine.with_for_update())
            which = _of_requester(connection, pseudonym)
            counts = {}
            # What leads to other rows goes last.
            for table in (*_LINKED, searches, sessions, article_events, deliveries, decisions):
                counts[table.name] = connection.execute(delete(table).where(which[table])).rowcount
            removed = ErasureReport(
                **{name: counts[name] for name in ErasureReport.__slots__ if name in counts}
            )
            self.audit_log.record(actor, "data.erase", pseudonym, asdict(removed), connection=connection)
        self._checkpoint_wal()
        return removed

    def prune(
        self, *, keep_days: int, keep_audit_days: int, actor: str, now: datetime | None = None
    ) -> ErasureReport:
        """Delete what is older than so many days, 0 for nothing, in many short transactions."""
        now = now or datetime.now(UTC)
        counts = dict.fromkeys(ErasureReport.__slots__, 0)
        for table, at, days in (
            (searches, searches.c.at, keep_days),
            (sessions, sessions.c.started_at, keep_days),
            (article_events, article_events.c.at, keep_days),
            (deliveries, deliveries.c.received_at, keep_days),
            (decisions, decisions.c.at, keep_days),
            (audit, audit.c.at, keep_audit_days),
        ):
            if days:
                counts[table.name] = self._delete_before(table, at, now - timedelta(days=days))
        removed = ErasureReport(**counts)
        details = asdict(removed) | {"keep_days": keep_days, "keep_audit_days": keep_audit_days}
        self.audit_log.record(actor, _PRUNE, "store", details)
        self._checkpoint_wal()
        return removed

    def claim_pruning(self, every: timedelta, *, actor: str) -> bool:
        """Return True, and note the beginning, if `every` has passed since any process began to prune."""
        begun = f"{_PRUNE}.begin"
        with self.database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _TURN})
            last = connection.execute(select(func.max(audit.c.at)).where(audit.c.action == begun)).scalar()
            if last is not None and datetime.now(UTC) - last < every:
                return False
            self.audit_log.record(actor, begun, "store", connection=connection)
        return True

    def _pseudonym(self, requester: str) -> str:
        found = self.pseudonyms.pseudonym_of(requester)
        if found is None:  # which is what tickets without a requester have
            raise InputError("no requester is named: give the address as the tickets name it")
        return found

    def _delete_before(self, table: Table, at: Column[datetime], moment: datetime) -> int:
        removed = 0
        while True:
            with self.database.write() as connection:
                old = connection.execute(select(table.c.id).where(at < moment).limit(_BATCH)).scalars().all()
                if not old:
                    return removed
                removed += connection.execute(delete(table).where(table.c.id.in_(old))).rowcount

    def _checkpoint_wal(self) -> None:
        if not self.database.checkpoint_wal():
            _log.warning("the database's log is in use: what was deleted stands in it for a while yet")


_LINKED = (feedback, outcomes, decision_fields)


def _of_requester(connection: Connection, pseudonym: str) -> dict[Table, Any]:
    """Return the condition for each table that selects a requester's rows."""
    ids = select(decisions.c.id).where(decisions.c.requester == pseudonym)
    events = select(article_events).where(article_events.c.decision_id.in_(ids)).subquery()
    session_ids = connection.execute(select(events.c.session_id).distinct()).scalars().all()
    search_ids = connection.execute(select(events.c.search_id).distinct()).scalars().all()
    session_ids = [one for one in session_ids if one]
    search_ids = [one for one in search_ids if one]
    return {
        decisions: decisions.c.requester == pseudonym,
        **{table: table.c.decision_id.in_(ids) for table in _LINKED},
        deliveries: or_(deliveries.c.decision_id.in_(ids), deliveries.c.requester == pseudonym),
        article_events: or_(
            article_events.c.decision_id.in_(ids),
            article_events.c.session_id.in_(session_ids),
            article_events.c.search_id.in_(search_ids),
        ),
        searches: or_(searches.c.session_id.in_(session_ids), searches.c.id.in_(search_ids)),
        sessions: sessions.c.id.in_(session_ids),
    }


def _plain(table: Table, row: Row[Any]) -> dict[str, Any]:
    values = [value.isoformat() if isinstance(value, datetime) else value for value in row]
    by_name = dict(zip((column.name for column in table.columns), values, strict=True))
    return by_name | dict(zip(table.columns.keys(), values, strict=True))
