"""Dependence of held-out tickets on one another: how many independent tickets they are worth.

Tickets of one requester, one form or one hour of an agent may be right or wrong together. Then a hundred of
them prove less than a hundred others. Their number is divided by the design effect 1 + (m - 1) * rho (Kish
1965; Rao and Scott 1992), with m the mean size of the cluster that a ticket is in, and rho the correlation of
errors within a cluster. Korn and Graubard (1998) put the effective number into Clopper and Pearson's test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

# A correlation counts from so many standard errors on; of independent tickets, one in a hundred reaches it.
_SIGNIFICANT = 2.33
# The variance of being right where an error of 5 % is expected. Where less is, one error would outweigh all.
_LEAST_VARIANCE = 0.05 * 0.95


@dataclass(frozen=True, slots=True)
class Clustering:
    """Clusters of (n,) tickets by number, and the correlation of errors within them, in [0, 1]."""

    clusters: NDArray[np.intp]
    correlation: float


@dataclass(frozen=True, slots=True)
class Dependence:
    """All ways in which tickets are clustered and their errors correlated.

    `variance` (n,) is what is expected of each ticket's being right.
    """

    clusterings: tuple[Clustering, ...] = ()
    variance: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @classmethod
    def measure(
        cls,
        confidence: NDArray[np.floating],
        correct: NDArray[np.bool_],
        clusters: Sequence[NDArray[np.intp]],
        folds: NDArray[np.intp] | None = None,
    ) -> Dependence:
        """Measure the correlations of errors beyond what (n,) confidences let expect.

        What to expect differs by fold, for each has a model of its own; by default there is one.
        """
        if not len(confidence):
            return cls()
        expected = np.empty(len(confidence))
        for rows in _rows_by_fold(len(confidence), folds):
            expected[rows] = _expected(confidence[rows], correct[rows])
        measured = [Clustering(one, _correlation(expected, correct, one)) for one in clusters]
        return cls(tuple(one for one in measured if one.correlation > 0), expected * (1 - expected))

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Dependence:
        """Return the dependence among these tickets."""
        taken = tuple(Clustering(one.clusters[rows], one.correlation) for one in self.clusterings)
        return Dependence(taken, self.variance[rows]) if taken else Dependence()

    def design_effects(self, sizes: NDArray[np.intp], target_error: float) -> NDArray[np.float64]:
        """Return the design effect among the first tickets, for each of (k,) numbers of them.

        It is that of a test of `target_error`. Where fewer errors are expected, those that would be added up
        to the target may be clustered as the measured ones are, or not at all; the middle is taken.
        """
        effects = np.ones(len(sizes))
        if not self.clusterings:
            return effects
        variance = np.cumsum(self.variance)[sizes - 1] / sizes
        share = (1 + np.minimum(1.0, variance / (target_error * (1 - target_error)))) / 2
        for one in self.clusterings:
            effects += one.correlation * share * (_mean_cluster_sizes(one.clusters, sizes) - 1)
        return effects


def _mean_cluster_sizes(clusters: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return, among so many first tickets, the mean size of the cluster that a ticket is in."""
    squares = [(np.bincount(clusters[:size]) ** 2).sum() / size for size in sizes]
    return np.array(squares, float)


def _rows_by_fold(n: int, folds: NDArray[np.intp] | None) -> list[NDArray[np.intp]]:
    return [np.arange(n)] if folds is None else [np.nonzero(folds == fold)[0] for fold in np.unique(folds)]


def _expected(confidence: NDArray[np.floating], correct: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how often tickets of each one's confidence are right."""
    _, level_of, tickets = np.unique(confidence, return_inverse=True, return_counts=True)
    shares = np.bincount(level_of, weights=correct) / tickets
    found: NDArray[np.float64] = isotonic_regression(shares, weights=tickets).x[level_of]
    return found


def _correlation(
    expected: NDArray[np.float64], correct: NDArray[np.bool_], clusters: NDArray[np.intp]
) -> float:
    """Return the intra-cluster correlation of the residuals, 0 where chance may explain it."""
    variance = expected * (1 - expected)
    scale = np.sqrt(np.maximum(variance, _LEAST_VARIANCE))
    residual, deviation = (correct - expected) / scale, np.sqrt(variance) / scale
    products = _pairs(residual, clusters)
    possible = _pairs(deviation, clusters)
    standard_error = float(np.sqrt(_pairs(deviation**2, clusters)))
    if products <= _SIGNIFICANT * standard_error or possible <= 0:
        return 0.0
    return min(1.0, products / possible)


def _pairs(values: NDArray[np.float64], clusters: NDArray[np.intp]) -> float:
    """Return the sum of the products of all pairs within a cluster."""
    sums = np.bincount(clusters, weights=values)
    squares = np.bincount(clusters, weights=values**2)
    return float((sums**2 - squares).sum() / 2)
