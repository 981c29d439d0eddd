"""The operator's overview in a real browser, over a store in which every text is hostile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route
from werkzeug.serving import make_server

from tests.browser import open_page
from tests.http.toy_service import secret, toy_app, toy_settings
from tests.store.test_decisions import decision
from triage.store import Store
from triage.store.ids import new_id
from triage.store.searches import SearchRecord
from triage.store.weekly_counts import JudgementChange

MARKUP = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
SQL = "Robert'); DROP TABLE searches;--"


def fill(store: Store) -> None:
    for number in range(60):
        made = decision(is_holdout=True, language=MARKUP[:20])
        team = replace(made.fields[0], field="team", value=(MARKUP, SQL)[number % 2])
        made = replace(made, fields=[replace(made.fields[0], field=MARKUP), team])
        store.decisions.record(made)
        with store.database.write() as connection:
            judgements = {MARKUP: JudgementChange(None, number % 2 == 0), "team": JudgementChange(None, True)}
            store.decisions.weekly_counts.add_judgements(connection, made, made.fields, judgements)
    store.searches.record(
        [
            SearchRecord(
                new_id(), datetime.now(UTC), "deflect", "en", text, best=0, found=[], is_answered=False
            )
            for text in (MARKUP, MARKUP, SQL)
        ]
    )


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    app = toy_app(toy_settings(tmp_path), bundle_id="b1")
    fill(app.extensions["triage"].store)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    problems: list[str] = []
    with open_page(problems) as page:
        page.on("request", lambda r: None if r.url.startswith(url) else problems.append(r.url))
        page.goto(f"{url}/dashboard#token={secret(app.extensions['triage'].store, 'admin')}")
        page.get_by_role("heading", name="Tickets a week").wait_for()
        yield page
    server.shutdown()
    server.server_close()
    app.extensions["triage"].store.database.close()
    assert problems == []


def test_one_glance_says_how_many_and_whether_the_guarantee_is_kept(page: Page) -> None:
    tiles = page.locator(".tile").all_inner_texts()
    assert tiles[0].split()[:2] == ["Tickets", "60"]
    assert "Broken" in tiles[2]
    assert page.locator("svg[role=img][aria-label]").count() == 2
    assert page.get_by_role("table", name="By field").get_by_role("row").count() == 3
    assert page.get_by_text("broken", exact=True).count() == 1
    headings = page.get_by_role("table", name="By field").get_by_role("columnheader").all_inner_texts()
    assert headings[2:4] == ["Observed error (95 %)", "Judged holdout tickets"]
    assert "All bundles, as chosen (95 %)" in headings


def test_what_is_stored_is_shown_as_text_and_never_run(page: Page) -> None:
    assert page.get_by_role("rowheader", name=SQL).count() == 2
    shown = page.get_by_role("table", name="Searches without an answer")
    assert shown.get_by_role("rowheader").first.inner_text() == MARKUP
    assert page.locator("#numbers img, #numbers script, option img").count() == 0
    assert page.title() == "Triage: overview"


def test_the_overview_is_narrowed_with_the_keyboard(page: Page) -> None:
    page.locator("select[name=segment]").focus()
    with page.expect_response("**/v1/statistics?**") as answered:
        page.keyboard.press("ArrowDown")
    assert "segment=" in answered.value.url
    assert answered.value.json()["total"]["tickets"] == 30
    page.locator(".tile .big", has_text="30").wait_for()
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("table", name="By week").is_visible()


def test_a_late_answer_to_an_earlier_choice_is_not_shown(page: Page) -> None:
    held: list[Route] = []
    page.route("**/v1/statistics?weeks=52*", lambda route, _request: held.append(route))
    weeks = page.locator("select[name=weeks]")
    weeks.select_option("52")
    weeks.select_option("4")
    page.get_by_text("in 4 weeks").wait_for()
    with page.expect_response("**/v1/statistics?weeks=52*") as late:
        held[0].continue_()
    assert late.value.json()["weeks"] == 52
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")  # what awaits the answer goes on
    assert page.get_by_text("in 4 weeks").is_visible()
    assert page.locator("#numbers").get_attribute("aria-busy") == "false"
