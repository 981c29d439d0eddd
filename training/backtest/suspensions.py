"""Suspensions within a backtest: the live test of the guarantee, over the tickets replayed so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from models.classifiers.fields import Field, Label, same_label
from triage.decision import Decision
from triage.guarantee.monitor import is_violated, largest_target_error, stream_level
from triage.store.guarantee import Suspension


class ReplaySuspensions:
    """Suspends fields by the test of `triage.guarantee.monitor`, as if people corrected what was wrong.

    A new bundle begins with nothing suspended. There is no holdout: its tickets would be set like others.
    """

    def __init__(self, fields: Iterable[Field], *, suspends: bool) -> None:
        self._fields = {field.name: field for field in fields}
        self._suspends = suspends
        self._applied: Counter[str] = Counter()
        self._wrong: Counter[str] = Counter()
        self._bundle_id: str | None = None
        self.active: dict[str, Suspension] = {}

    def begin(self, bundle_id: str | None) -> None:
        """Begin anew where another bundle answers now; None where the one before goes on."""
        if bundle_id is not None:
            self._bundle_id = bundle_id
            self._applied.clear()
            self._wrong.clear()
            self.active = {}

    def note(
        self, decisions: Mapping[str, Decision], labels: Mapping[str, Label], at: datetime | None
    ) -> None:
        """Note the decisions on a ticket and the values that people gave it; suspend what must be."""
        for name, decision in decisions.items():
            if not decision.is_guaranteed:
                continue
            self._applied[name] += 1
            if name in labels and not same_label(decision.value, labels[name]):
                self._wrong[name] += 1
                self._check(name, at)

    def _check(self, name: str, at: datetime | None) -> None:
        field = self._fields.get(name, Field(name))
        target, counts = largest_target_error(field), (self._applied[name], self._wrong[name])
        if self._suspends and name not in self.active and is_violated(*counts, target, stream_level(field)):
            moment = at or datetime.now(UTC)
            self.active[name] = Suspension(name, self._bundle_id or "", moment, *counts, target)
