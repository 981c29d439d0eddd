"""Columns of dates: told by their values, and what to say where day and month cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.wording import counted
from training.exports.dates import read_dates

_DATES = 0.95  # so many of the filled cells of a column of dates are dates
_FILLED = 0.8  # so many of its cells are filled, as every ticket was opened
_EARLIEST = 0.95  # in so many rows the opening is not after another date


def possible_forms(example: str) -> tuple[str, str]:
    """Return the forms that a date of three numbers may have: the day first, and the month first.

    >>> possible_forms("01/02/2025 9:05 AM")
    ('%d/%m/%Y %I:%M %p', '%m/%d/%Y %I:%M %p')
    """
    date, _, clock = example.partition(" ")
    mark = next((char for char in date if not char.isalnum()), "/")
    year = "%Y" if len(date.split(mark)[-1]) == 4 else "%y"
    rest = f"{mark}{year}{_clock_form(clock)}"
    return f"%d{mark}%m{rest}", f"%m{mark}%d{rest}"


def _clock_form(clock: str) -> str:
    if not clock:
        return ""
    seconds = ":%S" if clock.count(":") == 2 else ""
    half = clock.strip()[-2:].casefold() in ("am", "pm")
    return f" %I:%M{seconds} %p" if half else f" %H:%M{seconds}"


def ambiguity(shown: tuple[int, str], count: int, forms: tuple[str, str]) -> str:
    """Return the words about a column that tells nothing; `shown` is the line and the date of an example."""
    first, second = (f'date_format = "{form}"' for form in forms)
    return (
        f"line {shown[0]}: the date {shown[1]!r} may begin with the day or with the month, and none of the "
        f"{counted(count, 'date')} like it tells. Set {first} or {second} in [tickets]"
    )


def contradiction(one: tuple[int, str], other: tuple[int, str]) -> str:
    """Return the words about a column that says both; of each order the line and the date of an example."""
    return (
        f"line {one[0]} has the date {one[1]!r} and line {other[0]} {other[1]!r}: in one the day comes "
        "first, in the other the month. Write the column in one form"
    )


def opening_moments(cells: Sequence[Any]) -> list[datetime | None]:
    """Return the dates of a column in nearly all rows; an empty list where it is no such column."""
    filled = [cell for cell in cells if cell not in (None, "")]
    if len(filled) < max(1, _FILLED * len(cells)) or not _look_like_dates(filled):
        return []
    dates = read_dates(cells)
    if len(dates.unreadable) > (1 - _DATES) * len(filled):
        return []
    if dates.ambiguous:  # the earlier of two columns is the same one, whichever of day and month is first
        form, _ = possible_forms(str(cells[dates.ambiguous[0]]).strip())
        return read_dates(cells, form).moments
    return dates.moments


def _look_like_dates(cells: Sequence[Any]) -> bool:
    """Tell whether cells look like dates rather than bare numbers, which may count anything."""
    return not all(
        isinstance(cell, (int, float)) or str(cell).strip().replace(".", "", 1).isdecimal() for cell in cells
    )


def earliest(columns: Mapping[str, Sequence[datetime | None]]) -> str | None:
    """Return the column that is not after another one in nearly all rows, None where there is none."""
    for name, moments in columns.items():
        others = [other for key, other in columns.items() if key != name]
        pairs = [(a, b) for other in others for a, b in zip(moments, other, strict=True) if a and b]
        if sum(a <= b for a, b in pairs) >= _EARLIEST * len(pairs):
            return name
    return None


def are_dates(cells: Iterable[Any]) -> bool:
    """Tell whether nearly all filled cells are dates."""
    filled = [cell for cell in cells if cell not in (None, "")]
    return bool(filled) and len(read_dates(filled).unreadable) <= (1 - _DATES) * len(filled)
