"""Conditions: which tickets a rule concerns."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from models.errors import NotReadyError
from models.language.detector import DetectedLanguage, LanguageDetector
from tests.kb_toy import ENCODER
from tests.triage.rules.rule_toy import MATRIX, NOW, apply, decided, tagged
from triage.decision import Decision
from triage.pipeline.engine import Engine
from triage.pipeline.part import Part
from triage.pipeline.triage_service import TriageService
from triage.rules.pipeline import build_rule_pipeline
from triage.settings import Settings
from triage.store.guarantee import Suspension
from triage.ticket import Ticket

SALES = {"name": "r", "set": {"team": "sales"}}


def fires(
    when: dict,
    predicted: dict[str, Decision] | None = None,
    *,
    language: DetectedLanguage | None = None,
    is_novel: bool = False,
    **ticket: object,
) -> bool:
    asked = Ticket("1", "", "x", **ticket)  # type: ignore[arg-type]  # any of its fields
    return bool(
        apply(
            predicted or {}, {**SALES, "when": when}, ticket=asked, language=language, is_novel=is_novel
        ).rules
    )


def test_a_language_counts_where_it_is_sure_enough() -> None:
    assert fires({"language": "lv"}, language=DetectedLanguage("lv", 0.85, {}))
    assert fires({"language": ["de", "lv"]}, language=DetectedLanguage("lv", 0.85, {}))
    assert not fires({"language": "lv"}, language=DetectedLanguage("lv", 0.7, {}))
    assert fires({"language": "lv", "min_language_confidence": 0.6}, language=DetectedLanguage("lv", 0.7, {}))
    assert not fires({"language": "lv"}, language=DetectedLanguage("en", 1.0, {}))


def test_norwegian_may_be_written_either_way() -> None:
    for code in ("no", "nb"):
        assert fires({"language": ["de", code]}, language=DetectedLanguage("nb", 1.0, {}))


def test_channel_requester_and_attributes_are_compared_without_regard_to_case() -> None:
    assert fires({"channel": "Phone"}, channel="phone")
    assert not fires({"channel": "phone"})
    assert fires({"attributes": {"segment": ["vip", "gold"]}}, attributes={"segment": "VIP"})
    assert not fires({"attributes": {"segment": "vip"}}, attributes={"plan": "vip"})
    assert fires({"requester": "ANN@example.com"}, requester="Ann Lee <ann@Example.com>")
    assert not fires({"requester": "ann@example.com"}, requester="joann@example.com")
    assert not fires({"requester": "@example.com"})


def test_a_domain_stands_for_its_addresses_and_no_other_domain() -> None:
    assert fires({"requester": "@example.com"}, requester="ann@EXAMPLE.com")
    for other in ("ann@example.com.example.net", "ann@mail.example.com", "example.com"):
        assert not fires({"requester": "@example.com"}, requester=other)


def test_all_parts_of_a_condition_must_hold() -> None:
    when = {"channel": "email", "attributes": {"segment": "vip", "country": "FI"}}
    vip = {"segment": "vip", "country": "FI"}
    assert fires(when, channel="email", attributes=vip)
    assert not fires(when, channel="chat", attributes=vip)
    assert not fires(when, channel="email", attributes={"segment": "vip"})


def test_a_predicted_field_counts_where_it_is_applied_or_set_by_a_person() -> None:
    when = {"fields": {"category": ["billing", "order"]}}
    assert fires(when, {"category": decided("apply", billing=0.95)})
    assert not fires(when, {"category": decided("suggest", billing=0.95)})
    assert not fires(when, {"category": decided("apply", app=0.95)})
    assert fires(when, {"category": decided("abstain", app=0.5)}, current={"category": "order"})
    assert not fires(when, {"category": decided("apply", billing=0.95)}, current={"category": "app"})
    assert not fires(when)


def test_with_a_least_confidence_the_listed_values_count_together() -> None:
    when = {"fields": {"category": ["billing", "order"]}, "min_confidence": 0.8}
    assert fires(when, {"category": decided("abstain", billing=0.5, order=0.31, app=0.19)})
    assert not fires(when, {"category": decided("suggest", billing=0.7, app=0.3)})


def test_a_tag_counts_where_it_is_among_the_tags() -> None:
    when = {"fields": {"tags": "vip"}}
    assert fires(when, {"tags": tagged("apply", vip=0.9, b2b=0.8)})
    assert not fires(when, {"tags": tagged("apply", b2b=0.8, vip=0.2)})
    sure = {**when, "min_confidence": 0.9}
    assert fires(sure, {"tags": tagged("suggest", vip=0.9)})
    assert not fires(
        {"fields": {"tags": ["vip", "b2b"]}, "min_confidence": 0.9},
        {"tags": tagged("suggest", vip=0.6, b2b=0.6)},
    )


def test_what_is_undone_gone_or_unlike_all_past_tickets_meets_no_condition() -> None:
    when = {"fields": {"category": "billing"}, "min_confidence": 0.5}
    predicted = {"category": decided("suggest", billing=0.95)}
    assert fires(when, predicted)
    assert not fires(when, predicted, undone=frozenset({"category"}))
    assert not fires(when, predicted, is_novel=True)
    settings = Settings(
        fields={"category": {}, "team": {}},  # type: ignore[dict-item]  # validated, as a file's content is
        rules=[{**SALES, "when": when}],  # type: ignore[arg-type]  # likewise
    )
    gone = settings.fields["category"].model_copy(update={"allowed": ("app",)})
    rule_pipeline = build_rule_pipeline(
        settings.model_copy(update={"fields": {**settings.fields, "category": gone}})
    )
    ticket, language = Ticket("1", "", "x"), DetectedLanguage("en", 1.0, {})
    assert rule_pipeline.apply(ticket, language, predicted, is_novel=False, now=NOW).rules == ()


def test_conditions_see_the_matrix_and_no_other_rule() -> None:
    predicted = {"impact": decided("apply", high=0.99), "urgency": decided("apply", high=0.99)}
    escalate = {"name": "escalate", "when": {"fields": {"priority": "urgent"}}, "set": {"team": "duty"}}
    follow = {"name": "follow", "when": {"fields": {"team": "duty"}}, "set": {"category": "other"}}
    assert apply(predicted, escalate, follow, matrix=MATRIX).rules == ("escalate",)


def test_what_a_suspended_field_says_is_no_ground_to_apply_anything() -> None:
    predicted = {name: decided("apply", high=0.99) for name in ("impact", "urgency")} | {
        "category": decided("apply", billing=0.95)
    }
    follow = {"name": "follow", "when": {"fields": {"category": "billing"}}, "set": {"team": "sales"}}
    held = apply(predicted, follow, matrix=MATRIX, suspended=frozenset({"category", "impact"}))
    assert held.rules == ()
    assert held.fields["priority"].action == "suggest"
    assert held.fields["category"].action == "apply"  # what would have been applied is still observed
    ticket = Ticket("1", "", "x", current={"category": "billing"})
    assert apply(predicted, follow, ticket=ticket, suspended=frozenset({"category"})).rules == ("follow",)
    first = {"name": "first", "set": {"impact": "high"}}
    due = {"targets": [{"name": "fast", "when": {"fields": {"impact": "high"}}, "first_response": "1h"}]}
    assert apply(predicted, sla=due, suspended=frozenset({"impact"})).deadlines is None
    assert apply(predicted, first, sla=due, suspended=frozenset({"impact"})).deadlines is not None


def test_the_triage_service_tells_the_rules_which_fields_are_suspended() -> None:
    rule_pipeline = build_rule_pipeline(Settings())
    missing: Part[Any] = Part(None, NotReadyError("nothing yet"))
    engine = Engine(ENCODER, LanguageDetector(["en"]), missing, missing, rule_pipeline)
    down = Suspension("category", "b1", NOW, 40, 9, 0.05)
    known = {"b1": {"category": down}}
    watched: Any = SimpleNamespace(monitor=SimpleNamespace(suspended=lambda bundle: known.get(bundle, {})))
    store: Any = None
    cautious = TriageService(engine, store, "b1", "r", holdback=watched)._cautious_engine()
    assert cautious.rule_pipeline == replace(rule_pipeline, suspended=frozenset({"category"}))
    assert TriageService(engine, store, "b2", "r", holdback=watched)._cautious_engine() is engine
    assert TriageService(engine, store, "b1", "r")._cautious_engine() is engine
