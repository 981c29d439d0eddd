"""Which recipe suits a field: tried on a part of the tickets that are learnt from, never on held-out ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.calibration import Scored, Temperature
from models.features import Rows
from models.fields import Field, Label
from models.linear import LinearModel, Recipe, one_hot

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
MOST_TRIED = 5_000


def choose_recipe(field: Field, rows: Rows, labels: Sequence[Label | None]) -> Recipe:
    """Return the recipe that gives the right value of tickets not learnt from the highest probability.

    Compared is the mean log-probability, each recipe at its best temperature, of (n,) labels, None where a
    ticket has none. Tags take the first recipe.
    """
    labelled = np.array([i for i, label in enumerate(labels) if label is not None], np.intp)
    if len(labelled) < _FEWEST or field.kind == "tags":
        return RECIPES[0]
    names = [str(labels[i]) for i in labelled]
    tried = list(_parts(rows.take(labelled), names))
    if not tried:
        return RECIPES[0]
    losses = {recipe: _loss(recipe, tried) for recipe in RECIPES}
    best = min(RECIPES, key=losses.__getitem__)
    if not rows.second.shape[1]:
        return best
    joined = {recipe: _loss(recipe, tried) for recipe in _with_second(best)}
    better = min(joined, key=joined.__getitem__)
    return better if joined[better] < (1 - _SECOND_GAIN) * losses[best] else best


def _with_second(recipe: Recipe) -> list[Recipe]:
    return [replace(recipe, second=length * recipe.scale) for length in _SECOND_LENGTHS]


class _Part:
    """Tickets that are learnt from, and others of the same values to try what was learnt."""

    def __init__(self, rows: Rows, names: Sequence[str], learn: NDArray[np.bool_]) -> None:
        classes = sorted({name for name, learnt in zip(names, learn, strict=True) if learnt})
        column = {name: i for i, name in enumerate(classes)}
        truth = np.array([column.get(name, -1) for name in names], np.intp)
        self.targets = one_hot([name for name, learnt in zip(names, learn, strict=True) if learnt], classes)
        self.learnt, self.tried = rows.take(learn), rows.take(~learn & (truth >= 0))
        self.truth = truth[~learn & (truth >= 0)]

    def log_probabilities(self, recipe: Recipe) -> NDArray[np.floating]:
        """Return those of the right values of the tickets that are tried."""
        model = LinearModel(recipe.cost, exclusive=True).fit(
            self.learnt.text, self.learnt.dense(recipe.scale, recipe.second), self.targets
        )
        scores = model.scores(self.tried.text, self.tried.dense(recipe.scale, recipe.second))
        p = Temperature().fit([Scored(scores, self.truth)]).probabilities(scores)
        found: NDArray[np.floating] = np.log(p[np.arange(len(p)), self.truth] + 1e-12)
        return found


def _parts(rows: Rows, names: Sequence[str]) -> Iterator[_Part]:
    number = np.random.default_rng(0).permutation(len(names)) % _PARTS
    for part in range(_PARTS if len(names) <= _QUARTERS_UP_TO else 1):
        found = _Part(rows, names, number != part)
        if found.targets.shape[1] > 1 and len(found.truth):
            yield found


def _loss(recipe: Recipe, parts: Sequence[_Part]) -> float:
    return -float(np.concatenate([part.log_probabilities(recipe) for part in parts]).mean())
