"""Confidence intervals of counted shares and of their differences."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betaincinv, ndtri

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Confidence interval, at the level `CONFIDENCE`, of a share or of a difference of shares."""

    estimate: float
    lower: float
    upper: float


def clopper_pearson(count: int, of: int) -> Interval | None:
    """Return a share with its two-sided Clopper-Pearson interval (Biometrika 26, 1934); None of nothing.

    >>> shown = clopper_pearson(3, 100)
    >>> round(shown.lower, 4), shown.estimate, round(shown.upper, 4)
    (0.0062, 0.03, 0.0852)
    """
    if of == 0:
        return None
    tail = (1 - CONFIDENCE) / 2
    lower = float(betaincinv(count, of - count + 1, tail)) if count else 0.0
    upper = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return Interval(count / of, lower, upper)


def upper_bound(count: float, of: float, level: float) -> float:
    """Return the one-sided upper Clopper-Pearson bound of a share, 1 where all count or there is nothing.

    Both numbers may be fractions, as of tickets that are worth less than their number.

    >>> round(upper_bound(0, 59, 0.95), 4), round(upper_bound(2, 100, 0.95), 4)
    (0.0495, 0.0616)
    """
    return float(betaincinv(count + 1, of - count, level)) if count < of else 1.0


def newcombe_difference(first: int, of_first: int, second: int, of_second: int) -> Interval | None:
    """Return the first share minus the second, in [-1, 1], with its interval; None where one is of nothing.

    The interval is Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10).

    >>> shown = newcombe_difference(56, 70, 48, 80)
    >>> round(shown.lower, 4), round(shown.estimate, 4), round(shown.upper, 4)
    (0.0524, 0.2, 0.3339)
    """
    if not of_first or not of_second:
        return None
    one, other = _wilson(first, of_first), _wilson(second, of_second)
    gap = one.estimate - other.estimate
    down = math.hypot(one.estimate - one.lower, other.upper - other.estimate)
    up = math.hypot(one.upper - one.estimate, other.estimate - other.lower)
    return Interval(gap, gap - down, gap + up)


def _wilson(count: int, of: int) -> Interval:
    z = float(ndtri(1 - (1 - CONFIDENCE) / 2))
    estimate = count / of
    middle = (estimate + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(estimate * (1 - estimate) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Interval(estimate, middle - reach, middle + reach)
