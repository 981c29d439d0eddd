"""How often what was applied, or would have been, proved wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, update

from triage.store.audit_log import AuditLog
from triage.store.database import Database
from triage.store.sql import insert_new
from triage.store.tables import decision_fields, decisions, outcomes, step_downs, tallies
from triage.store.weekly_counts import week_of


@dataclass(frozen=True, slots=True)
class StepDown:
    """A field that stepped down: of `judged` values `wrong` were so, more than `promised` allows."""

    field: str
    bundle_id: str
    at: datetime
    judged: int
    wrong: int
    promised: float


# Asked every few seconds: to build the question takes longer than to answer it.
_IN_FORCE = select(*(step_downs.c[column.name] for column in fields(StepDown))).where(
    step_downs.c.bundle_id == bindparam("bundle_id"), step_downs.c.lifted_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class StepDowns:
    """The step-downs of a database. All methods raise StoreUnavailableError."""

    database: Database

    def in_force(self, bundle_id: str) -> Mapping[str, StepDown]:
        """Return the fields of a bundle that are stepped down now."""
        with self.database.read() as connection:
            found = connection.execute(_IN_FORCE, {"bundle_id": bundle_id})
            return {row.field: StepDown(*row) for row in found}

    def lifted_at(self, field: str, bundle_id: str) -> datetime | None:
        """Return when the field's last step-down was lifted, None where there was none."""
        with self.database.read() as connection:
            moment: datetime | None = connection.execute(
                select(func.max(step_downs.c.lifted_at)).where(*_of(field, bundle_id))
            ).scalar_one()
            return moment

    def add(self, step_down: StepDown) -> bool:
        """Step a field down, and note it; False where it already is, also when another process was faster."""
        field, bundle_id = step_down.field, step_down.bundle_id
        with self.database.write() as connection:
            states = connection.execute(select(step_downs.c.lifted_at).where(*_of(field, bundle_id))).all()
            if any(state.lifted_at is None for state in states):
                return False
            # The same id for whoever finds out at the same time.
            name = f"{field}\0{bundle_id}\0{len(states)}"
            row = {
                "id": hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32],
                "at": step_down.at,
                "field": field,
                "bundle_id": bundle_id,
                "judged": step_down.judged,
                "wrong": step_down.wrong,
                "promised": step_down.promised,
            }
            if not insert_new(connection, step_downs, [row]):
                return False
            counts = {name: row[name] for name in ("bundle_id", "judged", "wrong", "promised")}
            AuditLog(self.database).record(
                "service", "promise.step_down", field, counts, connection=connection
            )
            return True

    def lift(self, field: str, bundle_id: str, by: str) -> bool:
        """Let a field apply again, and note it; False where it is not stepped down.

        What came before counts no more.
        """
        with self.database.write() as connection:
            lifted = connection.execute(
                update(step_downs)
                .where(*_of(field, bundle_id), step_downs.c.lifted_at.is_(None))
                .values(lifted_at=datetime.now(UTC), lifted_by=by)
            )
            if not lifted.rowcount:
                return False
            details = {"bundle_id": bundle_id}
            AuditLog(self.database).record(by, "promise.lift", field, details, connection=connection)
            return True


def _of(field: str, bundle_id: str) -> tuple[ColumnElement[bool], ...]:
    return step_downs.c.field == field, step_downs.c.bundle_id == bundle_id


# What the bars let the models apply. A value that the helpdesk's own rule sets has no bar: it is no promise.
_WOULD_APPLY = and_(decision_fields.c.model_action == "apply", decision_fields.c.threshold.is_not(None))
_APPLIED = and_(_WOULD_APPLY, decision_fields.c.action == "apply")
_BLIND = and_(_WOULD_APPLY, decisions.c.is_blind, outcomes.c.is_right.is_not(None))
_COUNTS = ("blind_judged", "blind_wrong", "applied", "corrected")
_TALLIED = (
    tallies.c.blind_judged,
    tallies.c.blind_judged - tallies.c.blind_right,
    tallies.c.applied,
    tallies.c.corrected,
)
_SEEN = (_BLIND, and_(_BLIND, ~outcomes.c.is_right), _APPLIED, and_(_APPLIED, ~outcomes.c.is_right))
_JUDGED = decisions.join(decision_fields, decision_fields.c.decision_id == decisions.c.id).outerjoin(
    outcomes,
    and_(outcomes.c.decision_id == decisions.c.id, outcomes.c.field == decision_fields.c.field),
)


@dataclass(frozen=True, slots=True)
class Observed:
    """What is known of a field of a bundle after the fact.

    `blind_judged` values would have been applied to tickets that were left to people, who said what was
    right; of them `blind_wrong` were not. `applied` values were applied; people corrected `corrected`.
    """

    field: str
    bundle_id: str
    blind_judged: int
    blind_wrong: int
    applied: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Observations:
    """The counts of a database. All methods raise StoreUnavailableError.

    They are read from the weekly counts, so that they cost what the weeks of a bundle do and not its
    tickets, and what was erased or is old still counts.
    """

    database: Database

    def fields(self, bundle_id: str) -> list[str]:
        """Return the fields of which a bundle applied something, or something blind was judged."""
        chosen = select(tallies.c.field).where(
            tallies.c.bundle_id == bundle_id, or_(tallies.c.applied > 0, tallies.c.blind_judged > 0)
        )
        with self.database.read() as connection:
            return sorted(connection.execute(chosen.distinct()).scalars())

    def of(self, field: str, bundle_id: str, since: datetime | None = None) -> Observed:
        """Return the counts of a field and a bundle; of decisions made after `since`, if that is given.

        Of the week of `since` the decisions themselves are counted, as far as they are kept.
        """
        tallied = [tallies.c.field == field, tallies.c.bundle_id == bundle_id]
        statements = [select(*map(_total, _TALLIED)).where(*tallied)]
        if since is not None:
            week = week_of(since.astimezone(UTC))
            end = datetime.combine(week + timedelta(weeks=1), time(), UTC)
            made = [decisions.c.at > since, decisions.c.at < end, decisions.c.bundle_id == bundle_id]
            seen = [_total(case((one, 1), else_=0)) for one in _SEEN]
            statements = [
                statements[0].where(tallies.c.week > week),
                select(*seen).select_from(_JUDGED).where(decision_fields.c.field == field, *made),
            ]
        counts: Counter[str] = Counter()
        with self.database.read() as connection:
            for statement in statements:
                row: Sequence[Any] = connection.execute(statement).one()
                counts.update(dict(zip(_COUNTS, map(int, row), strict=True)))
        return Observed(field, bundle_id, **{name: counts[name] for name in _COUNTS})


def _total(counted: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(counted), 0)
