"""Holdback: holdout tickets are left to people without a suggestion, suspended fields are only suggested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.wording import noun_after
from triage.decision import Decision, Reason
from triage.guarantee.monitor import GuaranteeMonitor
from triage.store.guarantee import Suspension
from triage.store.ids import Pseudonyms

_HOLDOUT = Reason(
    "holdout",
    "left to a person without a suggestion: one of the few tickets on which the error is measured",
)


@dataclass(frozen=True, slots=True)
class HoldbackPolicy:
    """Holds decisions back; `holdout_share` of the tickets with a guaranteed value are held out."""

    monitor: GuaranteeMonitor
    pseudonyms: Pseudonyms
    holdout_share: float

    def apply(
        self, ticket_id: str, decisions: Mapping[str, Decision], bundle_id: str | None
    ) -> dict[str, Decision]:
        """Return the decisions as they are recorded, with what is held back and why.

        On a holdout ticket every field but those that a rule set is held back: one that is told would give
        away another, such as a team its category. Whether a ticket is held out follows from its id and the
        store's secret: the same each time, and nobody can foresee it. Suspended fields still take part, so
        that the sample goes on.
        """
        has_guaranteed = any(decision.is_guaranteed for decision in decisions.values())
        # The purpose keeps its first name, so that a ticket that is held out stays so.
        if has_guaranteed and self.pseudonyms.keyed_fraction(ticket_id, "blind") < self.holdout_share:
            return {
                name: decision if decision.is_set_by_rule else decision.hold_back("abstain", _HOLDOUT)
                for name, decision in decisions.items()
            }
        return suggest_suspended(decisions, self.monitor.suspended(bundle_id))


def suggest_suspended(
    decisions: Mapping[str, Decision], suspended: Mapping[str, Suspension]
) -> dict[str, Decision]:
    """Return the decisions with those of suspended fields as suggestions, and why."""
    return {
        name: decision.hold_back("suggest", _suspended(suspended[name]))
        if name in suspended and decision.is_guaranteed
        else decision
        for name, decision in decisions.items()
    }


def _suspended(found: Suspension) -> Reason:
    return Reason(
        "suspended",
        f"only suggested since {found.at:%Y-%m-%d}: {found.wrong} of {found.judged} "
        f"{noun_after(found.judged, 'judged value')} {'was' if found.wrong == 1 else 'were'} wrong, "
        f"more than the {found.target_error:.1%} that the "
        "guarantee allows",
    )
