"""Tickets, one or a batch: requests and responses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from models.language.codes import parse_code
from triage.pipeline.responses import (
    FieldResponse,
    LanguageResponse,
    NoveltyResponse,
    SimilarTicketResponse,
    SlaResponse,
)
from triage.pipeline.search_responses import ArticleResponse
from triage.ticket import Ticket
from triage.web.errors import ErrorDetail
from triage.web.schemas.types import (
    VISIBLE,
    AnyValue,
    HelpdeskId,
    LanguageCode,
    Name,
    Request,
    TextOrNull,
    Value,
    holds_text,
)


class TicketRequest(Request):
    """New ticket. Subject or body must hold text."""

    model_config = ConfigDict(json_schema_extra=holds_text("subject", "body"))

    id: HelpdeskId = Field("", description="the helpdesk's id of the ticket")
    subject: TextOrNull = ""
    body: TextOrNull = Field("", validate_default=True, description="plain text or HTML, as it came in")
    language: LanguageCode | None = None
    created_at: datetime | None = Field(
        None, description="when it was filed, ISO 8601; without an offset UTC is meant"
    )
    channel: str | None = Field(None, max_length=100)
    requester: str | None = Field(None, max_length=320)
    attributes: dict[str, AnyValue | None] = Field(
        {}, max_length=50, description="product, country, … as used in training; null: none"
    )
    current: dict[Name, Value | Annotated[list[Value], Field(max_length=100)] | None] = Field(
        {}, max_length=50, description="field = value that a person set in the helpdesk; for tags a list"
    )
    undone: list[Name] = Field(
        [], max_length=50, description="fields in which a person undid an earlier decision of this service"
    )
    headers: dict[Name, Annotated[str, Field(max_length=10_000)]] = Field(
        {}, max_length=200, description="headers of the mail, to tell a machine's message"
    )
    is_machine: bool | None = Field(
        None, description="whether a machine sent it, if that is known; else headers and requester tell"
    )
    articles: int = Field(3, ge=0, le=20, description="how many articles to return")

    @field_validator("body")
    @classmethod
    def _text_somewhere(cls, body: str, info: ValidationInfo) -> str:
        if not any(re.search(VISIBLE, part) for part in (body, str(info.data.get("subject", "")))):
            raise ValueError("subject and body are both empty or missing: send the ticket's text")
        return body

    def ticket(self) -> Ticket:
        """Return the ticket as the engine knows it."""
        return Ticket(
            id=self.id,
            subject=self.subject,
            body=self.body,
            language=parse_code(self.language),
            created_at=with_zone(self.created_at),
            channel=self.channel,
            requester=self.requester,
            attributes={name: value for name, value in self.attributes.items() if value is not None},
            current={k: tuple(v) if isinstance(v, list) else v for k, v in self.current.items() if v},
            undone=frozenset(self.undone),
            headers=self.headers,
            is_machine=self.is_machine,
        )


class TicketResponse(BaseModel):
    """Decision on a ticket, with articles and similar tickets."""

    id: str
    text: str = Field(
        description="the ticket's text without quotes and signatures; the `start` and `end` of "
        "phrases point into it, their `origin` into `subject` and `body` as they were sent"
    )
    language: LanguageResponse
    fields: dict[str, FieldResponse]
    novelty: NoveltyResponse
    rules: list[str] = Field(description="the helpdesk's rules that fired, by name")
    sla: SlaResponse | None = Field(description="by when to answer and to solve; null where no target holds")
    articles: list[ArticleResponse]
    similar: list[SimilarTicketResponse] = Field(description="the nearest past tickets; of copies, one")
    missing: dict[str, str] = Field(description="parts that could not answer, and why")
    decision_id: str | None = Field(
        description="to name in feedback; null where the decision could not be kept: then nothing is applied"
    )
    bundle: str | None = Field(description="the trained bundle that answered")
    index: str | None = Field(description="the article index that answered")


class TicketBatchRequest(Request):
    """Up to 256 tickets. Each is validated by itself, so that one that is wrong fails no other."""

    tickets: list[Any] = Field(
        min_length=1,
        max_length=256,
        description="each in the form that `POST /v1/triage` takes; one that is not gets an error of its own",
    )


class BatchItemResponse(BaseModel):
    """Result for one ticket of a batch; either `answer` or `error` is there."""

    index: int = Field(ge=0, description="its place in the batch, from 0")
    id: str | None = Field(description="the helpdesk's id, where one was sent")
    status: Literal[200, 422, 500]
    answer: TicketResponse | None
    error: ErrorDetail | None


class TicketBatchResponse(BaseModel):
    items: list[BatchItemResponse] = Field(description="in the order of the tickets")


def with_zone(date: datetime | None) -> datetime | None:
    """Return the date with an offset; without one, UTC is meant."""
    return date.replace(tzinfo=UTC) if date is not None and date.tzinfo is None else date
