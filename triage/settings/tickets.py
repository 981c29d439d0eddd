"""`[tickets]` of `triage.toml`: what an export of tickets is like."""

from __future__ import annotations

import codecs
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field, field_validator

from triage.settings.base import SettingsModel

ExportName = Literal[
    "zendesk", "freshdesk", "jira", "servicenow", "glpi", "zoho", "django-helpdesk", "rt", "none"
]


class TicketColumns(SettingsModel):
    """`[tickets]`: the format of an export, and what its columns or keys are called.

    A name is that of a column, or the key of a JSON object; a dot leads into an object within it.
    """

    format: ExportName | None = Field(
        None,
        description="whose export it is: zendesk, freshdesk, jira, servicenow, glpi, zoho, django-helpdesk, "
        "rt, or none; without it, the file tells",
    )
    encoding: str = Field(
        "", description="encoding of the file, such as `cp1252`, as Python names it; empty: it is detected"
    )
    id: str = Field("id", description="column or key with the ticket's id")
    subject: str = Field("subject", description="column or key with the subject line")
    body: str = Field("body", description="column or key with the text; HTML is fine")
    language: str = Field("language", description="column or key with the language code, if there is one")
    created_at: str = Field("created_at", description="column or key with the date, if there is one")
    closed_at: str = Field(
        "closed_at", description="column or key with the date of closing; a backtest learns a ticket then"
    )
    date_format: str = Field(
        "",
        description="form of the dates, such as `%d/%m/%Y %H:%M` for 01/02/2026 9:05; empty: the column "
        "tells, where it is clear",
    )
    channel: str = Field("channel", description="column or key with the channel, if there is one")
    requester: str = Field("requester", description="column or key with the sender, if there is one")
    attributes: tuple[str, ...] = Field((), description="further columns or keys that may help to predict")
    labels: dict[str, str] = Field(
        default_factory=dict, description="field name = column or key with its right value"
    )
    separator: str = Field(";", description="what separates several tags within one cell", min_length=1)
    agent_tickets: Literal["auto", "keep", "leave out"] = Field(
        "auto",
        description="tickets that an agent opened, where the export tells: keep, leave out, or auto, which "
        "keeps them in formats where agents open most tickets (servicenow, glpi, jira, rt)",
    )

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            return codecs.lookup(name).name if name else name
        except LookupError as error:
            raise ValueError(
                f"{name!r} is no encoding that Python knows, such as utf-8, utf-16, cp1252 or latin-1"
            ) from error

    @field_validator("date_format")
    @classmethod
    def _tells_the_day(cls, form: str) -> str:
        day = datetime(2026, 1, 31, tzinfo=UTC)
        try:
            told = datetime.strptime(day.strftime(form), form) if form else day
        except ValueError as error:
            raise ValueError(f"{form!r} is no form of a date as Python's strptime has it: {error}") from error
        if told.date() != day.date():
            raise ValueError(
                f"{form!r} does not tell year, month and day: it needs %Y or %y, %m or %b, and %d"
            )
        return form
