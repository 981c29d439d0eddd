"""How often what was applied, or would have been, proved wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from triage.store.database import Database
from triage.store.feedback import WOULD_APPLY
from triage.store.tables import decision_fields, decisions, outcomes

_SAME = and_(
    outcomes.c.decision_id == decision_fields.c.decision_id, outcomes.c.field == decision_fields.c.field
)
_APPLIED = and_(WOULD_APPLY, decision_fields.c.action == "apply")


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

    They take the decisions of a field and a bundle that were made after `since`, if that is given.
    """

    database: Database

    def fields(self, bundle_id: str) -> list[str]:
        """Return the fields of which a bundle has decided something that it may apply."""
        chosen = select(decision_fields.c.field).select_from(_DECIDED).distinct()
        with self.database.read() as connection:
            found = connection.execute(chosen.where(decisions.c.bundle_id == bundle_id, WOULD_APPLY))
            return sorted(found.scalars())

    def of(self, field: str, bundle_id: str, since: datetime | None = None) -> Observed:
        """Return all counts; `applied` is counted one by one, so this is for people, not for each request."""
        chosen = _chosen(field, bundle_id, since)
        return Observed(
            field=field,
            bundle_id=bundle_id,
            blind_judged=self._judged(field, chosen, decisions.c.is_blind, WOULD_APPLY),
            blind_wrong=self.blind_wrong(field, bundle_id, since),
            applied=self._count(select(func.count()).select_from(_DECIDED).where(*chosen, _APPLIED)),
            corrected=self.corrected(field, bundle_id, since),
        )

    def blind_judged(self, field: str, bundle_id: str, since: datetime | None) -> int:
        """Return how many blind values were judged."""
        return self._judged(field, _chosen(field, bundle_id, since), decisions.c.is_blind, WOULD_APPLY)

    def blind_wrong(self, field: str, bundle_id: str, since: datetime | None) -> int:
        """Return how many blind values proved wrong."""
        wrong = ~outcomes.c.is_right
        return self._judged(field, _chosen(field, bundle_id, since), decisions.c.is_blind, WOULD_APPLY, wrong)

    def corrected(self, field: str, bundle_id: str, since: datetime | None) -> int:
        """Return how many applied values were corrected."""
        return self._judged(field, _chosen(field, bundle_id, since), _APPLIED, ~outcomes.c.is_right)

    def applied(self, field: str, bundle_id: str, since: datetime | None, *, at_most: int) -> int:
        """Return how many values were applied, counting no further than `at_most`."""
        # The newest first: those of the bundle that answers now are together at the end.
        found = (
            select(decisions.c.id)
            .select_from(_DECIDED)
            .where(*_chosen(field, bundle_id, since), _APPLIED)
            .order_by(decisions.c.id.desc())
            .limit(at_most)
        )
        return self._count(select(func.count()).select_from(found.subquery()))

    def _judged(self, field: str, chosen: Sequence[Any], *conditions: Any) -> int:
        counted = select(func.count()).select_from(_DECIDED.join(outcomes, _SAME))
        # The field is named of the outcomes too, so that their index serves.
        return self._count(counted.where(outcomes.c.field == field, *chosen, *conditions))

    def _count(self, statement: Any) -> int:
        with self.database.read() as connection:
            return int(connection.execute(statement).scalar_one())


_DECIDED = decisions.join(decision_fields, decision_fields.c.decision_id == decisions.c.id)


def _chosen(field: str, bundle_id: str, since: datetime | None) -> list[Any]:
    chosen = [decision_fields.c.field == field, decisions.c.bundle_id == bundle_id]
    return [*chosen, decisions.c.at > since] if since else chosen
