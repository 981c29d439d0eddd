"""Holdout tickets are left to people without a suggestion, and a suspended field is only suggested."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, literal, select

from models.classifiers.single_label import FieldPrediction
from triage.decision import Action, Decision, Reason
from triage.guarantee.holdback import HoldbackPolicy
from triage.guarantee.monitor import GuaranteeMonitor
from triage.guarantee.scope import is_guaranteed
from triage.store.guarantee import Suspension, guaranteed
from triage.store.ids import Pseudonyms

PSEUDONYMS = Pseudonyms(b"k" * 32)
SUSPENSION = Suspension("category", "b1", datetime(2026, 3, 1, tzinfo=UTC), 40, 9, 0.05)


class FixedMonitor(GuaranteeMonitor):
    """A monitor with given suspensions of the bundle b1."""

    def __init__(self, suspensions: Mapping[str, Suspension]) -> None:
        self._suspensions = suspensions

    def suspended(self, bundle_id: str | None) -> Mapping[str, Suspension]:
        return self._suspensions if bundle_id == "b1" else {}


def decision(action: Action, threshold: float | None = 0.9) -> Decision:
    prediction = FieldPrediction("battery", 0.97, {"battery": 0.97})
    return Decision(
        prediction, action, threshold, (Reason("similar", "3 of 3 have battery", tickets=("t1",)),)
    )


def policy(share: float, suspensions: Mapping[str, Suspension] | None = None) -> HoldbackPolicy:
    return HoldbackPolicy(FixedMonitor(suspensions or {}), PSEUDONYMS, share)


def is_holdout(decisions: Mapping[str, Decision]) -> bool:
    return any(one.is_held_out for one in decisions.values())


def test_all_fields_of_a_holdout_ticket_are_held_out_and_keep_their_prediction_for_the_record() -> None:
    before = {"category": decision("apply"), "team": decision("suggest")}
    held = policy(1.0).apply("1", before, "b1")
    for name, one in held.items():
        assert one.is_held_out
        assert (one.action, one.value, one.model_action) == ("abstain", "battery", before[name].action)
        assert [reason.kind for reason in one.reasons] == ["holdout", "similar"]
    assert held["category"].is_guaranteed
    assert not held["team"].is_guaranteed


def test_a_ticket_without_a_guaranteed_value_is_never_held_out() -> None:
    before = {"category": decision("suggest"), "team": decision("apply", threshold=None)}
    assert policy(1.0).apply("1", before, "b1") == before


def test_a_value_that_a_rule_of_the_helpdesk_set_stays_on_a_holdout_ticket() -> None:
    before = {"category": decision("apply"), "team": decision("apply", None)}
    held = policy(1.0).apply("1", before, "b1")
    assert held["category"].is_held_out
    assert held["team"] == before["team"]


def test_the_share_of_holdout_tickets_is_as_set_and_the_same_ticket_is_always_one() -> None:
    before, chosen = {"category": decision("apply")}, policy(0.02)
    drawn = [is_holdout(chosen.apply(f"ticket {n}", before, "b1")) for n in range(20_000)]
    assert 330 <= sum(drawn) <= 470  # 400 ± 3.5 standard deviations
    assert drawn == [is_holdout(chosen.apply(f"ticket {n}", before, "b1")) for n in range(20_000)]


def test_a_suspended_field_is_suggested_and_says_why() -> None:
    before = {"category": decision("apply"), "team": decision("apply")}
    held = policy(0.0, {"category": SUSPENSION}).apply("1", before, "b1")
    suspended = held["category"]
    assert (suspended.action, suspended.value, suspended.reasons[0].kind) == (
        "suggest",
        "battery",
        "suspended",
    )
    assert "9 of 40 judged values were wrong, more than the 5.0%" in suspended.reasons[0].text
    assert (suspended.model_action, suspended.is_guaranteed) == ("apply", True)
    assert held["team"] == before["team"]


def test_a_suspended_field_still_takes_part_in_the_holdout() -> None:
    held = policy(1.0, {"category": SUSPENSION}).apply("1", {"category": decision("apply")}, "b1")
    assert held["category"].is_held_out


def test_a_new_bundle_applies_again() -> None:
    before = {"category": decision("apply")}
    assert policy(0.0, {"category": SUSPENSION}).apply("1", before, "b2") == before


@pytest.mark.parametrize("action", ["apply", "suggest", "abstain"])
@pytest.mark.parametrize("threshold", [None, 0.0, 0.9])
def test_a_decision_its_record_and_its_row_agree_on_what_the_guarantee_covers(
    action: Action, threshold: float | None
) -> None:
    expected = action == "apply" and threshold is not None
    assert decision(action, threshold).is_guaranteed == expected
    assert is_guaranteed(action, threshold) == expected
    row = SimpleNamespace(model_action=literal(action), threshold=literal(threshold))
    with create_engine("sqlite://").connect() as connection:
        assert bool(connection.execute(select(guaranteed(row))).scalar_one()) == expected
