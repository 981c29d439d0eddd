"""Decisions: which threshold counts for a value, and that the reason names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.classifiers.novelty import Novelty
from models.classifiers.single_label import FieldPrediction
from models.classifiers.thresholds import Thresholds, ValueThreshold
from models.storage.state import read_state, write_state
from triage.decision import Decision, decide

THRESHOLDS = Thresholds(
    0.8,
    0.4,
    "why",
    by_value=(
        ValueThreshold("class", ("vip",), 0.95, "why"),
        ValueThreshold("raise", ("high", "vip"), 0.9, "why"),
        ValueThreshold("lower", ("low",), None, "too few"),
    ),
)


def decided(value: str, confidence: float, thresholds: Thresholds = THRESHOLDS) -> Decision:
    prediction = FieldPrediction(value, confidence, {value: confidence})
    return decide(prediction, thresholds, Novelty(0.0, False), (), (), "priority")


@pytest.mark.parametrize(
    ("value", "confidence", "action", "threshold", "text"),
    [
        ("normal", 0.8, "apply", 0.8, "80.0% sure, at or above the threshold of 80.0%"),
        ("high", 0.85, "suggest", 0.9, "85.0% sure, below the threshold for raising of 90.0%"),
        ("high", 0.92, "apply", 0.9, "92.0% sure, at or above the threshold for raising of 90.0%"),
        ("vip", 0.92, "suggest", 0.95, "92.0% sure, below this value's own threshold of 95.0%"),
        ("low", 0.99, "suggest", None, "99.0% sure, and this field is never lowered yet"),
        (
            "low",
            0.3,
            "abstain",
            None,
            "30.0% sure, below the threshold for suggesting of 40.0%, and this field is never lowered yet",
        ),
        (
            "high",
            0.3,
            "abstain",
            0.9,
            "30.0% sure, below the threshold for raising of 90.0% and the threshold for suggesting of 40.0%",
        ),
    ],
)
def test_the_value_decides_which_threshold_counts_and_the_reason_names_it(
    value: str, confidence: float, action: str, threshold: float | None, text: str
) -> None:
    decision = decided(value, confidence)
    assert (decision.action, decision.threshold) == (action, threshold)
    assert decision.reasons[0].text == text


def test_thresholds_survive_being_stored(tmp_path: Path) -> None:
    for thresholds in (THRESHOLDS, Thresholds(None, None, "never")):
        write_state(tmp_path, thresholds.state())
        assert Thresholds.from_state(read_state(tmp_path)) == thresholds


def test_a_set_of_tags_goes_by_the_fields_threshold() -> None:
    thresholds = Thresholds(0.5, None, "why", by_value=(ValueThreshold("class", ("a",), 0.9, "why"),))
    assert thresholds.applies(("a",), 0.6)
    assert not thresholds.applies("a", 0.6)
