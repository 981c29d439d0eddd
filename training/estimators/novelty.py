"""Novelty detection as an outlier detector of scikit-learn's form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from models.classifiers.novelty import NOVEL_FROM, NoveltyDetector


class NoveltyEstimator(OutlierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Outliers by the sum of standardised columns, of which each is higher for what is less like the rest.

    Parameters
    ----------
    contamination : share of the training rows that count as outliers

    Attributes
    ----------
    detector_ : mean and spread of the columns, and the threshold of their sum
    offset_ : minus the threshold
    """

    def __init__(self, contamination: float = 1 - NOVEL_FROM) -> None:
        self.contamination = contamination

    def fit(self, X: Any, y: None = None) -> NoveltyEstimator:
        """Fit on (n, columns) novelty scores.

        Raises:
            ValueError: `contamination` is not between 0 and 0.5.
        """
        if not 0 < self.contamination <= 0.5:
            raise ValueError(f"found contamination {self.contamination}, expected more than 0, at most 0.5")
        X = validate_data(self, X, dtype=np.float64)
        self.detector_ = NoveltyDetector(X.mean(axis=0), np.maximum(X.std(axis=0), 1e-6))
        threshold = float(np.quantile(self.detector_.standardised(X), 1 - self.contamination))
        self.detector_ = NoveltyDetector(self.detector_.mean, self.detector_.spread, threshold)
        self.offset_ = -threshold
        return self

    def score_samples(self, X: Any) -> NDArray[np.float64]:
        """Return the (n,) scores of rows; the lower, the less like the training rows."""
        check_is_fitted(self)
        return -self.detector_.standardised(validate_data(self, X, dtype=np.float64, reset=False))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return the (n,) scores less the offset: negative for outliers."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> NDArray[np.intp]:
        """Return -1 for outliers and 1 for others, (n,)."""
        return np.where(self.decision_function(X) < 0, -1, 1)
