"""Multi-label fields (`tags`): a logistic regression per tag, calibrated together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifiers.calibration import Sigmoid
from models.classifiers.column_groups import Floats
from models.classifiers.features import FeatureExtractor, FeatureMatrix
from models.classifiers.fields import Field, Label
from models.classifiers.logistic_regression import Hyperparameters, LinearModel
from models.errors import TrainingError
from models.storage.state import State, StateReader

_THRESHOLDS = np.arange(0.1, 0.91, 0.05)


@dataclass(frozen=True, slots=True)
class MultiLabelScores:
    """Held-out (n, tags) scores and the (n, tags) true tags."""

    scores: NDArray[np.floating]
    targets: NDArray[np.bool_]


class MultiLabelCalibration:
    """One sigmoid for all tags, the threshold from which a tag is given, and a sigmoid for the whole set.

    One sigmoid, because most tags are too rare to be calibrated alone.
    """

    def __init__(self) -> None:
        self.tag_sigmoid_ = Sigmoid()
        self.exact_match_sigmoid_ = Sigmoid()
        self.threshold_ = 0.5

    def fit(self, parts: Sequence[MultiLabelScores]) -> MultiLabelCalibration:
        """Fit the tags' sigmoid, choose the threshold of the highest micro-F1, fit the set's sigmoid."""
        if not sum(len(part.scores) for part in parts):
            return self
        targets = np.concatenate([part.targets.ravel() for part in parts])
        self.tag_sigmoid_.fit(np.concatenate([part.scores.ravel() for part in parts]), targets)
        p = [self.tag_sigmoid_.probabilities(part.scores) for part in parts]
        flat = np.concatenate([part.ravel() for part in p])
        self.threshold_ = float(
            max(_THRESHOLDS, key=lambda t: (_micro_f1(flat >= t, targets), -abs(t - 0.5)))
        )
        decided = [q >= self.threshold_ for q in p]
        exact = [(d == part.targets).all(axis=1) for d, part in zip(decided, parts, strict=True)]
        self.exact_match_sigmoid_.fit(np.concatenate([self._set_scores(q) for q in p]), np.concatenate(exact))
        return self

    def state(self) -> State:
        """Return what was fitted as plain values."""
        return {
            "tag": self.tag_sigmoid_.state(),
            "exact_match": self.exact_match_sigmoid_.state(),
            "threshold": self.threshold_,
        }

    @classmethod
    def from_state(cls, state: StateReader) -> MultiLabelCalibration:
        """Return the calibration of which this is the state."""
        calibration = cls()
        calibration.tag_sigmoid_ = Sigmoid.from_state(state.part("tag"))
        calibration.exact_match_sigmoid_ = Sigmoid.from_state(state.part("exact_match"))
        calibration.threshold_ = state.number("threshold")
        return calibration

    def exact_match(self, probabilities: Floats) -> Floats:
        """Return the (n,) probability that all of the (n, tags) decisions are right."""
        return self.exact_match_sigmoid_.probabilities(self._set_scores(probabilities))

    def _set_scores(self, p: Floats) -> Floats:
        """Return the (n,) log-odds that all tags are decided rightly, were they independent."""
        sure = np.clip(np.where(p >= self.threshold_, p, 1 - p), 1e-6, 1 - 1e-6)
        together = np.clip(np.exp(np.log(sure).sum(axis=1)), 1e-6, 1 - 1e-6)
        scores: Floats = np.log(together / (1 - together))
        return scores


class MultiLabelModel:
    """Model of a field with any number of values at once."""

    def __init__(self, field: Field, hyperparameters: Hyperparameters | None = None) -> None:
        self.field = field
        self.hyperparameters = hyperparameters or Hyperparameters()
        self.calibration = MultiLabelCalibration()

    def fit(
        self,
        features: FeatureMatrix,
        labels: Sequence[Label | None],
        parents: Sequence[Label | None] | None = None,
    ) -> MultiLabelModel:
        """Fit on the features of (n,) tickets and their tuples of tags.

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
        train, model = features.take(labelled), LinearModel(self.hyperparameters.C, exclusive=False)
        self.linear_ = model.fit(train.text, train.dense(self.hyperparameters), self.targets(known))
        return self

    def targets(self, labels: Sequence[Label]) -> NDArray[np.bool_]:
        """Return the (n, tags) indicators of (n,) labels."""
        return np.array([[tag in label for tag in self.classes_] for label in labels], bool).reshape(
            len(labels), len(self.classes_)
        )

    def state(self) -> State:
        """Return what was fitted, and with which hyperparameters, as plain values and arrays."""
        return {
            "hyperparameters": self.hyperparameters.state(),
            "classes": self.classes_,
            "linear": self.linear_.state(),
            "sigmoids": self.calibration.state(),
        }

    @classmethod
    def from_state(cls, field: Field, state: StateReader, features: FeatureExtractor) -> MultiLabelModel:
        """Return the model of which this is the state; it reads what `features` make."""
        model = cls(field, Hyperparameters.from_state(state.part("hyperparameters")))
        model.classes_ = list(state.numbered("classes"))
        state.require(bool(model.classes_), "classes to be one or more")
        model.linear_ = LinearModel.from_state(
            state.part("linear"),
            C=model.hyperparameters.C,
            exclusive=False,
            inputs=features.inputs(model.hyperparameters),
            outputs=len(model.classes_),
        )
        model.calibration = MultiLabelCalibration.from_state(state.part("sigmoids"))
        return model


def _micro_f1(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    hits = float((predicted & truth).sum())
    return 2 * hits / max(1.0, float(predicted.sum() + truth.sum()))
