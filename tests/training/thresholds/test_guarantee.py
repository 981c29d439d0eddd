"""The guarantee of the thresholds, by simulation: what is applied has too many errors as rarely as it says.

Tickets are drawn from populations whose true error above any threshold is known. A calibration set is drawn
500 times, thresholds are chosen from it, and the true error of what they would apply is compared with the
target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from models.classifiers.fields import Field
from models.classifiers.thresholds import Thresholds
from training.thresholds import risk_control
from training.thresholds.thresholds import HeldOutPredictions, choose_thresholds

DRAWS = 500
ORDINAL = Field("p", "ordinal", values=("low", "normal", "high"), default="normal")


@dataclass(frozen=True)
class World:
    """Values with their shares, and how often each is wrong beyond what its confidence says."""

    shares: dict[str, float]
    overconfidence: dict[str, float]

    def draw(self, n: int, rng: np.random.Generator) -> Tickets:
        values = rng.choice(list(self.shares), n, p=list(self.shares.values()))
        confidence = 1 / (1 + np.exp(-rng.normal(3.5, 2.5, n)))
        beyond = np.select(
            [values == v for v in self.overconfidence], list(self.overconfidence.values()), default=0.01
        )
        return Tickets(values, confidence, confidence * (1 - beyond))


@dataclass(frozen=True)
class Tickets:
    """Predicted values, their confidences, and the true probabilities that they are right; (n,) each."""

    values: NDArray[np.str_]
    confidence: NDArray[np.float64]
    right: NDArray[np.float64]

    def held_out(self, rng: np.random.Generator) -> HeldOutPredictions:
        correct = rng.random(len(self.right)) < self.right
        return HeldOutPredictions(self.values.tolist(), self.confidence, correct, correct)


class Truth:
    """Tickets so many that their shares are those of the population."""

    def __init__(self, world: World) -> None:
        tickets = world.draw(200_000, np.random.default_rng(8))
        self._of: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        for value in world.shares:
            mine = np.nonzero(tickets.values == value)[0]
            mine = mine[np.argsort(-tickets.confidence[mine])]
            self._of[value] = -tickets.confidence[mine], np.append(0, np.cumsum(1 - tickets.right[mine]))

    def error(self, thresholds: Thresholds, values: Iterable[str]) -> float:
        applied, wrong = 0, 0.0
        for value in values:
            threshold, (falling, cumulated) = thresholds.threshold(value), self._of[value]
            count = 0 if threshold is None else int(np.searchsorted(falling, -threshold, side="right"))
            applied, wrong = applied + count, wrong + float(cumulated[count])
        return wrong / max(1, applied)


CALIBRATED = World({"a": 0.4, "b": 0.3, "c": 0.3}, {"a": 0.0})
ONE_BAD = World({"a": 0.5, "b": 0.3, "c": 0.15, "d": 0.05}, {"c": 0.15, "d": 0.4})
ALL_OVERCONFIDENT = World({"a": 0.6, "b": 0.4}, {"a": 0.05, "b": 0.05})
DIRECTIONS = World({"low": 0.3, "normal": 0.4, "high": 0.3}, {"low": 0.02, "normal": 0.0, "high": 0.045})


def violations(world: World, field: Field, n: int) -> Counter[str]:
    """Count, by subset, in how many draws the true error is above the target."""
    rng, truth, violated = np.random.default_rng(7), Truth(world), Counter[str]()
    for _ in range(DRAWS):
        thresholds = choose_thresholds(field, world.draw(n, rng).held_out(rng))
        found = {"field"} if truth.error(thresholds, world.shares) > field.target_error else set()
        for own in thresholds.by_value:
            target = field.target_error / 2 if own.kind == "lower" else field.target_error
            if truth.error(thresholds, own.values) > target:
                found.add(own.kind)
        violated.update(found)
        violated["any"] += bool(found)
    return violated


# With a guarantee of 95 % more than this many of the draws break it once in a thousand times at most.
MOST = int(binom.ppf(0.999, DRAWS, 0.05))


@pytest.mark.parametrize(
    ("world", "field", "n"),
    [
        (CALIBRATED, Field("f"), 375),
        (CALIBRATED, Field("f"), 1500),
        (ONE_BAD, Field("f"), 1500),
        (ALL_OVERCONFIDENT, Field("f"), 600),
        (DIRECTIONS, ORDINAL, 1200),
    ],
)
def test_the_guarantee_holds_at_least_as_often_as_it_says(world: World, field: Field, n: int) -> None:
    violated = violations(world, field, n)
    assert violated["any"] <= MOST, violated


def test_this_simulation_finds_the_plain_error_of_the_held_out_tickets_wanting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def plain(errors: NDArray[np.int_], n: NDArray[np.int_], target: float) -> NDArray[np.float64]:
        return np.where(errors / n <= target, 0.0, 1.0)

    monkeypatch.setattr(risk_control, "bdtr", plain)
    assert violations(ALL_OVERCONFIDENT, Field("f"), 600)["any"] > 2 * MOST


def test_what_is_applied_comes_near_to_what_the_best_threshold_would_apply() -> None:
    rng = np.random.default_rng(3)
    truth = CALIBRATED.draw(40_000, rng)
    order = np.argsort(-truth.confidence)
    errors = np.cumsum(1 - truth.right[order]) / np.arange(1, len(order) + 1)
    best = np.nonzero(errors <= 0.05)[0][-1] + 1
    shares = []
    for _ in range(50):
        threshold = choose_thresholds(Field("f"), CALIBRATED.draw(2000, rng).held_out(rng)).apply
        shares.append(0 if threshold is None else (truth.confidence >= threshold).sum() / best)
    assert np.mean(shares) > 0.85
