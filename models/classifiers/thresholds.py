"""The bars of a field: from which confidence a value is applied, and from which it is suggested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.classifiers.fields import Label


@dataclass(frozen=True, slots=True)
class OwnBar:
    """From which confidence some values of a field are applied, where they have a bar of their own.

    `kind` says why they have: a `class` by itself, or all values that `raise` or `lower` the ticket.
    """

    kind: Literal["class", "raise", "lower"]
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

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Thresholds:
        """Read what `dataclasses.asdict` and JSON made of it; bundles without own bars have none."""
        own = (OwnBar(**{**bar, "values": tuple(bar["values"])}) for bar in stored.get("own", ()))
        return cls(**{**stored, "own": tuple(own)})

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
