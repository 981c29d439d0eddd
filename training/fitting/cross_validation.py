"""Cross-validation: models fitted on one part of the tickets, tried on another part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from models.classifiers.calibration import Scored
from models.classifiers.features import Features
from models.classifiers.fields import Label, same_label
from models.classifiers.joint_model import Panel, Scores, Seen
from models.classifiers.multi_label import ScoredTags, TagsModel
from models.classifiers.novelty import Strangeness
from models.classifiers.single_label import FieldModel, FieldPrediction, ScoredChoice
from models.errors import TrainingError
from training.data.ticket_table import TicketTable, labelled
from training.fitting.fitted_models import FittedModels


def cross_val_scores(
    model: FieldModel, features: Features, seen: Seen, labels: Sequence[Label]
) -> ScoredChoice | ScoredTags:
    """Return the scores of (n,) held-out tickets, a column a value or tag, beside the right values."""
    panel, rows = Panel({model.field.name: model}, features), seen.rows
    words = panel.words(rows.text)
    scores = panel.scores(rows, words)
    truth = model.targets(labels)
    if isinstance(model, TagsModel):
        return ScoredTags(scores.tags, truth)
    foreign = replace(rows, familiar=np.zeros_like(rows.familiar))
    as_foreign = panel.voted(panel.scores(foreign, words), Seen(foreign, seen.near))
    return ScoredChoice(
        Scored(panel.voted(scores, seen), np.where(rows.familiar, truth, -1)), Scored(as_foreign, truth)
    )


class FoldResult:
    """FittedModels that learnt from one part of the tickets, and the part that they did not see."""

    def __init__(self, fitted: FittedModels, held_out: TicketTable) -> None:
        self._fitted = fitted
        self._table = held_out
        self._seen = fitted.read(held_out)

    def calibration_scores(self, name: str) -> Any:
        """Return the scores that calibrate field `name`, or None where no held-out ticket has a label."""
        model = self._fitted.models.get(name)
        if model is None:
            return None
        positions, labels = labelled(self._table.tickets, model.field)
        return (
            cross_val_scores(model, self._fitted.features, self._seen.take(positions), labels)
            if positions
            else None
        )

    @property
    def names(self) -> list[str]:
        """The fields that could be learnt and have held-out labels."""
        return [n for n, m in self._fitted.models.items() if labelled(self._table.tickets, m.field)[0]]

    def use_calibration(self, name: str, other: FieldModel) -> None:
        """Use the calibration of `other`, the model that was fitted on all tickets."""
        if name in self._fitted.models:
            self._fitted.models[name].calibration = other.calibration

    def predictions(self) -> dict[str, list[tuple[FieldPrediction, Label]]]:
        """Return, by field, each labelled held-out ticket's prediction and its true label."""
        panel = Panel(self._fitted.models, self._fitted.features)  # as they are calibrated by now
        predicted = panel.predictions(panel.probabilities(self._scores, self._seen))
        found = {}
        for name, model in self._fitted.models.items():
            positions, labels = labelled(self._table.tickets, model.field)
            found[name] = [(predicted[i][name], label) for i, label in zip(positions, labels, strict=True)]
        return found

    def learning_curve(self, name: str, shares: Sequence[float]) -> list[tuple[int, float]]:
        """Return (number of tickets, accuracy) of models fitted on these shares of the training part."""
        full = self._fitted.models[name]
        positions, labels = labelled(self._table.tickets, full.field)
        points = []
        for share in shares:
            try:
                model = full if share == 1 else self._fitted.fit(full.field, full.recipe, share)
            except TrainingError:  # too few values are left
                continue
            # A child alone, without its parent's part: its own scores tell what labels add.
            panel, seen = Panel({name: model}, self._fitted.features), self._seen.take(positions)
            scores = panel.scores(seen.rows, panel.words(seen.rows.text))
            found = panel.predictions(panel.probabilities(scores, seen))
            right = [same_label(p[name].value, label) for p, label in zip(found, labels, strict=True)]
            points.append((round(share * self._fitted.learnt_from[name]), float(np.mean(right))))
        return points

    def novelty_scores(self) -> Strangeness:
        """Return how unlike the training part the held-out tickets are."""
        return Strangeness.of(self._scores.sums, self._seen.near)

    @cached_property
    def _scores(self) -> Scores:
        panel, rows = Panel(self._fitted.models, self._fitted.features), self._seen.rows
        return panel.scores(rows, panel.words(rows.text))
