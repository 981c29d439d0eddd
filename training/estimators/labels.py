"""Check of the labels that a classifier is fitted on."""

from __future__ import annotations

from typing import Any

from sklearn.utils.multiclass import type_of_target


def require_class_labels(y: Any) -> None:
    """Refuse targets that are no classes, as scikit-learn's `check_classification_targets` does.

    That one also warns where most classes have one row each, which is usual for the first tickets of a field.

    Raises:
        ValueError: the targets are continuous, or neither labels nor an indicator matrix.
    """
    found = type_of_target(y, input_name="y")
    if found not in {"binary", "multiclass", "multilabel-indicator"}:
        raise ValueError(f"Unknown label type: {found}. Expected classes, or an indicator matrix")
