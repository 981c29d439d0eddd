"""Responses: results as JSON, rounded and worded, the same in prediction files and over HTTP."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.bundle import SimilarTicket
from models.classifiers.explanation import Contribution
from models.language.detector import DetectedLanguage
from models.text.span_alignment import SourceSpan
from triage.decision import Decision, Reason
from triage.pipeline.engine import TicketResult
from triage.rules.sla import Deadlines

_DIGITS = 4
_DATE_TIME = Field(json_schema_extra={"format": "date-time"})


class LanguageResponse(BaseModel):
    code: str = Field(description="ISO 639-1, or `und` where the text is too short or unclear")
    confidence: float = Field(ge=0, le=1)


class AlternativeResponse(BaseModel):
    value: str
    confidence: float = Field(ge=0, le=1, description="calibrated probability that the value is right")


class OriginResponse(BaseModel):
    """A place in the ticket as it was sent, in Unicode characters."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    part: Literal["subject", "body"] = Field(alias="in", description="the key of the ticket that holds it")
    start: int = Field(ge=0, description="first character in that subject or body")
    end: int = Field(ge=1, description="one past the last character")


class PhraseResponse(BaseModel):
    text: str
    start: int = Field(ge=0, description="first character in the cleaned text, the HTTP answer's `text`")
    end: int = Field(ge=0, description="one past the last character")
    origin: OriginResponse | None = Field(
        description="where it stands in the ticket as it was sent, null where it is not found there: a "
        "list's number that HTML did not spell out, or a word with a tag inside; it may be encoded there"
    )
    weight: float = Field(description="how far it moved the score, negative when it spoke against the value")


class ReasonResponse(BaseModel):
    kind: Literal[
        "words",
        "similar",
        "threshold",
        "novelty",
        "matrix",
        "rule",
        "guard",
        "holdout",
        "suspended",
        "store",
        "blind",
        "promise",
    ] = Field(description="`blind` and `promise` are the deprecated names of `holdout` and `suspended`")
    text: str
    phrases: list[PhraseResponse] | None = None
    tickets: list[str] | None = None
    rule: str | None = Field(None, description="for a rule: its name")
    deprecated: bool | None = Field(
        None, description="true where it repeats the reason before it under that kind's deprecated name"
    )


class FieldResponse(BaseModel):
    value: str | list[str] | None = Field(
        description="the best value; for tags a list; null only on a holdout ticket, which is left to a "
        "person without a suggestion, with a reason of the kind `holdout`"
    )
    confidence: float = Field(ge=0, le=1, description="calibrated probability that the value is right")
    action: Literal["apply", "suggest", "abstain"]
    threshold: float | None = Field(
        description="the confidence from which the value is applied, null when it never is"
    )
    alternatives: list[AlternativeResponse]
    reasons: list[ReasonResponse]


class NoveltyResponse(BaseModel):
    is_novel: bool = Field(description="the ticket is unlike all past ones; nothing is applied")
    score: float = Field(ge=0, le=1)


class SimilarTicketResponse(BaseModel):
    id: str
    score: float = Field(ge=-1.01, le=1.01)
    labels: dict[str, str | list[str]]


class SlaResponse(BaseModel):
    """Deadlines to answer and to solve, in ISO 8601 with the offset of the helpdesk's time zone."""

    target: str = Field(description="the name of the target that holds")
    first_response_due: Annotated[str, _DATE_TIME] | None
    resolution_due: Annotated[str, _DATE_TIME] | None


class PredictionResponse(BaseModel):
    """One line of a prediction file; `rules` and `sla` are missing where there is nothing to say."""

    id: str
    language: LanguageResponse
    fields: dict[str, FieldResponse]
    novelty: NoveltyResponse
    rules: list[str] | None = None
    sla: SlaResponse | None = None


def prediction_response(result: TicketResult, *, tells_holdout: bool = False) -> PredictionResponse:
    """Return the decisions about a ticket, over HTTP or as a line of a prediction file.

    Nothing is told of the fields of a holdout ticket, unless `tells_holdout` is set, for the record.
    """
    hides = bool(result.held_out_fields) and not tells_holdout
    render = _masked_field if hides else _field
    return PredictionResponse(
        id=result.ticket_id,
        language=language_response(result.language),
        fields={name: render(decision, result.origins) for name, decision in result.fields.items()},
        novelty=NoveltyResponse(is_novel=result.novelty.is_novel, score=result.novelty.score),
        rules=list(result.rules) or None,
        sla=_sla(result.deadlines) if result.deadlines else None,
    )


def language_response(language: DetectedLanguage) -> LanguageResponse:
    """Return a text's language."""
    return LanguageResponse(code=language.code, confidence=rounded(language.confidence))


def similar_ticket_responses(
    similar: Sequence[SimilarTicket], hidden_fields: Collection[str] = ()
) -> list[SimilarTicketResponse]:
    """Return past tickets with their labels, without the labels of hidden fields."""
    return [
        SimilarTicketResponse(
            id=s.id,
            score=rounded(s.score),
            labels={
                k: list(v) if isinstance(v, (tuple, list)) else str(v)
                for k, v in s.labels.items()
                if k not in hidden_fields
            },
        )
        for s in similar
    ]


def _field(decision: Decision, origins: Mapping[tuple[int, int], SourceSpan]) -> FieldResponse:
    value = decision.value
    return FieldResponse(
        value=value if isinstance(value, str) else list(value),
        confidence=rounded(decision.confidence),
        action=decision.action,
        threshold=None if decision.threshold is None else rounded(decision.threshold),
        alternatives=[
            AlternativeResponse(value=other, confidence=rounded(probability))
            for other, probability in decision.probabilities.items()
        ],
        reasons=_reasons(decision.reasons, origins),
    )


def _masked_field(decision: Decision, origins: Mapping[tuple[int, int], SourceSpan]) -> FieldResponse:
    """Return a field of a holdout ticket without its prediction, which a rule's reason names too."""
    if decision.is_held_out:
        return FieldResponse(
            value=None,
            confidence=0.0,
            action=decision.action,
            threshold=None,
            alternatives=[],
            reasons=_reasons([reason for reason in decision.reasons if reason.kind == "holdout"], origins),
        )
    rules = [replace(r, text=f"rule “{r.rule}”") for r in decision.reasons if r.rule is not None]
    return _field(replace(decision, reasons=tuple(rules)), origins)


_DEPRECATED_KINDS: Mapping[str, Literal["blind", "promise"]] = {"holdout": "blind", "suspended": "promise"}


def _reasons(
    reasons: Sequence[Reason], origins: Mapping[tuple[int, int], SourceSpan]
) -> list[ReasonResponse]:
    """Return the reasons; one whose kind was renamed is followed by the same under the former name."""
    said = []
    for reason in reasons:
        said.append(_reason(reason, origins))
        if reason.kind in _DEPRECATED_KINDS:
            former = _DEPRECATED_KINDS[reason.kind]
            said.append(ReasonResponse(kind=former, text=reason.text, deprecated=True))
    return said


def _reason(reason: Reason, origins: Mapping[tuple[int, int], SourceSpan]) -> ReasonResponse:
    return ReasonResponse(
        kind=reason.kind,
        text=reason.text,
        phrases=[_phrase(phrase, origins.get((phrase.start, phrase.end))) for phrase in reason.phrases]
        or None,
        tickets=list(reason.tickets) or None,
        rule=reason.rule,
    )


def _sla(due: Deadlines) -> SlaResponse:
    def shown(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return SlaResponse(
        target=due.target,
        first_response_due=shown(due.first_response),
        resolution_due=shown(due.resolution),
    )


def _phrase(phrase: Contribution, origin: SourceSpan | None) -> PhraseResponse:
    return PhraseResponse(
        text=phrase.text,
        start=phrase.start,
        end=phrase.end,
        origin=OriginResponse(part=origin.part, start=origin.start, end=origin.end) if origin else None,
        weight=rounded(phrase.weight),
    )


def rounded(number: float) -> float:
    """Return a number as responses give it."""
    return round(float(number), _DIGITS)
