"""Decisions made by hand, and a rule_pipeline over a few fields to try on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from models.classifiers.single_label import FieldPrediction
from models.language.detector import DetectedLanguage
from triage.decision import Action, Decision
from triage.rules.pipeline import RuleOutcome, build_rule_pipeline
from triage.settings import Settings
from triage.ticket import Ticket

NOW = datetime(2026, 1, 8, 9, 0, tzinfo=UTC)
LEVELS = {"kind": "ordinal", "values": ["low", "medium", "high"]}
FIELDS = {
    "category": {},
    "team": {},
    "tags": {"kind": "tags"},
    "impact": LEVELS,
    "urgency": LEVELS,
    "priority": {"kind": "ordinal", "values": ["low", "normal", "high", "urgent"]},
}
MATRIX = {
    "rows": "impact",
    "columns": "urgency",
    "cells": {
        "low": {"low": "low", "medium": "normal", "high": "high"},
        "medium": {"low": "normal", "medium": "normal", "high": "high"},
        "high": {"low": "normal", "medium": "high", "high": "urgent"},
    },
}


def decided(action: Action, threshold: float | None = 0.8, **confidences: float) -> Decision:
    """A decision over the given probabilities."""
    ranked = sorted(confidences.items(), key=lambda pair: -pair[1])
    return Decision(FieldPrediction(*ranked[0], dict(ranked)), action, threshold, ())


def tagged(action: Action, **confidences: float) -> Decision:
    value = tuple(value for value, p in confidences.items() if p >= 0.5)
    return Decision(FieldPrediction(value, 0.7, confidences), action, 0.8, ())


def apply(
    predicted: dict[str, Decision],
    *rules: dict,
    matrix: dict | None = None,
    language: DetectedLanguage | None = None,
    is_novel: bool = False,
    ticket: Ticket | None = None,
    sla: dict | None = None,
    suspended: frozenset[str] = frozenset(),
) -> RuleOutcome:
    settings = Settings(
        fields=FIELDS,  # type: ignore[arg-type]  # validated, as a file's content is
        rules=rules,  # type: ignore[arg-type]  # likewise
        matrix={"priority": matrix} if matrix else {},  # type: ignore[dict-item]  # likewise
        sla=sla or {},  # type: ignore[arg-type]  # likewise
    )
    return replace(build_rule_pipeline(settings), suspended=suspended).apply(
        ticket or Ticket("1", "", "x"),
        language or DetectedLanguage("en", 1.0, {}),
        predicted,
        is_novel=is_novel,
        now=NOW,
    )


def shares(decision: Decision) -> dict[str, float]:
    return {value: round(p, 6) for value, p in decision.probabilities.items()}
