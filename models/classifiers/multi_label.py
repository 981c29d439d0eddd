"""A field with any number of values at once: a logistic regression per tag, calibrated together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifiers.calibration import Floats, Sigmoid
from models.classifiers.features import Features, Rows
from models.classifiers.fields import Field, Label
from models.classifiers.logistic_regression import LinearModel, Recipe
from models.errors import TrainingError
from models.storage.state import State, StateReader

_CUTS = np.arange(0.1, 0.91, 0.05)


@dataclass(frozen=True, slots=True)
class ScoredTags:
    """Held-out (n, tags) scores and which tags are right."""

    scores: NDArray[np.floating]
    targets: NDArray[np.bool_]


class TagsCalibration:
    """One sigmoid for all tags, the cut from which a tag is given, and a sigmoid for the whole set.

    One sigmoid, because most tags are too rare to be calibrated alone.
    """

    def __init__(self) -> None:
        self.tag_sigmoid_ = Sigmoid()
        self.set_sigmoid_ = Sigmoid()
        self.cut_ = 0.5

    def fit(self, parts: Sequence[ScoredTags]) -> TagsCalibration:
        """Fit the tags' sigmoid, choose the cut with the highest micro-F1, then fit the set's sigmoid."""
        if not sum(len(part.scores) for part in parts):
            return self
        targets = np.concatenate([part.targets.ravel() for part in parts])
        self.tag_sigmoid_.fit(np.concatenate([part.scores.ravel() for part in parts]), targets)
        p = [self.tag_sigmoid_.probabilities(part.scores) for part in parts]
        flat = np.concatenate([part.ravel() for part in p])
        self.cut_ = float(max(_CUTS, key=lambda cut: (_micro_f1(flat >= cut, targets), -abs(cut - 0.5))))
        exact = [((q >= self.cut_) == part.targets).all(axis=1) for q, part in zip(p, parts, strict=True)]
        self.set_sigmoid_.fit(np.concatenate([self._set_scores(q) for q in p]), np.concatenate(exact))
        return self

    def state(self) -> State:
        """Return what was learnt as plain values."""
        return {"tag": self.tag_sigmoid_.state(), "set": self.set_sigmoid_.state(), "threshold": self.cut_}

    @classmethod
    def from_state(cls, state: StateReader) -> TagsCalibration:
        """Return the calibration of which this is the state."""
        calibration = cls()
        calibration.tag_sigmoid_ = Sigmoid.from_state(state.part("tag"))
        calibration.set_sigmoid_ = Sigmoid.from_state(state.part("set"))
        calibration.cut_ = state.number("threshold")
        return calibration

    def exact(self, probabilities: Floats) -> Floats:
        """Return the (n,) probability that all of the (n, tags) decisions are right."""
        return self.set_sigmoid_.probabilities(self._set_scores(probabilities))

    def _set_scores(self, p: Floats) -> Floats:
        """Log-odds that all tags are decided rightly, were they independent."""
        sure = np.clip(np.where(p >= self.cut_, p, 1 - p), 1e-6, 1 - 1e-6)
        together = np.clip(np.exp(np.log(sure).sum(axis=1)), 1e-6, 1 - 1e-6)
        scores: Floats = np.log(together / (1 - together))
        return scores


class TagsModel:
    """Any number of values at once."""

    def __init__(self, field: Field, recipe: Recipe | None = None) -> None:
        self.field = field
        self.recipe = recipe or Recipe()
        self.calibration = TagsCalibration()

    def fit(
        self,
        rows: Rows,
        labels: Sequence[Label | None],
        parents: Sequence[Label | None] | None = None,
    ) -> TagsModel:
        """Learn from (n,) tickets and their tuples of tags.

        Raises:
            TrainingError: no tag occurs at all.
        """
        labelled = [i for i, label in enumerate(labels) if label is not None]
        known = [labels[i] or () for i in labelled]
        self.classes_ = sorted({tag for label in known for tag in label})
        if not self.classes_:
            raise TrainingError(
                f"no ticket carries a value of {self.field.name!r}: expected at least one tag"
            )
        learnt = rows.take(labelled)
        dense = learnt.dense(self.recipe.scale, self.recipe.second)
        self.linear_ = LinearModel(self.recipe.cost, exclusive=False).fit(
            learnt.text, dense, self.targets(known)
        )
        return self

    def targets(self, labels: Sequence[Label]) -> NDArray[np.bool_]:
        """Return which tags each of (n,) labels has, (n, tags)."""
        return np.array([[tag in label for tag in self.classes_] for label in labels], bool).reshape(
            len(labels), len(self.classes_)
        )

    def state(self) -> State:
        """Return what was learnt, and how, as plain values and arrays."""
        return {
            "hyperparameters": self.recipe.state(),
            "classes": self.classes_,
            "linear": self.linear_.state(),
            "sigmoids": self.calibration.state(),
        }

    @classmethod
    def from_state(cls, field: Field, state: StateReader, features: Features) -> TagsModel:
        """Return the model of which this is the state; it reads what `features` make."""
        model = cls(field, Recipe.from_state(state.part("hyperparameters")))
        model.classes_ = list(state.numbered("classes"))
        state.require(bool(model.classes_), "classes to be one or more")
        model.linear_ = LinearModel.from_state(
            state.part("linear"),
            cost=model.recipe.cost,
            exclusive=False,
            inputs=features.inputs(second=model.recipe.second > 0),
            outputs=len(model.classes_),
        )
        model.calibration = TagsCalibration.from_state(state.part("sigmoids"))
        return model


def _micro_f1(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    hits = float((predicted & truth).sum())
    return 2 * hits / max(1.0, float(predicted.sum() + truth.sum()))
