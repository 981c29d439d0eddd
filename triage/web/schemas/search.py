"""Searches for agents and for portals, and what they find."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, field_validator

from triage.answers import ArticleAnswer, LanguageAnswer
from triage.web.schemas.shared import VISIBLE, Id, LanguageCode, Request, Text


class SuggestRequest(Request):
    """What an agent looks for: a text, typed or taken from a ticket."""

    text: Text = Field(max_length=200_000, json_schema_extra={"pattern": VISIBLE})
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
    search_id: str = Field(description="to name in feedback on these articles")


class DeflectRequest(Request):
    """What a customer has typed so far. Only public articles can be found."""

    text: Text = Field(max_length=20_000)
    language: LanguageCode | None = None
    session: Id | None = Field(
        None, description="the `session` of the answer before, so that one customer's drafts belong together"
    )


class DeflectAnswer(BaseModel):
    language: LanguageAnswer
    articles: list[ArticleAnswer] = Field(description="public articles that probably answer, or none")
    session: str = Field(description="to send with the next draft, and with what became of it")
    search_id: str | None = Field(
        description="to name in feedback on these articles; null where nothing was searched"
    )
    stale: bool = Field(description="a newer draft of the session came meanwhile: wait for its answer")
