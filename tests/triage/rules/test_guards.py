"""Guards: what is never set, whoever found the value."""

from __future__ import annotations

import pytest

from models.classifiers.fields import Label
from models.classifiers.single_label import FieldPrediction
from triage.decision import Action, Decision
from triage.rules.guards import guard
from triage.ticket import Ticket


def decided(value: Label, action: Action = "apply") -> Decision:
    values = (value,) if isinstance(value, str) else value
    prediction = FieldPrediction(value, 0.9, dict.fromkeys(values, 0.9))
    return Decision(prediction, action, 0.8, ())


def ticket(**more: object) -> Ticket:
    return Ticket("1", "", "x", **more)  # type: ignore[arg-type]  # any of its fields


def guarded(decision: Decision, allowed: frozenset[str] | None = None, **more: object) -> Decision:
    lists = {} if allowed is None else {"team": allowed}
    return guard({"team": decision}, ticket(**more), lists)["team"]


def test_without_a_ground_nothing_is_touched() -> None:
    for action in ("apply", "suggest", "abstain"):
        decision = decided("sales", action)
        assert guarded(decision, frozenset({"sales"}), current={"other": "x"}) is decision


@pytest.mark.parametrize(
    ("found", "current", "before", "after"),
    [
        ("sales", "billing", "apply", "suggest"),
        ("sales", "billing", "suggest", "suggest"),
        ("sales", "billing", "abstain", "abstain"),
        ("sales", "sales", "apply", "abstain"),
        ("sales", "sales", "suggest", "abstain"),
        (("vip", "b2b"), ("b2b", "vip"), "apply", "abstain"),
        (("vip",), ("b2b", "vip"), "apply", "suggest"),
        (("vip",), "vip", "apply", "abstain"),
    ],
)
def test_what_a_person_set_is_never_overwritten(
    found: Label, current: Label, before: Action, after: Action
) -> None:
    decision = guarded(decided(found, before), current={"team": current})
    assert decision.action == after
    assert decision.reasons[0].kind == "guard"
    assert "a person has set it to" in decision.reasons[0].text
    assert decision.value == found


def test_an_empty_current_value_is_no_value() -> None:
    assert guarded(decided("sales"), current={"team": ""}).applied
    assert guarded(decided(("vip",)), current={"team": ()}).applied


def test_a_field_in_which_a_person_undid_us_is_at_most_suggested() -> None:
    decision = guarded(decided("sales"), undone=frozenset({"team"}))
    assert decision.action == "suggest"
    assert "a person undid an earlier decision" in decision.reasons[0].text
    assert guarded(decided("sales"), undone=frozenset({"category"})).applied


def test_nothing_is_applied_to_the_message_of_a_machine() -> None:
    decision = guarded(decided("sales"), headers={"auto-submitted": "auto-generated"})
    assert decision.action == "suggest"
    assert "a machine sent this: the header auto-submitted: auto-generated" in decision.reasons[0].text
    assert guarded(decided("sales", "abstain"), is_machine=True) == decided("sales", "abstain")


def test_a_value_that_the_helpdesk_no_longer_has_is_neither_applied_nor_suggested() -> None:
    for action in ("apply", "suggest", "abstain"):
        decision = guarded(decided("sales", action), frozenset({"billing"}))
        assert decision.action == "abstain"
        assert "the helpdesk has no sales" in decision.reasons[0].text
        assert decision.probabilities
    tags = guarded(decided(("vip", "gone")), frozenset({"vip"}))
    assert tags.action == "abstain"
    assert "has no gone" in tags.reasons[0].text


def test_every_ground_is_named() -> None:
    decision = guarded(
        decided("sales"),
        frozenset({"billing"}),
        current={"team": "billing"},
        undone=frozenset({"team"}),
        is_machine=True,
    )
    assert [reason.kind for reason in decision.reasons] == ["guard"] * 4
    assert decision.action == "abstain"
