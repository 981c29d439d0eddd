"""Decision on a field: apply the predicted value, suggest it, or abstain and leave the field to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from models.bundle import SimilarTicket
from models.classifiers.explanation import Contribution
from models.classifiers.fields import Label, label_text
from models.classifiers.novelty import NOVEL_FROM, Novelty
from models.classifiers.single_label import FieldPrediction
from models.classifiers.thresholds import Thresholds
from triage.guarantee.scope import is_guaranteed

Action = Literal["apply", "suggest", "abstain"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason of a decision: a sentence for people, and what it rests on."""

    kind: Literal[
        "words", "similar", "threshold", "novelty", "matrix", "rule", "guard", "holdout", "suspended", "store"
    ]
    text: str
    phrases: tuple[Contribution, ...] = ()
    tickets: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Best value of a field, what to do with it, and why.

    `threshold` is the confidence from which the value is applied; None: never by its confidence.
    `action_before_holdback` is the action that a holdout or a suspension replaced, None where there is none.
    """

    prediction: FieldPrediction
    action: Action
    threshold: float | None
    reasons: tuple[Reason, ...]
    action_before_holdback: Action | None = None

    @property
    def value(self) -> Label:
        return self.prediction.value

    @property
    def confidence(self) -> float:
        return self.prediction.confidence

    @property
    def probabilities(self) -> Mapping[str, float]:
        return self.prediction.probabilities

    @property
    def applied(self) -> bool:
        return self.action == "apply"

    @property
    def model_action(self) -> Action:
        """The action by thresholds, rules and guards, without holdback."""
        return self.action_before_holdback or self.action

    @property
    def is_guaranteed(self) -> bool:
        """Whether the value falls under the guarantee, also where it is held back."""
        return is_guaranteed(self.model_action, self.threshold)

    @property
    def is_set_by_rule(self) -> bool:
        """Whether a rule of the helpdesk sets the value, whatever its confidence."""
        return self.action == "apply" and self.threshold is None

    @property
    def is_held_out(self) -> bool:
        """Whether the ticket is a holdout, so that people decide without being told the decision."""
        return any(reason.kind == "holdout" for reason in self.reasons)

    def hold_back(self, action: Action, reason: Reason) -> Decision:
        """Return the decision with a lesser action, and why it is held back as its first reason."""
        return replace(
            self,
            action=action,
            reasons=(reason, *self.reasons),
            action_before_holdback=self.model_action,
        )


@dataclass(frozen=True, slots=True)
class _Wording:
    threshold: str
    never: str


_WORDING = {
    "field": _Wording("the threshold", "this field is never applied yet"),
    "class": _Wording("this value's own threshold", "this value is never applied yet"),
    "raise": _Wording("the threshold for raising", "this field is never raised yet"),
    "lower": _Wording("the threshold for lowering", "this field is never lowered yet"),
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
    """Choose the action by the value's own threshold or the field's.

    A ticket unlike all past ones abstains. So does one without any text: what a model says of it is only what
    is frequent. Thresholds are certified on tickets in the training languages, so that nothing is applied in
    another one.
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
    confidence, sure = prediction.confidence, f"{prediction.confidence:.1%} sure"
    own = thresholds.value_threshold(prediction.value)
    wording = _WORDING[own.kind if own else "field"]
    threshold = thresholds.threshold(prediction.value)
    if threshold is not None and thresholds.applies(prediction.value, confidence):
        return "apply", f"{sure}, at or above {wording.threshold} of {threshold:.1%}"
    short = f"and {wording.never}" if threshold is None else f"below {wording.threshold} of {threshold:.1%}"
    suggest = thresholds.suggest
    if suggest is not None and confidence >= suggest:
        return "suggest", f"{sure}, {short}"
    if suggest is not None and threshold is None:
        short = f"below the threshold for suggesting of {suggest:.1%}, {short}"
    elif suggest is not None and threshold is not None and suggest <= threshold:
        short += f" and the threshold for suggesting of {suggest:.1%}"
    return "abstain", f"{sure}, {short}"


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
    of = f"the {len(labelled)} most similar past tickets" if len(labelled) > 1 else "1 similar past ticket"
    has = "has" if len(agreeing) == 1 else "have"
    text = f"{len(agreeing)} of {of} {has} {label_text(value)}"
    return [Reason("similar", text, tickets=tuple(agreeing))]
