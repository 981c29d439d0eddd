"""The page in a real browser, with the keyboard alone, against the server as it is started."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import open_page
from tests.live import LiveServer, live_server
from tests.sample_home import copy_sample
from triage.settings import Settings


@pytest.fixture(scope="module")
def server(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """`python serve.py` on the sample helpdesk."""
    folder = tmp_path_factory.mktemp("server")
    home = copy_sample(sample_settings, folder / "home").home
    by_no_lot = {"TRIAGE_FEEDBACK__HOLDOUT_SHARE": "0"}  # one ticket in fifty shows nothing otherwise
    with live_server(home, sample_settings.encoder_folder, folder / "log", environment=by_no_lot) as running:
        yield running


@pytest.fixture
def page(server: LiveServer) -> Iterator[Page]:
    problems: list[str] = []
    with open_page(problems) as page:
        foreign: list[str] = []
        page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith(server.url) else None)
        page.goto(f"{server.url}/#token={server.token}")
        yield page
    assert [p for p in problems if "422" not in p] == []
    assert foreign == []


def test_a_ticket_is_typed_and_answered_without_a_mouse(page: Page) -> None:
    page.get_by_text("Ready, bundle").wait_for()
    page.keyboard.type("Akku")  # the subject has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("Akku ei lataudu kun on pakkasta, punainen valo vilkkuu")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Fields").wait_for()
    answer = page.locator("#answer")
    assert "battery" in answer.inner_text()
    assert answer.locator(".field").count() == 7
    assert answer.locator("article h3").first.inner_text() == "Akku ei lataudu"
    assert answer.locator("article mark").count() > 0
    assert answer.evaluate("element => element === document.activeElement"), "the answer is read out next"

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first "Why"
    assert answer.locator("details[open] li").count() >= 2


def test_the_button_sends_and_an_error_is_shown_in_words(page: Page) -> None:
    page.get_by_label("Message").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Read the ticket"
    with page.expect_response("**/v1/triage") as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == 422
    page.get_by_text("send the ticket's text").wait_for()


def test_markup_in_a_ticket_is_shown_and_never_run(page: Page) -> None:
    page.get_by_label("Subject").fill("<img src=x onerror=alert(1)>")
    page.get_by_label("Message").fill("My lock <script>alert(2)</script> does not open & beeps")
    page.get_by_role("button", name="Read the ticket").press("Enter")
    page.get_by_role("heading", name="Fields").wait_for()
    assert page.locator("#answer img, #answer script").count() == 0


def test_markup_in_an_article_is_shown_and_never_run(page: Page, server: LiveServer) -> None:
    markup = "<img src=x onerror=alert(1)>"
    article = {
        "title": f"Hovercraft {markup}",
        "body": "<p>My hovercraft is full of eels &lt;script&gt;alert(2)&lt;/script&gt;</p>",
        "labels": [markup],
        "language": "en",
    }
    assert page.request.put(f"{server.url}/v1/articles/hovercraft", data=article, headers=server.headers).ok
    page.get_by_label("Message").fill("My hovercraft is full of eels, what now?")
    page.get_by_role("button", name="Read the ticket").press("Enter")
    found = page.locator("#answer article", has_text="Hovercraft")
    assert markup in found.locator("h3").inner_text()
    assert "<script>alert(2)</script>" in found.inner_text()
    assert page.locator("#answer img, #answer script, #answer a[href^=javascript]").count() == 0
    assert page.request.delete(f"{server.url}/v1/articles/hovercraft", headers=server.headers).ok
