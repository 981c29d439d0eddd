"""Risk control: the lowest confidence threshold at which held-out tickets certify an error under a target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betainc
from scipy.stats import nbinom

from training.thresholds.dependence import Dependence

# How many thresholds one search tests, from the most cautious on.
GRID = 80
# Where a search starts, as shares of the tickets, and which share of alpha each start gets. Measured by
# simulation (300 to 2,000 tickets, accuracy .70 to .93, noisy labels), two starts have the highest mean
# coverage; less had a start at the smallest faultless sample, at all coverages, at doubling samples and other
# shares. A third is for fields that are sure of few of many tickets: on parts of training sets, the category
# of NHS feedback has a mean coverage of 0.10 from 2,000 and 3,400 held-out tickets, not 0; Banking77 0.93 of
# 3,000 with either.
_FEW_STARTS = ((0.2, 0.8), (0.6, 0.2))
_MANY_STARTS = ((0.05, 0.3), (0.2, 0.5), (0.6, 0.2))
# Where tickets depend on one another, the few that an early start accepts are worth too little to forgive an
# error. With eight tickets a requester (`benchmarks/guarantee.py`, draws 200 to 399), one later start raises
# the applied share from 0.75 to 0.81; forms with 92 draws from 0.65 to 0.70. Many tickets still need the
# early one: without it, NHS feedback's category applied nothing.
_FEW_DEPENDENT_STARTS = ((0.5, 1.0),)
_MANY_DEPENDENT_STARTS = ((0.05, 0.3), (0.5, 0.7))
# A start is large enough to survive this many wrong tickets.
_TOLERATED_ERRORS = 1
_INDEPENDENT = Dependence()


@dataclass(frozen=True, slots=True)
class ThresholdSearch:
    """Result of a search among `tickets`: the lowest threshold certified, or None.

    `accepted` tickets have at least that confidence, `errors` of them are wrong. Without a threshold both are
    those of the first sample tested, or 0 where there are too few tickets to test one. `min_sample` is the
    smallest number of tickets, all right, that would have been enough. `worth` is the number of independent
    tickets that the accepted ones count as.
    """

    threshold: float | None
    tickets: int
    accepted: int
    errors: int
    min_sample: int
    worth: float = 0.0


def binomial_p_value(errors: int, n: int, target_error: float) -> float:
    """Return the probability of at most `errors` wrong of n tickets if `target_error` of all are wrong.

    It is at most r exactly where the one-sided Clopper-Pearson upper bound of the error, at the
    confidence 1 - r, is at most `target_error`.

    >>> round(binomial_p_value(0, 59, 0.05), 4), round(binomial_p_value(2, 100, 0.06162), 3)
    (0.0485, 0.05)
    """
    return 0.0 if errors < 0 else float(bdtr(errors, n, target_error))


def _p_values(
    errors: NDArray[np.int_], sizes: NDArray[np.int_], effects: NDArray[np.float64], target_error: float
) -> NDArray[np.float64]:
    """Return `binomial_p_value` of (k,) samples, each divided by its design effect."""
    exact: NDArray[np.float64] = bdtr(errors, sizes, target_error)
    if (effects == 1).all():
        return exact
    wrong, n = errors / effects, sizes / effects  # no whole numbers: the beta function goes between them
    divided = betainc(np.maximum(n - wrong, np.finfo(float).tiny), wrong + 1, 1 - target_error)
    return np.where(errors >= sizes, 1.0, divided)


@cache
def min_sample_size(target_error: float, alpha: float, errors: int = 0) -> int:
    """Return the smallest sample, `errors` of it wrong, that certifies the target at level `alpha`.

    >>> min_sample_size(0.05, 0.05), min_sample_size(0.05, 0.05, errors=1)
    (59, 93)
    """
    return int(nbinom.ppf(1 - alpha, errors + 1, target_error)) + errors + 1


def lowest_threshold(
    confidence: NDArray[np.floating],
    correct: NDArray[np.bool_],
    *,
    target_error: float,
    alpha: float,
    dependence: Dependence = _INDEPENDENT,
) -> ThresholdSearch:
    """Search the lowest threshold at or above which at most `target_error` of the tickets are wrong.

    This holds with a probability of at least 1 - `alpha` over the draw of the (n,) held-out tickets, given by
    their confidences and whether each is right. Thresholds are tested from the most cautious down, each by
    Clopper and Pearson's exact test (Learn then Test, arXiv 2110.01052): fixed-sequence testing with fallback
    (Wiens 2003), with one to three starts. Each start brings a share of alpha; a threshold that passes hands
    on the alpha it was tested with, one that fails loses it. So a failure at the first start is not the end.
    Where thresholds are tested depends on the number of tickets and ties of confidence alone, never on the
    outcomes. Tickets of equal confidence are accepted together. Where tickets depend on one another, samples
    count by their effective number.
    """
    order = np.argsort(-confidence, kind="stable")
    falling, wrong = -confidence[order], np.cumsum(~correct[order])
    n = len(order)
    ordered = dependence.take(order)
    effect = float(ordered.design_effects(np.array([n]), target_error)[0]) if n else 1.0
    min_sample = int(np.ceil(effect * min_sample_size(target_error, alpha)))
    if n < min_sample:
        return ThresholdSearch(None, n, 0, 0, min_sample)
    starts = {
        min(n, int(np.ceil(effect * size))): part
        for size, part in _starts(int(n / effect), target_error, alpha, dependent=effect > 1).items()
    }
    sizes = np.unique(np.linspace(min(starts), n, GRID).astype(int))
    sizes = np.unique(np.searchsorted(falling, falling[np.append(sizes, list(starts)) - 1], side="right"))
    added = np.zeros(len(sizes))
    for size, start_alpha in starts.items():
        added[np.searchsorted(sizes, size)] += start_alpha
    effects = ordered.design_effects(sizes, target_error)
    p_values = _p_values(wrong[sizes - 1], sizes, effects, target_error)
    passed, budget = None, 0.0
    for i in range(len(sizes)):
        budget += added[i]
        if p_values[i] <= budget:
            passed = i
        else:
            budget = 0.0
    accepted = int(sizes[0 if passed is None else passed])
    threshold = None if passed is None else -float(falling[accepted - 1])
    worth = accepted / float(effects[0 if passed is None else passed])
    return ThresholdSearch(threshold, n, accepted, int(wrong[accepted - 1]), min_sample, worth)


def _starts(n: int, target_error: float, alpha: float, *, dependent: bool) -> dict[int, float]:
    """Return the sample sizes at which the search starts, and the alpha that each brings."""
    few, many = (
        [(_size(n, share, target_error, part * alpha), part) for share, part in starts_of]
        for starts_of in (
            (_FEW_DEPENDENT_STARTS, _MANY_DEPENDENT_STARTS) if dependent else (_FEW_STARTS, _MANY_STARTS)
        )
    )
    # The additional start has to come early enough to be worth its part of alpha.
    chosen = many if many[0][0] <= few[0][0] / 2 else few
    starts: dict[int, float] = {}
    for size, part in chosen:
        if size <= n:
            starts[size] = starts.get(size, 0.0) + part * alpha
    first = min(starts, default=min_sample_size(target_error, alpha))
    starts[first] = starts.get(first, 0.0) + alpha - sum(starts.values())
    return starts


def _size(n: int, share: float, target_error: float, alpha: float) -> int:
    return max(min_sample_size(target_error, alpha, errors=_TOLERATED_ERRORS), int(np.ceil(share * n)))
