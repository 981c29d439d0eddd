"""Thresholds: what they say, where they lie, and which values have their own."""

from __future__ import annotations

import numpy as np
import pytest

from models.classifiers.fields import Field
from models.classifiers.thresholds import Thresholds
from training.thresholds.risk_control import binomial_p_value, lowest_threshold, min_sample_size
from training.thresholds.thresholds import HeldOutPredictions, choose_thresholds, suggestion_threshold

CHOICE = Field("f")
ORDINAL = Field("p", "ordinal", values=("low", "normal", "high", "urgent"), default="normal")


def choose(
    confidence: np.ndarray, correct: np.ndarray, values: np.ndarray | None = None, field: Field = CHOICE
) -> Thresholds:
    predicted = np.resize(["a", "b"], len(correct)) if values is None else values
    return choose_thresholds(field, HeldOutPredictions(predicted.tolist(), confidence, correct, correct))


def test_the_test_is_clopper_and_pearsons() -> None:
    # R: binom.test(2, 100, alternative = "less", conf.level = 0.95) has the upper bound 0.06162
    assert binomial_p_value(2, 100, 0.06162) == pytest.approx(0.05, abs=1e-4)
    assert min_sample_size(0.05, 0.05) == 59
    for errors in range(5):
        n = min_sample_size(0.05, 0.05, errors)
        assert binomial_p_value(errors, n, 0.05) <= 0.05 < binomial_p_value(errors, n - 1, 0.05)


def test_a_faultless_field_is_applied_to_everything() -> None:
    thresholds = choose(np.linspace(0.5, 1, 500), np.ones(500, bool))
    assert thresholds.apply == 0.5
    assert "500 of 500" in thresholds.reason


def test_the_threshold_lies_where_errors_begin() -> None:
    confidence = np.linspace(0, 1, 1000)
    thresholds = choose(confidence, confidence > 0.4)
    assert thresholds.apply is not None
    assert 0.36 < thresholds.apply <= 0.45


def test_one_wrong_ticket_among_the_surest_stops_nothing() -> None:
    correct = np.ones(300, bool)
    correct[-3] = False
    assert choose(np.linspace(0, 1, 300), correct).apply == 0.0


def test_a_failure_at_the_first_start_is_made_good_at_the_second() -> None:
    confidence, correct = np.linspace(1, 0, 1000), np.ones(1000, bool)
    correct[:32:2] = False
    found = lowest_threshold(confidence, correct, target_error=0.05, alpha=0.05)
    assert binomial_p_value(16, 200, 0.05) > 0.05
    assert found.threshold == 0.0


def test_too_few_tickets_never_apply_and_say_how_many_more_it_takes() -> None:
    thresholds = choose(np.ones(40), np.ones(40, bool))
    assert thresholds.apply is None
    assert "it takes 59, some 1.5 times as many labelled tickets" in thresholds.reason


def test_a_field_that_is_often_wrong_is_never_applied() -> None:
    rng = np.random.default_rng(0)
    thresholds = choose(rng.random(1000), rng.random(1000) < 0.7)
    assert all(found is None for found in [thresholds.apply, *(own.apply for own in thresholds.by_value)])
    assert "too many to guarantee at most 5% wrong with 95% confidence" in thresholds.reason


def test_a_refusal_says_whether_more_tickets_would_help() -> None:
    confidence, values = np.linspace(1, 0, 400), np.full(400, "a")
    refused = choose(confidence, np.arange(400) % 33 != 16, values)
    assert "at this rate it takes some" in refused.reason
    assert "times as many labelled tickets as now" in refused.reason
    hopeless = choose(confidence, np.arange(400) % 5 > 0, values)
    assert "more tickets help only if the model gets better by them" in hopeless.reason


def test_tickets_of_equal_confidence_are_accepted_together() -> None:
    confidence = np.repeat([0.9, 0.5], [100, 100])
    correct = np.repeat([True, False], [100, 100])
    assert choose(confidence, correct).apply == 0.9
    assert choose(np.ones(200), correct).apply is None


def test_nothing_held_out_means_neither_applied_nor_suggested() -> None:
    for field in (Field("f"), ORDINAL, Field("t", "tags")):
        thresholds = choose(np.empty(0), np.empty(0, bool), field=field)
        assert (thresholds.apply, thresholds.suggest) == (None, None)


def test_alike_values_share_the_fields_threshold() -> None:
    thresholds = choose(np.linspace(0, 1, 2000), np.ones(2000, bool))
    assert (thresholds.apply, thresholds.by_value) == (0.0, ())


def test_a_frequent_value_that_is_often_wrong_does_not_stop_the_others() -> None:
    values = np.resize(["a", "b", "c", "d"], 2000)
    thresholds = choose(np.linspace(0, 1, 2000), (values != "b") | (np.arange(2000) % 8 == 1), values)
    assert thresholds.apply is not None
    assert thresholds.threshold("b") is None
    assert thresholds.threshold("a") == thresholds.apply
    assert thresholds.by_value[0].kind == "class"
    assert "too many to guarantee" in thresholds.by_value[0].reason


def test_a_reliable_value_is_applied_from_lower_on() -> None:
    confidence, values = np.linspace(0, 1, 4000), np.resize(["a", "b"], 4000)
    thresholds = choose(confidence, (values == "a") | (confidence > 0.8), values)
    assert thresholds.threshold("a") == 0.0
    other = thresholds.threshold("b")
    assert other is not None
    assert 0.7 < other < 0.85


def test_a_rare_value_that_is_far_worse_does_not_hide_in_the_average() -> None:
    values = np.resize(np.repeat(["a", "bad"], [97, 3]), 2000)
    thresholds = choose(np.linspace(0, 1, 2000), (values != "bad") | (np.arange(2000) % 2 == 0), values)
    assert thresholds.apply is not None
    assert not thresholds.applies("bad", 1.0)
    own = thresholds.value_threshold("bad")
    assert own is not None
    assert own.reason == "never applied: 40 of 60 were wrong at or above the threshold that it would share"
    assert "1940 of 2000 calibration tickets lie at or above it, 0 wrong" in thresholds.reason


def test_raising_and_lowering_have_thresholds_of_their_own() -> None:
    rng = np.random.default_rng(0)
    values = np.resize(["low", "normal", "high", "urgent"], 4000)
    confidence = rng.random(4000)
    wrong_below = {"low": 0.7, "normal": 0.1, "high": 0.4, "urgent": 0.4}
    correct = confidence > np.array([wrong_below[v] for v in values])
    thresholds = choose(confidence, correct, values, ORDINAL)
    lower, same, higher = (thresholds.threshold(v) for v in ("low", "normal", "high"))
    assert None not in (lower, same, higher)
    assert same < higher < lower
    assert thresholds.threshold("urgent") == higher
    kinds = {own.kind: own for own in thresholds.by_value}
    assert "at most 2.5% wrong" in kinds["lower"].reason
    assert "at most 5% wrong" in kinds["raise"].reason


def test_a_direction_with_too_few_tickets_is_refused_with_the_reason() -> None:
    values = np.repeat(["normal", "high", "low"], [500, 200, 20])
    thresholds = choose(np.linspace(0, 1, 720), np.ones(720, bool), values, ORDINAL)
    own = thresholds.value_threshold("low")
    assert own is not None
    assert own.apply is None
    assert "never lowered: 20 calibration tickets are too few to guarantee at most 2.5% wrong" in own.reason
    assert thresholds.threshold("high") is not None


def test_without_a_default_the_usual_value_is_where_raising_begins() -> None:
    field = Field("p", "ordinal", values=("low", "normal", "high"), target_error_lower=0.04)
    held = HeldOutPredictions(["low"] * 300, np.ones(300), np.ones(300, bool), np.ones(300, bool))
    assert choose_thresholds(field, held, most_frequent="low").apply == 1.0
    thresholds = choose_thresholds(field, held, most_frequent="high")
    assert "at most 4% wrong" in thresholds.by_value[0].reason


def test_the_suggestion_threshold_is_where_the_best_three_hold_the_truth_in_four_cases_of_five() -> None:
    confidence = np.linspace(0, 1, 2000)
    in_top3 = np.random.default_rng(0).random(2000) < 0.2 + 0.8 * confidence
    threshold = suggestion_threshold(confidence, in_top3)
    assert threshold == pytest.approx(0.75, abs=0.1)
    assert in_top3[confidence > 0.55].mean() > 0.8  # above a lower threshold they do on average too


def test_the_suggestion_threshold_takes_all_or_nothing_where_that_is_right() -> None:
    assert suggestion_threshold(np.full(9, 0.4), np.ones(9, bool)) == 0.4
    assert suggestion_threshold(np.linspace(0, 1, 9), np.zeros(9, bool)) is None
    assert suggestion_threshold(np.full(10, 0.3), np.arange(10) < 8) == 0.3
