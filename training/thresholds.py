"""From which confidence a field may be applied: the lowest that held-out tickets vouch for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from models.bundle import Thresholds

# Coverages at which a threshold is tried, from the most cautious on.
_GRID = np.linspace(0.05, 1.0, 39)
SUGGEST_TOP3 = 0.8


def error_bound(errors: int, n: int, confidence_level: float) -> float:
    """Return the one-sided Clopper-Pearson upper bound of an error rate, in [0, 1].

    >>> round(error_bound(0, 59, 0.95), 4)
    0.0495
    """
    return 1.0 if errors >= n else float(beta.ppf(confidence_level, errors + 1, n - errors))


def choose_thresholds(
    confidence: NDArray[np.floating],
    correct: NDArray[np.bool_],
    in_top3: NDArray[np.bool_],
    *,
    target_error: float,
    confidence_level: float,
) -> Thresholds:
    """Choose both bars from the (n,) confidences and outcomes of held-out tickets.

    `apply`: going down from the most confident tickets, the last threshold at which the upper bound
    of the error among the accepted ones still keeps the target. Tests run in that fixed order and end
    at the first failure, so that no correction for many tests is needed (fixed-sequence testing, as in
    Learn then Test, arXiv 2110.01052). They begin where enough tickets are accepted for a
    faultless record to pass.
    `suggest`: the lowest bar above which the best three hold the truth in four cases of five.
    """
    order = np.argsort(-confidence, kind="stable")
    sorted_confidence, wrong = confidence[order], np.cumsum(~correct[order])
    n = len(order)
    least = smallest_sample(target_error, confidence_level)
    apply: float | None = None
    accepted = errors = 0
    for count in sorted({int(np.ceil(share * n)) for share in _GRID} | {least}):
        if count < least or count > n:
            continue
        bar = float(sorted_confidence[count - 1])
        # Tickets of equal confidence are accepted together.
        among = int(np.searchsorted(-sorted_confidence, -bar, side="right"))
        if error_bound(int(wrong[among - 1]), among, confidence_level) > target_error:
            break
        apply, accepted, errors = bar, among, int(wrong[among - 1])
    suggest = _suggest_bar(sorted_confidence, in_top3[order])
    promise = f"at most {target_error:.0%} wrong with {confidence_level:.0%} confidence"
    if apply is not None:
        reason = f"{accepted} of {n} held-out tickets lie above it, {errors} of them wrong: {promise}"
    elif n < least:
        more = f", some {least / n:.1f} times as many labelled tickets as now" if n else ""
        reason = (
            f"never applied: {n} held-out tickets are too few to vouch for {promise}; it takes {least}{more}"
        )
    else:
        reason = (
            f"never applied: wrong among the {least} most confident of {n} held-out tickets: "
            f"{int(wrong[least - 1])}, too many to vouch for {promise}"
        )
    return Thresholds(apply, suggest, reason)


def smallest_sample(target_error: float, confidence_level: float) -> int:
    """Return how many faultless held-out tickets it takes to vouch for the target.

    >>> smallest_sample(0.05, 0.95)
    59
    """
    return int(np.ceil(np.log(1 - confidence_level) / np.log(1 - target_error)))


def _suggest_bar(sorted_confidence: NDArray[np.floating], in_top3: NDArray[np.bool_]) -> float | None:
    if len(in_top3) == 0:
        return None
    good = np.nonzero(np.cumsum(in_top3) / np.arange(1, len(in_top3) + 1) >= SUGGEST_TOP3)[0]
    return float(sorted_confidence[good[-1]]) if len(good) else None
