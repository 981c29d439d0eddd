"""Dates of a column: their form is told by all of them together, and never guessed from some.

In 01-02-2025 the day may come first or the month. A column in which some date has a number above 12 tells;
where none has, nothing does, and the settings must say it (`date_format`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from models.unix_time import FIRST_SECOND_OF_DATES, moment_since_1970
from training.exports.values import is_no_value

# January to December, in full and as calendars shorten them, in the languages of exports.
_MONTH_NAMES = (
    "jan january januar janv janvier ene enero gen gennaio januari jaanuar tammi sty stycznia led "
    "ledna saus янв",
    "feb february februar févr février fev febrero febbraio fevereiro februari helmi lut lutego úno "
    "febr vas фев",
    "mar march märz mär mars marzo março maart mrt maalis marca bře marts kov мар",
    "apr april avr avril abr abril aprile aprill huhti kwi kwietnia dub bal апр",
    "may mai mayo mag maggio maio mei maj touko maja kvě maijs geg май",
    "jun june juni juin junio giu giugno junho kesä cze czerwca čvn jūn jūnijs birž июн",
    "jul july juli juil juillet julio lug luglio julho heinä lip lipca čvc jūl jūlijs liep июл",
    "aug august août ago agosto augustus augusti elo sie sierpnia srp rugp авг",
    "sep sept september septembre septiembre set settembre setembro syys wrz września zář rugs сен",
    "oct october okt oktober octobre octubre ott ottobre out outubro loka paź października říj spal окт",
    "nov november novembre noviembre novembro marras lis listopada lapkr ноя",
    "dec december dez dezember déc décembre dic diciembre dicembre dezembro joulu gru grudnia pro gruod дек",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_TIME = (
    r"(?:[ T,]+(?P<hour>\d{1,2})[:.hH](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.? ?[Mm]\.?)?)?(?: ?(?P<zone>[A-Z]{1,4}|[+-]\d{2}:?\d{2})(?:\([^)]*\))?)?"
)
# Names that mean one zone; IST, CST and AST mean several.
_ZONES = {
    **{"Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2},
    **{"EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7},
    **{"MDT": -6, "PST": -8, "PDT": -7},
}
_NUMBERS = re.compile(r"(\d{1,4})([-/.] ?| )(\d{1,2})\2(\d{1,4})\.?" + _TIME)
_DAY_FIRST_NAME = re.compile(
    r"(?:[^\W\d]{2,9}\.?,? )?(\d{1,2})\.?[-/. ]+([^\W\d]{3,12})\.?[-/., ]+(\d{2}|\d{4})" + _TIME
)
_MONTH_FIRST_NAME = re.compile(r"(?:[^\W\d]{2,9}\.?,? )?([^\W\d]{3,12})\.? (\d{1,2}),? (\d{4})" + _TIME)
_CTIME = re.compile(
    r"[^\W\d]{2,9} ([^\W\d]{3}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2})"
    r"(?: (?P<zone>[A-Z]{1,4}|[+-]\d{4}))? (?P<year>\d{4})"
)
_EAST_ASIAN = re.compile(r"(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일]?" + _TIME)
_SPREADSHEET_DAY = re.compile(r"[3-6]\d{4}(?:\.\d{1,12})?")  # 1982 to 2091
_MAX_CHARS = 64
_NOT_SET = frozenset({"not set", "never", "0000-00-00 00:00:00"})


@dataclass(slots=True)
class DateColumn:
    """The dates of a column: each one's moment, None where it has none; and what could not be read.

    `unreadable` are positions. `ambiguous` and `contradicting` are positions of dates whose day and month
    cannot be told apart, in a column that says nothing, or says both.
    """

    moments: list[datetime | None]
    unreadable: list[int] = field(default_factory=list)
    ambiguous: list[int] = field(default_factory=list)
    contradicting: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A date of three numbers, with day and month before the year, or after it where all have two digits."""

    first: int
    second: int
    third: str
    clock: tuple[int, int, int]
    zone: timezone
    is_dotted: bool
    is_short: bool

    @property
    def begins_with_year(self) -> bool:
        """Tell whether the first number is no day and no month, as in 98-01-31."""
        return self.is_short and not 1 <= self.first <= 31

    @property
    def ends_with_year(self) -> bool:
        """Tell whether the last number is no day, as in 31-01-98."""
        return not 1 <= int(self.third) <= 31

    def moment(self, *, day_first: bool) -> datetime | None:
        day, month = (self.first, self.second) if day_first else (self.second, self.first)
        return _moment(_full_year(self.third), month, day, self.clock, self.zone)

    def moment_year_first(self) -> datetime | None:
        return _moment(_full_year(f"{self.first:02}"), self.second, int(self.third), self.clock, self.zone)

    def has_day_and_month_first(self) -> bool:
        return 1 <= min(self.first, self.second) <= 12 and max(self.first, self.second) <= 31


def read_dates(values: Sequence[Any], form: str = "") -> DateColumn:
    """Read the dates of a column, in the form of `date_format` where that is given, else in any clear one.

    Known are ISO 8601, dates with the name of a month, three numbers, and seconds or milliseconds since
    1970. A date without an offset is taken as UTC.
    """
    column = DateColumn([None] * len(values))
    open_dates: dict[int, _Numbers] = {}
    for position, value in enumerate(values):
        if _is_unset(value):
            continue
        found = _in_form(value, form) if form else _read(value)
        if isinstance(found, _Numbers):
            open_dates[position] = found
        elif found is None:
            column.unreadable.append(position)
        else:
            column.moments[position] = found
    _settle(column, _without_years_first(column, open_dates))
    return column


def _is_unset(value: Any) -> bool:
    if not isinstance(value, str):
        return value is None or (isinstance(value, float) and math.isnan(value))
    return is_no_value(value) or value.strip().casefold() in _NOT_SET


def _without_years_first(column: DateColumn, dates: dict[int, _Numbers]) -> dict[int, _Numbers]:
    """Set the dates that begin with a year of two digits, and return those that begin with day and month.

    98-01-31 tells that 26-01-31 in the same column begins with a year too, unless another date ends with one.
    """
    by_column = any(d.begins_with_year for d in dates.values()) and not any(
        d.is_short and not d.begins_with_year and d.ends_with_year for d in dates.values()
    )
    others: dict[int, _Numbers] = {}
    for position, date in dates.items():
        begins = date.begins_with_year or (by_column and date.is_short)
        if not begins and date.has_day_and_month_first():
            others[position] = date
            continue
        column.moments[position] = date.moment_year_first() if begins else None
        if column.moments[position] is None:
            column.unreadable.append(position)
    return others


def _settle(column: DateColumn, open_dates: dict[int, _Numbers]) -> None:
    """Decide whether day or month comes first, from all dates of the column at once."""
    only_day_first = [p for p, d in open_dates.items() if d.first > 12 or (d.is_dotted and d.second <= 12)]
    only_month_first = [p for p, d in open_dates.items() if d.second > 12]
    if only_day_first and only_month_first:
        column.contradicting = [only_day_first[0], only_month_first[0]]
        return
    known = bool(only_day_first or only_month_first)
    for position, date in open_dates.items():
        moment = date.moment(day_first=not only_month_first)
        if known or date.first == date.second:
            column.moments[position] = moment
            if moment is None:
                column.unreadable.append(position)
        else:
            column.ambiguous.append(position)
    if column.ambiguous:
        for position in open_dates:
            column.moments[position] = None


def _in_form(value: Any, form: str) -> datetime | None:
    try:
        moment = datetime.strptime(str(value).strip(), form)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read(value: Any) -> datetime | _Numbers | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return moment_since_1970(int(value), FIRST_SECOND_OF_DATES)
    if not isinstance(value, str) or len(value) > _MAX_CHARS:
        return None
    text = " ".join(value.split())
    if text.isdecimal() and len(text) in (10, 13):
        return moment_since_1970(int(text))
    if (found := _iso(text)) is not None or (found := _spreadsheet_day(text)) is not None:
        return found
    return _from_numbers(match) if (match := _NUMBERS.fullmatch(text)) else _from_words(text)


def _from_words(text: str) -> datetime | None:
    for pattern in (_DAY_FIRST_NAME, _MONTH_FIRST_NAME):
        match = pattern.fullmatch(text)
        if match and (moment := _from_name(match, day_first=pattern is _DAY_FIRST_NAME)):
            return moment
    if match := _CTIME.fullmatch(text):
        month = _MONTHS.get(match[1].casefold(), 0)
        clock = (int(match[3]), int(match[4]), int(match[5]))
        return _moment(int(match["year"]), month, int(match[2]), clock, _zone(match))
    if match := _EAST_ASIAN.fullmatch(text):
        return _moment(int(match[1]), int(match[2]), int(match[3]), _clock(match), _zone(match))
    return None


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _spreadsheet_day(text: str) -> datetime | None:
    """Return the moment that a spreadsheet counts in days since 1899, as it writes dates without a form."""
    if not _SPREADSHEET_DAY.fullmatch(text):
        return None
    return (datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=float(text))).replace(microsecond=0)


def _from_numbers(match: re.Match[str]) -> datetime | _Numbers | None:
    first, second = int(match[1]), int(match[3])
    clock, zone = _clock(match), _zone(match)
    if len(match[1]) == 4:
        return _moment(first, second, int(match[4]), clock, zone)
    if len(match[4]) not in (2, 4) or len(match[1]) > 2 or zone is None:
        return None
    is_short = len(match[1]) == len(match[4]) == 2
    return _Numbers(first, second, match[4], clock, zone, match[2].startswith("."), is_short)


def _from_name(match: re.Match[str], *, day_first: bool) -> datetime | None:
    day, name = (match[1], match[2]) if day_first else (match[2], match[1])
    month = _MONTHS.get(name.casefold()) or _MONTHS.get(name.casefold()[:3], 0)
    return _moment(_full_year(match[3]), month, int(day), _clock(match), _zone(match))


def _full_year(digits: str) -> int:
    """Return a year of four or two digits; of two, from 70 on one of the last century."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _clock(match: re.Match[str]) -> tuple[int, int, int]:
    hour = int(match["hour"] or 0)
    if match["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match["half"] in "pP" else 0)
    return hour, int(match["minute"] or 0), int(match["second"] or 0)


def _zone(match: re.Match[str]) -> timezone | None:
    """Return the zone of a date, UTC without one; None for a name that is not known."""
    zone = match["zone"] or "UTC"
    if zone[0] not in "+-":
        hours = _ZONES.get(zone)
        return None if hours is None else timezone(timedelta(hours=hours))
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return timezone(timedelta(minutes=minutes if zone[0] == "+" else -minutes)) if minutes < 1440 else UTC


def _moment(
    year: int, month: int, day: int, clock: tuple[int, int, int], zone: timezone | None
) -> datetime | None:
    hour, minute, second = clock
    if zone is None:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
