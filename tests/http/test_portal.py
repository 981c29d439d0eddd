"""What a portal's token may do, which everybody can read: little, and nothing at the expense of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from tests.http.toy_service import refused, signed_in, toy_app, toy_settings
from tests.postgres import Postgres
from triage.settings import Settings
from triage.settings.service import DeflectSettings, ServerSettings
from triage.store import Store
from triage.store.ids import new_id
from triage.store.portal_sessions import new_session_id
from triage.store.tables import article_events, metadata

DRAFT = {"text": "connect to the vpn", "language": "en"}


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A home without a control group, over either database."""
    url, postgres, name = "", None, f"t{uuid4().hex}"
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres")
        assert isinstance(postgres, Postgres)
        url = postgres.create_database(name)
    everybody = DeflectSettings(control_share=0, settled_minutes=0)
    yield toy_settings(tmp_path, store_url=url).model_copy(update={"deflect": everybody})
    if postgres is not None:
        postgres.drop_database(name)


@pytest.fixture
def open_app(settings: Settings) -> Iterator[Callable[[], APIFlask]]:
    """Opens the application over that home, each time as another process would."""
    opened: list[APIFlask] = []

    def open_one() -> APIFlask:
        opened.append(toy_app(settings))
        return opened[-1]

    yield open_one
    for app in opened:
        app.extensions["triage"].store.close()


@pytest.fixture
def app(open_app: Callable[[], APIFlask]) -> APIFlask:
    return open_app()


@pytest.fixture
def portal(app: APIFlask) -> FlaskClient:
    return signed_in(app, "portal")


@pytest.fixture
def store(app: APIFlask) -> Store:
    found: Store = app.extensions["triage"].store
    return found


def ask(client: FlaskClient, **draft: Any) -> Any:
    answer = client.post("/v1/deflect", json=DRAFT | draft)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def tell(client: FlaskClient, *events: tuple[str, str], **ids: str | None) -> Any:
    listed = [{"kind": kind, "article_id": article} for kind, article in events or [("opened", "vpn")]]
    return client.post("/v1/feedback", json={"about": "articles", "events": listed, **ids})


def suggest(agent: FlaskClient) -> Any:
    return agent.post("/v1/suggest", json={"text": DRAFT["text"]})


def rows(store: Store) -> dict[str, int]:
    with store.database.read() as connection:
        count = {table.name: select(func.count()).select_from(table) for table in metadata.sorted_tables}
        return {name: connection.execute(wanted).scalar_one() for name, wanted in count.items()}


def pages(store: Store) -> int:
    with store.database.read() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        size = "PRAGMA page_count" if is_sqlite else "SELECT pg_total_relation_size('article_events')"
        return int(connection.execute(text(size)).scalar_one())


def test_feedback_about_what_is_made_up_is_refused_and_leaves_nothing_in_the_store(
    portal: FlaskClient, store: Store
) -> None:
    mine = ask(portal)
    assert [article["id"] for article in mine["articles"]] == ["vpn"]
    assert tell(portal, search_id=mine["search_id"], session_id=mine["session"]).get_json()["recorded"]
    before = rows(store), pages(store)
    for number in range(60):
        other = new_session_id(store.pseudonyms)
        made_up = [("helpful", f"{number}" + "x" * 400)]
        for ids, events in (
            ({"search_id": new_id(), "session_id": mine["session"]}, []),
            ({"search_id": new_id(), "session_id": other}, []),
            ({"search_id": mine["search_id"], "session_id": "0" * 32}, []),
            ({"search_id": mine["search_id"], "session_id": other}, []),
            ({"session_id": "0" * 32}, []),
            ({"search_id": mine["search_id"], "session_id": mine["session"]}, made_up),
            ({"session_id": mine["session"]}, made_up),
            ({"session_id": other}, []),
        ):
            answer = tell(portal, *events, **ids)
            assert answer.status_code == 404 or not answer.get_json()["recorded"]
        end = {"about": "session", "session_id": other, "outcome": "solved"}
        assert portal.post("/v1/feedback", json=end).get_json()["recorded"] is False
    assert (rows(store), pages(store)) == before


def test_a_search_that_280_sessions_speak_of_counts_once(portal: FlaskClient, store: Store) -> None:
    mine = ask(portal)
    others = [new_session_id(store.pseudonyms) for _ in range(140)]
    others += [ask(portal, text="")["session"] for _ in range(140)]
    told = [tell(portal, search_id=mine["search_id"], session_id=session).status_code for session in others]
    assert set(told) == {404}
    for ids in ({"search_id": mine["search_id"]}, {}):
        tell(portal, session_id=mine["session"], **ids)
    assert rows(store)["article_events"] == 1


def test_an_article_counts_once_in_a_session_however_often_it_is_searched_for(
    portal: FlaskClient, store: Store
) -> None:
    session = ask(portal)["session"]
    for number in range(60):
        found = ask(portal, text=f"{DRAFT['text']} {number}", session=session)
        told = tell(
            portal, ("opened", "vpn"), ("helpful", "vpn"), search_id=found["search_id"], session_id=session
        )
        assert told.get_json()["recorded"] is (number == 0)
    assert rows(store)["article_events"] == 2


def test_drafts_that_differ_in_what_is_redacted_alone_count_once(
    app: APIFlask, portal: FlaskClient, store: Store
) -> None:
    for number in range(40):
        ask(portal, text=f"{DRAFT['text']} for customer{'abcdefgh'[number % 8]}{number}@example.com")
    found = deflection(app)
    assert (found["shown"]["sessions"], found["discarded"]) == (1, 39)


def test_a_portal_names_the_session_and_is_told_so_where_it_does_not(
    portal: FlaskClient, store: Store
) -> None:
    answer = tell(portal, search_id=ask(portal)["search_id"])
    message = refused(answer, 422, "bad_input")
    assert answer.get_json()["error"]["fields"] == {"session_id": ["missing"]}
    assert "send `session_id`" in message
    assert rows(store)["article_events"] == 0


def test_articles_that_the_answer_did_not_list_are_named_and_not_stored(
    portal: FlaskClient, store: Store
) -> None:
    mine = ask(portal)
    ids = {"search_id": mine["search_id"], "session_id": mine["session"]}
    told = tell(portal, ("shown", "vpn"), ("shown", "other"), ("opened", "other"), **ids).get_json()
    assert (told["recorded"], told["unknown"]) == (True, ["other"])
    assert rows(store)["article_events"] == 1


def test_a_session_alone_stands_for_its_search_that_listed_the_article(
    portal: FlaskClient, store: Store
) -> None:
    first = ask(portal)
    ask(portal, text="what the weather is like in Oulu", session=first["session"])
    assert tell(portal, session_id=first["session"]).get_json()["recorded"]
    with store.database.read() as connection:
        (kept,) = connection.execute(select(article_events)).mappings()
    assert (kept["search_id"], kept["session_id"]) == (first["search_id"], first["session"])


def test_who_was_shown_nothing_has_nothing_to_say_of_articles(
    settings: Settings, portal: FlaskClient, store: Store
) -> None:
    unanswered = ask(portal, text="what the weather is like in Oulu")
    assert unanswered["articles"] == []
    nobody = settings.model_copy(update={"deflect": DeflectSettings.model_construct(control_share=1.0)})
    app = toy_app(nobody)
    control = signed_in(app, "portal")
    hidden = ask(control)
    for client, answer in ((portal, unanswered), (control, hidden)):
        told = tell(client, search_id=answer["search_id"], session_id=answer["session"]).get_json()
        assert (told["recorded"], told["unknown"]) == (False, ["vpn"])
    assert rows(store)["article_events"] == 0
    app.extensions["triage"].store.close()


def test_an_event_that_another_process_hears_of_at_once_counts(
    open_app: Callable[[], APIFlask], portal: FlaskClient, store: Store
) -> None:
    mine = ask(portal)
    other = signed_in(open_app(), "portal")
    assert tell(other, search_id=mine["search_id"], session_id=mine["session"]).get_json()["recorded"]
    assert rows(store)["article_events"] == 1


def test_agents_and_helpdesks_need_no_session_and_must_name_a_known_answer(app: APIFlask) -> None:
    agent, store = signed_in(app, "agent"), app.extensions["triage"].store
    found = suggest(agent).get_json()
    assert tell(agent, search_id=found["search_id"]).get_json()["recorded"]
    assert tell(agent, ("opened", "other"), search_id=found["search_id"]).get_json()["unknown"] == ["other"]
    refused(tell(agent, search_id=new_id()), 404, "not_found")
    assert rows(store)["article_events"] == 1


def test_of_a_long_draft_the_beginning_is_read_and_the_answer_says_so(
    portal: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    engine = portal.application.extensions["triage"].engine()
    encode = engine.encoder.encode

    def noted(texts: list[str], *args: Any, **kwargs: Any) -> Any:
        read.extend(texts)
        return encode(texts, *args, **kwargs)

    monkeypatch.setattr(engine.encoder, "encode", noted)
    long = ask(portal, text="connect to the vpn " * 1000)
    short = ask(portal, text="connect to the vpn " * 50)
    assert (long["truncated"], short["truncated"]) == (True, False)
    assert [article["id"] for article in long["articles"]] == ["vpn"]
    assert 900 < max(map(len, read)) <= 1000
    portal.application.extensions["triage"].deflection.writer.flush()
    kept = store.searches.get(long["search_id"])
    assert kept is not None
    assert kept.text is not None
    assert len(kept.text) <= 1000


def test_drafts_that_fill_the_portal_s_places_take_none_from_tickets(app: APIFlask) -> None:
    portal, agent, service = signed_in(app, "portal"), signed_in(app, "agent"), app.extensions["triage"]
    gate = service.portal_admission
    gate.queue = 0
    for _ in range(gate.slots):
        gate.enter()
    draft: Any = portal.post("/v1/deflect", json=DRAFT)
    refused(draft, 503, "overloaded")
    refused(tell(portal, session_id="0" * 32), 503, "overloaded")
    assert suggest(agent).status_code == 200
    for _ in range(gate.slots):
        gate.leave()
    service.admission.queue = 0
    for _ in range(service.admission.slots):
        service.admission.enter()
    refused(suggest(agent), 503, "overloaded")
    assert ask(portal)["articles"]


def end(client: FlaskClient, session: str, outcome: str) -> Any:
    told = {"about": "session", "session_id": session, "outcome": outcome}
    return client.post("/v1/feedback", json=told).get_json()


def deflection(app: APIFlask) -> Any:
    app.extensions["triage"].deflection.writer.flush()
    return signed_in(app).get("/v1/statistics").get_json()["deflection"]


def test_280_new_sessions_with_one_draft_are_one_in_the_figure_which_names_the_others(
    app: APIFlask, portal: FlaskClient, store: Store
) -> None:
    mine = [ask(portal) for _ in range(280)]
    for answer in mine:
        end(portal, answer["session"], "solved")
    found = deflection(app)
    assert (found["shown"]["sessions"], found["control"]["sessions"], found["discarded"]) == (1, 0, 279)
    told = [tell(portal, search_id=one["search_id"], session_id=one["session"]).get_json() for one in mine]
    assert sum(answer["recorded"] for answer in told) == rows(store)["article_events"] == 1


def test_an_outcome_of_a_session_in_which_nothing_was_searched_is_not_kept(
    app: APIFlask, portal: FlaskClient, store: Store
) -> None:
    for _ in range(20):
        assert end(portal, ask(portal, text="")["session"], "submitted")["recorded"] is False
    assert rows(store)["sessions"] == 0
    assert end(portal, ask(portal)["session"], "submitted")["recorded"] is True
    assert deflection(app)["shown"] == {"sessions": 1, "submitted": 1}


def test_behind_a_proxy_that_is_named_the_sessions_of_each_address_count(settings: Settings) -> None:
    behind = ServerSettings(trusted_proxies=("10.0.0.0/8",))
    app = toy_app(settings.model_copy(update={"server": behind}))
    portal = signed_in(app, "portal")
    portal.environ_base["REMOTE_ADDR"] = "10.0.0.1"
    for number in range(6):
        headers = {"X-Forwarded-For": f"1.1.1.{number}, 192.0.2.{number // 2}"}
        portal.post("/v1/deflect", json=DRAFT, headers=headers)
    found = deflection(app)
    assert (found["shown"]["sessions"], found["discarded"]) == (3, 3)
    app.extensions["triage"].store.close()


def test_beyond_its_quota_a_portal_is_answered_and_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.store.MB", 5_000)
    app = toy_app(settings.model_copy(update={"deflect": DeflectSettings(control_share=0, quota_mb=1)}))
    portal, store = signed_in(app, "portal"), app.extensions["triage"].store
    answers = [ask(portal, text=f"connect to the vpn {'abcdefgh'[number]}") for number in range(8)]
    assert all(answer["articles"] for answer in answers)
    app.extensions["triage"].deflection.writer.flush()
    kept = rows(store)
    assert 0 < kept["searches"] < 8
    last = answers[-1]
    refused(tell(portal, search_id=last["search_id"], session_id=last["session"]), 404, "not_found")
    assert end(portal, last["session"], "solved")["recorded"] is False
    assert rows(store) == kept
    app.extensions["triage"].store.close()
