"""Single-label fields: scores by TF-IDF and the embedding, calibrated by a temperature.

A ticket in another language than the training tickets shares few words with them. So a second, small model
reads the language-neutral embedding alone. `models.classifiers.joint_model` asks the models of all fields
together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifiers.calibration import UNCALIBRATED, Temperatures
from models.classifiers.features import FeatureExtractor
from models.classifiers.fields import Field, Label
from models.classifiers.linear_model import Hyperparameters, LinearModel
from models.classifiers.onnx_classifier import OnnxClassifier
from models.storage.state import State, StateReader

MAX_ALTERNATIVES = 5
NEUTRAL_EMBEDDING_WEIGHT = np.float32(2.0)


@dataclass(frozen=True, slots=True)
class FieldPrediction:
    """The most probable value of a field, and the calibrated probability, in [0, 1], that it is right.

    `probabilities` are those of the most probable values, in descending order. For tags, `value` is a tuple,
    `confidence` the probability that exactly this set is right, and `probabilities` those of single tags.
    """

    value: Label
    confidence: float
    probabilities: Mapping[str, float]


@dataclass(slots=True)
class SingleLabelModel:
    """Model of a field with exactly one of several values (`choice`, `ordinal`, `child`).

    `classifier` scores tickets in a training language, `cross_language` tickets in other languages, by their
    language-neutral embedding. `past` (tickets,) is the number of each training ticket's value, -1 for none.
    `children` has, of a child, by the parent's value, the (classes,) values that occurred with it.
    """

    field: Field
    hyperparameters: Hyperparameters
    classes: list[str]
    classifier: LinearModel | OnnxClassifier
    cross_language: LinearModel
    past: NDArray[np.int32]
    children: Mapping[str, NDArray[np.bool_]]
    calibration: Temperatures = UNCALIBRATED

    def targets(self, labels: Sequence[Label]) -> NDArray[np.intp]:
        """Return the (n,) number of each label, -1 for a class that did not occur in training."""
        number = {name: i for i, name in enumerate(self.classes)}
        return np.array([number.get(str(label), -1) for label in labels], np.intp)

    def state(self) -> State:
        """Return the model without its field as plain values and arrays."""
        allowed = np.array(list(self.children.values()), bool).reshape(-1, len(self.classes))
        return {
            "hyperparameters": self.hyperparameters.state(),
            "classes": self.classes,
            "onnx" if isinstance(self.classifier, OnnxClassifier) else "linear": self.classifier.state(),
            "cross_language": self.cross_language.state(),
            "temperatures": self.calibration.state(),
            "past": self.past,
            "parents": list(self.children),
            "allowed": allowed,
        }

    @classmethod
    def from_state(cls, field: Field, state: StateReader, features: FeatureExtractor) -> SingleLabelModel:
        """Return the model of which this is the state; it reads what `features` make."""
        hyperparameters = Hyperparameters.from_state(state.part("hyperparameters"))
        classes, parents = list(state.numbered("classes")), list(state.numbered("parents"))
        outputs = len(classes)
        state.require(outputs > 1, "classes to be two or more")
        allowed = state.array("allowed", np.bool_, (len(parents), outputs))
        state.require(bool(allowed.any(axis=1).all()), "allowed to have a value for each parent")
        neutral = state.part("cross_language")
        return cls(
            field=field,
            hyperparameters=hyperparameters,
            classes=classes,
            classifier=_classifier(state, features, hyperparameters, outputs),
            cross_language=LinearModel.from_state(neutral, inputs=len(features.mean), outputs=outputs),
            past=state.places("past", (None,), least=-1, below=outputs),
            children=dict(zip(parents, allowed, strict=True)),
            calibration=Temperatures.from_state(state.part("temperatures")),
        )


def _classifier(
    state: StateReader, features: FeatureExtractor, hyperparameters: Hyperparameters, outputs: int
) -> LinearModel | OnnxClassifier:
    inputs, width = features.inputs(hyperparameters), features.width
    if state.has("onnx"):
        return OnnxClassifier.from_state(state.part("onnx"), width=width, dim=inputs - width, outputs=outputs)
    return LinearModel.from_state(state.part("linear"), inputs=inputs, outputs=outputs)
