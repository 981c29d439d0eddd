"""Calibrators: from a classifier's scores to probabilities, fitted on tickets that it was not fitted on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from models.classifiers.calibration import Sigmoid
from training.estimators.labels import require_class_labels

_NARROWEST, _WIDEST = -5.0, 5.0
_SMALLEST = 1e-12
_SLOPE_PENALTY = 0.01


class TemperatureScaling(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Division of all scores by one number before the softmax (Guo et al. 2017, arXiv 1706.04599).

    One parameter for all classes, so that a few hundred held-out tickets suffice and the order of the classes
    never changes. It minimises the log-loss of the right class or, with `best_only`, of the question whether
    the best class is right: where labels are noisy the first leaves the best class too sure, since wrong
    answers cost little where the right one is a close second. Targets are smoothed as Platt (1999) does, by
    1/(n + 2), so that a small or perfectly predicted part does not make the model certain.

    The rows may come from models that know different classes: where a model has no more classes, NaN stands.

    Parameters
    ----------
    best_only : calibrate the probability of the best class alone

    Attributes
    ----------
    temperature_ : the number
    """

    def __init__(self, *, best_only: bool = False) -> None:
        self.best_only = best_only

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: Any, y: Any) -> TemperatureScaling:
        """Fit on (n, classes) scores and the (n,) column of each row's right class.

        Raises:
            ValueError: a right class has no column.
        """
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        require_class_labels(y)
        self.classes_, right = np.arange(X.shape[1]), y
        if not np.isin(y, self.classes_).all():
            raise ValueError(
                f"found the classes {np.unique(y)}, expected numbers of the {X.shape[1]} columns"
            )
        scores = _without_nan(X)
        doubt = 1.0 / (len(scores) + 2.0)
        loss = _loss_of_best if self.best_only else _loss

        def mean_loss(log_temperature: float) -> float:
            return loss(scores, right, np.exp(log_temperature), doubt) / len(scores)

        found = minimize_scalar(mean_loss, bounds=(_NARROWEST, _WIDEST), method="bounded")
        self.temperature_ = float(np.exp(found.x))
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return (n, classes) probabilities; each row sums to 1, and where NaN stood it has 0."""
        p: NDArray[np.float64] = softmax(self._scores(X) / self.temperature_, axis=1)
        return p

    def predict(self, X: Any) -> NDArray[np.intp]:
        """Return the (n,) column of the best class."""
        best: NDArray[np.intp] = self._scores(X).argmax(axis=1)
        return best

    def _scores(self, X: Any) -> NDArray[np.float64]:
        check_is_fitted(self)
        return _without_nan(
            validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        )


def _without_nan(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scores with minus infinity for NaN, which leaves a class out of the softmax."""
    return np.where(np.isnan(scores), -np.inf, scores)


def _loss(scores: NDArray[np.float64], right: NDArray[np.intp], temperature: float, doubt: float) -> float:
    log_p = log_softmax(scores / temperature, axis=1)
    known = np.isfinite(log_p)
    mean = np.where(known, log_p, 0).sum(axis=1) / known.sum(axis=1)
    return float(-((1 - doubt) * log_p[np.arange(len(log_p)), right] + doubt * mean).sum())


def _loss_of_best(
    scores: NDArray[np.float64], right: NDArray[np.intp], temperature: float, doubt: float
) -> float:
    confidence = softmax(scores / temperature, axis=1).max(axis=1)
    is_right = np.where(scores.argmax(axis=1) == right, 1 - doubt, doubt)
    sure = np.clip(confidence, _SMALLEST, 1 - _SMALLEST)
    return float(-(is_right * np.log(sure) + (1 - is_right) * np.log1p(-sure)).sum())


class PlattScaling(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Probability of an event from one score by a logistic curve (Platt 1999).

    Attributes
    ----------
    sigmoid_ : the curve, with Platt's smoothed targets and a weak pull to slope 1
    """

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array, tags.input_tags.two_d_array = True, False
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: Any, y: Any) -> PlattScaling:
        """Fit on (n,) scores and whether the event happened, (n,)."""
        scores, happened = column_or_1d(X, dtype=float), column_or_1d(y, dtype=bool)
        self.classes_ = np.array([False, True])
        positives, negatives = float(happened.sum()), float((~happened).sum())
        target = np.where(happened, (positives + 1) / (positives + 2), 1 / (negatives + 2))

        def loss(parameters: NDArray[np.float64]) -> float:
            z = parameters[0] * scores + parameters[1]
            nll = np.logaddexp(0, z) - target * z
            return float(nll.sum() + _SLOPE_PENALTY * ((parameters[0] - 1) ** 2 + parameters[1] ** 2))

        found = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B")
        self.sigmoid_ = Sigmoid(float(found.x[0]), float(found.x[1]))
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the (n, 2) probabilities that the event does not happen, and that it does."""
        check_is_fitted(self)
        p = self.sigmoid_.probabilities(column_or_1d(X, dtype=float))
        return np.column_stack([1 - p, p])

    def predict(self, X: Any) -> NDArray[Any]:
        """Return whether the event is more probable than not, (n,)."""
        return self.predict_proba(X)[:, 1] > 0.5
