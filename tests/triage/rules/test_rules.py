"""Matrix, rules and SLA together: what they do to predictions, and how they name themselves."""

from __future__ import annotations

import pytest

from models.classifiers.fields import Label
from tests.triage.rules.rule_toy import MATRIX, apply, decided, shares
from triage.decision import Action
from triage.ticket import Ticket

SALES = {"name": "r", "set": {"team": "sales"}}


def test_the_matrix_adds_up_the_joint_probabilities_of_its_cells() -> None:
    impact = decided("apply", low=0.9, medium=0.1)
    urgency = decided("apply", high=0.8, medium=0.2)
    priority = apply({"impact": impact, "urgency": urgency}, matrix=MATRIX).fields["priority"]
    # high: low-high .72 + medium-high .08; normal: low-medium .18 + medium-medium .02
    assert shares(priority) == {"high": 0.8, "normal": 0.2}
    assert (priority.value, round(priority.confidence, 6)) == ("high", 0.8)
    assert priority.reasons[0].kind == "matrix"
    assert "impact low and urgency high" in priority.reasons[0].text


@pytest.mark.parametrize(
    ("impact", "urgency", "expected", "why"),
    [
        ("apply", "apply", "apply", "each of them is applied or set by a person"),
        ("apply", "suggest", "suggest", "only suggested, as urgency is"),
        ("suggest", "suggest", "suggest", "as impact and urgency are"),
        ("abstain", "apply", "abstain", "left open, as impact is"),
        ("suggest", "abstain", "abstain", "left open, as urgency is"),
    ],
)
def test_a_derived_value_is_no_surer_than_what_it_follows_from(
    impact: Action, urgency: Action, expected: Action, why: str
) -> None:
    predicted = {"impact": decided(impact, low=0.95), "urgency": decided(urgency, high=0.95)}
    priority = apply(predicted, matrix=MATRIX).fields["priority"]
    assert priority.action == expected
    assert why in priority.reasons[0].text


def test_a_derived_value_below_the_stricter_bar_of_both_is_only_suggested() -> None:
    predicted = {
        "impact": decided("apply", 0.8, high=0.85, low=0.15),
        "urgency": decided("apply", 0.9, high=0.9, low=0.1),
    }
    priority = apply(predicted, matrix=MATRIX).fields["priority"]
    assert (priority.value, priority.action, priority.threshold) == ("urgent", "suggest", 0.9)
    assert "the higher threshold of the two" in priority.reasons[0].text


def test_what_people_set_is_certain_in_the_matrix() -> None:
    ticket = Ticket("1", "", "x", current={"impact": "high", "urgency": "high"})
    predicted = {"impact": decided("abstain", low=0.5), "urgency": decided("abstain", low=0.5)}
    priority = apply(predicted, matrix=MATRIX, ticket=ticket).fields["priority"]
    assert (priority.value, priority.confidence, priority.action) == ("urgent", 1.0, "apply")


def test_what_a_person_undid_leaves_the_derived_value_open() -> None:
    ticket = Ticket("1", "", "x", undone=frozenset({"impact"}))
    predicted = {"impact": decided("apply", low=0.99), "urgency": decided("apply", low=0.99)}
    assert apply(predicted, matrix=MATRIX, ticket=ticket).fields["priority"].action == "abstain"


def test_the_matrix_wins_over_the_field_s_own_model_and_says_so() -> None:
    predicted = {
        "impact": decided("apply", low=0.99),
        "urgency": decided("apply", low=0.99),
        "priority": decided("apply", urgent=0.9),
    }
    priority = apply(predicted, matrix=MATRIX).fields["priority"]
    assert priority.value == "low"
    assert "the model's own urgent, 90.0% sure, is set aside" in priority.reasons[0].text


def test_without_one_of_its_inputs_the_matrix_leaves_the_field_alone() -> None:
    direct = decided("apply", urgent=0.9)
    fields = apply({"impact": decided("apply", low=1.0), "priority": direct}, matrix=MATRIX).fields
    assert fields["priority"] is direct
    unknown = Ticket("1", "", "x", current={"impact": "galactic", "urgency": "high"})
    assert apply({"priority": direct}, matrix=MATRIX, ticket=unknown).fields["priority"] is direct


def test_a_value_that_a_rule_sets_is_certain_and_names_the_rule() -> None:
    outcome = apply(
        {"team": decided("suggest", logistics=0.6)}, {"name": "all to sales", "set": {"team": "sales"}}
    )
    team = outcome.fields["team"]
    assert (team.value, team.confidence, team.action, team.threshold) == ("sales", 1.0, "apply", None)
    assert [(r.kind, r.rule) for r in team.reasons] == [("rule", "all to sales")]
    assert "set to sales (predicted was logistics, 60.0% sure)" in team.reasons[0].text
    assert outcome.rules == ("all to sales",)


def test_a_rule_sets_a_field_that_no_model_predicts() -> None:
    fields = apply({}, {"name": "a", "set": {"team": "sales", "tags": ["vip", "b2b"]}}).fields
    assert fields["team"].value == "sales"
    assert fields["tags"].value == ("vip", "b2b")


def test_one_tag_may_be_written_without_a_list() -> None:
    assert apply({}, {"name": "a", "set": {"tags": "vip"}}).fields["tags"].value == ("vip",)


def test_of_two_rules_that_set_a_field_the_first_wins_and_only_it_fired() -> None:
    outcome = apply(
        {},
        {"name": "first", "set": {"team": "sales"}},
        {"name": "second", "set": {"team": "billing"}},
        {"name": "third", "set": {"team": "safety", "category": "other"}},
    )
    assert outcome.fields["team"].value == "sales"
    assert outcome.fields["category"].value == "other"
    assert outcome.rules == ("first", "third")


def test_raising_moves_every_probability_and_adds_up_what_meets_at_the_end() -> None:
    predicted = {"priority": decided("suggest", normal=0.5, high=0.3, urgent=0.2)}
    priority = apply(predicted, {"name": "vip", "raise_by": {"priority": 1}}).fields["priority"]
    assert (priority.value, priority.action) == ("high", "suggest")
    assert shares(priority) == {"high": 0.5, "urgent": 0.5}
    assert "raised by 1; was normal, is now high" in priority.reasons[0].text


def test_steps_of_several_rules_add_up_and_end_at_the_ends() -> None:
    predicted = {"priority": decided("apply", high=0.9)}
    up, down = {"raise_by": {"priority": 3}}, {"lower_by": {"priority": 2}}
    both = apply(predicted, {"name": "up", **up}, {"name": "down", **down})
    assert both.fields["priority"].value == "urgent"
    assert both.rules == ("up", "down")
    assert apply(predicted, {"name": "down", **down}).fields["priority"].value == "low"
    far = apply(predicted, {"name": "down", "lower_by": {"priority": 9}})
    assert far.fields["priority"].value == "low"


def test_a_lower_bound_gathers_what_lies_below_it() -> None:
    predicted = {"priority": decided("abstain", normal=0.4, low=0.3, high=0.2, urgent=0.1)}
    priority = apply(predicted, {"name": "vip", "at_least": {"priority": "high"}}).fields["priority"]
    assert (priority.value, round(priority.confidence, 6)) == ("high", 0.9)
    assert priority.action == "suggest", "the rule is certain that it is no lower"
    assert "at least high; was normal, is now high" in priority.reasons[0].text


def test_a_bound_never_lowers_what_it_should_keep_up() -> None:
    predicted = {"priority": decided("apply", high=0.3, low=0.25, normal=0.25, urgent=0.2)}
    outcome = apply(predicted, {"name": "vip", "at_least": {"priority": "normal"}})
    assert outcome.fields["priority"].value == "high"
    assert "it is high already" in outcome.fields["priority"].reasons[0].text
    assert outcome.rules == ("vip",)


def test_an_upper_bound_yields_to_a_lower_one_and_both_to_nothing() -> None:
    predicted = {"priority": decided("apply", urgent=0.9)}
    cap, floor = {"at_most": {"priority": "normal"}}, {"at_least": {"priority": "high"}}
    assert apply(predicted, {"name": "cap", **cap}).fields["priority"].value == "normal"
    both = apply(predicted, {"name": "cap", **cap}, {"name": "floor", **floor})
    assert both.fields["priority"].value == "high"
    set_low = {"name": "set", "set": {"priority": "low"}}
    assert apply(predicted, set_low, {"name": "floor", **floor}).fields["priority"].value == "high"


def test_a_field_without_a_value_cannot_be_moved() -> None:
    outcome = apply({}, {"name": "vip", "raise_by": {"priority": 1}})
    assert outcome.fields == {}
    assert outcome.rules == ()


def test_guards_hold_for_rules_too() -> None:
    person = Ticket("1", "", "x", current={"team": "billing"})
    outcome = apply({}, SALES, ticket=person)
    assert outcome.fields["team"].action == "suggest"
    assert [r.kind for r in outcome.fields["team"].reasons] == ["guard", "rule"]
    assert outcome.rules == ("r",)
    machine = Ticket("1", "", "x", requester="mailer-daemon@example.com")
    assert apply({}, SALES, ticket=machine).fields["team"].action == "suggest"


def test_a_rule_sets_its_value_on_a_ticket_unlike_all_past_ones() -> None:
    assert apply({"team": decided("abstain", app=0.9)}, SALES, is_novel=True).fields["team"].applied


@pytest.mark.parametrize(
    ("current", "predicted", "is_novel", "target"),
    [
        ({}, "normal", False, "vip"),  # raised by the rule
        ({"priority": "low"}, "normal", False, "rest"),  # a person's word goes before the rule's
        ({"priority": "urgent"}, "low", True, "vip"),
    ],
)
def test_the_sla_follows_what_the_rules_made_of_the_ticket(
    current: dict[str, Label], predicted: str, is_novel: bool, target: str
) -> None:
    sla = {
        "targets": [
            {"name": "vip", "when": {"fields": {"priority": ["high", "urgent"]}}, "first_response": "1h"},
            {"name": "rest", "first_response": "8h"},
        ]
    }
    outcome = apply(
        {"priority": decided("abstain" if is_novel else "apply", **{predicted: 0.95})},
        {"name": "vip", "at_least": {"priority": "high"}},
        sla=sla,
        ticket=Ticket("1", "", "x", current=current),
        is_novel=is_novel,
    )
    assert outcome.deadlines is not None
    assert outcome.deadlines.target == target


def test_an_empty_rulebook_changes_nothing() -> None:
    predicted = {"team": decided("apply", sales=0.9)}
    outcome = apply(predicted)
    assert outcome.fields["team"] is predicted["team"]
    assert (outcome.rules, outcome.deadlines) == ((), None)
