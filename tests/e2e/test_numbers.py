"""What goes in over HTTP comes out of the operator's overview: a real server over the sample helpdesk."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM
from tests.live import LiveServer, live_server
from tests.sample_home import copy_sample
from triage.settings import Settings

TICKETS, SESSIONS = 12, 12
DRAFT = {"text": "the battery does not charge in the cold", "language": "en"}
OPTIONS = {
    "TRIAGE_STORE__SECRET": "so that the same tickets are in the holdout in each run",
    "TRIAGE_FEEDBACK__HOLDOUT_SHARE": "0.5",
    "TRIAGE_DEFLECT__CONTROL_SHARE": "0.5",
    "TRIAGE_DEFLECT__SETTLED_MINUTES": "0",
}


def post(server: LiveServer, route: str, body: dict[str, Any]) -> Any:
    data, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **server.headers}
    with urllib.request.urlopen(urllib.request.Request(server.url + route, data, headers), timeout=60) as got:
        return json.load(got)


def statistics(server: LiveServer) -> Any:
    asked = urllib.request.Request(server.url + "/v1/statistics", headers=server.headers)
    with urllib.request.urlopen(asked, timeout=60) as got:
        return json.load(got)


def overview(server: LiveServer, chromium: str) -> str:
    """Return the words of the tiles of the overview, as a browser shows them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{server.url}/dashboard#token={server.token}")
        page.get_by_role("heading", name="Tickets a week").wait_for()
        page.screenshot(path=server.home / "overview.png", full_page=True)
        return " ".join(" ".join(page.locator(".tile").all_inner_texts()).split())


@pytest.fixture
def server(sample_settings: Settings, encoder_folder: Path, tmp_path: Path) -> Iterator[LiveServer]:
    home = tmp_path / "home"
    copy_sample(sample_settings, home)
    with live_server(home, encoder_folder, tmp_path / "log", environment=OPTIONS) as running:
        yield running


def test_what_people_make_of_the_answers_is_in_the_numbers(server: LiveServer) -> None:
    for number in range(TICKETS):
        body = f"The battery of bike {number} does not charge in the cold, one red blink and then nothing"
        decided = post(server, "/v1/triage", {"id": f"t{number}", "body": body})
        final = {"category": "battery"} if number % 2 else {"category": "nothing of the kind"}
        told = {"about": "decision", "decision_id": decided["decision_id"], "final": final}
        assert post(server, "/v1/feedback", told)["recorded"]
    for number in range(SESSIONS):
        session = post(server, "/v1/deflect", DRAFT)["session"]
        outcome = "submitted" if number % 3 else "solved"
        post(server, "/v1/feedback", {"about": "session", "session_id": session, "outcome": outcome})
    found = statistics(server)
    assert found["total"]["tickets"] == TICKETS
    category = next(row for row in found["by_field"] if row["name"] == "category")
    assert sum(category[action] for action in ("apply", "suggest", "abstain")) == TICKETS
    holdout = category["holdout"]
    assert 0 < holdout["right"] < holdout["judged"] < TICKETS
    assert category["error"]["estimate"] == pytest.approx(1 - holdout["right"] / holdout["judged"])
    assert category["applied"]["judged"] + category["suggested"]["judged"] > 0
    shown, control = found["deflection"]["shown"], found["deflection"]["control"]
    assert shown["sessions"] + control["sessions"] == SESSIONS
    assert shown["submitted"] + control["submitted"] == sum(1 for n in range(SESSIONS) if n % 3)
    if shown["sessions"] and control["sessions"]:
        gap = control["submitted"] / control["sessions"] - shown["submitted"] / shown["sessions"]
        assert found["deflection"]["deflected"]["estimate"] == pytest.approx(gap)
    if CHROMIUM is not None:
        text = overview(server, CHROMIUM)
        assert f"Tickets {TICKETS} in" in text
        sessions = "1 session" if shown["sessions"] == 1 else f"{shown['sessions']} sessions"
        assert f"{sessions}, {control['sessions']} in the control group" in text
