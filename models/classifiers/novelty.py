"""Whether a ticket is unlike all that was learnt from: a question no field has an answer for, or spam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.classifiers.nearest_neighbours import Near
from models.storage.state import State, StateReader

Floats = NDArray[np.float64]
# A ticket counts as novel when it is stranger than this share of the held-out tickets. Chosen on the two
# HINT3 sets, where half of the messages fit nothing: Matthews correlation 0.68 and 0.67, at 0.99 0.55 and
# 0.60, at 0.90 0.70 and 0.65.
NOVEL_FROM = 0.95
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Novelty:
    """`score` in [0, 1] grows with strangeness; 0.5 is the strangeness of an average known ticket."""

    is_novel: bool
    score: float


@dataclass(frozen=True, slots=True)
class Strangeness:
    """Two views of (n,) tickets, the higher the stranger.

    `energy` is minus the log of the summed exponentiated scores of a field (Liu et al. 2020, arXiv
    2010.03759), `distance` 1 minus the mean cosine of the five nearest past tickets. Together they tell
    unknown from known better than either: AUROC on clinc150's development part 0.988, energy alone 0.986,
    distance alone 0.974, 1 minus the highest probability 0.975; on HINT3 curekart 0.907, 0.861, 0.879, 0.813.
    """

    energy: Floats
    distance: Floats

    @classmethod
    def of(cls, sums: Floats, near: Near) -> Strangeness:
        """Measure tickets by their neighbours and by the log of the summed exponentials of scores.

        `sums` is (n, exclusive fields).
        """
        energy = -sums.sum(axis=1) / max(1, sums.shape[1])
        return cls(energy, 1 - near.cosines[:, :_NEAREST].mean(axis=1).astype(float))


class NoveltyJudge:
    """Compares a ticket's strangeness with that of known tickets which were not learnt from."""

    def __init__(self) -> None:
        self._centre = np.zeros(2)
        self._spread = np.ones(2)
        self._bar = np.inf

    def state(self) -> State:
        """Return what was learnt as plain values and arrays; without a bar nothing is novel."""
        bar = self._bar if np.isfinite(self._bar) else None
        return {"mean": self._centre, "spread": self._spread, "threshold": bar}

    @classmethod
    def from_state(cls, state: StateReader) -> NoveltyJudge:
        """Return the judge of which this is the state."""
        judge = cls()
        judge._centre = state.array("mean", np.float64, (2,))
        judge._spread = state.array("spread", np.float64, (2,))
        state.require(bool((judge._spread > 0).all()), "spread to be above 0")
        bar = state.number_or_none("threshold")
        judge._bar = np.inf if bar is None else bar
        return judge

    def fit(self, known: Sequence[Strangeness]) -> NoveltyJudge:
        """Learn from parts of held-out tickets of known kinds; without any, nothing is novel."""
        views = np.concatenate([_views(part) for part in known]) if known else np.empty((0, 2))
        if len(views):
            self._centre = views.mean(axis=0)
            self._spread = np.maximum(views.std(axis=0), 1e-6)
            self._bar = float(np.quantile(self._standard(views), NOVEL_FROM))
        return self

    def judge(self, tickets: Strangeness) -> list[Novelty]:
        """Return the novelty of each of (n,) tickets."""
        values = self._standard(_views(tickets))
        scores = expit(values).round(6).tolist()
        return [Novelty(bool(v > self._bar), score) for v, score in zip(values, scores, strict=True)]

    def _standard(self, views: Floats) -> Floats:
        standard: Floats = ((views - self._centre) / self._spread).sum(axis=1)
        return standard


def _views(tickets: Strangeness) -> Floats:
    return np.column_stack([tickets.energy, tickets.distance])
