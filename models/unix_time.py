"""Unix time: a number of seconds or milliseconds since 1970 as a moment."""

from __future__ import annotations

from datetime import UTC, datetime

# From September 2001 to 2286. A smaller number may be an id; where only dates stand, it may be from 1973 on.
_FIRST_SECOND, _LAST_SECOND = 10**9, 10**10
FIRST_SECOND_OF_DATES = 10**8


def moment_since_1970(number: int, first_second: int = _FIRST_SECOND) -> datetime | None:
    """Return the moment that a number of seconds or milliseconds stands for, None if it is out of range.

    >>> moment_since_1970(1769850000) == moment_since_1970(1769850000000), moment_since_1970(10**400)
    (True, None)
    """
    seconds = number if number <= _LAST_SECOND else number // 1000
    if not first_second <= seconds <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(number if seconds == number else number / 1000, UTC)
