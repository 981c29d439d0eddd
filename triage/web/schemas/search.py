"""Searches of agents and portals: requests and responses."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from models.text import clean_ticket
from triage.pipeline.responses import LanguageResponse
from triage.pipeline.search_responses import ArticleResponse
from triage.web.schemas.types import VISIBLE, Id, LanguageCode, Request, Text, holds_text


class SuggestRequest(Request):
    """Search of an agent: by a ticket, a typed text, or both. One of them must hold text."""

    model_config = ConfigDict(json_schema_extra=holds_text("subject", "body", "text"))

    subject: Text = Field("", max_length=200_000, description="of the ticket that is to be answered")
    body: Text = Field("", max_length=200_000, description="of that ticket: plain text or HTML")
    text: Text = Field("", max_length=200_000, validate_default=True, description="what the agent typed")
    language: LanguageCode | None = None
    collection: Literal["article", "reply", "ticket"] | None = Field(None, description="only this collection")
    labels: list[str] = Field([], max_length=20, description="only articles that carry one of these labels")
    k: int = Field(5, ge=1, le=50, description="how many to return")

    @field_validator("text")
    @classmethod
    def _text_somewhere(cls, text: str, info: ValidationInfo) -> str:
        parts = (text, *(str(info.data.get(part, "")) for part in ("subject", "body")))
        if not any(re.search(VISIBLE, part) for part in parts):
            raise ValueError("text, subject and body are empty: send what is looked for, or the ticket")
        return text

    def sent(self) -> str:
        """Return the query as it was sent, one part after the other."""
        return "\n".join(part for part in (self.subject, self.body, self.text) if part.strip())

    def cleaned(self) -> str:
        """Return the query as it is searched: cleaned, so that quotes in the ticket's body are left out."""
        ticket = clean_ticket(self.subject, self.body)
        return "\n".join(part for part in (ticket, clean_ticket("", self.text)) if part)


class SuggestResponse(BaseModel):
    language: LanguageResponse
    answerable: bool = Field(description="the first article probably answers")
    articles: list[ArticleResponse]
    search_id: str = Field(description="to name in feedback on these articles")


class DeflectRequest(Request):
    """Draft that a customer has typed so far. Only public articles can be found."""

    text: Text = Field(max_length=20_000, description="about the first 1,000 characters are read")
    language: LanguageCode | None = None
    session: Id | None = Field(
        None, description="the `session` of the answer before, so that one customer's drafts belong together"
    )


class DeflectResponse(BaseModel):
    language: LanguageResponse
    articles: list[ArticleResponse] = Field(description="public articles that probably answer, or none")
    session: str = Field(description="to send with the next draft, and with what became of it")
    search_id: str | None = Field(
        description="to name in feedback on these articles; null where nothing was searched"
    )
    stale: bool = Field(description="a newer draft of the session came meanwhile: wait for its answer")
    truncated: bool = Field(description="the draft was longer than is read of one: its end was left out")
