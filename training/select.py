"""Which recipe suits a field: tried on a part of the tickets that are learnt from, never on held-out ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.calibration import Scored, Temperature
from models.features import Rows
from models.fields import Field, Label
from models.linear import FEW, LinearModel, Recipe, inner_products, one_blas_thread, one_hot

# Clean, fine-grained labels want the embedding twice as long as a text block and weak regularisation; noisy
# ones want less of both: Banking77 0.9385 with (2, 3) and 0.9275 with (1, 1), NHS feedback 0.685 and 0.692.
RECIPES = (Recipe(2, 3), Recipe(1, 1), Recipe(2, 1), Recipe(3, 3), Recipe(1, 0.3))
# How long a second encoder's embedding is beside the first one's, where it is tried.
_SECOND_LENGTHS = (1.0, 1.5)
# It costs time and memory on every ticket, so it must take this share of the loss away.
_SECOND_GAIN = 0.02
# With fewer, the choice would be chance: the first recipe is taken.
_FEWEST = 100
# Up to so many each quarter is tried in turn, and of more only one.
_QUARTERS_UP_TO = 1_000
_PARTS = 4
MOST_TRIED = 4_000


class Sample:
    """The rows on which recipes are tried, and the inner products of their texts."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._text = inner_products(rows.text)

    @property
    def has_second(self) -> bool:
        """Whether a second encoder's embeddings are there to be tried."""
        return bool(self._rows.second.shape[1])

    def products(
        self, rows: NDArray[np.intp], others: NDArray[np.intp], recipe: Recipe
    ) -> NDArray[np.float64]:
        """Return the inner products of these rows with the others as `LinearModel.shares` takes them."""
        dense = self._rows.dense(recipe.scale, recipe.second).astype(float)
        with one_blas_thread() if len(rows) < FEW else nullcontext():
            among: NDArray[np.float64] = dense[rows] @ dense[others].T
        among += self._text[np.ix_(rows, others)]
        among += 1
        return among


def choose_recipe(field: Field, sample: Sample, labels: Sequence[Label | None]) -> Recipe:
    """Return the recipe that gives the right value of tickets not learnt from the highest probability.

    Compared is the mean log-probability, each recipe at its best temperature, of (n,) labels, None where a
    ticket has none. Tags take the first recipe.
    """
    labelled = np.array([i for i, label in enumerate(labels) if label is not None], np.intp)
    if len(labelled) < _FEWEST or field.kind == "tags":
        return RECIPES[0]
    tried = list(_parts(labelled, [str(labels[i]) for i in labelled]))
    if not tried:
        return RECIPES[0]

    def loss(recipe: Recipe) -> float:
        return -float(np.concatenate([part.log_probabilities(sample, recipe) for part in tried]).mean())

    losses = {recipe: loss(recipe) for recipe in RECIPES}
    best = min(RECIPES, key=losses.__getitem__)
    if not sample.has_second:
        return best
    joined = {recipe: loss(recipe) for recipe in _with_second(best)}
    better = min(joined, key=joined.__getitem__)
    return better if joined[better] < (1 - _SECOND_GAIN) * losses[best] else best


def _with_second(recipe: Recipe) -> list[Recipe]:
    return [replace(recipe, second=length * recipe.scale) for length in _SECOND_LENGTHS]


class _Part:
    """Tickets that are learnt from, and others of the same values to try what was learnt."""

    def __init__(self, rows: NDArray[np.intp], names: Sequence[str], learn: NDArray[np.bool_]) -> None:
        learnt = [name for name, take in zip(names, learn, strict=True) if take]
        classes = sorted(set(learnt))
        column = {name: i for i, name in enumerate(classes)}
        truth = np.array([column.get(name, -1) for name in names], np.intp)
        tried = ~learn & (truth >= 0)
        self.targets = one_hot(learnt, classes)
        self.learnt, self.tried, self.truth = rows[learn], rows[tried], truth[tried]

    def log_probabilities(self, sample: Sample, recipe: Recipe) -> NDArray[np.floating]:
        """Return those of the right values of the tickets that are tried."""
        among = sample.products(self.learnt, self.learnt, recipe)
        shares = LinearModel(recipe.cost, exclusive=True).shares(among, self.targets)
        scores = (sample.products(self.tried, self.learnt, recipe) @ shares).astype(np.float32)
        p = Temperature().fit([Scored(scores, self.truth)]).probabilities(scores)
        found: NDArray[np.floating] = np.log(p[np.arange(len(p)), self.truth] + 1e-12)
        return found


def _parts(rows: NDArray[np.intp], names: Sequence[str]) -> Iterator[_Part]:
    number = np.random.default_rng(0).permutation(len(names)) % _PARTS
    for part in range(_PARTS if len(names) <= _QUARTERS_UP_TO else 1):
        found = _Part(rows, names, number != part)
        if found.targets.shape[1] > 1 and len(found.truth):
            yield found
