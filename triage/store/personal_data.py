"""Personal data of requesters: exported, erased, and deleted by age."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, delete, func, or_, select, text

from models.errors import ConflictError, InputError
from models.wording import counted
from triage.helpdesks.pulled_tickets import pulled_tickets
from triage.store.audit_log import AuditLog
from triage.store.database import Database
from triage.store.ids import Pseudonyms
from triage.store.tables import (
    article_events,
    audit,
    decision_fields,
    decisions,
    deliveries,
    draft_marks,
    feedback,
    outcomes,
    searches,
    sessions,
)

_BATCH = 1_000  # rows deleted in one transaction, so that others who write wait for moments only
_TURN = 6_841_220_418  # any number: processes that want to prune the same PostgreSQL database take turns
_PRUNE = "data.prune"
_MOST_PRUNED = 0.1
_LONGEST_PAUSE = timedelta(days=7)
_RECENT = timedelta(days=1)
_TIMES: dict[Table, Column[datetime]] = {
    searches: searches.c.at,
    sessions: sessions.c.started_at,
    article_events: article_events.c.at,
    deliveries: deliveries.c.received_at,
    decisions: decisions.c.at,
    audit: audit.c.at,
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """Counts of removed rows, by table, and of tickets that were fetched from helpdesks."""

    decisions: int
    searches: int
    sessions: int
    article_events: int
    deliveries: int
    audit: int = 0
    helpdesk_tickets: int = 0


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Personal data of a database and of a home's helpdesks: exported, erased by requester, pruned by age.

    All methods raise StoreUnavailableError, StorageError where a file of a helpdesk cannot be written, and
    InputError where an empty requester is given. A requester is
    known by a pseudonym alone. Searches of a requester are those of the sessions from which one of the
    requester's tickets came. Weekly counts name nobody and stay.
    """

    database: Database
    pseudonyms: Pseudonyms
    audit_log: AuditLog
    home: Path

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
            found["helpdesk_tickets"] = [
                line for fetched in pulled_tickets(self.home) for line in fetched.of(pseudonym)
            ]
            counts = {name: len(rows) for name, rows in found.items() if name != "requester"}
            self.audit_log.record(actor, "data.export", pseudonym, counts, connection=connection)
        return found

    def erase(self, requester: str, *, actor: str) -> ErasureReport:
        """Delete everything that is kept of a requester, in SQLite from its log too."""
        pseudonym = self._pseudonym(requester)
        fetched = sum(tickets.erase(pseudonym) for tickets in pulled_tickets(self.home))
        mine = select(decisions.c.id).where(decisions.c.requester == pseudonym).order_by(decisions.c.id)
        with self.database.write() as connection:
            # Held first, as feedback does, so that the two never wait for each other.
            connection.execute(mine.with_for_update())
            which = _of_requester(connection, pseudonym)
            counts = {}
            # What leads to other rows goes last.
            for table in (*_LINKED, draft_marks, searches, sessions, article_events, deliveries, decisions):
                counts[table.name] = connection.execute(delete(table).where(which[table])).rowcount
            counts["helpdesk_tickets"] = fetched
            removed = ErasureReport(
                **{name: counts[name] for name in ErasureReport.__slots__ if name in counts}
            )
            self.audit_log.record(actor, "data.erase", pseudonym, asdict(removed), connection=connection)
        self._checkpoint_wal()
        return removed

    def prune(
        self,
        *,
        keep_days: int,
        keep_audit_days: int,
        actor: str,
        now: datetime | None = None,
        is_confirmed: bool = False,
    ) -> ErasureReport:
        """Delete what is older than so many days, 0 for nothing, in many short transactions.

        Raises:
            ConflictError: it would delete more than a tenth of the rows, or the newest row but those of the
                last day is older than a week, as where the clock is wrong. Nothing was deleted. What
                `is_confirmed` is deleted.
        """
        now = now or datetime.now(UTC)
        kept = {table: keep_audit_days if table is audit else keep_days for table in _TIMES}
        old = {table: _TIMES[table] < now - timedelta(days=days) for table, days in kept.items() if days}
        if not is_confirmed:
            self._check_doubts(old, now)
        counts = dict.fromkeys(ErasureReport.__slots__, 0)
        for table, which in old.items():
            counts[table.name] = self._delete(table, which)
        if keep_days:
            before = now - timedelta(days=keep_days)
            counts["helpdesk_tickets"] = sum(tickets.prune(before) for tickets in pulled_tickets(self.home))
        removed = ErasureReport(**counts)
        details = asdict(removed) | {"keep_days": keep_days, "keep_audit_days": keep_audit_days}
        self.audit_log.record(actor, _PRUNE, "store", details)
        self._checkpoint_wal()
        return removed

    def claim_pruning(self, every: timedelta, *, actor: str, now: datetime | None = None) -> bool:
        """Return True, and note the beginning, if `every` has passed since any process began to prune.

        A beginning in the future was noted by a clock that was wrong, and does not count.
        """
        now = now or datetime.now(UTC)
        begun = audit.c.action == f"{_PRUNE}.begin"
        recent = audit.c.at.between(now - every, now + every)
        with self.database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _TURN})
            if connection.execute(select(audit.c.id).where(begun, recent).limit(1)).first() is not None:
                return False
            self.audit_log.record(actor, f"{_PRUNE}.begin", "store", at=now, connection=connection)
        return True

    def _check_doubts(self, old: Mapping[Table, ColumnElement[bool]], now: datetime) -> None:
        with self.database.read() as connection:

            def count(table: Table, *which: ColumnElement[bool]) -> int:
                return connection.execute(select(func.count()).select_from(table).where(*which)).scalar_one()

            wanted = sum(count(table, which) for table, which in old.items())
            if not wanted:
                return
            rows = sum(map(count, old))
            # What the clock that is in doubt has written does not count: entries of the audit log, of which a
            # start writes some, and rows of the last day.
            times = [
                connection.execute(select(func.max(at)).where(at < now - _RECENT)).scalar()
                for table, at in _TIMES.items()
                if table is not audit
            ]
        newest = max((at for at in times if at is not None), default=None)
        if wanted > _MOST_PRUNED * rows:
            doubt = f"that is more than a tenth of all {counted(rows, 'row')}"
        elif newest is not None and now - newest > _LONGEST_PAUSE:
            doubt = f"the last before today is of {newest:%Y-%m-%d}, and the clock says {now:%Y-%m-%d}"
        else:
            return
        raise ConflictError(
            f"{counted(wanted, 'row')} would be deleted for their age, and {doubt}: look at the clock of "
            "this machine, and at keep_days. If both are right, run `triage data prune --confirm`"
        )

    def _pseudonym(self, requester: str) -> str:
        found = self.pseudonyms.pseudonym_of(requester)
        if found is None:  # which is what tickets without a requester have
            raise InputError("no requester is named: give the address as the tickets name it")
        return found

    def _delete(self, table: Table, which: ColumnElement[bool]) -> int:
        removed = 0
        while True:
            with self.database.write() as connection:
                old = connection.execute(select(table.c.id).where(which).limit(_BATCH)).scalars().all()
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
        draft_marks: draft_marks.c.session_id.in_(session_ids),
    }


def _plain(table: Table, row: Row[Any]) -> dict[str, Any]:
    values = [value.isoformat() if isinstance(value, datetime) else value for value in row]
    by_name = dict(zip((column.name for column in table.columns), values, strict=True))
    return by_name | dict(zip(table.columns.keys(), values, strict=True))
