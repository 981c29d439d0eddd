"""Unclear dates: what to say of a column in which the day and the month cannot be told apart."""

from __future__ import annotations

from models.wording import counted


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
