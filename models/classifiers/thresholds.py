"""Thresholds of a field: the confidence from which a value is applied, and from which it is suggested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from models.classifiers.fields import Label
from models.storage.state import State, StateReader

ValueThresholdKind = Literal["class", "raise", "lower"]


@dataclass(frozen=True, slots=True)
class ValueThreshold:
    """Threshold of some values of a field, used instead of the field's; None means never.

    `kind` says which: of one value (`class`), or of all values that `raise` or `lower` the ticket.
    """

    kind: ValueThresholdKind
    values: tuple[str, ...]
    apply: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence from which a field is applied or suggested; None means never, and `reason` says why.

    `by_value` are the thresholds of single values; the first that has the value counts.
    """

    apply: float | None
    suggest: float | None
    reason: str
    by_value: tuple[ValueThreshold, ...] = ()

    def state(self) -> State:
        """Return the thresholds as plain values."""
        by_value = [
            {"kind": own.kind, "values": list(own.values), "apply": own.apply, "reason": own.reason}
            for own in self.by_value
        ]
        return {"apply": self.apply, "suggest": self.suggest, "reason": self.reason, "by_value": by_value}

    @classmethod
    def from_state(cls, state: StateReader) -> Thresholds:
        """Return the thresholds of which this is the state."""
        by_value = [
            ValueThreshold(
                cast(ValueThresholdKind, part.text("kind", one_of=get_args(ValueThresholdKind))),
                tuple(part.texts("values")),
                part.number_or_none("apply"),
                part.text("reason"),
            )
            for part in state.parts("by_value")
        ]
        apply, suggest = state.number_or_none("apply"), state.number_or_none("suggest")
        return cls(apply, suggest, state.text("reason"), tuple(by_value))

    def value_threshold(self, value: Label) -> ValueThreshold | None:
        """Return the threshold of this value, or None where the field's counts."""
        return next((own for own in self.by_value if value in own.values), None)

    def threshold(self, value: Label) -> float | None:
        """Return the confidence from which the value is applied; None means never."""
        own = self.value_threshold(value)
        return self.apply if own is None else own.apply

    def applies(self, value: Label, confidence: float) -> bool:
        """Tell whether the value is applied at this confidence."""
        threshold = self.threshold(value)
        return threshold is not None and confidence >= threshold
