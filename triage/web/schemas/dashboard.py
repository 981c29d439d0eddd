"""Statistics of the operator's dashboard."""

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


class IntervalResponse(BaseModel):
    estimate: float
    lower: float = Field(description="with the upper bound, the 95 % confidence interval")
    upper: float

    @classmethod
    def of(cls, found: Interval | None) -> IntervalResponse | None:
        if found is None:
            return None
        return cls(estimate=found.estimate, lower=found.lower, upper=found.upper)


class JudgedCounts(BaseModel):
    judged: int = Field(description="values on which people gave feedback")
    right: int = Field(description="of these, the answered value was right")


class CountsResponse(BaseModel):
    name: str
    tickets: int
    apply: int
    suggest: int
    abstain: int
    applied: JudgedCounts
    suggested: JudgedCounts
    holdout: JudgedCounts = Field(description="would have been applied, were left to people")
    error: IntervalResponse | None = Field(description="observed in the holdout; null: nothing judged")
    blind: JudgedCounts = Field(deprecated=True, description="read `holdout` instead")


class ObservedResponse(BaseModel):
    holdout: JudgedCounts
    error: IntervalResponse | None = Field(description="observed in the holdout; null: nothing judged")
    blind: JudgedCounts = Field(deprecated=True, description="read `holdout` instead")
    applied: int
    corrected: int


class FieldCountsResponse(CountsResponse):
    target_error: float
    guarantee: State = Field(description="of the bundle that answers now, by the test that suspends a field")
    suspended: bool = Field(description="its values are only suggested, until the suspension is lifted")
    in_use: ObservedResponse | None = Field(
        description="of the bundle that answers now: all its tickets, since a suspension was last lifted"
    )
    promise: State = Field(deprecated=True, description="read `guarantee` instead")
    stepped_down: bool = Field(deprecated=True, description="read `suspended` instead")


class SessionsResponse(BaseModel):
    sessions: int
    submitted: int = Field(description="after which a ticket came all the same")


class DeflectionResponse(BaseModel):
    language: str
    shown: SessionsResponse
    control: SessionsResponse
    deflected: IntervalResponse | None = Field(
        description="by how much fewer of the sessions that were shown articles ended in a ticket"
    )
    discarded: int = Field(
        description="sessions that do not count: one of many that sent the same, or more than are counted of "
        "an address or stored of a portal"
    )


class UnansweredSearchResponse(BaseModel):
    text: str
    language: str
    count: int
    last_at: datetime


class StatisticsResponse(BaseModel):
    since: date
    weeks: int
    segment_field: str
    bundle: str | None = Field(description="the bundle that answers now")
    total: CountsResponse
    by_week: list[CountsResponse]
    by_field: list[FieldCountsResponse]
    by_language: list[CountsResponse]
    by_segment: list[CountsResponse]
    deflection: DeflectionResponse = Field(description="all languages together")
    deflection_by_language: list[DeflectionResponse]
    unanswered_searches: list[UnansweredSearchResponse] = Field(description="most frequent first")
    searches_in_vain: list[UnansweredSearchResponse] = Field(
        deprecated=True, description="read `unanswered_searches` instead"
    )
