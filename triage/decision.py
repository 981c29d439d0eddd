"""What to do with a prediction: apply it, suggest it, or leave the field to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.bundle import SimilarTicket
from models.classifiers.explanation import Contribution
from models.classifiers.fields import Label, label_text
from models.classifiers.novelty import NOVEL_FROM, Novelty
from models.classifiers.single_label import Alternative, FieldPrediction
from models.classifiers.thresholds import Thresholds

Action = Literal["apply", "suggest", "abstain"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a decision: a sentence for people, and what it rests on."""

    kind: Literal["words", "similar", "threshold", "novelty", "matrix", "rule", "guard"]
    text: str
    phrases: tuple[Contribution, ...] = ()
    tickets: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The best value of a field, what to do with it, and why; `threshold` is that value's bar, if any."""

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


@dataclass(frozen=True, slots=True)
class _Words:
    bar: str
    never: str


_WORDS = {
    "field": _Words("the bar for applying", "this field is never applied yet"),
    "class": _Words("this value's own bar for applying", "this value is never applied yet"),
    "raise": _Words("the bar for raising", "this field is never raised yet"),
    "lower": _Words("the bar for lowering", "this field is never lowered yet"),
}


def decide(
    prediction: FieldPrediction,
    thresholds: Thresholds,
    novelty: Novelty,
    phrases: Sequence[Contribution],
    similar: Sequence[SimilarTicket],
    name: str,
    *,
    in_training_language: bool = True,
    has_text: bool = True,
) -> Decision:
    """Choose the action by the value's own bars or the field's; a ticket unlike all past ones abstains.

    So does one without any text: what a model says of it is only what is frequent. Held-out tickets vouch for
    the languages that they are in, so that in another one nothing is applied.
    """
    reasons = []
    if not has_text:
        action: Action = "abstain"
        reasons.append(Reason("novelty", "the ticket holds no text that could be read"))
    elif novelty.is_novel:
        action = "abstain"
        text = f"unlike past tickets: stranger than {NOVEL_FROM:.0%} of the known ones it was tried on"
        reasons.append(Reason("novelty", text))
    else:
        action, text = _by_thresholds(prediction, thresholds)
        if action == "apply" and not in_training_language:
            action = "suggest"
            text = f"{prediction.confidence:.1%} sure, but too few past tickets are in this language"
        reasons.append(Reason("threshold", text))
    reasons += _words(phrases)
    reasons += _similar(prediction.value, similar, name)
    return Decision(prediction, action, thresholds.threshold(prediction.value), tuple(reasons))


def _by_thresholds(prediction: FieldPrediction, thresholds: Thresholds) -> tuple[Action, str]:
    confidence, shown = prediction.confidence, f"{prediction.confidence:.1%}"
    own = thresholds.value_threshold(prediction.value)
    words = _WORDS[own.kind if own else "field"]
    bar = thresholds.threshold(prediction.value)
    if bar is not None and thresholds.applies(prediction.value, confidence):
        return "apply", f"{shown} sure, at or above {words.bar} of {bar:.1%}"
    ceiling = f"below {words.bar} of {bar:.1%}" if bar is not None else f"and {words.never}"
    if thresholds.suggest is not None and confidence >= thresholds.suggest:
        return "suggest", f"{shown} sure, {ceiling}"
    floor = (
        f" and the bar for suggesting of {thresholds.suggest:.1%}"
        if thresholds.suggest is not None and (bar is None or thresholds.suggest <= bar)
        else ""
    )
    return "abstain", f"{shown} sure, {ceiling}{floor}"


def _words(phrases: Sequence[Contribution]) -> list[Reason]:
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
    text = f"{len(agreeing)} of the {len(labelled)} most similar past tickets have {label_text(value)}"
    return [Reason("similar", text, tickets=tuple(agreeing))]
