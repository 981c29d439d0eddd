"""Reports of fields without labels, with few, and with labels that the text does not carry."""

import dataclasses

import numpy as np
import pytest

from models.classifiers.fields import Field
from models.errors import NotReadyError, TrainingError
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder, topic_tickets
from training.fitting.field_report import LearningCurve
from training.fitting.train import train
from triage.pipeline.engine import Engine
from triage.pipeline.part import Part

DETECTOR = LanguageDetector(["en"])
DESCRIPTIONS = (
    ("battery", "The battery does not charge, charger, plug, range in the cold"),
    ("billing", "Invoice, refund, money back, bank, card, company address"),
    ("app", "App login, password, reset code, email"),
)


def unlabelled(count):
    return [dataclasses.replace(t, labels={}) for t in topic_tickets(count)]


def predicted(trained, tickets):
    engine = Engine(
        WordHashEncoder(), DETECTOR, Part(trained.bundle), Part(None, NotReadyError("no articles"))
    )
    return list(engine.predict(tickets))


def test_descriptions_alone_give_suggestions_and_never_apply():
    field = Field("category", "choice", descriptions=DESCRIPTIONS)
    trained = train(unlabelled(60), WordHashEncoder(), DETECTOR, fields=[field])
    later = topic_tickets(200)[100:]
    results = predicted(trained, later)
    right = [r.fields["category"].value == t.labels["category"] for r, t in zip(results, later, strict=True)]
    assert np.mean(right) > 0.7  # by guessing: 0.4
    assert {r.fields["category"].action for r in results} <= {"suggest", "abstain"}
    assert "descriptions" in trained.bundle.thresholds["category"].reason


def test_without_labels_and_descriptions_nothing_can_be_trained():
    with pytest.raises(TrainingError, match="no ticket carries a label"):
        train(unlabelled(60), WordHashEncoder(), DETECTOR, fields=[Field("category")])


def test_a_described_value_without_tickets_can_be_predicted():
    field = Field("category", "choice", descriptions=(("theft", "stolen thief police lock cut"),))
    trained = train(topic_tickets(100), WordHashEncoder(), DETECTOR, fields=[field])
    stolen = dataclasses.replace(topic_tickets(1)[0], subject="", body="stolen, thief, police, lock cut")
    [result] = predicted(trained, [stolen])
    assert result.fields["category"].value == "theft"


def test_a_field_that_the_text_does_not_carry_is_named_and_never_applied():
    rng = np.random.default_rng(0)
    values = rng.choice(["Major", "Minor"], p=[0.95, 0.05], size=600)
    tickets = [
        dataclasses.replace(t, labels={"priority": str(v)})
        for t, v in zip(topic_tickets(600), values, strict=True)
    ]
    trained = train(tickets, WordHashEncoder(), DETECTOR)
    thresholds = trained.bundle.thresholds["priority"]
    assert thresholds.apply is None and not thresholds.by_value
    assert "the text does not carry this field" in thresholds.reason
    assert "Major" in thresholds.reason


@pytest.mark.parametrize("count", [40, 80])
def test_few_tickets_are_not_said_to_show_that_the_text_does_not_carry_a_field(count):
    values = ["Major", "Minor"] * (count // 2)
    np.random.default_rng(0).shuffle(values)
    tickets = [
        dataclasses.replace(t, labels={"priority": v})
        for t, v in zip(topic_tickets(count), values, strict=True)
    ]
    thresholds = train(tickets, WordHashEncoder(), DETECTOR).bundle.thresholds["priority"]
    assert thresholds.apply is None and not thresholds.by_value
    assert "too few calibration tickets to tell" in thresholds.reason
    assert "does not carry" not in thresholds.reason


def test_the_report_has_a_learning_curve_that_rises():
    trained = train(topic_tickets(400), WordHashEncoder(), DETECTOR)
    [curve] = [r.curve for r in trained.reports if r.name == "subcategory"]
    counts, accuracies = zip(*curve.points, strict=True)
    assert list(counts) == sorted(counts) and len(counts) == 3
    assert accuracies[-1] >= accuracies[0]
    assert curve.doubled is not None and accuracies[-1] <= curve.doubled <= 1


def test_a_curve_that_does_not_rise_predicts_nothing():
    assert LearningCurve(((50, 0.8), (100, 0.8))).doubled == 0.8
    assert LearningCurve(((100, 0.8),)).doubled is None
    # A quarter of two tagged tickets is none.
    assert LearningCurve(((0, 0.5), (2, 0.8))).doubled == 0.8
