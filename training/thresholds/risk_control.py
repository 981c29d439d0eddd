"""The lowest confidence from which held-out tickets vouch for an error that stays under a target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr
from scipy.stats import nbinom

# How many bars one search tries, from the most cautious on.
GRID = 80
# Where a search starts, as shares of the tickets, and how much of the risk each gets. Two starts measured
# by simulation (300 to 2,000 tickets, accuracy .70 to .93, noisy labels) against starting at the smallest
# faultless sample, all coverages, doubling samples and other shares: the highest mean coverage. A third is
# for fields that are sure of few of many tickets: on parts of training sets, the category of NHS feedback has
# a mean coverage of 0.10 from 2,000 and 3,400 held-out tickets, not 0; Banking77 0.93 of 3,000 with either.
_FEW_STARTS = ((0.2, 0.8), (0.6, 0.2))
_MANY_STARTS = ((0.05, 0.3), (0.2, 0.5), (0.6, 0.2))
# A start is large enough to survive this many wrong tickets.
_SURVIVES = 1


@dataclass(frozen=True, slots=True)
class Search:
    """What was found among `tickets`: the lowest bar that held, how many lie at or above it, how many wrong.

    Without a `bar`, `accepted` and `errors` are those of the first sample tried; none when it takes more.
    `takes` is the smallest number of tickets, all right, that would have been enough.
    """

    bar: float | None
    tickets: int
    accepted: int
    errors: int
    takes: int


def chance(errors: int, n: int, target_error: float) -> float:
    """Return how likely at most `errors` of n tickets are wrong if `target_error` of all are, in [0, 1].

    It is at most r exactly where the one-sided Clopper-Pearson upper bound of the error, at the
    confidence 1 - r, is at most `target_error`.

    >>> round(chance(0, 59, 0.05), 4), round(chance(2, 100, 0.06162), 3)
    (0.0485, 0.05)
    """
    return 0.0 if errors < 0 else float(bdtr(errors, n, target_error))


@cache
def smallest_sample(target_error: float, risk: float, errors: int = 0) -> int:
    """Return how many tickets, `errors` of them wrong, it takes to vouch for the target at that risk.

    >>> smallest_sample(0.05, 0.05), smallest_sample(0.05, 0.05, errors=1)
    (59, 93)
    """
    return int(nbinom.ppf(1 - risk, errors + 1, target_error)) + errors + 1


def lowest_bar(
    confidence: NDArray[np.floating], correct: NDArray[np.bool_], *, target_error: float, risk: float
) -> Search:
    """Search the (n,) confidences and outcomes of held-out tickets for the lowest bar that keeps the target.

    With probability at least 1 - `risk` over the draw of the tickets, at most `target_error` of the tickets
    at or above the bar are wrong. Bars are tried from the most cautious down, each by Clopper and
    Pearson's exact test, as a fixed sequence with two or three starts (Learn then Test, arXiv 2110.01052; the
    fallback procedure of Wiens 2003): a start brings its part of the risk, a bar that holds passes on what it
    was tested with, a bar that does not loses it. So a stumble at the first start is not the end. Where bars
    are tried depends on the number of tickets and ties of confidence alone, never on the outcomes. Tickets of
    equal confidence are accepted together.
    """
    order = np.argsort(-confidence, kind="stable")
    falling, wrong = -confidence[order], np.cumsum(~correct[order])
    n = len(order)
    takes = smallest_sample(target_error, risk)
    if n < takes:
        return Search(None, n, 0, 0, takes)
    starts = _starts(n, target_error, risk)
    tried = np.unique(np.linspace(min(starts), n, GRID).astype(int))
    tried = np.unique(np.searchsorted(falling, falling[np.append(tried, list(starts)) - 1], side="right"))
    brought = np.zeros(len(tried))
    for count, part in starts.items():
        brought[np.searchsorted(tried, count)] += part
    chances: NDArray[np.float64] = bdtr(wrong[tried - 1], tried, target_error)
    held, at_hand = None, 0.0
    for i in range(len(tried)):
        at_hand += brought[i]
        if chances[i] <= at_hand:
            held = i
        else:
            at_hand = 0.0
    accepted = int(tried[0 if held is None else held])
    bar = None if held is None else -float(falling[accepted - 1])
    return Search(bar, n, accepted, int(wrong[accepted - 1]), takes)


def _starts(n: int, target_error: float, risk: float) -> dict[int, float]:
    """Return the sizes of the samples at which the search starts, and the risk that each brings."""
    many = [(_size(n, share, target_error, part * risk), part) for share, part in _MANY_STARTS]
    few = [(_size(n, share, target_error, part * risk), part) for share, part in _FEW_STARTS]
    # The additional start has to come early enough to be worth its part of the risk.
    chosen = many if many[0][0] <= few[0][0] / 2 else few
    starts: dict[int, float] = {}
    for size, part in chosen:
        if size <= n:
            starts[size] = starts.get(size, 0.0) + part * risk
    first = min(starts, default=smallest_sample(target_error, risk))
    starts[first] = starts.get(first, 0.0) + risk - sum(starts.values())
    return starts


def _size(n: int, share: float, target_error: float, risk: float) -> int:
    return max(smallest_sample(target_error, risk, errors=_SURVIVES), int(np.ceil(share * n)))
