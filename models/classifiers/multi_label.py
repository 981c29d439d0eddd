"""Multi-label fields (`tags`): a linear model of each tag, calibrated together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifiers.calibration import UNCALIBRATED_TAGS, TagCalibration
from models.classifiers.features import FeatureExtractor
from models.classifiers.fields import Field, Label
from models.classifiers.linear_model import Hyperparameters, LinearModel
from models.classifiers.single_label import SingleLabelModel
from models.storage.state import State, StateReader


@dataclass(slots=True)
class MultiLabelModel:
    """Model of a field with any number of values at once."""

    field: Field
    hyperparameters: Hyperparameters
    classes: list[str]
    classifier: LinearModel
    calibration: TagCalibration = UNCALIBRATED_TAGS

    def targets(self, labels: Sequence[Label]) -> NDArray[np.bool_]:
        """Return the (n, tags) indicators of (n,) labels."""
        has = [[tag in label for tag in self.classes] for label in labels]
        return np.array(has, bool).reshape(len(labels), len(self.classes))

    def state(self) -> State:
        """Return the model without its field as plain values and arrays."""
        return {
            "hyperparameters": self.hyperparameters.state(),
            "classes": self.classes,
            "linear": self.classifier.state(),
            "sigmoids": self.calibration.state(),
        }

    @classmethod
    def from_state(cls, field: Field, state: StateReader, features: FeatureExtractor) -> MultiLabelModel:
        """Return the model of which this is the state; it reads what `features` make."""
        hyperparameters = Hyperparameters.from_state(state.part("hyperparameters"))
        classes = list(state.numbered("classes"))
        state.require(bool(classes), "classes to be one or more")
        inputs, outputs = features.inputs(hyperparameters), len(classes)
        return cls(
            field=field,
            hyperparameters=hyperparameters,
            classes=classes,
            classifier=LinearModel.from_state(state.part("linear"), inputs=inputs, outputs=outputs),
            calibration=TagCalibration.from_state(state.part("sigmoids")),
        )


FieldModel = SingleLabelModel | MultiLabelModel


def field_model(field: Field, state: StateReader, features: FeatureExtractor) -> FieldModel:
    """Return the model of a field of any kind, of which this is the state."""
    kind = MultiLabelModel if field.kind == "tags" else SingleLabelModel
    return kind.from_state(field, state, features)
