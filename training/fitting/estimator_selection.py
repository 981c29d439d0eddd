"""Choice between the usual logistic regression and a field's estimator of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.classifiers.fields import Field
from models.classifiers.linear_model import Hyperparameters
from models.errors import TrainingError
from models.wording import counted
from training.data.ticket_table import labels_of
from training.fitting.fitted_models import TrainingSet
from training.fitting.model_selection import labelled_positions, validation_folds

# It must take this share of the loss away: it costs time, and its reasons name no words.
_GAIN = 0.02
_FEWEST, _MOST = 100, 4_000


@dataclass(frozen=True, slots=True)
class EstimatorSelection:
    """Each field's hyperparameters, with its estimator where that was taken; and why others were refused."""

    hyperparameters: Mapping[str, Hyperparameters]
    refusals: Sequence[str]


def select_estimators(
    training_set: TrainingSet, fields: Sequence[Field], chosen: Mapping[str, Hyperparameters]
) -> EstimatorSelection:
    """Try the estimators that fields name, on tickets outside the calibration set.

    Raises:
        SettingsError: an estimator cannot be made.
    """
    hyperparameters, refusals = dict(chosen), []
    for field in fields:
        if field.estimator is None:
            continue
        with_estimator = replace(chosen[field.name], estimator=field.estimator)
        try:
            _require_gain(training_set, field, chosen[field.name], with_estimator)
            hyperparameters[field.name] = with_estimator
        except TrainingError as error:
            refusals.append(
                f"{field.name}: the estimator {field.estimator} is not used: {error.message}. The field has "
                "the usual model"
            )
    return EstimatorSelection(hyperparameters, refusals)


def _require_gain(
    training_set: TrainingSet, field: Field, usual: Hyperparameters, with_estimator: Hyperparameters
) -> None:
    """Refuse an estimator that does not lower the log-loss of validation tickets enough.

    Raises:
        TrainingError: it does not, it cannot be fitted or stored, or there are too few tickets to tell.
    """
    table = training_set.table
    labels = labels_of(table.tickets, field)
    labelled = labelled_positions(labels)[:_MOST]
    if len(labelled) < _FEWEST:
        raise TrainingError(
            f"{counted(len(labelled), 'labelled ticket')} {'is' if len(labelled) == 1 else 'are'} too few to "
            f"compare, expected {_FEWEST}"
        )
    folds = list(validation_folds(field, labelled, table.groups, [labels[i] for i in labelled]))
    tickets = sum(len(fold.validation) for fold in folds)
    if not tickets:
        raise TrainingError("no value has enough tickets to compare")
    before = sum(fold.loss(training_set.rows, usual) for fold in folds) / tickets
    after = sum(fold.loss(training_set.rows, with_estimator) for fold in folds) / tickets
    if not after < (1 - _GAIN) * before:  # NaN is no gain
        raise TrainingError(
            f"its log-loss over {counted(tickets, 'validation ticket')} is {after:.3f}, that of the usual "
            f"model {before:.3f}; expected at least {_GAIN:.0%} less"
        )
