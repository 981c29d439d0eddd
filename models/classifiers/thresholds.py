"""The bars of a field: from which confidence a value is applied, and from which it is suggested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from models.classifiers.fields import Label
from models.storage.state import State, StateReader

OwnKind = Literal["class", "raise", "lower"]


@dataclass(frozen=True, slots=True)
class OwnBar:
    """From which confidence some values of a field are applied, where they have a bar of their own.

    `kind` says why they have: a `class` by itself, or all values that `raise` or `lower` the ticket.
    """

    kind: OwnKind
    values: tuple[str, ...]
    apply: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence a field is applied or suggested; None means never, and `reason` says why.

    `own` are the bars of values that do not go by the field's; the first that has the value counts.
    """

    apply: float | None
    suggest: float | None
    reason: str
    own: tuple[OwnBar, ...] = ()

    def state(self) -> State:
        """Return the bars as plain values."""
        own = [
            {"kind": o.kind, "values": list(o.values), "apply": o.apply, "reason": o.reason} for o in self.own
        ]
        return {"apply": self.apply, "suggest": self.suggest, "reason": self.reason, "by_value": own}

    @classmethod
    def from_state(cls, state: StateReader) -> Thresholds:
        """Return the bars of which this is the state."""
        own = [
            OwnBar(
                cast(OwnKind, part.text("kind", one_of=get_args(OwnKind))),
                tuple(part.texts("values")),
                part.number_or_none("apply"),
                part.text("reason"),
            )
            for part in state.parts("by_value")
        ]
        apply, suggest = state.number_or_none("apply"), state.number_or_none("suggest")
        return cls(apply, suggest, state.text("reason"), tuple(own))

    def own_bar(self, value: Label) -> OwnBar | None:
        """Return the bar of the value's own, or None where the field's counts."""
        return next((bar for bar in self.own if value in bar.values), None)

    def bar(self, value: Label) -> float | None:
        """Return the bar from which the value is applied; None means never."""
        own = self.own_bar(value)
        return self.apply if own is None else own.apply

    def applies(self, value: Label, confidence: float) -> bool:
        """Tell whether the value is applied at this confidence."""
        bar = self.bar(value)
        return bar is not None and confidence >= bar
