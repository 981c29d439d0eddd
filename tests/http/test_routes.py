"""What each route answers on the sample helpdesk."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

from flask.testing import FlaskClient

FIELDS = {"category", "subcategory", "team", "impact", "urgency", "priority", "tags"}
COLD_BATTERY = "My battery will not charge since the frost came, one red blink and then nothing."


def test_triage_answers_fields_confidences_reasons_and_articles(client: FlaskClient) -> None:
    response = client.post("/v1/triage", json={"id": "7", "subject": "Battery", "body": COLD_BATTERY})
    assert response.status_code == 200
    answer = response.get_json()
    assert set(answer["fields"]) == FIELDS
    category = answer["fields"]["category"]
    assert category["value"] == "battery"
    assert 0 < category["confidence"] <= 1
    assert category["action"] in {"apply", "suggest", "abstain"}
    assert [a["confidence"] for a in category["alternatives"]] == sorted(
        (a["confidence"] for a in category["alternatives"]), reverse=True
    )
    assert {reason["kind"] for reason in category["reasons"]} >= {"threshold", "words", "similar"}
    assert isinstance(answer["fields"]["tags"]["value"], list)
    assert answer["articles"][0]["id"] == "battery-not-charging"
    assert answer["language"]["code"] == "en"
    assert answer["missing"] == {}
    assert answer["id"] == "7"
    assert answer["bundle"]
    assert answer["index"]


def test_numbers_truth_values_and_null_are_taken_as_files_have_them(client: FlaskClient) -> None:
    plain = {
        "id": "4711",
        "body": COLD_BATTERY,
        "attributes": {"product_id": "12", "vip": "true"},
        "current": {"priority": "3"},
    }
    loose = {
        "id": 4711,
        "subject": None,
        "body": COLD_BATTERY,
        "attributes": {"product_id": 12.0, "vip": True, "seats": None},
        "current": {"priority": 3, "tags": None},
    }
    first, second = (client.post("/v1/triage", json=ticket) for ticket in (plain, loose))
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.get_json()["id"] == "4711"
    assert second.get_json()["fields"] == first.get_json()["fields"]
    answer = second.get_json()
    final = {"category": True, "priority": 3, "tags": [1, "winter"]}
    about = {"about": "decision", "decision_id": answer["decision_id"], "final": final}
    told = client.post("/v1/feedback", json=about)
    assert told.status_code == 200
    assert set(told.get_json()["right"]) == {"category", "priority", "tags"}
    for bad in ({"id": [1]}, {"id": True}, {"attributes": {"a": 2**60}}, {"subject": {"a": 1}}):
        assert client.post("/v1/triage", json={"body": COLD_BATTERY} | bad).status_code == 422, bad


def test_rules_name_themselves_and_the_sla_counts_in_the_helpdesk_s_zone(client: FlaskClient) -> None:
    ticket = {
        "body": COLD_BATTERY,
        "created_at": "2026-03-27T16:00:00+02:00",
        "attributes": {"account": "Leipomo Harju"},
        "current": {"priority": "low"},
    }
    answer = client.post("/v1/triage", json=ticket).get_json()
    assert answer["rules"] == ["Key account"]
    priority = answer["fields"]["priority"]
    assert priority["value"] in {"high", "urgent"}
    assert priority["action"] == "suggest"
    assert [r["kind"] for r in priority["reasons"]][:2] == ["guard", "rule"]
    assert priority["reasons"][1]["rule"] == "Key account"
    assert answer["sla"] == {
        "target": "low",
        "first_response_due": "2026-04-01T16:00:00+03:00",
        "resolution_due": None,
    }


def test_without_a_rule_that_holds_none_is_named_and_the_last_target_counts_from_now(
    client: FlaskClient,
) -> None:
    answer = client.post("/v1/triage", json={"body": COLD_BATTERY}).get_json()
    assert answer["rules"] == []
    assert datetime.fromisoformat(answer["sla"]["first_response_due"]) > datetime.now(UTC)


def test_a_value_that_a_rule_sets_is_taken_back_for_a_machine_s_message(client: FlaskClient) -> None:
    dealer = {
        "body": "Dealer portal: our pallet order of ten Rullamo Long for the shop, when is the lorry?",
        "attributes": {"segment": "dealer", "product": "Dealer Portal"},
        "current": {"category": "dealer"},
    }
    team = client.post("/v1/triage", json=dealer).get_json()["fields"]["team"]
    assert (team["value"], team["action"], team["confidence"]) == ("dealer_desk", "apply", 1.0)
    machine = {**dealer, "headers": {"Auto-Submitted": "auto-generated"}}
    guarded = client.post("/v1/triage", json=machine).get_json()["fields"]["team"]
    assert (guarded["value"], guarded["action"]) == ("dealer_desk", "suggest")
    assert "a machine sent this" in guarded["reasons"][0]["text"]
    human = {**machine, "is_machine": False, "undone": ["team"]}
    undone = client.post("/v1/triage", json=human).get_json()["fields"]["team"]
    assert (undone["action"], undone["reasons"][0]["kind"]) == ("suggest", "guard")


def test_phrases_point_into_the_text_that_was_read(client: FlaskClient) -> None:
    answer = client.post("/v1/triage", json={"body": "Akku ei lataudu pakkasessa 🥶, mitä teen?"}).get_json()
    phrases = [
        phrase
        for field in answer["fields"].values()
        for r in field["reasons"]
        for phrase in r.get("phrases") or []
    ]
    assert phrases
    for phrase in phrases:
        assert answer["text"][phrase["start"] : phrase["end"]] == phrase["text"]


def test_phrases_say_where_they_stand_in_the_ticket_as_it_was_sent(client: FlaskClient) -> None:
    ticket = {
        "subject": "AW: Akku l&auml;dt nicht",
        "body": '<p title="Akku">Der Akku l&auml;dt nicht seit Frost 🥶, das Ger&auml;t bli<b>nkt</b>.</p>',
    }
    answer = client.post("/v1/triage", json=ticket).get_json()
    phrases = [
        phrase
        for field in answer["fields"].values()
        for reason in field["reasons"]
        for phrase in reason.get("phrases") or []
    ]
    origins = [(phrase["text"], phrase["origin"]) for phrase in phrases if phrase["origin"]]
    assert {origin["in"] for _, origin in origins} == {"subject", "body"}
    for text, origin in origins:
        assert unescape(ticket[origin["in"]][origin["start"] : origin["end"]]) == text
    assert {phrase["text"] for phrase in phrases if phrase["origin"] is None} <= {"blinkt"}
    schema = client.get("/openapi.json").get_json()["components"]["schemas"]["OriginResponse"]
    assert set(schema["properties"]) == {"in", "start", "end"}


def test_a_subcategory_belongs_to_a_category_that_was_seen_with_it(client: FlaskClient) -> None:
    answer = client.post(
        "/v1/triage", json={"body": "Ich wurde zweimal belastet, bitte Geld zurück!"}
    ).get_json()
    assert answer["fields"]["category"]["value"] == "billing"
    assert answer["fields"]["subcategory"]["value"] in {"invoice", "double_charge", "subscription", "refund"}


def test_articles_come_in_the_language_of_the_ticket_where_there_is_a_translation(
    client: FlaskClient,
) -> None:
    answer = client.post(
        "/v1/triage", json={"body": "Akku ei lataudu kun on pakkasta, punainen valo vilkkuu"}
    ).get_json()
    first = answer["articles"][0]
    assert (first["id"], first["language"], first["foreign"]) == ("battery-not-charging.fi", "fi", False)
    for mark in first["marks"]:
        assert first["snippet"][mark["start"] : mark["end"]].strip()


def test_suggest_finds_internal_articles_and_canned_replies_for_agents(client: FlaskClient) -> None:
    found = client.post(
        "/v1/suggest", json={"text": "what do I ask a caller about a hot battery", "k": 5}
    ).get_json()
    assert "internal" in {a["visibility"] for a in found["articles"]}
    replies = client.post(
        "/v1/suggest", json={"text": "refund has been sent", "collection": "reply"}
    ).get_json()
    assert replies["articles"]
    assert {a["collection"] for a in replies["articles"]} == {"reply"}


def test_deflect_shows_public_articles_only(client: FlaskClient) -> None:
    for text in (
        "battery hot smoke internal escalation",
        "courier contacts",
        "refund limits for agents",
        COLD_BATTERY,
    ):
        answer = client.post("/v1/deflect", json={"text": text}).get_json()
        assert {a["visibility"] for a in answer["articles"]} <= {"public"}
        assert {a["collection"] for a in answer["articles"]} <= {"article"}


def test_deflect_answers_what_is_answered_and_is_silent_on_the_rest(client: FlaskClient) -> None:
    assert client.post("/v1/deflect", json={"text": "battery will not charge, one red blink"}).get_json()[
        "articles"
    ]
    for text in ("", "  ", "asdf qwer", "who won the football match yesterday evening"):
        assert client.post("/v1/deflect", json={"text": text}).get_json()["articles"] == [], text


def test_health_and_readiness_are_told(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "ready"
    assert ready["missing"] == {}


def test_version_1_has_these_routes_and_the_document_describes_them(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]
    assert {path: " ".join(sorted(methods)) for path, methods in paths.items()} == {
        "/v1/triage": "post",
        "/v1/triage/batch": "post",
        "/v1/suggest": "post",
        "/v1/deflect": "post",
        "/v1/feedback": "post",
        "/v1/articles": "get",
        "/v1/articles/batch": "post",
        "/v1/articles/{article_id}": "delete get put",
        "/v1/hooks/{connector}": "post",
        "/v1/hooks/{connector}/deliveries": "get",
        "/v1/hooks/{connector}/deliveries/{delivery_id}": "get",
        "/v1/hooks/{connector}/deliveries/{delivery_id}/retry": "post",
        "/v1/models": "get",
        "/v1/statistics": "get",
        "/healthz": "get",
        "/readyz": "get",
        "/metrics": "get",
    }


def test_documentation_and_page_fetch_nothing_from_elsewhere(client: FlaskClient) -> None:
    for address in ("/", "/docs/"):
        page = client.get(address)
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert "http://" not in text.replace("http://localhost/", "/")
        assert "https://" not in text
    with client.get("/docs/swagger-ui-bundle.js") as script:
        assert script.status_code == 200
    assert "default-src 'self'" in client.get("/").headers["Content-Security-Policy"]
