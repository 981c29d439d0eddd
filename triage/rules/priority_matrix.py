"""A field that follows from two others, as ITIL's priority does from impact and urgency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.classifiers.fields import label_text
from models.classifiers.single_label import MAX_ALTERNATIVES, Alternative, FieldPrediction
from triage.decision import Action, Decision, Reason
from triage.rules.conditions import KnownValue


@dataclass(frozen=True, slots=True)
class Matrix:
    """`cells[row value][column value]` is the value of `target`; no cell is missing."""

    target: str
    rows: str
    columns: str
    cells: Mapping[str, Mapping[str, str]]

    def derive(self, row: KnownValue, column: KnownValue, direct: Decision | None) -> Decision | None:
        """Return the value that follows from both, or None where a given value has no cell.

        Its distribution comes from the joint one of row and column, under the assumption that their
        errors are independent: P(target) is the sum of P(row) P(column) over the cells that hold it.
        Impact and urgency are read from the same text, so this is an approximation. It is applied only
        where both inputs are, or were set by a person, and it is itself as sure as the stricter of their
        two bars; suggested where both are at least suggested. `direct`, the field's own prediction, is
        named and set aside.
        """
        mass: dict[str, float] = {}
        for row_value, row_p in row.probabilities.items():
            for column_value, column_p in column.probabilities.items():
                value = self.cells.get(row_value, {}).get(column_value)
                if value is not None:
                    mass[value] = mass.get(value, 0.0) + row_p * column_p
        if not mass:
            return None
        ranked = sorted(mass.items(), key=lambda pair: -pair[1])
        alternatives = tuple(Alternative(value, min(1.0, p)) for value, p in ranked[:MAX_ALTERNATIVES])
        best = alternatives[0]
        bars = [known.threshold for known in (row, column) if known.threshold is not None]
        threshold = max(bars) if bars else None
        action, why = self._action(row, column, best.confidence, threshold)
        origin = f"{self.rows} {label_text(row.value)} and {self.columns} {label_text(column.value)}"
        text = f"from {origin}; {why}"
        if direct is not None:
            own = f"{label_text(direct.value)}, {direct.confidence:.1%} sure"
            text += f"; the model's own {own}, is set aside"
        prediction = FieldPrediction(best.value, best.confidence, alternatives)
        return Decision(prediction, action, threshold, (Reason("matrix", text),))

    def _action(
        self, row: KnownValue, column: KnownValue, confidence: float, threshold: float | None
    ) -> tuple[Action, str]:
        inputs = {self.rows: row, self.columns: column}
        actions: tuple[Action, ...] = ("abstain", "suggest")
        for action in actions:
            unsure = [name for name, known in inputs.items() if known.action == action]
            if unsure:
                done = "left open" if action == "abstain" else "only suggested"
                return action, f"{done}, as {' and '.join(unsure)} {'is' if len(unsure) == 1 else 'are'}"
        if threshold is not None and confidence < threshold:
            return "suggest", f"{confidence:.1%} sure, below {threshold:.1%}, the higher threshold of the two"
        return "apply", "each of them is applied or set by a person"
