"""Cross-validation: models fitted on one part of the tickets, tried on another part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from models.classifiers.features import FeatureExtractor
from models.classifiers.fields import Label, same_label
from models.classifiers.joint_model import JointModel, RawScores, TicketFeatures
from models.classifiers.multi_label import FieldModel, MultiLabelModel
from models.classifiers.novelty import NoveltyScores
from models.classifiers.single_label import FieldPrediction
from models.errors import TrainingError
from training.data.ticket_table import TicketTable, labelled
from training.fitting.field_models import LabelledScores, MultiLabelScores, SingleLabelScores
from training.fitting.fitted_models import FittedModels
from triage.ticket import Ticket


def cross_val_scores(
    model: FieldModel, extractor: FeatureExtractor, features: TicketFeatures, labels: Sequence[Label]
) -> SingleLabelScores | MultiLabelScores:
    """Return the scores of (n,) held-out tickets, a column a value or tag, beside the right values."""
    joint_model, matrix = JointModel({model.field.name: model}, extractor), features.matrix
    lexical = joint_model.lexical_scores(matrix.text)
    scores = joint_model.scores(matrix, lexical)
    if isinstance(model, MultiLabelModel):
        return MultiLabelScores(scores.tags, model.targets(labels))
    truth = model.targets(labels)
    as_other = replace(matrix, in_training_language=np.zeros_like(matrix.in_training_language))
    other_scores = joint_model.scores(as_other, lexical)
    other_features = TicketFeatures(as_other, features.neighbours)
    return SingleLabelScores(
        in_language=LabelledScores(
            joint_model.with_neighbour_votes(scores, features),
            np.where(matrix.in_training_language, truth, -1),
        ),
        cross_language=LabelledScores(joint_model.with_neighbour_votes(other_scores, other_features), truth),
    )


class FoldResult:
    """Models fitted on the training part of a fold, and their answers to its held-out part."""

    def __init__(self, fitted: FittedModels, held_out: TicketTable) -> None:
        self._fitted = fitted
        self._table = held_out
        self._features = fitted.read(held_out)

    def calibration_scores(self, name: str) -> SingleLabelScores | MultiLabelScores | None:
        """Return the scores that calibrate field `name`, or None where no held-out ticket has a label."""
        model = self._fitted.models.get(name)
        if model is None:
            return None
        positions, labels = labelled(self._table.tickets, model.field)
        return (
            cross_val_scores(model, self._fitted.features, self._features.take(positions), labels)
            if positions
            else None
        )

    @property
    def names(self) -> list[str]:
        """The fields that have a model and held-out labels."""
        return [n for n, m in self._fitted.models.items() if labelled(self._table.tickets, m.field)[0]]

    def use_calibration(self, name: str, other: FieldModel) -> None:
        """Use the calibration of `other`, the model that was fitted on all tickets."""
        if name in self._fitted.models:
            self._fitted.models[name].calibration = other.calibration

    def predictions(self) -> dict[str, list[tuple[FieldPrediction, Label]]]:
        """Return, by field, each labelled held-out ticket's prediction and its true label."""
        joint_model = JointModel(self._fitted.models, self._fitted.features)  # as they are calibrated by now
        predicted = joint_model.to_predictions(joint_model.probabilities(self._scores, self._features))
        found = {}
        for name, model in self._fitted.models.items():
            positions, labels = labelled(self._table.tickets, model.field)
            found[name] = [(predicted[i][name], label) for i, label in zip(positions, labels, strict=True)]
        return found

    def labelled_tickets(self, name: str) -> list[Ticket]:
        """Return the held-out tickets that `predictions` has of a field, in its order."""
        model = self._fitted.models.get(name)
        if model is None:
            return []
        return [self._table.tickets[i] for i in labelled(self._table.tickets, model.field)[0]]

    def learning_curve(self, name: str, shares: Sequence[float]) -> list[tuple[int, float]]:
        """Return (number of tickets, accuracy) of models fitted on these shares of the training part."""
        full = self._fitted.models[name]
        positions, labels = labelled(self._table.tickets, full.field)
        points = []
        for share in shares:
            try:
                model = full if share == 1 else self._fitted.fit(full.field, full.hyperparameters, share)
            except TrainingError:  # too few values are left
                continue
            # A child alone, without its parent's part: its own scores tell what labels add.
            joint_model = JointModel({name: model}, self._fitted.features)
            features = self._features.take(positions)
            scores = joint_model.scores(features.matrix, joint_model.lexical_scores(features.matrix.text))
            found = joint_model.to_predictions(joint_model.probabilities(scores, features))
            right = [same_label(p[name].value, label) for p, label in zip(found, labels, strict=True)]
            points.append((round(share * self._fitted.learnt_from[name]), float(np.mean(right))))
        return points

    def novelty_scores(self) -> NoveltyScores:
        """Return how unlike the training part the held-out tickets are."""
        return NoveltyScores.from_scores(self._scores.sums, self._features.neighbours)

    @cached_property
    def _scores(self) -> RawScores:
        joint_model, rows = JointModel(self._fitted.models, self._fitted.features), self._features.matrix
        return joint_model.scores(rows, joint_model.lexical_scores(rows.text))
