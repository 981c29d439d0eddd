"""From which confidence a value is worth showing to a person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

SUGGEST_TOP3 = 0.8


def suggest_bar(confidence: NDArray[np.floating], in_top3: NDArray[np.bool_]) -> float | None:
    """Return the lowest confidence at which the three best values hold the truth in four cases of five.

    At that confidence, not on average above it: how often they do is estimated from the (n,) held-out
    tickets as a curve that rises with the confidence (isotonic regression, Ayer et al. 1955). None where
    it never rises so high.
    """
    if len(confidence) == 0:
        return None
    levels, level_of, tickets = np.unique(confidence, return_inverse=True, return_counts=True)
    shares = np.bincount(level_of, weights=in_top3) / tickets
    good = np.nonzero(isotonic_regression(shares, weights=tickets).x >= SUGGEST_TOP3 - 1e-9)[0]
    return float(levels[good[0]]) if len(good) else None
