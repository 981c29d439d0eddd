"""Calibration: from a model's scores to probabilities, read from plain numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.classifiers.column_groups import Floats
from models.storage.state import State, StateReader

# Tickets that really are in another language are a little harder than those read as if they were.
_CROSS_LANGUAGE_DOUBT = 1.1


@dataclass(frozen=True, slots=True)
class Temperatures:
    """Numbers that a single-label field's scores are divided by before the softmax.

    One for tickets in training languages, one for those in other languages.
    """

    in_language: float = 1.0
    cross_language: float = _CROSS_LANGUAGE_DOUBT

    @classmethod
    def from_fit(cls, in_language: float, as_cross_language: float) -> Temperatures:
        """Return temperatures fitted on tickets in training languages, the second read as if in others."""
        return cls(in_language, as_cross_language * _CROSS_LANGUAGE_DOUBT)

    def state(self) -> State:
        """Return them as plain values."""
        return {"in_language": self.in_language, "cross_language": self.cross_language}

    @classmethod
    def from_state(cls, state: StateReader) -> Temperatures:
        """Return those of which this is the state."""
        return cls(state.positive("in_language"), state.positive("cross_language"))


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """Logistic curve from a score to a probability."""

    slope: float = 1.0
    offset: float = 0.0

    def probabilities(self, scores: NDArray[np.floating]) -> Floats:
        """Return the (…) probabilities of scores of any shape."""
        p: Floats = expit(self.slope * scores.astype(float) + self.offset)
        return p

    def state(self) -> State:
        """Return the curve as plain values."""
        return {"slope": self.slope, "offset": self.offset}

    @classmethod
    def from_state(cls, state: StateReader) -> Sigmoid:
        """Return the curve of which this is the state."""
        return cls(state.number("slope"), state.number("offset"))


_PLAIN = Sigmoid()


@dataclass(frozen=True, slots=True)
class TagCalibration:
    """One sigmoid for all tags, the threshold from which a tag is given, and a sigmoid for the whole set.

    One sigmoid, because most tags are too rare to be calibrated alone.
    """

    tag: Sigmoid = _PLAIN
    threshold: float = 0.5
    exact_match: Sigmoid = _PLAIN

    def exact_match_probability(self, probabilities: Floats) -> Floats:
        """Return the (n,) probability that all of the (n, tags) decisions are right."""
        return self.exact_match.probabilities(exact_match_scores(probabilities, self.threshold))

    def state(self) -> State:
        """Return the calibration as plain values."""
        return {
            "tag": self.tag.state(),
            "threshold": self.threshold,
            "exact_match": self.exact_match.state(),
        }

    @classmethod
    def from_state(cls, state: StateReader) -> TagCalibration:
        """Return the calibration of which this is the state."""
        return cls(
            Sigmoid.from_state(state.part("tag")),
            state.number("threshold"),
            Sigmoid.from_state(state.part("exact_match")),
        )


UNCALIBRATED, UNCALIBRATED_TAGS = Temperatures(), TagCalibration()


def exact_match_scores(probabilities: Floats, threshold: float) -> Floats:
    """Return the (n,) log-odds that all (n, tags) decisions are right, were they independent."""
    sure = np.clip(np.where(probabilities >= threshold, probabilities, 1 - probabilities), 1e-6, 1 - 1e-6)
    together = np.clip(np.exp(np.log(sure).sum(axis=1)), 1e-6, 1 - 1e-6)
    scores: Floats = np.log(together / (1 - together))
    return scores
