"""Calibration: from scores to probabilities, fitted on tickets that the model was not fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax

from models.classifiers.column_groups import Floats
from models.storage.state import State, StateReader

_NARROWEST, _WIDEST = -5.0, 5.0
_NEUTRAL_LOG_TEMPERATURE = 0.0
_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class LabelledScores:
    """Held-out (n, classes) scores and the (n,) index of the right class, -1 where it was not learnt."""

    scores: NDArray[np.floating]
    truth: NDArray[np.intp]


class Temperature:
    """Divide scores by one number before the softmax (Guo et al. 2017, arXiv 1706.04599).

    One parameter for all classes, so that a few hundred held-out tickets suffice and the
    order of the classes never changes.
    """

    def __init__(self) -> None:
        self.value_ = float(np.exp(_NEUTRAL_LOG_TEMPERATURE))

    def fit(self, parts: Sequence[LabelledScores], *, best_only: bool = False) -> Temperature:
        """Learn from held-out parts, whose models may know different classes.

        The number minimises the log-loss of the right class or, with `best_only`, of the question whether
        the best class is right: where labels are noisy the first leaves the best class too sure, since
        wrong answers cost little where the right one is a close second. Targets are smoothed as Platt (1999)
        does, by 1/(n + 2), so that a small or perfectly predicted part does not make the model certain.
        """
        known = [LabelledScores(part.scores[part.truth >= 0], part.truth[part.truth >= 0]) for part in parts]
        count = sum(len(part.truth) for part in known)
        if count == 0:
            return self
        doubt = 1.0 / (count + 2.0)
        measure = _loss_of_best if best_only else _loss

        def loss(log_temperature: float) -> float:
            return sum(measure(part, np.exp(log_temperature), doubt) for part in known) / count

        from scipy.optimize import minimize_scalar

        found = minimize_scalar(loss, bounds=(_NARROWEST, _WIDEST), method="bounded")
        self.value_ = float(np.exp(found.x))
        return self

    def probabilities(self, scores: NDArray[np.floating]) -> Floats:
        """Return (n, classes) probabilities; each row sums to 1."""
        p: Floats = softmax(scores.astype(float) / self.value_, axis=1)
        return p


def _loss(part: LabelledScores, temperature: float, doubt: float) -> float:
    log_p = log_softmax(part.scores.astype(float) / temperature, axis=1)
    right = log_p[np.arange(len(log_p)), part.truth]
    return float(-((1 - doubt) * right + doubt * log_p.mean(axis=1)).sum())


def _loss_of_best(part: LabelledScores, temperature: float, doubt: float) -> float:
    confidence = softmax(part.scores.astype(float) / temperature, axis=1).max(axis=1)
    right = np.where(part.scores.argmax(axis=1) == part.truth, 1 - doubt, doubt)
    sure = np.clip(confidence, _SMALLEST, 1 - _SMALLEST)
    return float(-(right * np.log(sure) + (1 - right) * np.log1p(-sure)).sum())


class Sigmoid:
    """Map one score to the probability of an event by a logistic curve (Platt 1999)."""

    def __init__(self) -> None:
        self.slope_, self.offset_ = 1.0, 0.0

    def fit(self, scores: NDArray[np.floating], happened: NDArray[np.bool_]) -> Sigmoid:
        """Learn from (n,) scores and outcomes, with Platt's smoothed targets and a weak pull to slope 1."""
        positives, negatives = float(happened.sum()), float((~happened).sum())
        target = np.where(happened, (positives + 1) / (positives + 2), 1 / (negatives + 2))
        x = scores.astype(float)

        def loss(parameters: Floats) -> float:
            z = parameters[0] * x + parameters[1]
            nll = np.logaddexp(0, z) - target * z
            return float(nll.sum() + 0.01 * ((parameters[0] - 1) ** 2 + parameters[1] ** 2))

        from scipy.optimize import minimize

        found = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B")
        self.slope_, self.offset_ = float(found.x[0]), float(found.x[1])
        return self

    def state(self) -> State:
        """Return what was fitted as plain values."""
        return {"slope": self.slope_, "offset": self.offset_}

    @classmethod
    def from_state(cls, state: StateReader) -> Sigmoid:
        """Return the sigmoid of which this is the state."""
        sigmoid = cls()
        sigmoid.slope_, sigmoid.offset_ = state.number("slope"), state.number("offset")
        return sigmoid

    def probabilities(self, scores: NDArray[np.floating]) -> Floats:
        """Return the (…) probabilities of scores of any shape."""
        p: Floats = expit(self.slope_ * scores.astype(float) + self.offset_)
        return p


def calibration_error(confidence: Floats, correct: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error over bins of equal mass, in [0, 1].

    >>> calibration_error(np.array([0.5, 0.5]), np.array([True, False]), bins=1)
    0.0
    """
    if len(confidence) == 0:
        return 0.0
    parts = np.array_split(np.argsort(confidence, kind="stable"), min(bins, len(confidence)))
    gaps = (len(p) * abs(confidence[p].mean() - correct[p].mean()) for p in parts)
    return float(sum(gaps) / len(confidence))
