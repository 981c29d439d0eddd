"""What to do with a prediction: apply it, suggest it, or leave the field to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.bundle import SimilarTicket, Thresholds
from models.classifier import Alternative, FieldPrediction
from models.explain import Phrase
from models.fields import Label
from models.novelty import Novelty

Action = Literal["apply", "suggest", "abstain"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a decision: a sentence for people, and what it rests on."""

    kind: Literal["words", "similar", "threshold", "novelty", "matrix", "rule", "guard"]
    text: str
    phrases: tuple[Phrase, ...] = ()
    tickets: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The best value of a field, what to do with it, and why; `threshold` is the bar for `apply`, if any."""

    prediction: FieldPrediction
    action: Action
    threshold: float | None
    reasons: tuple[Reason, ...]

    @property
    def value(self) -> Label:
        return self.prediction.value

    @property
    def confidence(self) -> float:
        return self.prediction.confidence

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        return self.prediction.alternatives

    @property
    def applied(self) -> bool:
        return self.action == "apply"


def decide(
    prediction: FieldPrediction,
    thresholds: Thresholds,
    novelty: Novelty,
    phrases: Sequence[Phrase],
    similar: Sequence[SimilarTicket],
    name: str,
    *,
    familiar: bool = True,
) -> Decision:
    """Choose the action by the field's bars; a ticket that is unlike all past ones always abstains.

    Held-out tickets vouch for the languages that they are in, so that in another one nothing is applied.
    """
    confidence = prediction.confidence
    reasons = []
    if novelty.is_novel:
        action: Action = "abstain"
        text = (
            f"unlike past tickets: farther from them than {novelty.score:.0%} of the tickets it was tried on"
        )
        reasons.append(Reason("novelty", text))
    else:
        action, text = _by_bars(confidence, thresholds)
        if action == "apply" and not familiar:
            action, text = "suggest", f"{confidence:.1%} sure, but too few past tickets are in this language"
        reasons.append(Reason("threshold", text))
    reasons += _words(phrases)
    reasons += _similar(prediction.value, similar, name)
    return Decision(prediction, action, thresholds.apply, tuple(reasons))


def _by_bars(confidence: float, thresholds: Thresholds) -> tuple[Action, str]:
    shown = f"{confidence:.1%}"
    if thresholds.apply is not None and confidence >= thresholds.apply:
        return "apply", f"{shown} sure, at or above the bar for applying of {thresholds.apply:.1%}"
    ceiling = (
        f"below the bar for applying of {thresholds.apply:.1%}"
        if thresholds.apply is not None
        else "and this field is never applied yet"
    )
    if thresholds.suggest is not None and confidence >= thresholds.suggest:
        return "suggest", f"{shown} sure, {ceiling}"
    floor = (
        f" and the bar for suggesting of {thresholds.suggest:.1%}" if thresholds.suggest is not None else ""
    )
    return "abstain", f"{shown} sure, {ceiling}{floor}"


def _words(phrases: Sequence[Phrase]) -> list[Reason]:
    if not phrases:
        return []
    sides = [
        ("for it", [p for p in phrases if p.weight > 0]),
        ("against it", [p for p in phrases if p.weight < 0]),
    ]
    text = "; ".join(f"{side}: " + ", ".join(f"“{p.text}”" for p in found) for side, found in sides if found)
    return [Reason("words", text, phrases=tuple(phrases))]


def _similar(value: Label, similar: Sequence[SimilarTicket], name: str) -> list[Reason]:
    labelled = [(past, past.labels[name]) for past in similar if name in past.labels]
    if not labelled:
        return []
    agreeing = [past.id for past, label in labelled if label == value]
    shown = value if isinstance(value, str) else ", ".join(value) or "no tag"
    text = f"{len(agreeing)} of the {len(labelled)} most similar past tickets have {shown}"
    return [Reason("similar", text, tickets=tuple(agreeing))]
