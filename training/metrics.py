"""Metrics of predictions: accuracy, F1, calibration and what is applied, overall and by group.

F1 is scikit-learn's. Its `top_k_accuracy_score` takes the scores of all values, which a prediction does not
keep, and it has no calibration error over parts of equal size: these two are our own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from models.bundle import Bundle
from models.classifiers.fields import Label, label_values, same_label
from models.classifiers.single_label import FieldPrediction
from training.data.copy_groups import copy_groups
from training.data.label_spelling import merge_labels
from triage.pipeline.engine import TicketResult
from triage.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Outcome:
    """One ticket's prediction of a field, its true label, whether it was applied, and its groups.

    `groups` has the rows in which it counts: its class, or each of its tags; its language and its month.
    """

    prediction: FieldPrediction
    truth: Label
    applied: bool
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldMetrics:
    """Metrics of one field, all shares in [0, 1].

    `f1` is macro-F1 over the values that occur, for tags micro-F1; tags are right where the set is exactly
    right. `majority` is the accuracy of always giving the most frequent value, `coverage` the share that was
    applied, `applied_error` the share of wrong ones among these (None when none was applied).
    """

    tickets: int
    accuracy: float
    majority: float
    f1: float
    top3: float
    calibration_error: float
    coverage: float
    applied_error: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the metrics rounded to four digits."""
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class FieldEvaluation:
    """One field's metrics over all tickets and within each class, language and month."""

    overall: FieldMetrics
    by: Mapping[str, Mapping[str, FieldMetrics]]

    def as_dict(self) -> dict[str, Any]:
        """Return the metrics as plain dictionaries."""
        groups = {group: {k: m.as_dict() for k, m in parts.items()} for group, parts in self.by.items()}
        return {**self.overall.as_dict(), **{f"by_{group}": parts for group, parts in groups.items()}}


def in_top3(prediction: FieldPrediction, truth: Label) -> bool:
    """Tell whether the three best values hold the true one; for tags, any of the true ones."""
    best = set(list(prediction.probabilities)[:3])
    return bool(best & set(truth)) or not truth if isinstance(truth, tuple) else truth in best


def field_metrics(outcomes: Sequence[Outcome]) -> FieldMetrics:
    """Measure one field over at least one ticket."""
    confidence = np.array([o.prediction.confidence for o in outcomes])
    right = np.array([same_label(o.prediction.value, o.truth) for o in outcomes], bool)
    applied = np.array([o.applied for o in outcomes], bool)
    truth, predicted = [o.truth for o in outcomes], [o.prediction.value for o in outcomes]
    most_frequent = Counter(map(_class_name, truth)).most_common(1)[0][1]
    return FieldMetrics(
        tickets=len(outcomes),
        accuracy=float(right.mean()),
        majority=most_frequent / len(outcomes),
        f1=_f1(truth, predicted),
        top3=float(np.mean([in_top3(o.prediction, o.truth) for o in outcomes])),
        calibration_error=calibration_error(confidence, right),
        coverage=float(applied.mean()),
        applied_error=float(1 - right[applied].mean()) if applied.any() else None,
    )


def _f1(truth: Sequence[Label], predicted: Sequence[Label]) -> float:
    if not any(isinstance(label, tuple) for label in truth):
        values = sorted(set(map(str, truth)))
        return float(f1_score(truth, predicted, labels=values, average="macro", zero_division=0.0))
    sets = [label_values(label) for label in (*truth, *predicted)]
    has = MultiLabelBinarizer().fit_transform(sets).reshape(2, -1)  # every ticket's every tag
    return float(f1_score(has[0], has[1], zero_division=0.0)) if has.size else 0.0


def respell_labels(tickets: Sequence[Ticket], bundle: Bundle) -> list[Ticket]:
    """Return the tickets with labels spelt as in the bundle, as training would spell them."""
    spellings = {name: model.classes for name, model in bundle.models.items()}
    return merge_labels(tickets, [model.field for model in bundle.models.values()], spellings).tickets


def training_ids(tickets: Sequence[Ticket], bundle: Bundle) -> list[str]:
    """Return the ids of those tickets on which the bundle was trained: it is too often right about them."""
    past = {ticket.id for ticket in bundle.past_tickets}
    return [ticket.id for ticket in tickets if ticket.id in past]


def first_of_copies(results: Sequence[TicketResult]) -> list[int]:
    """Return the positions of the results that count: of copies of one ticket the first alone."""
    embeddings = np.array([result.embedding for result in results], np.float32)
    copies = copy_groups([result.text for result in results], embeddings)
    return [int(position) for position in np.unique(copies.first)]


def evaluate(tickets: Sequence[Ticket], results: Sequence[TicketResult]) -> dict[str, FieldEvaluation]:
    """Compare (n,) tickets' labels with their results, field by field, without unlabelled tickets."""
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    for ticket, result in zip(tickets, results, strict=True):
        for name, decision in result.fields.items():
            truth = ticket.labels.get(name)
            if truth is None:
                continue
            if isinstance(decision.value, tuple) and isinstance(truth, str):
                truth = (truth,)
            groups = {
                "class": sorted(label_values(truth)) or ["(none)"],
                "language": [ticket.language or result.language.code],
                "month": [ticket.created_at.strftime("%Y-%m") if ticket.created_at else "undated"],
            }
            outcomes[name].append(Outcome(decision.prediction, truth, decision.applied, groups))
    return {
        name: FieldEvaluation(field_metrics(found), {g: _grouped(found, g) for g in found[0].groups})
        for name, found in outcomes.items()
    }


def _grouped(outcomes: Sequence[Outcome], group: str) -> dict[str, FieldMetrics]:
    parts: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for name in outcome.groups[group]:
            parts[name].append(outcome)
    return {name: field_metrics(parts[name]) for name in sorted(parts)}


def _class_name(truth: Label) -> str:
    return ", ".join(sorted(label_values(truth))) or "(none)"


def calibration_error(confidence: NDArray[np.float64], correct: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error over bins of equal mass, in [0, 1].

    >>> calibration_error(np.array([0.5, 0.5]), np.array([True, False]), bins=1)
    0.0
    """
    if len(confidence) == 0:
        return 0.0
    parts = np.array_split(np.argsort(confidence, kind="stable"), min(bins, len(confidence)))
    gaps = (len(p) * abs(confidence[p].mean() - correct[p].mean()) for p in parts)
    return float(sum(gaps) / len(confidence))
