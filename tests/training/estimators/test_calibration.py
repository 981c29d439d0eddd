"""Calibrated probabilities hold on tickets that were not trained on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from training.estimators.calibration import PlattScaling, TemperatureScaling
from training.fitting.field_models import LabelledScores, fit_temperature
from training.metrics import calibration_error


def test_the_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(1)
    honest = rng.normal(size=(4000, 5)) * 2
    truth = np.array([rng.choice(5, p=p) for p in softmax(honest, axis=1)])
    calibrated = TemperatureScaling().fit(honest * 10, truth)
    p = calibrated.predict_proba(honest * 10)
    assert 8 < calibrated.temperature_ < 12
    assert calibration_error(p.max(axis=1), p.argmax(axis=1) == truth) < 0.03


def test_rows_sum_to_one_and_keep_their_order() -> None:
    scores = np.array([[3.0, 1.0, 2.0], [0.0, 0.5, 1.0], [1.0, 2.0, 0.0]])
    p = TemperatureScaling().fit(scores, [0, 2, 1]).predict_proba(scores)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    np.testing.assert_array_equal(np.argsort(p, axis=1), np.argsort(scores, axis=1))


def test_either_loss_is_the_smallest_at_its_own_temperature() -> None:
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(6000, 6)) * 4
    order = np.argsort(-scores, axis=1)
    truth = order[np.arange(6000), np.where(rng.random(6000) < 0.25, 1, 0)]
    losses = []
    for best_only in (False, True):
        p = TemperatureScaling(best_only=best_only).fit(scores, truth).predict_proba(scores)
        right = p.argmax(axis=1) == truth
        of_best = -np.log(np.where(right, p.max(axis=1), 1 - p.max(axis=1))).mean()
        losses.append((-np.log(p[np.arange(6000), truth]).mean(), of_best))
    (all_values, of_best), (all_values_later, of_best_later) = losses
    assert all_values < all_values_later - 0.001
    assert of_best_later < of_best - 0.001


@pytest.mark.parametrize("best_only", [False, True])
def test_a_perfectly_predicted_small_part_does_not_make_certain(best_only: bool) -> None:
    truth = np.arange(30) % 3
    scores = np.eye(3)[truth]
    p = TemperatureScaling(best_only=best_only).fit(scores, truth).predict_proba(scores)
    assert p.max() < 0.995


def test_classes_that_a_model_does_not_know_change_nothing() -> None:
    rng = np.random.default_rng(5)
    scores, truth = rng.normal(size=(200, 3)) * 3, rng.integers(0, 3, 200)
    wider = np.hstack([scores, np.full((200, 2), np.nan)])
    for best_only in (False, True):
        narrow = TemperatureScaling(best_only=best_only).fit(scores, truth)
        wide = TemperatureScaling(best_only=best_only).fit(wider, truth)
        assert wide.temperature_ == pytest.approx(narrow.temperature_)
        np.testing.assert_allclose(wide.predict_proba(wider)[:, 3:], 0)


def test_labels_that_were_not_trained_on_are_left_out() -> None:
    scores = np.eye(3)[[0, 1, 2, 0]]
    known = fit_temperature([LabelledScores(scores, np.array([0, 1, 2, -1]))])
    assert known == fit_temperature([LabelledScores(scores[:3], np.array([0, 1, 2]))])
    assert fit_temperature([LabelledScores(scores, np.full(4, -1))]) == 1
    assert fit_temperature([]) == 1


def test_parts_whose_models_know_different_classes_are_calibrated_together() -> None:
    rng = np.random.default_rng(3)
    parts = []
    for classes in (3, 6):
        honest = rng.normal(size=(3000, classes)) * 2
        truth = np.array([rng.choice(classes, p=p) for p in softmax(honest, axis=1)])
        parts.append(LabelledScores(honest * 4, truth))
    assert 3.6 < fit_temperature(parts) < 4.4


def test_the_sigmoid_gives_the_observed_frequency() -> None:
    rng = np.random.default_rng(2)
    scores = rng.normal(size=5000)
    happened = rng.random(5000) < 1 / (1 + np.exp(-(3 * scores - 1)))
    p = PlattScaling().fit(scores, happened).predict_proba(scores)[:, 1]
    assert calibration_error(p, happened) < 0.03
