"""Counts and verdicts of a backtest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.classifiers.fields import Field
from training.backtest.outcomes import Counts, FieldOutcome, TicketOutcome, count_fields
from training.backtest.verdict import judge_field, sample_needed
from training.thresholds.risk_control import binomial_p_value
from triage.settings.savings import FieldSavings
from triage.ticket import Ticket

SET_RIGHT = FieldOutcome("apply", by_rule=False, right=True, in_top3=True, confidence=0.99)
SET_WRONG = FieldOutcome("apply", by_rule=False, right=False, in_top3=True, confidence=0.99)
BY_RULE = FieldOutcome("apply", by_rule=True, right=False, in_top3=False, confidence=0.5)
FIRST = FieldOutcome("suggest", by_rule=False, right=True, in_top3=True, confidence=0.7)
THIRD = FieldOutcome("suggest", by_rule=False, right=False, in_top3=True, confidence=0.6)
ALONE = FieldOutcome("abstain", by_rule=False, right=True, in_top3=True, confidence=0.2)


def came(outcomes: list[FieldOutcome]) -> list[TicketOutcome]:
    return [
        TicketOutcome(i, "desk" if i % 2 else "field", "en", "2026-01", False, {"team": outcome})
        for i, outcome in enumerate(outcomes)
    ]


def tickets(count: int, requesters: int | None = None) -> list[Ticket]:
    return [
        Ticket(f"t{i}", "", f"text {i}", requester=f"r{i % requesters}@example.com" if requesters else None)
        for i in range(count)
    ]


def test_each_ticket_is_counted_in_one_way() -> None:
    counts = Counts.of([SET_RIGHT, SET_RIGHT, SET_WRONG, BY_RULE, FIRST, THIRD, ALONE])
    assert (counts.set, counts.wrong, counts.by_rule, counts.by_rule_wrong) == (3, 1, 1, 1)
    assert (counts.suggested, counts.suggested_right, counts.suggested_in_3) == (2, 1, 2)
    assert counts.set + counts.by_rule + counts.suggested + counts.left_alone == counts.tickets


def test_the_interval_is_clopper_and_pearson_s_of_what_the_models_set() -> None:
    error = Counts.of([SET_RIGHT] * 97 + [SET_WRONG] * 3 + [BY_RULE]).error
    assert error is not None
    assert (round(error.estimate, 4), round(error.lower, 4), round(error.upper, 4)) == (0.03, 0.0062, 0.0852)
    assert Counts.of([BY_RULE, ALONE]).error is None


def test_minutes_follow_from_the_costs_that_are_assumed() -> None:
    counts = Counts.of([SET_RIGHT, SET_RIGHT, SET_WRONG, BY_RULE, FIRST, THIRD, ALONE])
    costs = FieldSavings(set_right=2, set_wrong=7, suggested_right=1, suggested_wrong=0.5)
    assert counts.minutes(costs) == 2 * 2 - 7 + 1 - 0.5


def test_suggesting_the_most_frequent_value_saves_nothing() -> None:
    costs = FieldSavings(suggested_right=1, suggested_wrong=0.5)
    counts = Counts.of([FIRST, replace(FIRST, usual=True), replace(THIRD, usual=True)])
    assert (counts.suggested_right, counts.suggested_usual) == (2, 1)
    assert counts.minutes(costs) == 1 - 0.5


def test_groups_are_counted_by_themselves() -> None:
    found = count_fields(came([SET_RIGHT, SET_WRONG, SET_RIGHT, ALONE]))["team"]
    assert found.by_team["desk"].wrong == 1
    assert found.by_team["field"].wrong == 0
    assert found.by_language["en"].tickets == found.by_month["2026-01"].tickets == 4


@pytest.mark.parametrize(("right", "holds"), [(58, False), (59, True)])
def test_apply_holds_from_the_number_of_faultless_tickets_that_prove_it(right: int, holds: bool) -> None:
    verdict = judge_field(Field("team"), came([SET_RIGHT] * right), tickets(right))
    assert verdict.holds is holds
    assert verdict.upper is not None
    assert (verdict.upper <= 0.05) is holds
    assert verdict.more_tickets == (None if holds else 1)


def test_it_says_how_many_more_tickets_it_takes() -> None:
    outcomes = [SET_RIGHT] * 49 + [SET_WRONG] + [ALONE] * 50
    verdict = judge_field(Field("team"), came(outcomes), tickets(100))
    assert verdict.more_tickets is not None
    needed = sample_needed(1, 50, 0.05, 0.05)
    assert needed is not None
    assert verdict.more_tickets == 2 * (needed - 50)
    assert f"about {verdict.more_tickets:,} more tickets" in verdict.reason
    errors = next(e for e in range(needed) if e / needed >= 1 / 50)
    assert binomial_p_value(errors, needed, 0.05) <= 0.05


def test_no_number_of_tickets_helps_where_too_many_are_wrong() -> None:
    verdict = judge_field(Field("team"), came([SET_RIGHT] * 90 + [SET_WRONG] * 10), tickets(100))
    assert not verdict.holds
    assert verdict.more_tickets is None
    assert verdict.reason == "10 of 100 values that it set were wrong, more than 5.0%"


def test_a_field_that_is_never_applied_has_the_reason_of_its_training() -> None:
    verdict = judge_field(Field("team"), came([ALONE] * 9), tickets(9), "never applied: too few")
    assert (verdict.holds, verdict.upper, verdict.reason) == (False, None, "never applied: too few")


def test_tickets_of_one_requester_that_are_wrong_together_prove_less() -> None:
    outcomes = [SET_WRONG if i % 20 == 0 else SET_RIGHT for i in range(400)]
    together = judge_field(Field("team", target_error=0.08), came(outcomes), tickets(400, requesters=20))
    by_chance = judge_field(Field("team", target_error=0.08), came(outcomes), tickets(400))
    assert by_chance.worth == 400
    assert by_chance.holds
    assert together.worth < 100
    assert not together.holds
