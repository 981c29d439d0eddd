"""Choice of hyperparameters, field by field, on a sample of the training tickets, never on held-out ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss
from sklearn.model_selection import PredefinedSplit
from sklearn.preprocessing import MultiLabelBinarizer

from models.classifiers.features import FeatureMatrix
from models.classifiers.fields import Field, Label, label_values
from models.classifiers.linear_model import Hyperparameters
from models.classifiers.onnx_classifier import OnnxClassifier
from models.encoder import Encoder
from training.data.ticket_table import TicketTable, labels_of
from training.estimators.calibration import PlattScaling, TemperatureScaling
from training.estimators.logistic_regression import KernelLogisticRegression, LogisticRegression
from training.estimators.logistic_solver import few_blas_threads, gram_matrix
from training.estimators.user_estimator import fit_user_estimator
from training.fitting.fitted_models import FitPlan, TrainingSet

# From what suits few tickets with clean, fine-grained labels (an embedding that is long beside the text, weak
# regularisation) to what suits many, or noisy ones. Banking77 0.9385 with (2, 3) and 0.9275 with (1, 1),
# NHS feedback 0.694 and 0.695, and 0.702 with (1, 3); MASSIVE in four languages 0.812, 0.812 and 0.820.
CANDIDATES = (
    Hyperparameters(3, 3),
    Hyperparameters(2, 3),
    Hyperparameters(1, 10),
    Hyperparameters(1, 3),
    Hyperparameters(1, 1),
    Hyperparameters(1, 0.3),
)
_DEFAULT = Hyperparameters(2, 3)
# How long a second encoder's embedding is beside the first one's, where it is tried.
_SECOND_LENGTHS = (1.0, 1.5)
# It costs time and memory on every ticket, so it must take this share of the loss away.
_SECOND_GAIN = 0.02
# With fewer, the choice would be chance: the defaults are taken.
_FEWEST = 100
# Up to so many labelled tickets each fold is validated in turn, and with more only one.
_ALL_FOLDS_UP_TO = 1_000
_FOLDS = 4
MOST_TRIED = 4_000


def choose_hyperparameters(
    table: TicketTable, plan: FitPlan, second: Encoder | None, steps: Any
) -> tuple[dict[str, Hyperparameters], Encoder | None]:
    """Choose each field's hyperparameters, and whether a second encoder joins, on 4,000 of these tickets."""
    sample = table.take(np.random.default_rng(0).permutation(len(table.tickets))[:MOST_TRIED])
    if second is not None:
        sample = sample.with_second(second)
        plan = replace(plan, described=plan.described.with_second(second))
    training_set = TrainingSet(sample, plan)
    tried = Sample(training_set.rows, training_set.table.groups)
    chosen = {}
    for field in plan.fields:
        labels = [*labels_of(sample.tickets, field), *labels_of(plan.described.tickets, field)]
        chosen[field.name] = choose_for_field(field, tried, labels)
        steps.update()
    return chosen, second if any(candidate.second_embedding_weight for candidate in chosen.values()) else None


def refine_hyperparameters(
    training_set: TrainingSet, fields: Sequence[Field], chosen: Mapping[str, Hyperparameters]
) -> dict[str, Hyperparameters]:
    """Return each field's hyperparameters for all tickets; `chosen` were those for a sample of them."""
    table, rows = training_set.table, training_set.rows
    return {
        field.name: refine_for_field(
            field, rows, table.groups, labels_of(table.tickets, field), chosen[field.name]
        )
        for field in fields
    }


class Sample:
    """Rows on which hyperparameters are tried, their (n,) translation groups and their text's Gram matrix.

    Tickets of one group are all fitted on, or all tried.
    """

    def __init__(self, rows: FeatureMatrix, groups: NDArray[np.intp]) -> None:
        self.groups = groups
        self._rows = rows
        self._text = gram_matrix(rows.text)

    @property
    def has_second(self) -> bool:
        """True where a second encoder's embeddings can be tried."""
        return bool(self._rows.second.shape[1])

    def products(
        self, rows: NDArray[np.intp], others: NDArray[np.intp], candidate: Hyperparameters
    ) -> NDArray[np.float64]:
        """Return the Gram matrix of these rows with the others, plus 1 for the intercept."""
        dense = self._rows.dense(candidate).astype(float)
        with few_blas_threads(len(rows)):
            among: NDArray[np.float64] = dense[rows] @ dense[others].T
        among += self._text[np.ix_(rows, others)]
        among += 1
        return among


def choose_for_field(field: Field, sample: Sample, labels: Sequence[Label | None]) -> Hyperparameters:
    """Return the hyperparameters with the lowest log-loss in cross-validation.

    Each candidate is calibrated at its best before. `labels` (n,) have None where a ticket has none.
    """
    labelled = labelled_positions(labels)
    if len(labelled) < _FEWEST:
        return _DEFAULT
    folds = list(validation_folds(field, labelled, sample.groups, [labels[i] for i in labelled]))
    if not folds:
        return _DEFAULT

    def loss(candidate: Hyperparameters) -> float:
        total = sum(fold.loss_on_sample(sample, candidate) for fold in folds)
        return total / sum(len(fold.validation) for fold in folds)

    losses = {candidate: loss(candidate) for candidate in CANDIDATES}
    best = min(CANDIDATES, key=losses.__getitem__)
    if not sample.has_second:
        return best
    joined = {candidate: loss(candidate) for candidate in _with_second(best)}
    better = min(joined, key=joined.__getitem__)
    return better if joined[better] < (1 - _SECOND_GAIN) * losses[best] else best


def refine_for_field(
    field: Field,
    rows: FeatureMatrix,
    groups: NDArray[np.intp],
    labels: Sequence[Label | None],
    chosen: Hyperparameters,
) -> Hyperparameters:
    """Return the hyperparameters for all of (n,) tickets, starting from those chosen on a sample of them.

    More tickets need less of the embedding: trained on a third of MASSIVE in four languages, 0.831 of its
    development part are right with (2, 3), which is best for 3,000 tickets, and 0.840 with (1, 10). So the
    next candidates in the list are tried as long as the log-loss of the validation tickets falls.
    """
    labelled = labelled_positions(labels)
    if len(labelled) <= MOST_TRIED:
        return chosen
    fold = next(validation_folds(field, labelled, groups, [labels[i] for i in labelled]), None)
    if fold is None:  # no value occurs among both the training and the validation tickets
        return chosen
    ratio = chosen.second_embedding_weight / chosen.embedding_weight
    least, best = fold.loss(rows, chosen), chosen
    start = CANDIDATES.index(replace(chosen, second_embedding_weight=0.0))
    for following in CANDIDATES[start + 1 :]:
        candidate = replace(following, second_embedding_weight=ratio * following.embedding_weight)
        loss = fold.loss(rows, candidate)
        if loss >= least:
            break
        least, best = loss, candidate
    return best


def labelled_positions(labels: Sequence[Label | None]) -> NDArray[np.intp]:
    """Return the positions of tickets that have a label."""
    return np.array([i for i, label in enumerate(labels) if label is not None], np.intp)


def _with_second(candidate: Hyperparameters) -> list[Hyperparameters]:
    return [
        replace(candidate, second_embedding_weight=length * candidate.embedding_weight)
        for length in _SECOND_LENGTHS
    ]


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows to fit on and rows to validate with.

    `targets` are (train, classes), `truth` (validation, classes); `exclusive` if a ticket has one class.
    """

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    targets: NDArray[np.bool_]
    truth: NDArray[np.bool_]
    exclusive: bool

    def loss_on_sample(self, sample: Sample, candidate: Hyperparameters) -> float:
        """Return the summed log-loss of the validation tickets, from the sample's inner products."""
        estimator = KernelLogisticRegression(candidate.C, multilabel=not self.exclusive)
        estimator.fit(sample.products(self.train, self.train, candidate), self._y)
        products = sample.products(self.validation, self.train, candidate)
        return self._log_loss(estimator.decision_function(products))

    def loss(self, rows: FeatureMatrix, candidate: Hyperparameters) -> float:
        """Return the summed log-loss of the validation tickets, fitted on any number of rows."""
        if candidate.estimator is not None:
            own = fit_user_estimator(candidate.estimator, rows.take(self.train), self._y, candidate)
            validation = rows.take(self.validation)
            if isinstance(own, OnnxClassifier):
                return self._log_loss(own.scores(validation, candidate))
            return self._log_loss(own.scores(validation.text, validation.dense(candidate)).astype(float))
        estimator = LogisticRegression(candidate.C, multilabel=not self.exclusive)
        estimator.fit(rows.take(self.train).rows(candidate), self._y)
        return self._log_loss(estimator.decision_function(rows.take(self.validation).rows(candidate)))

    @property
    def _y(self) -> NDArray[Any]:
        return self.targets.argmax(axis=1) if self.exclusive else self.targets

    def _log_loss(self, scores: NDArray[np.float64]) -> float:
        if self.exclusive:
            if scores.ndim == 1:  # log-odds of the second of two classes
                scores = np.column_stack([np.zeros_like(scores), scores])
            truth = self.truth.argmax(axis=1)
            p = TemperatureScaling().fit(scores, truth).predict_proba(scores)
            return float(log_loss(truth, p, labels=range(scores.shape[1]), normalize=False))
        flat, truth = scores.ravel(), self.truth.ravel()
        p = PlattScaling().fit(flat, truth).predict_proba(flat)
        return float(log_loss(truth, p, labels=[False, True], normalize=False))


def validation_folds(
    field: Field, rows: NDArray[np.intp], groups: NDArray[np.intp], labels: Sequence[Label]
) -> Iterator[Fold]:
    """Yield the folds of labelled rows; of many only the first."""
    has = MultiLabelBinarizer().fit_transform([label_values(label) for label in labels]).astype(bool)
    exclusive = field.kind != "tags"
    # The draw that all figures were measured with; GroupKFold(shuffle=True) would draw other groups.
    _, group = np.unique(groups[rows], return_inverse=True)
    fold_of_group = np.random.default_rng(0).permutation(group.max() + 1) % _FOLDS
    splits = PredefinedSplit(fold_of_group[group]).split()
    for train, validation in islice(splits, _FOLDS if len(labels) <= _ALL_FOLDS_UP_TO else 1):
        known = has[:, has[train].any(axis=0)]
        # No model can give a value that it was not trained on.
        tried = validation[known[validation].any(axis=1)] if exclusive else validation
        if known.shape[1] > exclusive and len(tried):
            yield Fold(rows[train], rows[tried], known[train], known[tried], exclusive)
