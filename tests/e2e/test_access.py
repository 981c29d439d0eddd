"""The pages in a real browser where tokens are needed: they ask for one, and keep to their policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from models.bundle import Bundle
from tests.browser import open_page
from tests.http.toy_service import secret, toy_app, toy_settings
from triage.first_token import ensure_first_token, first_token_file
from triage.pipeline.part import Part
from triage.server.sign_in import sign_in_link
from triage.store import Store, open_store
from triage.web.service import ActiveEngine


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(toy_settings(tmp_path))
    yield store
    store.database.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[APIFlask]:
    app = toy_app(toy_settings(tmp_path))
    yield app
    app.extensions["triage"].store.database.close()


@pytest.fixture
def url(app: APIFlask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page() -> Iterator[Page]:
    problems: list[str] = []
    with open_page(problems) as page:
        yield page
    assert [p for p in problems if "status of 401" not in p and "status of 503" not in p] == []


def test_the_page_asks_for_a_token_and_keeps_it_for_its_tab_only(page: Page, url: str, store: Store) -> None:
    token = secret(store, "triage")
    page.goto(url)
    entered = page.get_by_label("Token with the scope triage")
    entered.wait_for()
    assert not page.get_by_label("Message").is_visible()
    entered.fill(f"{token[:-1]}x")  # a slip
    page.keyboard.press("Enter")
    page.get_by_label("Message").fill("The battery does not charge")
    page.get_by_role("button", name="Read the ticket").click()
    page.get_by_text("the token is not known").wait_for()
    entered.fill(token)
    page.keyboard.press("Enter")
    entered.wait_for(state="hidden")
    page.get_by_role("button", name="Read the ticket").click()
    # The token opens the route; there is only no bundle here.
    page.locator("#answer").get_by_text("triage train").wait_for()
    assert page.evaluate("sessionStorage.getItem('token')") == token
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert token not in page.content()


def test_the_link_of_the_start_signs_in_and_its_token_leaves_the_address(
    page: Page, url: str, store: Store
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer')}"))
    home = Path(store.database.engine.url.database or "").parent
    ensure_first_token(store.access_tokens, home)
    token = first_token_file(home).read_text("utf-8").strip()
    page.goto(sign_in_link(home, f"{url}/") or "")
    page.get_by_label("Message").fill("The battery does not charge")
    page.get_by_role("button", name="Read the ticket").click()
    page.locator("#answer").get_by_text("triage train").wait_for()
    assert page.url == f"{url}/"
    assert not any(token in one for one in asked), "the fragment is sent to nobody"
    page.goto(f"{url}/dashboard")
    page.get_by_role("heading", name="Tickets a week").wait_for()


@pytest.mark.parametrize("path", ["/", "/dashboard"])
def test_a_page_says_what_cannot_answer_until_it_can(page: Page, url: str, app: APIFlask, path: str) -> None:
    page.clock.install()
    page.goto(url + path)
    problem = page.get_by_text("bundle: there is no trained bundle yet")
    problem.wait_for()
    service = app.extensions["triage"]
    trained = cast(Bundle, SimpleNamespace(id="b1"))
    service._active = ActiveEngine(replace(service.engine(), bundle=Part(trained)), None)
    page.clock.fast_forward(30_000)
    problem.wait_for(state="detached")


def test_the_documentation_is_shown_under_its_policy(page: Page, url: str) -> None:
    foreign: list[str] = []
    page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith((url, "data:")) else None)
    page.goto(url + "/docs/")
    page.get_by_text("Predict a ticket's fields and find what answers it").wait_for()
    page.get_by_role("button", name="Authorize").first.wait_for()
    assert foreign == []
