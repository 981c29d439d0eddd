"""Report of a training on one field: metrics, thresholds and the learning curve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, norm

from models.classifiers.fields import Field, Label, label_text, same_label
from models.classifiers.single_label import FieldPrediction
from models.classifiers.thresholds import Thresholds
from models.wording import noun_after
from training.fitting.cross_validation import FoldResult
from training.fitting.fitted_models import FittedModels
from training.metrics import FieldMetrics, Outcome, field_metrics, in_top3
from training.thresholds.thresholds import HeldOutPredictions, choose_thresholds
from training.thresholds.witnesses import witness_clusters
from triage.ticket import Ticket

_SHARES = (0.25, 0.5)
# The largest histories show the slope without their half, which would take as long as a fifth of training.
_ONE_SHARE_FROM = 20_000
# A model must beat always giving the most frequent value with this significance to be believed.
_SIGNIFICANCE = 0.05
# A gain in accuracy that helps. Only where it is surely smaller, the text counts as not carrying the field.
_USEFUL_GAIN = 0.1


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """A field's accuracy, in [0, 1], by the number of training tickets, ascending."""

    points: tuple[tuple[int, float], ...]

    @property
    def doubled(self) -> float | None:
        """The accuracy to expect from twice as many tickets, if the error goes on falling by a power law.

        >>> LearningCurve(((50, 0.6), (100, 0.8))).doubled
        0.9
        """
        if len(self.points) < 2:
            return None
        (few, low), (many, high) = self.points[-2:]
        if few < 1 or not 0 < 1 - high < 1 - low:
            return high
        slope = np.log((1 - high) / (1 - low)) / np.log(many / few)
        return round(float(1 - (1 - high) * 2**slope), 4)


@dataclass(frozen=True, slots=True)
class FieldReport:
    """Result of training one field; `skipped` says why there is no model."""

    name: str
    kind: str
    values: int
    learnt_from: int
    metrics: FieldMetrics | None = None
    thresholds: Thresholds | None = None
    skipped: str | None = None
    curve: LearningCurve = LearningCurve(())


def learning_curves(result: FoldResult, tickets: int, steps: Any) -> dict[str, LearningCurve]:
    """Return each field's learning curve in one fold of so many `tickets`."""
    shares = (*_SHARES[: 1 if tickets >= _ONE_SHARE_FROM else None], 1.0)
    curves = {}
    for name in result.names:
        curves[name] = LearningCurve(tuple(result.learning_curve(name, shares)))
        steps.update()
    return curves


def field_report(
    field: Field,
    final: FittedModels,
    pairs: Sequence[tuple[FieldPrediction, Label]],
    curve: LearningCurve,
    tickets: Sequence[Sequence[Ticket]] = (),
) -> FieldReport:
    """Measure a field on (n,) predictions and labels, and choose its thresholds.

    `tickets` are those predicted, by fold, of which some may be right or wrong together (default: none).
    """
    if field.name in final.skipped:
        skipped = final.skipped[field.name]
        return FieldReport(field.name, field.kind, 0, final.learnt_from[field.name], skipped=skipped)
    thresholds = _thresholds(field, pairs, tickets)
    outcomes = [Outcome(p, label, thresholds.applies(p.value, p.confidence)) for p, label in pairs]
    return FieldReport(
        name=field.name,
        kind=field.kind,
        values=len(final.models[field.name].classes),
        learnt_from=final.learnt_from[field.name],
        metrics=field_metrics(outcomes) if outcomes else None,
        thresholds=thresholds,
        curve=curve,
    )


def _thresholds(
    field: Field,
    pairs: Sequence[tuple[FieldPrediction, Label]],
    tickets: Sequence[Sequence[Ticket]],
) -> Thresholds:
    if not pairs and field.descriptions:
        reason = (
            "never applied: no calibration ticket has a label yet; values are scored by their descriptions"
        )
        return Thresholds(None, 0.0, reason)
    labels = Counter(label for _, label in pairs)
    right = np.array([same_label(p.value, label) for p, label in pairs], bool)
    thresholds = choose_thresholds(
        field,
        HeldOutPredictions(
            [p.value for p, _ in pairs],
            np.array([p.confidence for p, _ in pairs]),
            right,
            np.array([in_top3(p, label) for p, label in pairs], bool),
            witness_clusters([ticket for fold in tickets for ticket in fold]) if tickets else (),
            np.repeat(np.arange(len(tickets)), [len(fold) for fold in tickets]) if tickets else None,
        ),
        most_frequent=str(labels.most_common(1)[0][0]) if labels else "",
    )
    # Of tags one may be right and the set not, so that a set proves nothing.
    unlearnable = None if field.kind == "tags" else _not_in_the_text(pairs, right)
    return replace(thresholds, apply=None, by_value=(), reason=unlearnable) if unlearnable else thresholds


def _not_in_the_text(pairs: Sequence[tuple[FieldPrediction, Label]], right: NDArray[np.bool_]) -> str | None:
    """Say why a field is not applied where the model is not shown to beat the majority baseline.

    The evidence is a sign test over the tickets that only one of the two has right. The text is said not to
    carry the field only where the calibration tickets rule out a gain that would help; else they are too few.
    """
    if not pairs:
        return None
    usual = Counter(label for _, label in pairs).most_common(1)[0][0]
    by_default = np.array([label == usual for _, label in pairs], bool)
    gained, lost = int((right & ~by_default).sum()), int((by_default & ~right).sum())
    chance = binomtest(gained, gained + lost, alternative="greater").pvalue if gained + lost else 1.0
    if chance <= _SIGNIFICANCE:
        return None
    n = len(pairs)
    # Upper end of the gain's interval; three more tickets on which they differ, as few tickets may show none.
    most = (gained - lost + norm.isf(_SIGNIFICANCE) * np.sqrt(gained + lost + 3)) / n
    if most < _USEFUL_GAIN:
        verdict = "the text does not carry this field"
    else:
        verdict = "there are too few calibration tickets to tell whether the text carries this field"
    return (
        f"never applied: {verdict}: right in {right.mean():.1%} of {n} "
        f"{noun_after(n, 'calibration ticket')}, always giving {label_text(usual)!r} in "
        f"{by_default.mean():.1%} (right alone {gained} {noun_after(gained, 'time')} against {lost}, "
        f"which chance explains with probability {chance:.2g})"
    )
