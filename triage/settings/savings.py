"""`[savings]` of `triage.toml`: minutes that a backtest counts, as the helpdesk assumes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from triage.settings.base import SettingsModel

_Minutes = Annotated[float, Field(ge=0, le=1_000)]


class FieldSavings(SettingsModel):
    """`[savings.fields.NAME]`: minutes for one field, in place of those for every field."""

    set_right: _Minutes = Field(1.0, description="minutes saved where a value was set and is right")
    set_wrong: _Minutes = Field(10.0, description="minutes lost where a value was set and is wrong")
    suggested_right: _Minutes = Field(
        0.3,
        description="minutes saved where the first suggestion is right, and not just the most frequent value",
    )
    suggested_wrong: _Minutes = Field(
        0.1, description="minutes lost where the first suggested value is wrong"
    )


class SavingsSettings(FieldSavings):
    """`[savings]`: minutes for every field that has no table of its own, and for articles."""

    article_right: _Minutes = Field(
        2.0, description="minutes saved where an article is shown that is known to have solved the ticket"
    )
    fields: dict[str, FieldSavings] = Field(
        default_factory=dict, description="field = minutes of its own, for some or all of the four"
    )

    def of(self, field: str) -> FieldSavings:
        """Return the minutes for a field: its own where it has some, else those for every field.

        >>> savings = SavingsSettings(set_right=2, fields={"team": {"set_wrong": 15}})
        >>> savings.of("team").set_right, savings.of("team").set_wrong, savings.of("priority").set_wrong
        (2.0, 15.0, 10.0)
        """
        common = self.model_dump(include=set(FieldSavings.model_fields))
        own = self.fields.get(field)
        return FieldSavings(**{**common, **(own.model_dump(exclude_unset=True) if own else {})})
