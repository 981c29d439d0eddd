"""What the routes take and give; the same models validate and make the OpenAPI document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from models.encoder.surrogates import without_surrogates
from triage.answers import (
    ArticleAnswer,
    FieldAnswer,
    LanguageAnswer,
    NoveltyAnswer,
    SimilarTicketAnswer,
    SlaAnswer,
)
from triage.ticket import Ticket

_LANGUAGE_CODE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"
LanguageCode = Annotated[
    str,
    Field(
        pattern=_LANGUAGE_CODE, max_length=20, description="ISO 639-1, if it is known; else it is detected"
    ),
]


def _well_formed(value: object) -> object:
    return without_surrogates(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_well_formed)]
"""Text in which halves of a surrogate pair, as some mail gateways leave them, are replaced."""


Name = Annotated[str, Field(max_length=200)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TicketRequest(_Request):
    """A new ticket. Subject or body must hold text."""

    id: str = Field("", max_length=200, description="the helpdesk's id of the ticket")
    subject: Text = ""
    body: Text = Field("", validate_default=True, description="plain text or HTML, as it came in")
    language: LanguageCode | None = None
    created_at: datetime | None = Field(
        None, description="when it was filed, ISO 8601; without an offset UTC is meant"
    )
    channel: str | None = Field(None, max_length=100)
    requester: str | None = Field(None, max_length=320)
    attributes: dict[str, str] = Field(
        {}, max_length=50, description="product, country, … as used in training"
    )
    current: dict[Name, Name | Annotated[list[Name], Field(max_length=100)] | None] = Field(
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
        if not body.strip() and not str(info.data.get("subject", "")).strip():
            raise ValueError("subject and body are both empty or missing: send the ticket's text")
        return body

    def ticket(self) -> Ticket:
        """Return the ticket as the engine knows it."""
        return Ticket(
            id=self.id,
            subject=self.subject,
            body=self.body,
            language=short_code(self.language),
            created_at=_with_zone(self.created_at),
            channel=self.channel,
            requester=self.requester,
            attributes=self.attributes,
            current={k: tuple(v) if isinstance(v, list) else v for k, v in self.current.items() if v},
            undone=frozenset(self.undone),
            headers=self.headers,
            is_machine=self.is_machine,
        )


class TicketAnswer(BaseModel):
    """What is said about a ticket."""

    id: str
    text: str = Field(
        description="what was read of the ticket, without quotes and signatures; the `start` and `end` of "
        "phrases point into it, their `origin` into `subject` and `body` as they were sent"
    )
    language: LanguageAnswer
    fields: dict[str, FieldAnswer]
    novelty: NoveltyAnswer
    rules: list[str] = Field(description="the helpdesk's rules that fired, by name")
    sla: SlaAnswer | None = Field(description="by when to answer and to solve; null where no target holds")
    articles: list[ArticleAnswer]
    similar: list[SimilarTicketAnswer] = Field(description="the nearest past tickets")
    missing: dict[str, str] = Field(description="parts that could not answer, and why")
    bundle: str | None = Field(description="the trained bundle that answered")
    index: str | None = Field(description="the article index that answered")


class SuggestRequest(_Request):
    """What an agent looks for: a text, typed or taken from a ticket."""

    text: Text = Field(max_length=200_000)
    language: LanguageCode | None = None
    collection: Literal["article", "reply", "ticket"] | None = Field(None, description="only this collection")
    labels: list[str] = Field([], max_length=20, description="only articles that carry one of these labels")
    k: int = Field(5, ge=1, le=50, description="how many to return")

    @field_validator("text")
    @classmethod
    def _not_empty(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("the text is empty: send what the agent looks for")
        return text


class SuggestAnswer(BaseModel):
    language: LanguageAnswer
    answerable: bool = Field(description="the first article probably answers")
    articles: list[ArticleAnswer]


class DeflectRequest(_Request):
    """What a customer has typed so far. Only public articles can be found."""

    text: Text = Field(max_length=20_000)
    language: LanguageCode | None = None


class DeflectAnswer(BaseModel):
    language: LanguageAnswer
    articles: list[ArticleAnswer] = Field(description="public articles that probably answer, or none")


class HealthAnswer(BaseModel):
    status: Literal["alive"]


class ReadyAnswer(BaseModel):
    status: Literal["ready"]
    bundle: str | None
    index: str | None
    missing: dict[str, str]


def short_code(code: str | None) -> str | None:
    """Return the language without region or script: `pt` for `pt-BR`; bokmål for plain Norwegian.

    >>> short_code("zh-Hans"), short_code("NO")
    ('zh', 'nb')
    """
    if code is None:
        return None
    short = code.replace("_", "-").split("-")[0].lower()
    return "nb" if short == "no" else short


def _with_zone(date: datetime | None) -> datetime | None:
    return date.replace(tzinfo=UTC) if date is not None and date.tzinfo is None else date
