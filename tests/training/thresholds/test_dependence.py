"""Tickets that are right or wrong together count by what they are worth; others lose next to nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.classifiers.fields import Field
from training.thresholds.dependence import Dependence
from training.thresholds.risk_control import lowest_threshold
from training.thresholds.thresholds import HeldOutPredictions, choose_thresholds

CLUSTERS = np.repeat(np.arange(150), 8)
ALL = np.array([len(CLUSTERS)])


def measured(correct: NDArray[np.bool_], confidence: NDArray[np.float64]) -> float:
    return float(Dependence.measure(confidence, correct, [CLUSTERS]).design_effects(ALL, 0.05)[0])


def test_clusters_that_are_all_right_or_all_wrong_count_as_one_ticket_each() -> None:
    rng = np.random.default_rng(0)
    correct = np.repeat(rng.random(150) < 0.9, 8)
    assert measured(correct, np.full(len(correct), 0.9)) == pytest.approx(8, abs=0.3)


def test_independent_tickets_lose_next_to_nothing() -> None:
    rng = np.random.default_rng(0)
    effects = []
    for _ in range(100):
        confidence = rng.beta(8, 1, len(CLUSTERS))
        effects.append(measured(rng.random(len(CLUSTERS)) < confidence, confidence))
    assert np.mean(effects) < 1.1
    assert np.median(effects) == 1


def test_requesters_of_whom_the_model_knows_that_they_are_hard_are_not_dependent() -> None:
    rng = np.random.default_rng(0)
    confidence = np.repeat(rng.choice([0.6, 0.98], 150), 8)
    assert measured(rng.random(len(confidence)) < confidence, confidence) < 1.4


def test_models_of_different_folds_may_be_right_more_or_less_often_than_they_say() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.beta(8, 1, len(CLUSTERS))
    folds = np.arange(len(CLUSTERS)) // 400
    correct = rng.random(len(CLUSTERS)) < confidence - np.array([0.0, 0.05, 0.1])[folds]
    in_a_row = np.arange(len(CLUSTERS)) // 20
    one, by_fold = (
        float(Dependence.measure(confidence, correct, [in_a_row], f).design_effects(ALL, 0.05)[0])
        for f in (None, folds)
    )
    assert by_fold == 1 < one


def broken(clusters: list[NDArray[np.intp]], draws: int = 300) -> int:
    """Count the draws in which the applied tickets are more often wrong than 5 %, one requester in 14 odd."""
    rng, found = np.random.default_rng(5), 0
    for _ in range(draws):
        confidence = np.sort(rng.beta(14, 0.6, len(CLUSTERS)))[rng.permutation(len(CLUSTERS))]
        odd = np.repeat(rng.random(150) < 0.055, 8)
        correct = rng.random(len(CLUSTERS)) < np.where(odd, 0.3, confidence)
        held_out = HeldOutPredictions(["a", "b"] * 600, confidence, correct, correct, clusters)
        threshold = choose_thresholds(Field("f"), held_out).apply
        if threshold is not None:
            sure = rng.beta(14, 0.6, 50_000)
            sure = sure[sure >= threshold]
            found += bool(1 - np.mean(0.055 * 0.3 + 0.945 * sure) > 0.05)
    return found


def test_the_guarantee_holds_where_requesters_label_in_ways_of_their_own() -> None:
    assert broken([CLUSTERS]) <= 300 * 0.05


def test_this_simulation_finds_it_broken_where_tickets_count_as_independent() -> None:
    assert broken([]) > 300 * 0.05


def test_where_fewer_errors_are_expected_than_the_target_the_dependence_weighs_less() -> None:
    rng = np.random.default_rng(1)
    odd = np.repeat(rng.random(150) < 0.03, 8)
    correct = rng.random(len(odd)) < np.where(odd, 0.5, 1.0)
    dependence = Dependence.measure(np.full(len(odd), 0.98), correct, [CLUSTERS])
    at_one_percent, at_five = (dependence.design_effects(ALL, target)[0] for target in (0.01, 0.05))
    assert 1 < at_five < at_one_percent


def test_where_the_model_is_sure_of_few_tickets_these_are_applied_although_tickets_depend_a_little() -> None:
    rng = np.random.default_rng(0)
    confidence = np.where(rng.random(5000) < 0.1, 0.99, rng.uniform(0.5, 0.9, 5000))
    careless = np.repeat(rng.choice([0.0, 0.3], 250), 20)
    correct = rng.random(5000) < confidence - np.where(confidence < 0.9, careless, 0)
    agents = np.arange(5000) // 20
    dependence = Dependence.measure(confidence, correct, [agents])
    assert dependence.clusterings
    search = lowest_threshold(confidence, correct, target_error=0.05, alpha=0.05, dependence=dependence)
    assert search.threshold is not None
    assert search.accepted < 1000
