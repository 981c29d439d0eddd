"""Observed errors of applied and held-out values, and the suspensions that follow from them."""

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
from triage.store.tables import decision_fields, decisions, outcomes, suspensions, weekly_counts
from triage.store.weekly_counts import week_of


@dataclass(frozen=True, slots=True)
class Suspension:
    """Suspended field: of `judged` values `wrong` were wrong, more than `target_error` allows."""

    field: str
    bundle_id: str
    at: datetime
    judged: int
    wrong: int
    target_error: float


# Run every few seconds: to build the statement takes longer than to run it.
_ACTIVE = select(*(suspensions.c[column.name] for column in fields(Suspension))).where(
    suspensions.c.bundle_id == bindparam("bundle_id"), suspensions.c.ended_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The suspensions of a database. All methods raise StoreUnavailableError."""

    database: Database

    def active(self, bundle_id: str) -> Mapping[str, Suspension]:
        """Return the fields of a bundle that are suspended now."""
        with self.database.read() as connection:
            found = connection.execute(_ACTIVE, {"bundle_id": bundle_id})
            return {row.field: Suspension(*row) for row in found}

    def ended_at(self, field: str, bundle_id: str) -> datetime | None:
        """Return when the field's last suspension ended, None where there was none."""
        with self.database.read() as connection:
            moment: datetime | None = connection.execute(
                select(func.max(suspensions.c.ended_at)).where(*_is_field(field, bundle_id))
            ).scalar_one()
            return moment

    def add(self, suspension: Suspension) -> bool:
        """Suspend a field, and note it; False where it is already, also when another process was faster."""
        field, bundle_id = suspension.field, suspension.bundle_id
        with self.database.write() as connection:
            states = connection.execute(
                select(suspensions.c.ended_at).where(*_is_field(field, bundle_id))
            ).all()
            if any(state.ended_at is None for state in states):
                return False
            # The same id for whoever finds out at the same time.
            number = f"{field}\0{bundle_id}\0{len(states)}"
            row = {
                "id": hashlib.sha256(number.encode("utf-8", "replace")).hexdigest()[:32],
                "at": suspension.at,
                "field": field,
                "bundle_id": bundle_id,
                "judged": suspension.judged,
                "wrong": suspension.wrong,
                "target_error": suspension.target_error,
            }
            if not insert_new(connection, suspensions, [row]):
                return False
            counts = {name: row[name] for name in ("bundle_id", "judged", "wrong", "target_error")}
            AuditLog(self.database).record(
                "service", "guarantee.suspend", field, counts, connection=connection
            )
            return True

    def end(self, field: str, bundle_id: str, by: str) -> bool:
        """End a field's suspension, and note it; False where it is not suspended.

        Decisions made before no longer count.
        """
        with self.database.write() as connection:
            ended = connection.execute(
                update(suspensions)
                .where(*_is_field(field, bundle_id), suspensions.c.ended_at.is_(None))
                .values(ended_at=datetime.now(UTC), ended_by=by)
            )
            if not ended.rowcount:
                return False
            details = {"bundle_id": bundle_id}
            AuditLog(self.database).record(by, "guarantee.lift", field, details, connection=connection)
            return True


def _is_field(field: str, bundle_id: str) -> tuple[ColumnElement[bool], ...]:
    return suspensions.c.field == field, suspensions.c.bundle_id == bundle_id


def guaranteed(field: Any) -> ColumnElement[bool]:
    """Return `scope.is_guaranteed` as a condition on the columns of `decision_fields`."""
    return and_(field.model_action == "apply", field.threshold.is_not(None))


_IS_GUARANTEED = guaranteed(decision_fields.c)
_APPLIED = and_(_IS_GUARANTEED, decision_fields.c.action == "apply")
_HOLDOUT = and_(_IS_GUARANTEED, decisions.c.is_holdout, outcomes.c.is_right.is_not(None))
_COUNTS = ("holdout_judged", "holdout_wrong", "applied", "corrected")
_WEEKLY = (
    weekly_counts.c.holdout_judged,
    weekly_counts.c.holdout_judged - weekly_counts.c.holdout_right,
    weekly_counts.c.applied,
    weekly_counts.c.corrected,
)
_OBSERVED = (_HOLDOUT, and_(_HOLDOUT, ~outcomes.c.is_right), _APPLIED, and_(_APPLIED, ~outcomes.c.is_right))
_JUDGED = decisions.join(decision_fields, decision_fields.c.decision_id == decisions.c.id).outerjoin(
    outcomes,
    and_(outcomes.c.decision_id == decisions.c.id, outcomes.c.field == decision_fields.c.field),
)


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Error counts of a field of a bundle.

    `holdout_judged` values would have been applied to holdout tickets, which were left to people, who said
    what was right; `holdout_wrong` of them were wrong. `applied` values were applied; people corrected
    `corrected`.
    """

    field: str
    bundle_id: str
    holdout_judged: int
    holdout_wrong: int
    applied: int
    corrected: int


@dataclass(frozen=True, slots=True)
class ObservedErrors:
    """The error counts of a database. All methods raise StoreUnavailableError.

    They are read from the weekly counts. So the cost grows with a bundle's weeks and not with its tickets,
    and tickets that are old or were erased still count.
    """

    database: Database

    def fields(self, bundle_id: str) -> list[str]:
        """Return the fields of which a bundle applied values, or of which holdout values were judged."""
        wanted = select(weekly_counts.c.field).where(
            weekly_counts.c.bundle_id == bundle_id,
            or_(weekly_counts.c.applied > 0, weekly_counts.c.holdout_judged > 0),
        )
        with self.database.read() as connection:
            return sorted(connection.execute(wanted.distinct()).scalars())

    def counts(self, field: str, bundle_id: str, since: datetime | None = None) -> ErrorCounts:
        """Return the counts of a field and a bundle; of decisions made after `since`, if that is given.

        Of the week of `since` the decisions themselves are counted, as far as they are kept.
        """
        by_week = [weekly_counts.c.field == field, weekly_counts.c.bundle_id == bundle_id]
        statements = [select(*map(_total, _WEEKLY)).where(*by_week)]
        if since is not None:
            week = week_of(since.astimezone(UTC))
            end = datetime.combine(week + timedelta(weeks=1), time(), UTC)
            made = [decisions.c.at > since, decisions.c.at < end, decisions.c.bundle_id == bundle_id]
            seen = [_total(case((one, 1), else_=0)) for one in _OBSERVED]
            statements = [
                statements[0].where(weekly_counts.c.week > week),
                select(*seen).select_from(_JUDGED).where(decision_fields.c.field == field, *made),
            ]
        counts: Counter[str] = Counter()
        with self.database.read() as connection:
            for statement in statements:
                row: Sequence[Any] = connection.execute(statement).one()
                counts.update(dict(zip(_COUNTS, map(int, row), strict=True)))
        return ErrorCounts(field, bundle_id, **{name: counts[name] for name in _COUNTS})


def _total(counted: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(counted), 0)
