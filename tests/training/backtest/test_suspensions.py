"""Suspensions within a backtest follow the test that suspends live fields."""

from __future__ import annotations

from datetime import UTC, datetime

from models.classifiers.fields import Field
from models.classifiers.single_label import FieldPrediction
from training.backtest.suspensions import ReplaySuspensions
from triage.decision import Decision
from triage.guarantee.monitor import is_violated

AT = datetime(2026, 1, 1, tzinfo=UTC)


def applied(value: str, threshold: float | None = 0.9) -> dict[str, Decision]:
    return {"team": Decision(FieldPrediction(value, 0.95, {value: 0.95}), "apply", threshold, ())}


def test_a_field_is_suspended_once_its_error_violates_the_guarantee() -> None:
    suspensions = ReplaySuspensions([Field("team")], suspends=True)
    suspensions.begin("first")
    wrong = 0
    while not suspensions.active:
        suspensions.note(applied("desk"), {"team": "field"}, AT)
        wrong += 1
    assert suspensions.active["team"].wrong == wrong
    assert is_violated(wrong, wrong, 0.05, 0.025)
    assert not is_violated(wrong - 1, wrong - 1, 0.05, 0.025)


def test_a_new_bundle_begins_anew_and_a_refused_one_does_not() -> None:
    suspensions = ReplaySuspensions([], suspends=True)
    suspensions.begin("first")
    for _ in range(20):
        suspensions.note(applied("desk"), {"team": "field"}, AT)
    suspensions.begin(None)
    assert suspensions.active
    suspensions.begin("second")
    assert not suspensions.active


def test_right_values_rules_and_unknown_labels_suspend_nothing() -> None:
    suspensions = ReplaySuspensions([], suspends=True)
    suspensions.begin("first")
    for _ in range(50):
        suspensions.note(applied("desk"), {"team": "desk"}, AT)
        suspensions.note(applied("desk"), {}, AT)
        suspensions.note(applied("desk", threshold=None), {"team": "field"}, AT)
    assert not suspensions.active


def test_the_settings_may_suspend_nothing() -> None:
    suspensions = ReplaySuspensions([], suspends=False)
    suspensions.begin("first")
    for _ in range(50):
        suspensions.note(applied("desk"), {"team": "field"}, AT)
    assert not suspensions.active
