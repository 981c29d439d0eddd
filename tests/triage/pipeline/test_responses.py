"""Responses say nothing of a holdout ticket, and repeat renamed reasons under their former names."""

from __future__ import annotations

import numpy as np

from models.classifiers.novelty import Novelty
from models.classifiers.single_label import FieldPrediction
from models.language.detector import DetectedLanguage
from triage.decision import Action, Decision, Reason
from triage.pipeline.engine import TicketResult
from triage.pipeline.responses import prediction_response
from triage.web.middleware.metrics import Metrics

HOLDOUT = Reason("holdout", "left to a person")
SUSPENDED = Reason("suspended", "only suggested since 2026-03-01")
SIMILAR = Reason("similar", "3 of 3 have battery", tickets=("t1",))


def decision(value: str, action: Action, threshold: float | None, *reasons: Reason) -> Decision:
    prediction = FieldPrediction(value, 0.97, {value: 0.97})
    return Decision(prediction, action, threshold, reasons)


def result(**fields: Decision) -> TicketResult:
    return TicketResult(
        ticket_id="1",
        text="",
        origins={},
        embedding=np.zeros(2, np.float32),
        language=DetectedLanguage("en", 1.0, {}),
        fields=fields,
        novelty=Novelty(is_novel=False, score=0.1),
        similar=[],
    )


HELD_OUT = result(
    category=decision("battery", "apply", 0.9, SIMILAR).hold_back("abstain", HOLDOUT),
    team=decision("batteries", "suggest", 0.9, SIMILAR).hold_back("abstain", HOLDOUT),
)


def test_of_a_holdout_ticket_nothing_is_told() -> None:
    response = prediction_response(HELD_OUT)
    assert "batter" not in response.model_dump_json(include={"fields"})
    for field in response.fields.values():
        assert (field.action, field.value, field.threshold, field.alternatives) == ("abstain", None, None, [])
        assert {reason.kind for reason in field.reasons} == {"holdout", "blind"}
    assert HELD_OUT.held_out_fields == {"category", "team"}


def test_the_record_of_a_holdout_ticket_tells_what_would_have_been_applied() -> None:
    field = prediction_response(HELD_OUT, tells_holdout=True).fields["category"]
    assert (field.action, field.value, field.threshold) == ("abstain", "battery", 0.9)
    assert [reason.kind for reason in field.reasons] == ["holdout", "blind", "similar"]


def test_the_reason_of_a_rule_does_not_give_away_the_prediction_on_a_holdout_ticket() -> None:
    said = "rule “vip”: set to gold (predicted was battery, 97.0% sure)"
    by_rule = decision("gold", "apply", None, Reason("rule", said, rule="vip"))
    held_out = result(category=HELD_OUT.fields["category"], tier=by_rule)
    shown = prediction_response(held_out).fields["tier"]
    assert (shown.action, shown.value) == ("apply", "gold")
    assert [(reason.text, reason.rule) for reason in shown.reasons] == [("rule “vip”", "vip")]
    assert prediction_response(held_out, tells_holdout=True).fields["tier"].reasons[0].text == said
    assert prediction_response(result(tier=by_rule)).fields["tier"].reasons[0].text == said


def test_a_renamed_reason_is_followed_by_the_same_under_its_former_deprecated_name() -> None:
    suspended = result(category=decision("battery", "apply", 0.9, SIMILAR).hold_back("suggest", SUSPENDED))
    reasons = prediction_response(suspended).fields["category"].reasons
    assert [(r.kind, r.text, r.deprecated) for r in reasons] == [
        ("suspended", SUSPENDED.text, None),
        ("promise", SUSPENDED.text, True),
        ("similar", SIMILAR.text, None),
    ]
    reasons = prediction_response(HELD_OUT).fields["category"].reasons
    assert [(r.kind, r.text, r.deprecated) for r in reasons] == [
        ("holdout", HOLDOUT.text, None),
        ("blind", HOLDOUT.text, True),
    ]


def test_a_holdout_ticket_leaves_an_action_and_no_confidence_in_the_metrics() -> None:
    metrics = Metrics()
    metrics.count_decisions(prediction_response(HELD_OUT))
    text = metrics.text().decode()
    assert 'triage_actions_total{action="abstain",field="category"} 1.0' in text
    assert "triage_confidence_count" not in text


def test_numbers_are_rounded_to_four_digits_in_the_response_alone() -> None:
    decided = Decision(FieldPrediction("battery", 0.123456, {"battery": 0.123456}), "abstain", 0.987654, ())
    field = prediction_response(result(category=decided)).fields["category"]
    assert (field.confidence, field.threshold, field.alternatives[0].confidence) == (0.1235, 0.9877, 0.1235)
    assert decided.confidence == 0.123456
