"""One field's model: linear machines whose scores are calibrated into the probabilities of its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import softmax

from models.calibration import Floats, Scored, Temperature
from models.errors import TrainingError
from models.fields import Field, Label
from models.linear import LinearMachines, one_hot

MAX_ALTERNATIVES = 5


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


@dataclass(frozen=True, slots=True)
class Parent:
    """The parent field's predicted (n, classes) probabilities."""

    classes: Sequence[str]
    probabilities: Floats


class FieldModel(Protocol):
    """What the models of all kinds of field offer.

    `calibration` has a `fit` that takes a list of what `held_out` returns, perhaps from models that
    learnt from different tickets; models of the same field may share it.
    """

    field: Field
    classes_: list[str]
    machines_: LinearMachines
    calibration: Any

    def fit(
        self, rows: sparse.csr_matrix, labels: Sequence[Label], parents: Sequence[Label | None] | None = None
    ) -> FieldModel:
        """Learn from (n, width) rows and (n,) labels; `parents` are the parent field's true values.

        Raises:
            TrainingError: too few values occur.
        """
        ...

    def held_out(self, rows: sparse.csr_matrix, labels: Sequence[Label]) -> Any:
        """Return what calibration learns from, for rows that `fit` did not see."""
        ...

    def probabilities(self, rows: sparse.csr_matrix, parent: Parent | None = None) -> Floats:
        """Return the (n, classes) probability of each value."""
        ...

    def predictions(self, probabilities: Floats) -> list[FieldPrediction]:
        """Turn (n, classes) probabilities into predictions."""
        ...


class ChoiceModel:
    """Exactly one of several values (`choice`, `ordinal`, `child`).

    A child's probability is the sum over parents of P(parent) P(child | parent), where a parent
    allows only the values that were seen with it in training.
    """

    def __init__(self, field: Field) -> None:
        self.field = field
        self.calibration = Temperature()

    def fit(
        self, rows: sparse.csr_matrix, labels: Sequence[Label], parents: Sequence[Label | None] | None = None
    ) -> ChoiceModel:
        """Learn as `FieldModel.fit`; at least two values must occur."""
        names = [str(label) for label in labels]
        found = set(names)
        self.classes_ = [v for v in self.field.values if v in found] + sorted(found - set(self.field.values))
        _require_two(self.field, self.classes_, len(names))
        self.machines_ = LinearMachines().fit(rows, one_hot(names, self.classes_))
        self.children_: dict[str, NDArray[np.bool_]] = {}
        for name, parent in zip(names, parents or (), strict=False):
            if parent is not None:
                allowed = self.children_.setdefault(str(parent), np.zeros(len(self.classes_), bool))
                allowed[self.classes_.index(name)] = True
        return self

    def held_out(self, rows: sparse.csr_matrix, labels: Sequence[Label]) -> Scored:
        """Return the scores and the right classes."""
        index = {name: i for i, name in enumerate(self.classes_)}
        return Scored(self.machines_.scores(rows), np.array([index.get(str(v), -1) for v in labels], np.intp))

    def probabilities(self, rows: sparse.csr_matrix, parent: Parent | None = None) -> Floats:
        """Return (n, classes) probabilities; each row sums to 1."""
        scores = self.machines_.scores(rows)
        if parent is None or not self.children_:
            return self.calibration.probabilities(scores)
        mixed = np.zeros(scores.shape)
        for column, name in enumerate(parent.classes):
            allowed = self.children_.get(name, np.ones(len(self.classes_), bool))
            within = softmax(np.where(allowed, scores / self.calibration.value_, -np.inf), axis=1)
            mixed += parent.probabilities[:, [column]] * within
        return mixed

    def predictions(self, probabilities: Floats) -> list[FieldPrediction]:
        """Turn (n, classes) probabilities into predictions."""
        best = np.argsort(-probabilities, axis=1, kind="stable")[:, :MAX_ALTERNATIVES]
        found = []
        for row, order in zip(probabilities, best, strict=True):
            alternatives = tuple(Alternative(self.classes_[i], float(row[i])) for i in order)
            found.append(FieldPrediction(alternatives[0].value, alternatives[0].confidence, alternatives))
        return found


def _require_two(field: Field, classes: Sequence[str], tickets: int) -> None:
    if len(classes) < 2:
        only = f"only the value {classes[0]!r}" if classes else "no value"
        raise TrainingError(
            f"field {field.name!r} has {only} in {tickets} tickets, expected at least two values: "
            f"add tickets with other values or take the field out of triage.toml",
            fields={field.name: "fewer than two values"},
        )
