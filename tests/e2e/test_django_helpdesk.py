"""A real django-helpdesk is connected: its fields, its past, and its new tickets."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import main
from kb_index.articles.loaders import load_articles
from tests.e2e.live_desk import PASSWORD, USER, LiveDesk, live_desk

QUEUES = ["Front", "Network", "Billing"]
TOPICS = {
    "Front": ("Question about your opening hours", "Hello, when is the office open on Saturday?"),
    "Network": ("VPN does not connect", "The VPN client stops at 90 %. Call me on 0171 2345678."),
    "Billing": (
        "Wrong amount on the invoice",
        "The invoice shows another amount than ann@example.com paid.",
    ),
}
CATEGORY = {"Front": "general", "Network": "vpn", "Billing": "invoice"}

KNOWLEDGE = [
    {
        "title": "VPN",
        "slug": "vpn",
        "public": True,
        "items": [
            {"title": "Connect the VPN", "question": "How do I connect?", "answer": "Press **Connect**."},
            {"title": "The old VPN", "question": "Which?", "answer": "The old one.", "enabled": False},
        ],
    },
    {
        "title": "Staff",
        "slug": "staff",
        "public": False,
        "items": [{"title": "Reset a router", "question": "How?", "answer": "Hold the button."}],
    },
]


def history(count: int) -> list[dict[str, Any]]:
    """Return closed tickets; each has its own words, so that none is a copy of another."""
    tickets = []
    for number in range(count):
        queue = QUEUES[number % len(QUEUES)]
        title, text = TOPICS[queue]
        tickets.append(
            {
                "queue": queue,
                "title": f"{title} {number}",
                "description": f"{text} It began {number} days ago in room {number * 7}.",
                "submitter_email": f"user{number}@example.com",
                "priority": 1 + number % 3,
                "custom": {"category": CATEGORY[queue]},
            }
        )
    return tickets


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDesk]:
    """A helpdesk with a past: 510 closed tickets, which are more than a page, and three others."""
    with live_desk(tmp_path_factory.mktemp("desk")) as running:
        unsettled = [{**history(1)[0], "status": status, "title": "still open"} for status in (1, 2)]
        copy = {**history(1)[0], "status": 5, "title": "a duplicate"}
        running.fill(
            {
                "queues": QUEUES,
                "categories": KNOWLEDGE,
                "custom_fields": {"category": ["general", "vpn", "invoice"]},
                "tickets": [*history(510), *unsettled, copy],
            }
        )
        yield running


SETTINGS = """
[fields.team]
[fields.category]
[fields.priority]
kind = "ordinal"
values = ["low", "normal", "high"]

[helpdesks.desk]
kind = "django-helpdesk"
url = "{url}"
user = "{user}"
per_minute = 6000

[helpdesks.desk.fields.team]
field = "queue"
defaults = ["Front"]

[helpdesks.desk.fields.category]
field = "custom_category"

[helpdesks.desk.fields.priority]
field = "priority"
defaults = ["Normal"]

[helpdesks.desk.fields.priority.values]
"Critical" = "high"
"High" = "high"
"Normal" = "normal"
"Low" = "low"
"Very Low" = "low"
"""


@pytest.fixture
def home(desk: LiveDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home whose settings connect the helpdesk; the password comes from the environment."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "triage.toml").write_text(SETTINGS.format(url=desk.url, user=USER), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIAGE_HELPDESKS__DESK__SECRET", PASSWORD)
    return home


def run(home: Path, *arguments: str, expect: int = 0) -> None:
    """Run `triage helpdesk …` on a home, and check how it ends."""
    with pytest.raises(SystemExit) as ended:
        main(["helpdesk", *arguments, "--home", str(home)])
    assert (ended.value.code or 0) == expect


def pulled(home: Path) -> list[dict[str, Any]]:
    lines = (home / "helpdesks" / "desk" / "tickets.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_check_counts_and_says_what_the_helpdesk_cannot_tell(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(home, "check", "desk")
    said = capfd.readouterr().out
    assert "tickets: 2 open, 510 resolved or closed" in said
    assert "no creation date" in said
    assert "nothing is written to the helpdesk" in said
    assert PASSWORD not in said


@pytest.mark.parametrize(
    ("found", "instead", "named"),
    [
        ('field = "queue"', 'field = "group"', "the helpdesk has no field group, expected one of queue"),
        ('"Critical" = ', '"Urgent" = ', "priority has no value Urgent, expected some of Critical, High"),
        ('["Front"]', '["Reception"]', "queue has no value Reception, expected some of Billing, Front"),
    ],
)
def test_a_mapping_to_what_the_helpdesk_does_not_have_is_named(
    home: Path, capfd: pytest.CaptureFixture[str], found: str, instead: str, named: str
) -> None:
    file = home / "triage.toml"
    file.write_text(file.read_text("utf-8").replace(found, instead), "utf-8")
    run(home, "check", "desk", expect=1)
    assert named in capfd.readouterr().err
    run(home, "pull", "desk", expect=2)
    assert named in capfd.readouterr().err
    assert not (home / "helpdesks").exists()


@pytest.mark.parametrize(
    ("user", "secret", "named"),
    [
        (USER, "another password", "Invalid username/password"),
        ("guest", PASSWORD, "status 403"),
        ("", "a token that nobody has", "status 403"),
    ],
)
def test_wrong_or_half_rights_are_refused_in_words_that_hold_no_secret(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    user: str,
    secret: str,
    named: str,
) -> None:
    monkeypatch.setenv("TRIAGE_HELPDESKS__DESK__SECRET", secret)
    file = home / "triage.toml"
    file.write_text(file.read_text("utf-8").replace(f'user = "{USER}"', f'user = "{user}"'), "utf-8")
    run(home, "check", "desk", expect=2)
    said = capfd.readouterr().err
    assert named in said
    assert "rights" in said
    assert secret not in said


def test_fields_prints_a_mapping_that_can_be_pasted(
    home: Path, desk: LiveDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    head = SETTINGS.format(url=desk.url, user=USER).split("[helpdesks.desk.fields.team]")[0]
    head = head.replace('values = ["low", "normal", "high"]', "").replace('kind = "ordinal"', "")
    (home / "triage.toml").write_text(head + "[fields.assignee]", "utf-8")
    run(home, "fields", "desk")
    printed = capfd.readouterr().out
    assert '"Network" = "Network"' in printed
    (home / "triage.toml").write_text(f"{head}[fields.assignee]\n{printed}", "utf-8")
    run(home, "check", "desk")
    assert "category: custom_category, shadow" in capfd.readouterr().out


def test_pull_fetches_settled_tickets_with_their_final_values_redacted_and_private(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(home, "pull", "desk")
    assert "510 settled tickets" in capfd.readouterr().out
    tickets = pulled(home)
    assert len({ticket["id"] for ticket in tickets}) == len(tickets) == 510
    network = next(ticket for ticket in tickets if ticket["labels"]["team"] == "Network")
    assert network["labels"] == {"team": "Network", "category": "vpn", "priority": "high"}
    assert network["created_at"].startswith("2026-01-05")
    assert "VPN does not connect" in network["body"]
    text = "".join(ticket["body"] for ticket in tickets)
    assert "[phone]" in text
    assert "[mail]" in text
    everything = (home / "helpdesks" / "desk" / "tickets.jsonl").read_text("utf-8")
    assert "@example.com" not in everything
    assert "2345678" not in everything
    for place, folders, files in os.walk(home / "helpdesks"):
        for name in (*folders, *files):
            assert stat.S_IMODE(Path(place, name).stat().st_mode) & 0o077 == 0, name


def test_its_articles_are_read_from_a_dump_with_who_may_see_them(desk: LiveDesk, tmp_path: Path) -> None:
    file = tmp_path / "articles.json"
    desk.manage("dumpdata", "helpdesk.kbcategory", "helpdesk.kbitem", "--output", str(file))
    found = load_articles([file]).articles
    assert {article.title: article.visibility for article in found} == {
        "Connect the VPN": "public",
        "Reset a router": "internal",
    }
    assert found[0].body == "How do I connect?\n\nPress Connect."
    assert found[0].labels == ("VPN",)


def test_a_helpdesk_that_is_down_is_named_and_what_was_pulled_stays(
    home: Path, desk: LiveDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    run(home, "pull", "desk")
    before = pulled(home)
    desk.stop()
    try:
        run(home, "pull", "desk", expect=2)
    finally:
        desk.start()
    assert "127.0.0.1 could not be reached" in capfd.readouterr().err
    assert pulled(home) == before
