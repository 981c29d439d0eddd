"""Scope of the guarantee: the values that the models apply at or above a threshold, and no others."""

from __future__ import annotations


def is_guaranteed(model_action: str, threshold: float | None) -> bool:
    """Tell whether a value falls under the guarantee.

    `model_action` is what thresholds, rules and guards decided, also where a field is suspended or the ticket
    is held out since. A value that a rule of the helpdesk sets has no threshold: no guarantee covers it.

    >>> is_guaranteed("apply", 0.9), is_guaranteed("apply", None), is_guaranteed("suggest", 0.9)
    (True, False, False)
    """
    return model_action == "apply" and threshold is not None
