"""What is held back of an answer: fields that stepped down, and tickets that are left to people unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.guarantee.monitor import GuaranteeMonitor
from triage.pipeline.responses import FieldResponse, PredictionResponse, ReasonResponse
from triage.store.guarantee import Suspension
from triage.store.ids import Pseudonyms


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """An answer as it is remembered and as it is given; they differ where the ticket is blind."""

    kept: PredictionResponse
    shown: PredictionResponse
    is_holdout: bool

    @property
    def withheld(self) -> frozenset[str]:
        """The fields of which nothing may be told."""
        return frozenset(name for name, field in self.shown.fields.items() if field.value is None)


@dataclass(frozen=True, slots=True)
class HoldbackPolicy:
    """Holds answers back; `blind_share` of the tickets with something to apply are left to people."""

    monitor: GuaranteeMonitor
    pseudonyms: Pseudonyms
    blind_share: float

    def hold(self, name: str, answer: PredictionResponse, bundle_id: str | None) -> HeldAnswer:
        """Return what is remembered and what is given of an answer; `name` is the ticket's.

        Whether a ticket is blind follows from its name and the store's secret: the same each time, and
        nobody can foresee it. Fields that stepped down still take part, so that the sample goes on.
        """
        may_apply = any(_is_promised(field) for field in answer.fields.values())
        if may_apply and self.pseudonyms.keyed_fraction(name, "blind") < self.blind_share:
            kept = _changed(answer, _unsaid, lambda field: field)
            return HeldAnswer(kept, _changed(answer, _withheld, _without_prediction), is_holdout=True)
        kept = _stepped_down(answer, self.monitor.suspended(bundle_id))
        return HeldAnswer(kept, kept, is_holdout=False)


def _is_promised(field: FieldResponse) -> bool:
    # What the helpdesk's own rule sets has no bar: it is no promise of ours and never held back.
    return field.action == "apply" and field.threshold is not None


def _is_laid_down(field: FieldResponse) -> bool:
    return field.action == "apply" and field.threshold is None


_Change = Callable[[FieldResponse], FieldResponse]
_BLIND = ReasonResponse(
    kind="blind",
    text="left to a person without a suggestion: one of the few tickets on which the error is measured",
)


def _unsaid(field: FieldResponse) -> FieldResponse:
    return field.model_copy(update={"action": "abstain", "reasons": [_BLIND, *field.reasons]})


def _withheld(field: FieldResponse) -> FieldResponse:
    said: dict[str, Any] = {"value": None, "confidence": 0.0, "threshold": None, "alternatives": []}
    return field.model_copy(update={**said, "action": "abstain", "reasons": [_BLIND]})


def _without_prediction(field: FieldResponse) -> FieldResponse:
    # A rule's reason names what the models had said instead.
    reasons = [
        reason.model_copy(update={"text": f"rule “{reason.rule}”"})
        for reason in field.reasons
        if reason.rule is not None
    ]
    return field.model_copy(update={"reasons": reasons})


def _changed(answer: PredictionResponse, change: _Change, change_laid_down: _Change) -> PredictionResponse:
    """Change all fields: one that is told would give away another, such as a team its category."""
    fields = {n: change_laid_down(f) if _is_laid_down(f) else change(f) for n, f in answer.fields.items()}
    return answer.model_copy(update={"fields": fields})


def _stepped_down(answer: PredictionResponse, down: Mapping[str, Suspension]) -> PredictionResponse:
    concerned = [name for name in down if name in answer.fields and _is_promised(answer.fields[name])]
    if not concerned:
        return answer
    fields = dict(answer.fields)
    for name in concerned:
        found, before = down[name], fields[name]
        text = (
            f"only suggested since {found.at:%Y-%m-%d}: {found.wrong} of {found.judged} judged values were "
            f"wrong, more than the {found.target_error:.1%} that applying promises"
        )
        reasons = [ReasonResponse(kind="promise", text=text), *before.reasons]
        fields[name] = before.model_copy(update={"action": "suggest", "reasons": reasons})
    return answer.model_copy(update={"fields": fields})
