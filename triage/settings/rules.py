"""`[matrix.NAME]`, `[[rules]]` and `[sla]` of `triage.toml`, as the rule pipeline takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from models.classifiers.fields import Label
from models.language.codes import normalize_code
from triage.business_hours import (
    WEEKDAYS,
    BusinessHours,
    Span,
    Weekday,
    check_region,
    parse_span,
    parse_week,
)
from triage.settings.base import SettingsModel


def _as_list(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _as_span(value: Any) -> Any:
    return parse_span(value) if isinstance(value, str) else value


def _casefolded(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.casefold() for value in values)


OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]
AnyCase = Annotated[OneOrMore, AfterValidator(_casefolded)]
Duration = Annotated[Span, BeforeValidator(_as_span)]
Steps = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class Condition(SettingsModel):
    """`when = {…}`: a condition on tickets; every part that is given must match.

    Languages, channels, requesters and attributes are compared without regard to case, and are in small
    letters here; values of fields are compared exactly.
    """

    language: OneOrMore | None = Field(None, description="language of the ticket (ISO 639-1), one or a list")
    min_language_confidence: Share = Field(0.8, description="how sure the language must be at least")
    channel: AnyCase | None = Field(None, description="channel of the ticket, one or a list")
    requester: OneOrMore | None = Field(
        None, description="address of the sender, or @domain for all of one domain; one or a list"
    )
    attributes: dict[str, AnyCase] = Field(
        default_factory=dict, description="attribute = value, or a list of values"
    )
    fields: dict[str, OneOrMore] = Field(
        default_factory=dict,
        description="field = value, or a list of values; it must be applied, or set by a person",
    )
    min_confidence: Share | None = Field(
        None, description="let predicted fields count from this probability on, applied or not"
    )

    @field_validator("language")
    @classmethod
    def _short_codes(cls, codes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for code in codes or ():
            if not (code.isascii() and code.isalpha() and code.islower() and len(code) in {2, 3}):
                raise ValueError(f"found {code!r}, expected an ISO 639-1 code in small letters like de")
        # As tickets have it, whether their language was given or detected.
        return codes and tuple(map(normalize_code, codes))

    @field_validator("requester")
    @classmethod
    def _addresses(cls, requesters: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for requester in requesters or ():
            if requester.count("@") != 1 or requester.endswith("@"):
                raise ValueError(
                    f"found {requester!r}, expected an address like ann@example.com or @example.com"
                )
        return requesters and _casefolded(requesters)


class Matrix(SettingsModel):
    """`[matrix.NAME]`: the field NAME follows from two others; no cell is missing."""

    rows: str = Field(description="the field whose values are the rows, such as impact")
    columns: str = Field(description="the field whose values are the columns, such as urgency")
    cells: dict[str, dict[str, str]] = Field(description="row value = table of column value = value of NAME")


class Rule(SettingsModel):
    """One of `[[rules]]`: what to do with the tickets on which its condition holds."""

    name: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        description="what the rule is called in answers; each name once"
    )
    when: Condition = Field(Condition(), description="which tickets are concerned; without it, all of them")
    set: dict[str, Label] = Field(
        default_factory=dict, description="field = value that it gets, for tags a list"
    )
    raise_by: dict[str, Steps] = Field(
        default_factory=dict, description="ordinal field = by how many values it is raised"
    )
    lower_by: dict[str, Steps] = Field(
        default_factory=dict, description="ordinal field = by how many values it is lowered"
    )
    at_least: dict[str, str] = Field(default_factory=dict, description="ordinal field = its lowest value")
    at_most: dict[str, str] = Field(default_factory=dict, description="ordinal field = its highest value")

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not (self.set or self.raise_by or self.lower_by or self.at_least or self.at_most):
            raise ValueError(
                f"the rule {self.name!r} has no effect: give it set, raise_by, lower_by, at_least or at_most"
            )
        return self

    def steps(self, name: str) -> int:
        """Return by how many values the rule raises an ordinal; below 0, lowers it."""
        return self.raise_by.get(name, 0) - self.lower_by.get(name, 0)

    def changes(self, name: str) -> list[str]:
        """Return in words how the rule moves an ordinal; empty where it does not."""
        steps = self.steps(name)
        words = [f"{'raised' if steps > 0 else 'lowered'} by {abs(steps)}"] if steps else []
        words += [f"at least {self.at_least[name]}"] if name in self.at_least else []
        words += [f"at most {self.at_most[name]}"] if name in self.at_most else []
        return words


class SlaTarget(SettingsModel):
    """One of `[[sla.targets]]`: times for the tickets on which its condition holds; the first one counts."""

    name: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        description="what the target is called in answers; each name once"
    )
    when: Condition = Field(Condition(), description="which tickets it is for; without it, all that are left")
    first_response: Duration | None = Field(
        None, description="time to the first answer: 30m, 4h, 2d; d is a working day"
    )
    resolution: Duration | None = Field(None, description="time to the solution, in the same form")
    around_the_clock: bool = Field(False, description="count nights and holidays too; d is then 24 hours")

    @model_validator(mode="after")
    def _sets_a_time(self) -> Self:
        if self.first_response is None and self.resolution is None:
            raise ValueError(
                f"the target {self.name!r} sets no time: give it first_response or resolution, or both"
            )
        return self


def _sorted(days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))


def _whole_week(hours: Any) -> Any:
    return dict.fromkeys(WEEKDAYS, ("00:00-24:00",)) if hours == "24x7" else hours


def _open_sometime(hours: Mapping[Weekday, tuple[str, ...]]) -> Mapping[Weekday, tuple[str, ...]]:
    parse_week(dict(hours))
    return hours


class Sla(SettingsModel):
    """`[sla]`: opening hours, in which the time of the targets counts."""

    timezone: str = Field("UTC", description="time zone of the opening hours, like Europe/Helsinki")
    hours: Annotated[
        dict[Weekday, tuple[str, ...]], BeforeValidator(_whole_week), AfterValidator(_open_sometime)
    ] = Field(
        "24x7",
        validate_default=True,
        description='weekday (mon to sun) = list of ranges like "08:00-17:00"; or "24x7"',
    )
    holidays: Annotated[tuple[date, ...], AfterValidator(_sorted)] = Field(
        (), description="dates without opening hours, like 2026-12-24"
    )
    holiday_region: str = Field(
        "",
        description="country or region whose public holidays have no opening hours either, such as FI or "
        "DE-BY",
    )
    targets: tuple[SlaTarget, ...] = Field((), description="the targets; see below")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError) as error:
            raise ValueError(
                f"found {name!r}, expected the name of a time zone like Europe/Helsinki "
                "(a machine without time zones needs the package tzdata)"
            ) from error
        return name

    @field_validator("holiday_region")
    @classmethod
    def _known_region(cls, region: str) -> str:
        return check_region(region) if region else region

    @cached_property
    def business_hours(self) -> BusinessHours:
        """The hours in which time counts."""
        return BusinessHours(
            zone=ZoneInfo(self.timezone),
            week=parse_week(self.hours),
            holidays=frozenset(self.holidays),
            holiday_region=self.holiday_region,
        )
