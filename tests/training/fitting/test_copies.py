"""Training on a history with copies reports, and applies, what holds for tickets to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.classifiers.fields import Field
from models.errors import NotReadyError, TrainingError
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder, topic_tickets
from training.fitting.train import TrainingResult, train
from training.metrics import FieldMetrics, evaluate
from triage.pipeline.engine import Engine
from triage.pipeline.part import Part
from triage.ticket import Ticket

FIELD = Field("category")
START = datetime(2026, 1, 1, tzinfo=UTC)
DETECTOR = LanguageDetector(["en"])


def trained_on(tickets: list[Ticket]) -> TrainingResult:
    return train(tickets, WordHashEncoder(), DETECTOR, fields=[FIELD])


def fresh(trained: TrainingResult, tickets: list[Ticket]) -> FieldMetrics:
    missing = Part(None, NotReadyError("no articles"))
    engine = Engine(WordHashEncoder(), DETECTOR, Part(trained.bundle), missing)
    return evaluate(tickets, list(engine.predict(tickets)))["category"].overall


def mislabelled(tickets: list[Ticket], share: float) -> list[Ticket]:
    rng = np.random.default_rng(3)
    values = ("battery", "billing", "app")
    return [
        replace(t, labels={"category": str(rng.choice(values))}) if rng.random() < share else t
        for t in tickets
    ]


def test_copies_with_labels_that_people_disagree_on_promise_no_more_than_fresh_tickets_keep() -> None:
    history = mislabelled(topic_tickets(300), 0.3)
    again = [replace(t, id=f"{t.id}-{n}", body=f"{t.body.upper()}!") for t in history for n in (1, 2)]
    trained = trained_on([*history, *again])
    later = mislabelled(topic_tickets(600, seed=5), 0.3)
    [report] = trained.reports
    assert report.metrics is not None
    assert report.metrics.accuracy == pytest.approx(fresh(trained, later).accuracy, abs=0.07)
    assert (fresh(trained, later).applied_error or 0) <= 0.05
    assert trained.copies.copies >= 600
    assert trained.copies.groups <= 300


def test_copies_cost_no_evidence() -> None:
    history = mislabelled(topic_tickets(300), 0.03)
    again = [replace(t, id=f"{t.id}-{n}") for t in history for n in (1, 2)]
    assert trained_on([*history, *again]).held_out >= 0.97 * trained_on(history).held_out


def test_the_report_says_what_was_left_out_and_why() -> None:
    dated = [replace(t, created_at=START + timedelta(hours=i)) for i, t in enumerate(topic_tickets(300))]
    again = [
        replace(t, id=f"{t.id}-again", created_at=START + timedelta(hours=299, minutes=i))
        for i, t in enumerate(dated[:40])
    ]
    copies = trained_on([*dated, *again]).copies
    assert copies.copies >= 40
    assert copies.counted_once >= 40
    text = "\n".join(copies.lines())
    assert "copies of" in text
    assert "did not count" in text


def test_a_history_of_few_different_tickets_is_refused_with_the_reason() -> None:
    same = [replace(topic_tickets(5)[i % 5], id=f"t{i}") for i in range(60)]
    with pytest.raises(TrainingError, match="found 60 tickets, but only 5 different"):
        trained_on(same)
