"""Thresholds: applied only where held-out tickets vouch for the promised error."""

from __future__ import annotations

import numpy as np
import pytest

from training.thresholds import choose_thresholds, error_bound, smallest_sample


def choose(confidence: np.ndarray, correct: np.ndarray, target: float = 0.05):
    return choose_thresholds(confidence, correct, correct, target_error=target, confidence_level=0.95)


def test_the_bound_is_clopper_and_pearsons() -> None:
    # R: binom.test(2, 100, alternative = "less", conf.level = 0.95)
    assert error_bound(2, 100, 0.95) == pytest.approx(0.06162, abs=1e-4)
    assert error_bound(5, 5, 0.95) == 1.0


def test_a_faultless_field_is_applied_to_everything() -> None:
    thresholds = choose(np.linspace(0.5, 1, 500), np.ones(500, bool))
    assert thresholds.apply == 0.5
    assert "500 of 500" in thresholds.reason


def test_the_bar_lies_where_errors_begin() -> None:
    confidence = np.linspace(0, 1, 1000)
    thresholds = choose(confidence, confidence > 0.4)
    assert thresholds.apply is not None
    assert 0.36 < thresholds.apply <= 0.45


def test_too_few_tickets_never_apply_and_say_how_many_more_it_takes() -> None:
    thresholds = choose(np.ones(40), np.ones(40, bool))
    assert thresholds.apply is None
    assert "it takes 59, some 1.5 times as many labelled tickets" in thresholds.reason
    assert smallest_sample(0.05, 0.95) == 59


def test_a_field_that_is_often_wrong_is_never_applied() -> None:
    rng = np.random.default_rng(0)
    thresholds = choose(rng.random(1000), rng.random(1000) < 0.7)
    assert thresholds.apply is None
    assert "too many to vouch for at most 5% wrong" in thresholds.reason


def test_tickets_of_equal_confidence_are_accepted_together() -> None:
    confidence = np.repeat([0.9, 0.5], [100, 100])
    correct = np.repeat([True, False], [100, 100])
    assert choose(confidence, correct).apply == 0.9


def test_nothing_held_out_means_neither_applied_nor_suggested() -> None:
    thresholds = choose(np.empty(0), np.empty(0, bool))
    assert (thresholds.apply, thresholds.suggest) == (None, None)


def test_the_suggest_bar_keeps_the_truth_among_three_in_four_cases_of_five() -> None:
    confidence = np.linspace(1, 0, 100)
    in_top3 = np.arange(100) < 60
    thresholds = choose_thresholds(confidence, in_top3, in_top3, target_error=0.05, confidence_level=0.95)
    assert thresholds.suggest is not None
    above = confidence >= thresholds.suggest
    assert in_top3[above].mean() >= 0.8
    assert above.sum() == 75
