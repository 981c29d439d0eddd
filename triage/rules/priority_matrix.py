"""Priority matrix: a field that follows from two others, as ITIL's priority does from impact and urgency."""

from __future__ import annotations

from collections.abc import Mapping

from models.classifiers.fields import label_text
from models.classifiers.single_label import MAX_ALTERNATIVES, FieldPrediction
from triage.decision import Action, Decision, Reason
from triage.rules.conditions import KnownValue
from triage.settings.rules import Matrix


def derive(matrix: Matrix, row: KnownValue, column: KnownValue, direct: Decision | None) -> Decision | None:
    """Return the decision that follows from row and column, or None where a given value has no cell.

    Its distribution comes from the joint one of row and column, under the assumption that their errors are
    independent: the probability of a value is the sum of P(row) P(column) over the cells that hold it. Impact
    and urgency are read from the same text, so this is an approximation. The value is applied only where both
    inputs are applied or were set by a person, and its confidence reaches the higher of their two thresholds;
    it is suggested where both are at least suggested. `direct`, the field's own prediction, is named and set
    aside.
    """
    mass: dict[str, float] = {}
    for row_value, row_p in row.probabilities.items():
        for column_value, column_p in column.probabilities.items():
            value = matrix.cells.get(row_value, {}).get(column_value)
            if value is not None:
                mass[value] = mass.get(value, 0.0) + row_p * column_p
    if not mass:
        return None
    ranked = sorted(mass.items(), key=lambda pair: -pair[1])
    probabilities = {value: min(1.0, p) for value, p in ranked[:MAX_ALTERNATIVES]}
    best, confidence = next(iter(probabilities.items()))
    thresholds = [known.threshold for known in (row, column) if known.threshold is not None]
    threshold = max(thresholds, default=None)
    action, why = _action({matrix.rows: row, matrix.columns: column}, confidence, threshold)
    origin = f"{matrix.rows} {label_text(row.value)} and {matrix.columns} {label_text(column.value)}"
    text = f"from {origin}; {why}"
    if direct is not None:
        own = f"{label_text(direct.value)}, {direct.confidence:.1%} sure"
        text += f"; the model's own {own}, is set aside"
    prediction = FieldPrediction(best, confidence, probabilities)
    return Decision(prediction, action, threshold, (Reason("matrix", text),))


def _action(
    inputs: Mapping[str, KnownValue], confidence: float, threshold: float | None
) -> tuple[Action, str]:
    actions: tuple[Action, ...] = ("abstain", "suggest")
    for action in actions:
        unsure = [name for name, known in inputs.items() if known.action == action]
        if unsure:
            done = "left open" if action == "abstain" else "only suggested"
            return action, f"{done}, as {' and '.join(unsure)} {'is' if len(unsure) == 1 else 'are'}"
    if threshold is not None and confidence < threshold:
        return "suggest", f"{confidence:.1%} sure, below {threshold:.1%}, the higher threshold of the two"
    return "apply", "each of them is applied or set by a person"
