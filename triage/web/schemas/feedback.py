"""Feedback: a body of one of three forms, which `about` names."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from kb_index.usage.events import EventKind
from triage.store.portal_sessions import Outcome
from triage.web.schemas.types import Id, Number, Request, Text, holds_one, number_as_text

_Short = Annotated[str, Field(max_length=500)]
_Value = Annotated[_Short, BeforeValidator(number_as_text, json_schema_input_type=_Short | Number | bool)]
_FieldName = Annotated[Text, Field(max_length=200)]
_SOURCES = ("decision_id", "search_id", "session_id")


class DecisionFeedback(Request):
    """Final values of a ticket's fields, changed or not."""

    about: Literal["decision"]
    decision_id: Id
    final: dict[_FieldName, _Value | Annotated[list[_Value], Field(max_length=100)] | None] = Field(
        min_length=1, max_length=50, description="field = right value; for tags a list; null: left empty"
    )
    id: Annotated[Text, Field(min_length=1, max_length=100)] | None = Field(
        None, description="a name for this feedback, such as a UUID: sent twice, it counts once"
    )


class ArticleEventRequest(Request):
    article_id: Text = Field(min_length=1, max_length=500)
    kind: EventKind


class ArticleFeedback(Request):
    """Events of articles of one response. The same event twice counts once."""

    model_config = ConfigDict(json_schema_extra=holds_one(*_SOURCES))

    about: Literal["articles"]
    events: list[ArticleEventRequest] = Field(min_length=1, max_length=100)
    decision_id: Id | None = Field(None, description="of the answer of /v1/triage that listed them, or")
    search_id: Id | None = Field(None, description="of the answer of /v1/suggest or /v1/deflect, or")
    session_id: Id | None = Field(
        None,
        description="the `session` of /v1/deflect; a portal's token needs it beside `search_id`. Alone, it "
        "stands for the newest search of the session that listed the article",
    )

    @model_validator(mode="after")
    def _one_source(self) -> ArticleFeedback:
        if not any(getattr(self, name) for name in _SOURCES):
            raise ValueError(f"say which answer listed the articles: one of {', '.join(_SOURCES)}")
        return self


class SessionFeedback(Request):
    """Outcome of a customer's session; of several outcomes the last one counts."""

    about: Literal["session"]
    session_id: Id
    outcome: Outcome = Field(description="solved by what was read, or a ticket was submitted")


class FeedbackRequest(
    RootModel[Annotated[DecisionFeedback | ArticleFeedback | SessionFeedback, Field(discriminator="about")]]
):
    """Feedback on a decision, on articles, or on a session."""


class FeedbackResponse(BaseModel):
    recorded: bool = Field(description="false where all of it was known already")
    right: dict[str, bool] = Field(
        description="for a decision: whether the value that was answered, or withheld, was right"
    )
    unknown: list[str] = Field(
        description="fields that the decision does not have, or articles that the answer did not list; they "
        "count for nothing"
    )
    new_values: dict[str, list[str]] = Field(
        default_factory=dict,
        description="for a decision: by field, values that neither the bundle nor the settings know; they "
        "are stored, and a training learns them",
    )
