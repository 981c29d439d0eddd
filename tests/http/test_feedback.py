"""/v1/feedback and the sessions of /v1/deflect, on the sample helpdesk."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import g
from flask.testing import FlaskClient

from cli import main
from kb_index.usage.events import COLUMN_OF
from tests.http.conftest import wait_until_loaded
from tests.http.toy_service import signed_in
from tests.sample_home import copy_sample
from training.data.dataset import read_tickets
from triage.deflection.draft_search import DraftSearch
from triage.settings import Settings
from triage.settings.service import DeflectSettings, FeedbackSettings
from triage.web.app import create_app
from triage.web.middleware.authentication import Principal
from triage.web.service import Service

TICKET = {"body": "The battery does not charge in the cold, one red blink and then nothing"}
DRAFT = {"text": "battery does not charge", "language": "en"}


@pytest.fixture(scope="module")
def copied(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home of this file's own."""
    home = tmp_path_factory.mktemp("feedback-home")
    return copy_sample(sample_settings, home)


def serve(settings: Settings) -> FlaskClient:
    client = signed_in(create_app(settings))
    wait_until_loaded(client)
    return client


def service_of(client: FlaskClient) -> Service:
    found: Service = client.application.extensions["triage"]
    return found


@pytest.fixture(scope="module")
def client(copied: Settings) -> FlaskClient:
    return serve(copied)


@pytest.fixture(scope="module")
def secretive(copied: Settings) -> FlaskClient:
    """A service over the same home that leaves every ticket to people and shows no customer anything."""
    holdout = FeedbackSettings.model_construct(holdout_share=1.0, suspend=True)
    control = DeflectSettings.model_construct(control_share=1.0, cache_size=0)
    return serve(copied.model_copy(update={"feedback": holdout, "deflect": control}))


def tell(client: FlaskClient, **body: Any) -> Any:
    return client.post("/v1/feedback", json=body)


def test_the_right_values_of_a_decision_are_taken_once(client: FlaskClient) -> None:
    decided = client.post("/v1/triage", json=TICKET).get_json()
    final = {"category": decided["fields"]["category"]["value"], "team": "nobody", "colour": "red"}
    body = {"about": "decision", "decision_id": decided["decision_id"], "final": final, "id": "k1"}
    first = tell(client, **body)
    assert first.status_code == 200
    assert first.get_json() == {
        "recorded": True,
        "right": {"category": True, "team": False},
        "unknown": ["colour"],
        "new_values": {"team": ["nobody"]},
    }
    assert tell(client, **body).get_json()["recorded"] is False
    other = tell(client, **{**body, "final": {"category": "x"}})
    assert (other.status_code, other.get_json()["error"]["code"]) == (409, "conflict")


def test_values_that_nobody_knows_yet_are_kept_and_named(client: FlaskClient) -> None:
    decided = client.post("/v1/triage", json=TICKET).get_json()
    category = decided["fields"]["category"]["value"]

    def new_values(final: dict[str, Any]) -> Any:
        return tell(client, about="decision", decision_id=decided["decision_id"], final=final).get_json()

    told = new_values({"category": "Nonsense"})
    assert (told["recorded"], told["new_values"]) == (True, {"category": ["Nonsense"]})
    for known in (category, category.upper(), None):
        assert new_values({"category": known})["new_values"] == {}


@pytest.mark.parametrize(
    "body",
    [
        {"about": "decision", "decision_id": "0" * 32, "final": {"category": "x"}},
        {"about": "articles", "decision_id": "0" * 32, "events": [{"kind": "shown", "article_id": "a"}]},
        {"about": "articles", "session_id": "0" * 32, "events": [{"kind": "shown", "article_id": "a"}]},
        {"about": "session", "session_id": "0" * 32, "outcome": "solved"},
    ],
)
def test_feedback_on_what_is_unknown_is_404_with_advice(client: FlaskClient, body: dict[str, Any]) -> None:
    refused = tell(client, **body)
    assert refused.status_code == 404
    assert "send the" in refused.get_json()["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"about": "weather"},
        {"about": "decision", "decision_id": "0" * 32, "final": {}},
        {"about": "decision", "decision_id": "x\u0000", "final": {"a": "b"}},
        {"about": "decision", "decision_id": "0" * 32, "final": {"a": {"b": "c"}}},
        {"about": "articles", "events": [{"kind": "shown", "article_id": "a"}]},
        {"about": "articles", "search_id": "0" * 32, "events": []},
        {"about": "articles", "search_id": "0" * 32, "events": [{"kind": "eaten", "article_id": "a"}]},
        {"about": "session", "session_id": "0" * 32, "outcome": "bored"},
        {"about": "session", "session_id": "0" * 32, "outcome": "solved", "extra": 1},
    ],
)
def test_a_body_of_another_form_is_422(client: FlaskClient, body: dict[str, Any]) -> None:
    assert tell(client, **body).status_code == 422


def test_a_holdout_ticket_is_left_to_people_and_its_hidden_value_is_judged(
    client: FlaskClient, secretive: FlaskClient
) -> None:
    open_answer = client.post("/v1/triage", json={"id": "7", **TICKET}).get_json()
    applied = {n for n, f in open_answer["fields"].items() if f["action"] == "apply" and f["threshold"]}
    assert applied, "the sample applies nothing to this ticket"
    answer = secretive.post("/v1/triage", json={"id": "7", **TICKET}).get_json()
    name = min(applied)
    field = answer["fields"][name]
    assert (field["value"], field["action"], field["alternatives"]) == (None, "abstain", [])
    assert [reason["kind"] for reason in field["reasons"]] == ["holdout", "blind"]
    assert all(name not in similar["labels"] for similar in answer["similar"])
    final = {name: open_answer["fields"][name]["value"]}
    told = tell(secretive, about="decision", decision_id=answer["decision_id"], final=final)
    assert told.get_json()["right"] == {name: True}
    seen = service_of(secretive).store.observed_errors.counts(name, answer["bundle"])
    assert (seen.holdout_judged, seen.holdout_wrong) == (1, 0)


def test_a_broken_guarantee_suspends_the_field_until_the_operator_lifts_that(
    client: FlaskClient, copied: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.post("/v1/triage", json=TICKET).get_json()
    name = min(n for n, f in answer["fields"].items() if f["action"] == "apply" and f["threshold"])
    wrong: Any = ["nothing like it"]
    for _ in range(12):
        answer = client.post("/v1/triage", json=TICKET).get_json()
        tell(client, about="decision", decision_id=answer["decision_id"], final={name: wrong})
    field = client.post("/v1/triage", json=TICKET).get_json()["fields"][name]
    assert (field["action"], field["reasons"][0]["kind"]) == ("suggest", "suspended")
    main_home = ["--home", str(copied.home)]
    with pytest.raises(SystemExit) as shown:
        main(["guarantee", "show", *main_home])
    assert not shown.value.code
    assert "SUSPENDED" in capsys.readouterr().out
    with pytest.raises(SystemExit) as lifted:
        main(["guarantee", "lift", name, *main_home])
    assert not lifted.value.code
    end = time.monotonic() + 60
    while client.post("/v1/triage", json=TICKET).get_json()["fields"][name]["action"] != "apply":
        assert time.monotonic() < end
        time.sleep(0.2)


def test_judged_tickets_come_out_as_a_file_to_train_on(
    client: FlaskClient, copied: Settings, tmp_path: Path
) -> None:
    sent = {"id": "t1", "body": "The battery does not charge. Write to ann@example.com"}
    answer = client.post("/v1/triage", json=sent).get_json()
    tell(client, about="decision", decision_id=answer["decision_id"], final={"category": "x", "tags": ["a"]})
    out = tmp_path / "judged.jsonl"
    with pytest.raises(SystemExit):
        main(["data", "export-feedback", "--home", str(copied.home), "--out", str(out)])
    ticket = next(t for t in read_tickets([out]).tickets if t.id == "t1")
    assert dict(ticket.labels) == {"category": "x", "tags": ("a",)}
    assert ticket.body == "The battery does not charge. Write to [mail]"


def test_a_session_goes_on_and_its_end_is_counted(client: FlaskClient) -> None:
    first = client.post("/v1/deflect", json={"text": ""}).get_json()
    assert (first["articles"], first["search_id"], first["stale"]) == ([], None, False)
    second = client.post("/v1/deflect", json={**DRAFT, "session": first["session"]}).get_json()
    assert second["session"] == first["session"]
    assert second["articles"]
    foreign = client.post("/v1/deflect", json={**DRAFT, "session": "0" * 32}).get_json()
    assert foreign["session"] not in {"0" * 32, first["session"]}
    events = [{"kind": kind, "article_id": second["articles"][0]["id"]} for kind in ("shown", "opened")]
    told = tell(client, about="articles", search_id=second["search_id"], events=events)
    assert told.get_json()["recorded"] is True
    end = {"about": "session", "session_id": first["session"], "outcome": "solved"}
    assert tell(client, **end).get_json()["recorded"] is True
    assert tell(client, **end).get_json()["recorded"] is False


def test_what_customers_do_with_articles_reaches_the_ranking_s_counts_once(client: FlaskClient) -> None:
    answer = client.post("/v1/deflect", json=DRAFT).get_json()
    place, article = len(answer["articles"]), answer["articles"][-1]["id"]
    service = service_of(client)
    articles, learner = service.engine().articles.get(), service.usage_learner
    assert learner is not None
    service.deflection.writer.flush()
    soon = datetime.now(UTC) + timedelta(minutes=1)
    learner.update(soon)

    def helped() -> float:
        counts = articles.usage.counts("portal", datetime.now(UTC).date()).get(article)
        return 0.0 if counts is None else float(counts[place - 1, COLUMN_OF["helpful"]])

    before = helped()
    for _ in range(2):
        events = [{"kind": "helpful", "article_id": article}]
        tell(client, about="articles", search_id=answer["search_id"], events=events)
        learner.update(soon)
    assert helped() == pytest.approx(before + 1)


def test_the_control_group_is_shown_nothing_and_cannot_tell(
    client: FlaskClient, secretive: FlaskClient
) -> None:
    one = client.post("/v1/deflect", json=DRAFT).get_json()
    other = secretive.post("/v1/deflect", json=DRAFT).get_json()
    assert one["articles"]
    assert other["articles"] == []
    assert one.keys() == other.keys()
    service_of(secretive).deflection.writer.flush()
    kept = service_of(secretive).store.searches.get(other["search_id"])
    assert kept is not None
    assert kept.is_answered


def test_a_draft_that_was_searched_before_is_searched_again_so_that_no_time_tells_what_others_typed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = service_of(client).engine()
    encoded: list[str] = []
    encode = engine.encoder.encode

    def counted(texts: list[str], *args: Any, **kwargs: Any) -> Any:
        encoded.extend(texts)
        return encode(texts, *args, **kwargs)

    monkeypatch.setattr(engine.encoder, "encode", counted)
    draft = {"text": "my battery does not charge", "language": "en"}
    answers = [client.post("/v1/deflect", json=draft).get_json() for _ in range(3)]
    assert encoded == [draft["text"]] * 3
    assert [a["articles"] for a in answers] == [answers[0]["articles"]] * 3


def test_of_two_waiting_drafts_of_a_session_the_older_is_stale(client: FlaskClient) -> None:
    engine, drafts = service_of(client).engine(), DraftSearch(at_once=1)
    results: dict[str, object] = {}

    def ask(text: str, session: str) -> threading.Thread:
        def run() -> None:
            results[text] = drafts.search(engine, session, text, "en")

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    session = uuid4().hex
    drafts._slots.acquire()  # another search is under way
    waiting = []
    for number, text in enumerate(("battery", "battery does not", "the bill"), start=1):
        waiting.append(ask(text, session if "battery" in text else "another"))
        while drafts._count < number:
            threading.Event().wait(0.01)
    drafts._slots.release()
    for thread in waiting:
        thread.join()
    assert results["battery"] is None
    assert results["battery does not"] is not None
    assert results["the bill"] is not None


def test_a_portal_s_token_may_not_judge_decisions(client: FlaskClient) -> None:
    decided = client.post("/v1/triage", json=TICKET).get_json()["decision_id"]
    told = {"about": "decision", "decision_id": decided, "final": {"category": "x"}}

    app = create_app(service_of(client).settings, service_of(client))

    @app.before_request
    def sign_in() -> None:
        g.principal = Principal("t1", "portal", frozenset({"portal"}))

    refused = signed_in(app).post("/v1/feedback", data=json.dumps(told), content_type="application/json")
    assert refused.status_code == 404
