"""Classifier of the user's own (`estimator` of a field): found by name, fitted, and exported for serving."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, is_classifier
from sklearn.utils import get_tags

from models.classifiers.features import FeatureMatrix
from models.classifiers.linear_model import Hyperparameters, LinearModel
from models.classifiers.onnx_classifier import INPUT, OnnxClassifier
from models.errors import SettingsError, TrainingError

_LARGEST_GRAPH_MB = 64
_OPSET = 17
# Serving computes in single precision.
_TOLERANCE = 1e-3
_COMPARED_ROWS = 100


def load_estimator(spec: str) -> Any:
    """Make an estimator by calling `module:Class`, or a function, without arguments.

    Raises:
        SettingsError: there is no such class, or it is no scikit-learn classifier that gives probabilities.
    """
    module, _, name = spec.partition(":")
    try:
        estimator = getattr(import_module(module), name)()
    except (Exception, SystemExit) as error:  # whatever the user's module raises
        raise SettingsError(
            f"the estimator {spec!r} cannot be made ({type(error).__name__}: {error}): expected "
            "module:Class, a class or a function of a module on PYTHONPATH that needs no arguments"
        ) from error
    if not (
        isinstance(estimator, BaseEstimator)
        and is_classifier(estimator)
        and hasattr(estimator, "predict_proba")
    ):
        raise SettingsError(
            f"the estimator {spec!r} is no scikit-learn classifier with predict_proba: derive it from "
            "ClassifierMixin and BaseEstimator, or wrap it in CalibratedClassifierCV"
        )
    if "random_state" in estimator.get_params():
        estimator.set_params(random_state=0)  # the same tickets give the same bundle
    return estimator


def fit_user_estimator(
    spec: str, features: FeatureMatrix, y: NDArray[np.integer], hyperparameters: Hyperparameters
) -> LinearModel | OnnxClassifier:
    """Fit on the features of (n,) tickets and their class numbers, and export what serves.

    An estimator that takes sparse rows reads the text's columns and the embeddings; another one the
    embeddings alone.

    Raises:
        SettingsError: as `load_estimator`.
        TrainingError: it cannot be fitted, or what was fitted cannot be stored without its code.
    """
    estimator = load_estimator(spec)
    reads_text = bool(get_tags(estimator).input_tags.sparse)
    rows = features.rows(hyperparameters) if reads_text else features.dense(hyperparameters)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a user's estimator may warn as it likes
        try:
            estimator.fit(rows, y)
            expected = np.asarray(estimator.predict_proba(rows[:_COMPARED_ROWS]), float)
        except (Exception, SystemExit) as error:
            raise TrainingError(f"it cannot be fitted ({type(error).__name__}: {error!s:.300})") from error
        shape = (min(len(y), _COMPARED_ROWS), len(np.unique(y)))
        if expected.shape != shape or not np.isfinite(expected).all():
            raise TrainingError(
                f"its predict_proba gives shape {expected.shape} or numbers that are not finite, expected "
                f"probabilities of shape {shape}"
            )
        few = features.take(np.arange(len(expected)))
        if reads_text and (model := _as_linear_model(estimator, rows.shape[1], shape[1])) is not None:
            p = softmax(model.scores(few.text, few.dense(hyperparameters)), axis=1)
            if np.allclose(p, expected, atol=_TOLERANCE):
                return model
        exported = _as_onnx(estimator, rows.shape[1], reads_text=reads_text)
    difference = float(np.abs(np.exp(exported.scores(few, hyperparameters)) - expected).max())
    if not difference <= _TOLERANCE:  # NaN is refused too
        raise TrainingError(
            f"its ONNX graph gives other probabilities than it does, by {difference:.2g}: it cannot be served"
        )
    return exported


def _as_linear_model(estimator: Any, width: int, classes: int) -> LinearModel | None:
    """Return the coefficients of a linear classifier as arrays, or None for any other one."""
    coefficients: Any = getattr(estimator, "coef_", None)
    intercepts: Any = getattr(estimator, "intercept_", None)
    if not isinstance(coefficients, np.ndarray) or coefficients.shape != (
        1 if classes == 2 else classes,
        width,
    ):
        return None
    if np.shape(intercepts) not in {(), (1,), (len(coefficients),)}:
        return None
    intercepts = np.broadcast_to(np.asarray(intercepts, np.float32), (len(coefficients),))
    weights = np.ascontiguousarray(coefficients.T, np.float32)
    if weights.shape[1] == 1:  # the log-odds of the second of two classes
        weights = np.hstack([np.zeros_like(weights), weights])
        intercepts = np.concatenate([np.zeros(1, np.float32), intercepts])
    return LinearModel(weights, np.array(intercepts, np.float32))


def _as_onnx(estimator: Any, width: int, *, reads_text: bool) -> OnnxClassifier:
    """Return a fitted classifier as an ONNX graph.

    Raises:
        TrainingError: skl2onnx is missing or cannot convert it, or the graph is too large.
    """
    try:
        from skl2onnx import to_onnx
        from skl2onnx.common.data_types import FloatTensorType
    except ImportError as error:
        raise TrainingError(
            "it is not linear, so that storing it takes ONNX: run `pip install 'triage[onnx-export]'`"
        ) from error
    try:
        graph = to_onnx(
            estimator,
            initial_types=[(INPUT, FloatTensorType([None, width]))],
            options={id(estimator): {"zipmap": False}},
            target_opset=_OPSET,
        )
        content = graph.SerializeToString()
        if len(content) > _LARGEST_GRAPH_MB << 20:
            raise TrainingError(
                f"its ONNX graph has {len(content) >> 20} MB, expected at most {_LARGEST_GRAPH_MB}"
            )
        return OnnxClassifier(np.frombuffer(content, np.uint8), reads_text)
    except TrainingError:
        raise
    except Exception as error:  # skl2onnx raises errors of many kinds
        raise TrainingError(
            f"it cannot be stored as ONNX ({type(error).__name__}: {error!s:.300})"
        ) from error
