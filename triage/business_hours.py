"""Business hours: opening hours with holidays, and the moment at which a span of working time has passed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MICROSECOND = timedelta(microseconds=1)
_DAY_MINUTES = 24 * 60
_RANGE = re.compile(r"(\d\d):([0-5]\d)\s*-\s*(\d\d):([0-5]\d)")
_SPAN = re.compile(r"(?:(\d{1,4})d)?\s*(?:(\d{1,5})h)?\s*(?:(\d{1,6})m)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Length of time: working days, and hours and minutes in addition."""

    days: int
    rest: timedelta


@dataclass(frozen=True, slots=True)
class OpenRange:
    """Minutes since midnight on the wall clock, `start` < `end`; 24:00 is 1440."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Opening:
    """One open stretch, as two moments in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """Opening hours of a week on the wall clock of a time zone, and the holidays.

    `week` holds the ranges of each weekday, Monday first, ascending and apart; at least one is open.
    `holidays` are dates, `holiday_region` names a country or region whose public holidays count too; it was
    checked by `check_region`.
    """

    zone: ZoneInfo
    week: tuple[tuple[OpenRange, ...], ...]
    holidays: frozenset[date] = frozenset()
    holiday_region: str = ""

    def add_working_time(self, start: datetime, span: Span) -> datetime:
        """Return the moment at which `span` of working time has passed since `start`, in this zone.

        Hours and minutes count only while open, in real time also where the clock changes. A day is one
        working day whatever its length, and passes evenly over its opening hours: one day from half-way
        through Thursday's hours ends half-way through Friday's; from Saturday it ends with Monday's last
        minute. Seconds are rounded down.

        Raises:
            OverflowError: the moment lies beyond the year 9999.
        """
        moment = start.astimezone(UTC)
        if span.days:
            moment = self._after_days(moment, span.days)
        if span.rest:
            moment = self._after_time(moment, span.rest)
        return moment.astimezone(self.zone).replace(microsecond=0)

    def is_holiday(self, day: date) -> bool:
        """Tell whether the helpdesk is closed on a day for a holiday."""
        if day in self.holidays:
            return True
        return bool(self.holiday_region) and day in public_holidays(self.holiday_region, day.year)

    def _after_days(self, moment: datetime, count: int) -> datetime:
        days = self._open_days(moment)
        openings = next(days)
        elapsed, whole = _length(openings, until=moment), _length(openings)
        if elapsed >= whole:
            openings, elapsed = next(days), timedelta()
        for _ in range(count if elapsed else count - 1):  # a day that is wholly ahead is the first to pass
            openings = next(days)
        if not elapsed:
            return openings[-1].end
        share = (elapsed // _MICROSECOND) * (_length(openings) // _MICROSECOND) // (whole // _MICROSECOND)
        return _within(openings, share * _MICROSECOND)

    def _after_time(self, moment: datetime, length: timedelta) -> datetime:
        openings = chain.from_iterable(self._open_days(moment))
        while True:
            opening = next(openings)
            begin = max(opening.start, moment)
            if opening.end - begin >= length:
                return begin + length
            length -= max(opening.end - begin, timedelta())

    def _open_days(self, moment: datetime) -> Iterator[list[_Opening]]:
        """Yield the openings of each day that has any, from the local date of `moment` on, without end."""
        day = moment.astimezone(self.zone).date()
        while True:
            ranges = () if self.is_holiday(day) else self.week[day.weekday()]
            openings: list[_Opening] = []
            for opened in ranges:
                start, end = self._moment(day, opened.start), self._moment(day, opened.end)
                if openings:  # an hour that the clock skips must not be counted in two ranges
                    start = max(start, openings[-1].end)
                if start < end:
                    openings.append(_Opening(start, end))
            if openings:
                yield openings
            day += timedelta(days=1)

    def _moment(self, day: date, minutes: int) -> datetime:
        """Return the UTC moment of a wall-clock time; of an hour that occurs twice, the first."""
        if minutes == _DAY_MINUTES:
            day, minutes = day + timedelta(days=1), 0
        wall = datetime.combine(day, time(*divmod(minutes, 60)), tzinfo=self.zone)
        return wall.astimezone(UTC)


def _length(openings: list[_Opening], *, until: datetime | None = None) -> timedelta:
    """Return how much open time a day has, or has had at the moment `until`."""
    ends = [opening.end if until is None else min(opening.end, until) for opening in openings]
    parts = (max(end - o.start, timedelta()) for o, end in zip(openings, ends, strict=True))
    return sum(parts, timedelta())


def _within(openings: list[_Opening], length: timedelta) -> datetime:
    """Return the moment at which `length` of a day's open time has passed."""
    for opening in openings:
        if length <= opening.end - opening.start:
            return opening.start + length
        length -= opening.end - opening.start
    return openings[-1].end


@lru_cache(maxsize=256)
def public_holidays(region: str, year: int) -> frozenset[date]:
    """Return the public holidays of a country or region in a year, on the days on which they are kept.

    The package `holidays` knows them, for some 250 countries and their regions.
    """
    import holidays  # takes 0.2 s, and only some helpdesks ask for it

    country, _, subdivision = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))


def check_region(region: str) -> str:
    """Return the region, if it is a country or one of its regions by ISO 3166, such as DE or DE-BY.

    Raises:
        ValueError: its holidays are not known.
    """
    import holidays

    country, _, subdivision = region.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        raise ValueError(
            f"found {region!r}, expected a country such as DE, or one of its regions such as DE-BY"
        )
    if "-" in region and subdivision not in known[country]:
        of_country = ", ".join(f"{country}-{name}" for name in known[country]) or "none"
        raise ValueError(f"found {region!r}, expected {country} or one of its regions: {of_country}")
    return region


def parse_span(text: str) -> Span:
    """Read a length of time.

    >>> parse_span("1d 4h")
    Span(days=1, rest=datetime.timedelta(seconds=14400))

    Raises:
        ValueError: it has another form, is nothing, or longer than 365 days or 1000 hours.
    """
    found = _SPAN.fullmatch(text.strip())
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if not days and not hours and not minutes:
        raise ValueError(f"found {text!r}, expected a length of time like 30m, 4h, 2d or 1d 4h")
    span = Span(days, timedelta(hours=hours, minutes=minutes))
    if days > 365 or span.rest > timedelta(hours=1000):
        raise ValueError(f"found {text!r}, expected at most 365d or 1000h")
    return span


def parse_week(hours: Mapping[Weekday, tuple[str, ...]]) -> tuple[tuple[OpenRange, ...], ...]:
    """Read opening hours by weekday, like `{"mon": ("08:00-12:00", "13:00-17:00")}`; others are closed.

    Raises:
        ValueError: a range has another form, ends before it begins, overlaps another, or a week has
            less than one open hour.
    """
    week = tuple(_parse_day(name, hours.get(name, ())) for name in WEEKDAYS)
    if sum(opened.end - opened.start for day in week for opened in day) < 60:
        raise ValueError(
            "found no open hours, or less than one hour a week: "
            'give a weekday its hours, like mon = ["08:00-17:00"], or write hours = "24x7"'
        )
    return week


def _parse_day(name: str, texts: tuple[str, ...]) -> tuple[OpenRange, ...]:
    ranges = sorted((_parse_range(name, text) for text in texts), key=lambda opened: opened.start)
    for earlier, later in pairwise(ranges):
        if later.start < earlier.end:
            raise ValueError(f"{name}: the ranges {list(texts)} overlap: write them one after the other")
    return tuple(ranges)


def _parse_range(name: str, text: str) -> OpenRange:
    found = _RANGE.fullmatch(text.strip())
    if not found:
        raise ValueError(f'{name}: found {text!r}, expected a range like "08:00-17:00"')
    hour, minute, end_hour, end_minute = map(int, found.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if start > _DAY_MINUTES or end > _DAY_MINUTES:
        raise ValueError(f"{name}: found {text!r}, expected times from 00:00 to 24:00")
    if end <= start:
        raise ValueError(
            f"{name}: {text!r} ends before it begins: write a night as two ranges, until 24:00 on one "
            f"day and from 00:00 on the next"
        )
    return OpenRange(start, end)
