"""One field's model: what the words and the meaning of past tickets speak for, and what became of them.

A ticket in a familiar language is scored by logistic regression over its text and embedding. One in a
language that was not learnt from shares few words with what was, so a second, small model reads the
meaning alone. `models.classifiers.joint_model` asks the models of all fields together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.classifiers.calibration import Scored, Temperature
from models.classifiers.features import Features, Rows
from models.classifiers.fields import Field, Label
from models.classifiers.logistic_regression import LinearModel, Recipe, one_hot
from models.errors import TrainingError
from models.storage.state import State, StateReader

MAX_ALTERNATIVES = 5
# The model of meaning alone, for other languages; more cost fits the language that was learnt from.
MEANING_SCALE, _MEANING_COST = np.float32(2.0), 1.0
_FOREIGN_DOUBT = 1.1


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value and the calibrated probability, in [0, 1], that it is right."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FieldPrediction:
    """The most probable value, the probability that it is right, and the best values in order.

    For tags, `value` is a tuple, `confidence` the probability that exactly this set is right, and
    `alternatives` the most probable tags one by one.
    """

    value: Label
    confidence: float
    alternatives: tuple[Alternative, ...]


class FieldModel(Protocol):
    """What the models of all kinds of field offer.

    `calibration` has a `fit` that takes a list of what `training.fitting.cross_validation.held_out` returns,
    perhaps from models that learnt from different tickets; models of the same field may share it.
    `exclusive` fields have one value.
    """

    field: Field
    recipe: Recipe
    classes_: list[str]
    linear_: LinearModel
    calibration: Any

    def fit(
        self,
        rows: Rows,
        labels: Sequence[Label | None],
        parents: Sequence[Label | None] | None = None,
    ) -> FieldModel:
        """Learn from (n,) tickets and their labels, None where a ticket has none.

        `parents` are the parent field's true values. The position of a ticket here is its position among
        the neighbours later.

        Raises:
            TrainingError: too few values occur.
        """
        ...

    def targets(self, labels: Sequence[Label]) -> NDArray[Any]:
        """Return what is right for (n,) tickets, as calibration takes it."""
        ...

    def state(self) -> State:
        """Return what was learnt, and how, as plain values and arrays."""
        ...


@dataclass(frozen=True, slots=True)
class ScoredChoice:
    """Held-out tickets, scored as if in a familiar language (where they are), and as if in another one."""

    familiar: Scored
    foreign: Scored


class ChoiceCalibration:
    """A temperature for tickets in familiar languages, and one for those in others.

    The second is learnt from the same held-out tickets, read by their meaning alone; those that really are
    in another language are a little harder. Learnt from English alone, the calibration error over held-out
    German, Finnish and Norwegian of MASSIVE is 0.04 so, against 0.12 with one temperature for all. The
    first looks at the best value alone: the calibration error of NHS feedback's category, three draws, falls
    from 0.051 to 0.039 so (0.033 by chance alone), and stays as it was where labels are clean.
    """

    def __init__(self) -> None:
        self.familiar_, self.foreign_ = Temperature(), Temperature()

    def fit(self, parts: Sequence[ScoredChoice]) -> ChoiceCalibration:
        """Learn from held-out parts, whose models may know different classes."""
        self.familiar_.fit([part.familiar for part in parts], best_only=True)
        self.foreign_.fit([part.foreign for part in parts])
        return self

    def state(self) -> State:
        """Return what was learnt as plain values."""
        return {"in_language": self.familiar_.value_, "cross_language": self.foreign_.value_}

    @classmethod
    def from_state(cls, state: StateReader) -> ChoiceCalibration:
        """Return the calibration of which this is the state."""
        calibration = cls()
        calibration.familiar_.value_ = state.positive("in_language")
        calibration.foreign_.value_ = state.positive("cross_language")
        return calibration

    @property
    def familiar(self) -> float:
        """What scores are divided by in a familiar language."""
        return self.familiar_.value_

    @property
    def foreign(self) -> float:
        """What scores are divided by in another language."""
        return self.foreign_.value_ * _FOREIGN_DOUBT


class ChoiceModel:
    """Exactly one of several values (`choice`, `ordinal`, `child`).

    A child's probability is the sum over parents of P(parent) P(child | parent), where a parent
    allows only the values that were seen with it in training.
    """

    def __init__(self, field: Field, recipe: Recipe | None = None) -> None:
        self.field = field
        self.recipe = recipe or Recipe()
        self.calibration = ChoiceCalibration()

    def fit(
        self,
        rows: Rows,
        labels: Sequence[Label | None],
        parents: Sequence[Label | None] | None = None,
    ) -> ChoiceModel:
        """Learn as `FieldModel.fit`; at least two values must occur."""
        labelled = [i for i, label in enumerate(labels) if label is not None]
        names = [str(labels[i]) for i in labelled]
        found = set(names)
        self.classes_ = [v for v in self.field.values if v in found] + sorted(found - set(self.field.values))
        _require_two(self.field, self.classes_, len(names))
        targets, learnt = one_hot(names, self.classes_), rows.take(labelled)
        self.linear_ = LinearModel(self.recipe.cost, exclusive=True).fit(
            learnt.text, learnt.dense(self.recipe.scale, self.recipe.second), targets
        )
        self.meaning_ = LinearModel(_MEANING_COST, exclusive=True).fit(
            _no_text(len(learnt)), learnt.meaning * MEANING_SCALE, targets
        )
        self.past_: NDArray[np.integer] = np.full(len(rows), -1, np.intp)
        self.past_[labelled] = targets.argmax(axis=1)
        self.children_: dict[str, NDArray[np.bool_]] = {}
        for i, name in zip(labelled, names, strict=True):
            if parents is not None and (parent := parents[i]) is not None:
                allowed = self.children_.setdefault(str(parent), np.zeros(len(self.classes_), bool))
                allowed[self.classes_.index(name)] = True
        if self.children_:  # what was seen with no parent may belong to any
            anywhere = ~np.any(list(self.children_.values()), axis=0)
            self.children_ = {name: allowed | anywhere for name, allowed in self.children_.items()}
        return self

    def targets(self, labels: Sequence[Label]) -> NDArray[np.intp]:
        """Return the (n,) number of each label, -1 where it was not learnt."""
        number = {name: i for i, name in enumerate(self.classes_)}
        return np.array([number.get(str(label), -1) for label in labels], np.intp)

    def state(self) -> State:
        """Return what was learnt, and how, as plain values and arrays."""
        allowed = np.array(list(self.children_.values()), bool).reshape(-1, len(self.classes_))
        return {
            "hyperparameters": self.recipe.state(),
            "classes": self.classes_,
            "linear": self.linear_.state(),
            "meaning": self.meaning_.state(),
            "temperatures": self.calibration.state(),
            "past": self.past_.astype(np.int32),
            "parents": list(self.children_),
            "allowed": allowed,
        }

    @classmethod
    def from_state(cls, field: Field, state: StateReader, features: Features) -> ChoiceModel:
        """Return the model of which this is the state; it reads what `features` make."""
        model = cls(field, Recipe.from_state(state.part("hyperparameters")))
        model.classes_ = list(state.numbered("classes"))
        recipe, outputs = model.recipe, len(model.classes_)
        state.require(outputs > 1, "classes to be two or more")
        model.linear_ = LinearModel.from_state(
            state.part("linear"),
            cost=recipe.cost,
            exclusive=True,
            inputs=features.inputs(second=recipe.second > 0),
            outputs=outputs,
        )
        model.meaning_ = LinearModel.from_state(
            state.part("meaning"),
            cost=_MEANING_COST,
            exclusive=True,
            inputs=len(features.mean_),
            outputs=outputs,
        )
        model.calibration = ChoiceCalibration.from_state(state.part("temperatures"))
        model.past_ = state.places("past", (None,), least=-1, below=outputs)
        parents = list(state.numbered("parents"))
        allowed = state.array("allowed", np.bool_, (len(parents), outputs))
        state.require(bool(allowed.any(axis=1).all()), "allowed to have a value for each parent")
        model.children_ = dict(zip(parents, allowed, strict=True))
        return model


def _no_text(n: int) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.empty((n, 0), np.float32))


def _require_two(field: Field, classes: Sequence[str], tickets: int) -> None:
    if len(classes) < 2:
        only = f"only the value {classes[0]!r}" if classes else "no value"
        raise TrainingError(
            f"field {field.name!r} has {only} in {tickets} tickets, expected at least two values: "
            f"add tickets with other values or take the field out of triage.toml",
            fields={field.name: "fewer than two values"},
        )
