"""How often what was applied, or would have been, proved wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from triage.store.database import Database
from triage.store.tables import decision_fields, decisions, outcomes, tallies
from triage.store.tallies import week_of

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
