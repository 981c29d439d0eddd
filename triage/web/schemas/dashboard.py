"""What the operator's overview shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from triage.guarantee.monitor import State
from triage.intervals import Interval
from triage.web.schemas.types import LanguageCode, Request, Text


class StatisticsQuery(Request):
    weeks: Annotated[int, Field(ge=1, le=260, description="how many weeks, this one included")] = 26
    language: LanguageCode | None = None
    segment: Annotated[Text, Field(max_length=200)] | None = None


class IntervalAnswer(BaseModel):
    estimate: float
    lower: float = Field(description="with the upper bound, the 95 % confidence interval")
    upper: float

    @classmethod
    def of(cls, found: Interval | None) -> IntervalAnswer | None:
        if found is None:
            return None
        return cls(estimate=found.estimate, lower=found.lower, upper=found.upper)


class Judged(BaseModel):
    judged: int = Field(description="values that people said something of")
    right: int = Field(description="of these, the answered value was right")


class CountsAnswer(BaseModel):
    name: str
    tickets: int
    apply: int
    suggest: int
    abstain: int
    applied: Judged
    suggested: Judged
    blind: Judged = Field(description="would have been applied, were left to people")
    error: IntervalAnswer | None = Field(description="observed in the blind sample; null: nothing judged")


class ObservedAnswer(BaseModel):
    blind: Judged
    error: IntervalAnswer | None = Field(description="observed in the blind sample; null: nothing judged")
    applied: int
    corrected: int


class FieldCountsAnswer(CountsAnswer):
    target_error: float
    promise: State = Field(description="of the bundle that answers now, by the test of the step-down")
    stepped_down: bool
    in_use: ObservedAnswer | None = Field(
        description="of the bundle that answers now: all its tickets, since a step-down was last lifted"
    )


class SessionsAnswer(BaseModel):
    sessions: int
    submitted: int = Field(description="after which a ticket came all the same")


class DeflectionAnswer(BaseModel):
    language: str
    shown: SessionsAnswer
    control: SessionsAnswer
    deflected: IntervalAnswer | None = Field(
        description="by how much fewer of the sessions that were shown articles ended in a ticket"
    )


class VainSearchAnswer(BaseModel):
    text: str
    language: str
    count: int
    last_at: datetime


class StatisticsAnswer(BaseModel):
    since: date
    weeks: int
    segment_field: str
    bundle: str | None = Field(description="the bundle that answers now")
    total: CountsAnswer
    by_week: list[CountsAnswer]
    by_field: list[FieldCountsAnswer]
    by_language: list[CountsAnswer]
    by_segment: list[CountsAnswer]
    deflection: DeflectionAnswer = Field(description="all languages together")
    deflection_by_language: list[DeflectionAnswer]
    searches_in_vain: list[VainSearchAnswer]
