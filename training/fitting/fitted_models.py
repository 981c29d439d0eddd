"""Models of all fields, fitted on one set of tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.classifiers.features import FeatureMatrix
from models.classifiers.fields import Field, label_values, parents_first
from models.classifiers.joint_model import TicketFeatures
from models.classifiers.linear_model import Hyperparameters
from models.classifiers.multi_label import FieldModel
from models.classifiers.nearest_neighbours import NearestNeighbours
from models.errors import TrainingError
from training.data.learning_privacy import TRUSTED, ticket_sources
from training.data.ticket_table import TicketTable, labelled, labels_of
from training.data.token_counts import CountedCorpus
from training.fitting.features import fit_features
from training.fitting.field_models import fit_field_model


@dataclass(frozen=True, slots=True)
class FitPlan:
    """The settings and data that all models of one training run share.

    `described` are the rows of described values, `directions` (r, dim) those in which languages differ, and
    `corpus` the token counts of all texts. Words of fewer than `fewest_requesters` are left out.
    """

    fields: Sequence[Field]
    described: TicketTable
    directions: NDArray[np.float32]
    corpus: CountedCorpus
    fewest_requesters: int = 1


class TrainingSet:
    """Feature matrix of tickets and of described values, on which models are fitted."""

    def __init__(self, tickets: TicketTable, plan: FitPlan) -> None:
        self.count = len(tickets.tickets)
        self.table = tickets.concatenate(plan.described)
        values = max(
            len({value for t in self.table.tickets for value in label_values(t.labels.get(f.name))})
            for f in plan.fields
        )
        self.features = fit_features(
            self.table.documents,
            self.table.embeddings,
            self.table.second,
            corpus=plan.corpus,
            directions=plan.directions,
            values=values,
            sources=np.concatenate(
                [
                    ticket_sources(tickets.tickets, [document.text for document in tickets.documents]),
                    np.full(len(plan.described.tickets), TRUSTED),
                ]
            ),
            fewest_sources=plan.fewest_requesters,
        )
        self.rows = self.transform(self.table)

    def transform(self, table: TicketTable) -> FeatureMatrix:
        """Return the features of tickets, these or others."""
        return self.features.transform(table.documents, table.embeddings, table.second)


class FittedModels:
    """Features, nearest neighbours and one uncalibrated model a field, fitted on one training set.

    `skipped` has, by field, the reason why there is no model; `learnt_from` the number of labelled tickets.
    """

    def __init__(
        self,
        training_set: TrainingSet,
        fields: Sequence[Field],
        hyperparameters: Mapping[str, Hyperparameters],
        steps: Any,
    ) -> None:
        self._training_set = training_set
        self.features = training_set.features.extractor
        self.neighbours = NearestNeighbours.build(training_set.rows.language_neutral)
        self.models: dict[str, FieldModel] = {}
        self.skipped: dict[str, str] = {}
        self.learnt_from: dict[str, int] = {}
        tickets = training_set.table.tickets[: training_set.count]
        for field in parents_first(fields):
            self.learnt_from[field.name] = len(labelled(tickets, field)[0])
            try:
                self.models[field.name] = self.fit(field, hyperparameters.get(field.name))
            except TrainingError as error:
                self.skipped[field.name] = error.message
            steps.update()

    def fit(self, field: Field, hyperparameters: Hyperparameters | None, share: float = 1.0) -> FieldModel:
        """Fit a new model of a field on this share of the tickets, drawn alike each time, copies together.

        Raises:
            TrainingError: too few values occur.
        """
        tickets, count = self._training_set.table.tickets, self._training_set.count
        labels = labels_of(tickets, field)
        if share < 1:
            _, group = np.unique(self._training_set.table.groups[:count], return_inverse=True)
            groups = int(group.max()) + 1
            left_out = np.random.default_rng(0).permutation(groups)[round(share * groups) :]
            for i in np.nonzero(np.isin(group, left_out))[0]:
                labels[i] = None
        parents = [t.labels.get(field.parent) for t in tickets] if field.parent else None
        return fit_field_model(
            field, self._training_set.rows, labels, hyperparameters=hyperparameters, parents=parents
        )

    def read(self, table: TicketTable) -> TicketFeatures:
        """Return the features and nearest neighbours of other tickets."""
        rows = self._training_set.transform(table)
        return TicketFeatures(rows, self.neighbours.nearest(rows.language_neutral))
