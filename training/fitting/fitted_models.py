"""Models of all fields, fitted on one set of tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundle import new_model
from models.classifiers.features import Features, Rows
from models.classifiers.fields import Field, label_values, parents_first
from models.classifiers.joint_model import Seen
from models.classifiers.logistic_regression import Recipe
from models.classifiers.nearest_neighbours import Neighbours
from models.classifiers.single_label import FieldModel
from models.classifiers.tfidf import CountedTexts
from models.errors import TrainingError
from training.data.ticket_table import TicketTable, labelled, labels_of


@dataclass(frozen=True, slots=True)
class FitPlan:
    """The settings and data that all models of one training run share.

    `described` are the rows of described values, `directions` (r, dim) those in which languages differ, and
    `counted` the token counts of all texts.
    """

    fields: Sequence[Field]
    described: TicketTable
    directions: NDArray[np.float32]
    counted: CountedTexts


class TrainingSet:
    """Feature matrix of tickets and of described values, on which models are fitted."""

    def __init__(self, tickets: TicketTable, plan: FitPlan) -> None:
        self.count = len(tickets.tickets)
        self.table = tickets.concatenate(plan.described)
        values = max(
            len({value for t in self.table.tickets for value in label_values(t.labels.get(f.name))})
            for f in plan.fields
        )
        self.counted = plan.counted
        self.features = Features(plan.directions, values=values)
        self.features.fit(self.table.documents, self.table.embeddings, self.table.second, plan.counted)
        self.rows = self.transform(self.table)

    def transform(self, table: TicketTable) -> Rows:
        """Return the features of tickets, these or others."""
        text = self.features.text_rows(table.documents, self.counted)
        return self.features.transform(table.documents, table.embeddings, table.second, text)


class FittedModels:
    """Features, nearest neighbours and one uncalibrated model a field, fitted on one training set.

    `skipped` has, by field, the reason why there is no model; `learnt_from` the number of labelled tickets.
    """

    def __init__(
        self, training_set: TrainingSet, fields: Sequence[Field], recipes: Mapping[str, Recipe], steps: Any
    ) -> None:
        self._training_set = training_set
        self.features = training_set.features
        self.neighbours = Neighbours.build(training_set.rows.meaning)
        self.models: dict[str, FieldModel] = {}
        self.skipped: dict[str, str] = {}
        self.learnt_from: dict[str, int] = {}
        tickets = training_set.table.tickets[: training_set.count]
        for field in parents_first(fields):
            self.learnt_from[field.name] = len(labelled(tickets, field)[0])
            try:
                self.models[field.name] = self.fit(field, recipes.get(field.name))
            except TrainingError as error:
                self.skipped[field.name] = error.message
            steps.update()

    def fit(self, field: Field, recipe: Recipe | None, share: float = 1.0) -> FieldModel:
        """Fit a new model of a field on this share of the tickets, drawn alike each time.

        Raises:
            TrainingError: too few values occur.
        """
        tickets, count = self._training_set.table.tickets, self._training_set.count
        labels = labels_of(tickets, field)
        if share < 1:
            left_out = np.random.default_rng(0).permutation(count)[round(share * count) :]
            for i in left_out:
                labels[i] = None
        parents = [t.labels.get(field.parent) for t in tickets] if field.parent else None
        return new_model(field, recipe).fit(self._training_set.rows, labels, parents)

    def read(self, table: TicketTable) -> Seen:
        """Return the features and nearest neighbours of other tickets."""
        rows = self._training_set.transform(table)
        return Seen(rows, self.neighbours.nearest(rows.meaning))
