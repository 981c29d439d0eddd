"""The operator's numbers over HTTP."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.http.toy_service import secret, signed_in, toy_app, toy_settings
from tests.store.test_decisions import decision
from triage.store import Store


@pytest.fixture
def store_and_client(tmp_path: Path) -> tuple[Store, FlaskClient]:
    app = toy_app(toy_settings(tmp_path))
    return app.extensions["triage"].store, signed_in(app)


def test_an_empty_store_answers_with_nothing_known(store_and_client: tuple[Store, FlaskClient]) -> None:
    answer = store_and_client[1].get("/v1/statistics").get_json()
    assert answer["total"]["tickets"] == 0
    assert answer["total"]["error"] is None
    assert answer["deflection"]["deflected"] is None
    assert answer["by_week"] == answer["by_field"] == answer["unanswered_searches"] == []


def test_a_decision_is_in_the_numbers_at_once(store_and_client: tuple[Store, FlaskClient]) -> None:
    store, client = store_and_client
    store.decisions.record(decision())
    answer = client.get("/v1/statistics?weeks=1").get_json()
    assert answer["total"]["tickets"] == answer["total"]["suggest"] == 1
    assert [row["name"] for row in answer["by_field"]] == ["category", "tags"]
    assert {row["guarantee"] for row in answer["by_field"]} == {"unknown"}
    spoken = {code: f"/v1/statistics?language={code}" for code in ("fi", "fi-FI", "FI", "de")}
    tickets = {code: client.get(url).get_json()["total"]["tickets"] for code, url in spoken.items()}
    assert tickets == {"fi": 1, "fi-FI": 1, "FI": 1, "de": 0}


def judged(store: Store, bundle_id: str, wrong: int, right: int) -> None:
    for number in range(wrong + right):
        made = decision(is_holdout=True, bundle_id=bundle_id)
        made = replace(made, fields=[replace(made.fields[0], action="abstain")])
        store.decisions.record(made)
        store.feedback.record(made.id, {"category": "screen" if number < wrong else "battery"})


def test_the_guarantee_is_of_the_bundle_that_answers_and_earlier_ones_are_history(tmp_path: Path) -> None:
    app = toy_app(toy_settings(tmp_path), bundle_id="new")
    store, client = app.extensions["triage"].store, signed_in(app)
    judged(store, "old", 20, 0)
    judged(store, "new", 0, 80)
    answer = client.get("/v1/statistics?language=fi").get_json()
    (row,) = answer["by_field"]
    assert (answer["bundle"], row["guarantee"], row["suspended"]) == ("new", "kept", False)
    assert row["error"]["estimate"] == pytest.approx(0.2)
    assert row["in_use"]["error"]["estimate"] == 0
    assert row["in_use"]["holdout"] == {"judged": 80, "right": 80}


def test_the_guarantee_is_broken_exactly_where_a_field_is_suspended(tmp_path: Path) -> None:
    app = toy_app(toy_settings(tmp_path), bundle_id="new")
    service, client = app.extensions["triage"], signed_in(app)
    judged(service.store, "new", 20, 10)
    assert service.guarantee.check("category", "new") is not None
    for query in ("", "?weeks=1&language=fi"):
        (row,) = client.get(f"/v1/statistics{query}").get_json()["by_field"]
        assert (row["guarantee"], row["suspended"]) == ("broken", True)
    service.store.suspensions.end("category", "new", "ann")
    (row,) = client.get("/v1/statistics").get_json()["by_field"]
    assert (row["guarantee"], row["suspended"]) == ("unknown", False)
    assert row["in_use"] is None or row["in_use"]["holdout"]["judged"] == 0
    assert row["error"]["estimate"] == pytest.approx(2 / 3)  # of the weeks shown, as before


def test_the_old_keys_of_the_numbers_still_say_the_same_and_are_deprecated(tmp_path: Path) -> None:
    app = toy_app(toy_settings(tmp_path), bundle_id="new")
    service, client = app.extensions["triage"], signed_in(app)
    judged(service.store, "new", 20, 10)
    assert service.guarantee.check("category", "new") is not None
    answer = client.get("/v1/statistics").get_json()
    (row,) = answer["by_field"]
    assert row["blind"] == row["holdout"] == {"judged": 30, "right": 10}
    assert row["in_use"]["blind"] == row["in_use"]["holdout"]
    assert (row["promise"], row["stepped_down"]) == (row["guarantee"], row["suspended"]) == ("broken", True)
    assert answer["searches_in_vain"] == answer["unanswered_searches"]
    schemas = client.get("/openapi.json").get_json()["components"]["schemas"]
    old = {
        "CountsResponse": {"blind"},
        "ObservedResponse": {"blind"},
        "FieldCountsResponse": {"blind", "promise", "stepped_down"},
        "StatisticsResponse": {"searches_in_vain"},
        "ModelFieldResponse": {"bars", "own_bars"},
    }
    for name, keys in old.items():
        properties = schemas[name]["properties"]
        assert {key for key, told in properties.items() if told.get("deprecated")} == keys, name
    metrics = client.get("/metrics").get_data(as_text=True)
    for counter in ("triage_suspensions_total", "triage_step_downs_total"):
        assert f'{counter}{{field="category"}} 1.0' in metrics


@pytest.mark.parametrize("query", ["weeks=0", "weeks=x", "weeks=9999", "language=%3Cb%3E", "other=1"])
def test_an_impossible_choice_is_refused(store_and_client: tuple[Store, FlaskClient], query: str) -> None:
    response = store_and_client[1].get(f"/v1/statistics?{query}")
    assert response.status_code == 422
    assert response.get_json()["error"]["code"] == "bad_input"


def test_numbers_are_for_admins_alone_and_the_page_holds_none(
    store_and_client: tuple[Store, FlaskClient],
) -> None:
    store, client = store_and_client
    store.decisions.record(decision())
    agent, admin = secret(store, "agent"), secret(store, "admin")
    asked = {
        token: client.get("/v1/statistics", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (agent, admin)
    }
    assert asked == {agent: 403, admin: 200}
    page = client.get("/dashboard")
    assert page.status_code == 200
    assert b"category" not in page.data
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
