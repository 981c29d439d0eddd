"""Searches for agents and for portals, and what they find."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, field_validator

from triage.answers import ArticleAnswer, LanguageAnswer
from triage.web.schemas.shared import VISIBLE, LanguageCode, Request, Text


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


class DeflectRequest(Request):
    """What a customer has typed so far. Only public articles can be found."""

    text: Text = Field(max_length=20_000)
    language: LanguageCode | None = None


class DeflectAnswer(BaseModel):
    language: LanguageAnswer
    articles: list[ArticleAnswer] = Field(description="public articles that probably answer, or none")
