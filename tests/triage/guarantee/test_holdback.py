"""Blind tickets are left to people unseen, and a stepped-down field is only suggested."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from triage.guarantee.holdback import HoldbackPolicy
from triage.guarantee.monitor import GuaranteeMonitor
from triage.pipeline.responses import (
    AlternativeResponse,
    FieldResponse,
    LanguageResponse,
    NoveltyResponse,
    PredictionResponse,
    ReasonResponse,
)
from triage.store.guarantee import Suspension
from triage.store.ids import Pseudonyms
from triage.web.middleware.metrics import Metrics

PSEUDONYMS = Pseudonyms(b"k" * 32)
DOWN = Suspension("category", "b1", datetime(2026, 3, 1, tzinfo=UTC), 40, 9, 0.05)


class Known(GuaranteeMonitor):
    """A promise whose step-downs are given."""

    def __init__(self, down: Mapping[str, Suspension]) -> None:
        self._down = down

    def suspended(self, bundle_id: str | None) -> Mapping[str, Suspension]:
        return self._down if bundle_id == "b1" else {}


def field(action: str, threshold: float | None = 0.9) -> FieldResponse:
    return FieldResponse(
        value="battery",
        confidence=0.97,
        action=action,  # type: ignore[arg-type]
        threshold=threshold,
        alternatives=[AlternativeResponse(value="battery", confidence=0.97)],
        reasons=[ReasonResponse(kind="similar", text="3 of 3 have battery", tickets=["t1"])],
    )


def answer(**fields: FieldResponse) -> PredictionResponse:
    return PredictionResponse(
        id="1",
        language=LanguageResponse(code="en", confidence=1.0),
        fields=fields,
        novelty=NoveltyResponse(is_novel=False, score=0.1),
    )


def holds(share: float, down: Mapping[str, Suspension] | None = None) -> HoldbackPolicy:
    return HoldbackPolicy(Known(down or {}), PSEUDONYMS, share)


def test_of_a_blind_ticket_nothing_is_told_and_all_is_remembered() -> None:
    given = answer(category=field("apply"), team=field("suggest"))
    held = holds(1.0).hold("1", given, "b1")
    assert held.is_holdout
    assert held.withheld == {"category", "team"}
    assert "battery" not in held.shown.model_dump_json(include={"fields"})
    for shown in held.shown.fields.values():
        assert (shown.action, shown.value, [r.kind for r in shown.reasons]) == ("abstain", None, ["blind"])
    assert [f.value for f in held.kept.fields.values()] == ["battery", "battery"]
    assert held.kept.fields["category"].action == "abstain"
    assert [r.kind for r in held.kept.fields["category"].reasons] == ["blind", "similar"]


def test_a_ticket_with_nothing_to_apply_is_never_blind() -> None:
    given = answer(category=field("suggest"), team=field("apply", threshold=None))
    held = holds(1.0).hold("1", given, "b1")
    assert not held.is_holdout
    assert held.shown == given


def test_what_the_helpdesk_s_own_rule_set_stays_on_a_blind_ticket() -> None:
    held = holds(1.0).hold("1", answer(category=field("apply"), team=field("apply", None)), "b1")
    assert held.withheld == {"category"}
    assert held.shown.fields["team"].action == "apply"


def test_the_reason_of_a_rule_does_not_give_away_what_was_predicted_on_a_blind_ticket() -> None:
    said = "rule “vip”: set to gold (predicted was battery, 97.0% sure)"
    ruled = field("apply", None).model_copy(
        update={"value": "gold", "reasons": [ReasonResponse(kind="rule", text=said, rule="vip")]}
    )
    held = holds(1.0).hold("1", answer(category=field("apply"), team=ruled), "b1")
    assert [(r.text, r.rule) for r in held.shown.fields["team"].reasons] == [("rule “vip”", "vip")]
    assert held.kept.fields["team"].reasons[0].text == said
    assert holds(0.0).hold("1", answer(team=ruled), "b1").shown.fields["team"].reasons[0].text == said


def test_the_share_of_blind_tickets_is_as_set_and_the_same_ticket_is_always_so() -> None:
    given, chosen = answer(category=field("apply")), holds(0.02)
    blind = [chosen.hold(f"ticket {n}", given, "b1").is_holdout for n in range(20_000)]
    assert 330 <= sum(blind) <= 470  # 400 ± 3.5 standard deviations
    assert blind == [chosen.hold(f"ticket {n}", given, "b1").is_holdout for n in range(20_000)]


def test_a_stepped_down_field_is_suggested_and_says_why() -> None:
    given = answer(category=field("apply"), team=field("apply"))
    held = holds(0.0, {"category": DOWN}).hold("1", given, "b1")
    shown = held.shown.fields["category"]
    assert (shown.action, shown.value, shown.reasons[0].kind) == ("suggest", "battery", "promise")
    assert "9 of 40 judged values were wrong, more than the 5.0%" in shown.reasons[0].text
    assert held.shown.fields["team"].action == "apply"
    assert held.kept == held.shown


def test_a_new_bundle_applies_again() -> None:
    given = answer(category=field("apply"))
    assert holds(0.0, {"category": DOWN}).hold("1", given, "b2").shown == given


def test_a_blind_ticket_leaves_an_action_and_no_confidence_in_the_metrics() -> None:
    metrics = Metrics()
    metrics.count_decisions(holds(1.0).hold("1", answer(category=field("apply")), "b1").shown)
    text = metrics.text().decode()
    assert 'triage_actions_total{action="abstain",field="category"} 1.0' in text
    assert "triage_confidence_count" not in text
