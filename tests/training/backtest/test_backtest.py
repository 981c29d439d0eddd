"""`triage backtest` as its users call it: from a file of past tickets to table, JSON and page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cli import main
from tests.toy import topic_tickets
from training.backtest.replay import Replay, run_backtest
from triage.settings import load_settings
from triage.ticket import Ticket

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
CUT = datetime(2026, 3, 20, tzinfo=UTC)
SETTINGS = """
languages = ["en"]
second_encoder = "off"

[fields.category]
[fields.subcategory]
kind = "child"
parent = "category"

[[rules]]
name = "faxes go to the bank desk"
when = { channel = ["fax"] }
set = { category = "bank & <desk>" }

[dashboard]
segment = "category"

[savings]
set_right = 2.0
[savings.fields.subcategory]
set_right = 4.0
"""
ARTICLES = {
    "login.md": "---\nid: login\nupdated_at: 2025-01-01\n---\n# Reset the password of the app\n\n"
    "Login: ask for a reset code by email and choose a new password in the app.\n",
    "range.md": "---\nid: range\nupdated_at: 2026-04-20\n---\n# Battery range in winter\n\n"
    "In cold winter weather the battery range is shorter by some kilometres.\n",
}


def history(count: int = 480) -> list[Ticket]:
    """Return tickets over four months; those about login and range name the article that solved them."""
    links = {"login": ("login",), "range": ("range",)}
    return [
        replace(
            ticket,
            created_at=BEGIN + timedelta(hours=6 * i),
            labels={name: str(ticket.labels[name]) for name in ("category", "subcategory")},
            channel="fax" if i % 40 == 0 else "email",
            articles=links.get(str(ticket.labels["subcategory"]), ()),
        )
        for i, ticket in enumerate(topic_tickets(count))
    ]


def write(path: Path, tickets: list[Ticket]) -> Path:
    records = [
        {
            "id": t.id,
            "body": t.body,
            "subject": t.subject,
            "channel": t.channel,
            "created_at": t.created_at.isoformat() if t.created_at else None,
            "labels": dict(t.labels),
            "articles": list(t.articles),
        }
        for t in tickets
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


@dataclass(frozen=True)
class Ran:
    """One run of the command: where it ran, and what it gave."""

    home: Path
    text: str
    data: dict
    page: str


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> Path:
    """A home with settings and two articles."""
    home = tmp_path_factory.mktemp("backtest") / "home"
    home.mkdir()
    (home / "triage.toml").write_text(f'encoder_dir = "{encoder_folder}"\n{SETTINGS}', "utf-8")
    articles = home.parent / "articles"
    articles.mkdir()
    for name, text in ARTICLES.items():
        (articles / name).write_text(text, "utf-8")
    run("index", "--articles", articles, "--home", home)
    return home


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(a) for a in arguments])
    return int(done.value.code or 0)


@pytest.fixture(scope="module")
def capture() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def ran(home: Path, capture: pytest.MonkeyPatch) -> Ran:
    printed: list[str] = []
    capture.chdir(home.parent)
    capture.setattr("builtins.print", lambda *texts, **_: printed.extend(map(str, texts)))
    tickets = write(home.parent / "tickets.jsonl", history())
    out, page = home.parent / "out.json", home.parent / "page.html"
    arguments = ["--tickets", tickets, "--before", "2026-03-20", "--retrain", "monthly", "--home", home]
    assert run("backtest", *arguments, "--json", out, "--page", page) == 0
    return Ran(home, "\n".join(printed), json.loads(out.read_text("utf-8")), page.read_text("utf-8"))


def test_what_came_after_the_date_is_replayed_and_learned_each_month(ran: Ran) -> None:
    trainings = ran.data["trainings"]
    assert [t["before"][:10] for t in trainings] == ["2026-03-20", "2026-04-01", "2026-05-01"]
    assert trainings[0]["trained_on"] == 296
    assert [t["trained_on"] for t in trainings[1:]] == [344, 464]
    assert ran.data["replayed"] == sum(t["replayed"] for t in trainings) == 184
    assert "trained on 296 tickets before 2026-03-20, replayed 184 tickets" in ran.text


def test_each_counted_ticket_is_set_suggested_or_left_alone(ran: Ran) -> None:
    for field in ran.data["fields"].values():
        assert field["tickets"] == ran.data["counted"]
        parts = field["set"] + field["by_rule"] + field["suggested"] + field["left_alone"]
        assert parts == field["tickets"]
        for group in ("by_team", "by_language", "by_month"):
            assert sum(part["tickets"] for part in field[group].values()) == field["tickets"]


def test_a_field_that_the_past_proves_holds(ran: Ran) -> None:
    category = ran.data["fields"]["category"]
    assert category["set"] > 59
    assert category["apply"]["holds"] is (category["apply"]["upper"] <= 0.05)
    assert "category: apply " in ran.text


def test_rules_run_as_for_live_tickets_and_are_counted_by_themselves(ran: Ran) -> None:
    category = ran.data["fields"]["category"]
    assert category["by_rule"] == category["by_rule_wrong"] > 0
    assert ran.data["fields"]["subcategory"]["by_rule"] == 0


def test_minutes_are_shown_as_the_assumption_that_they_are(ran: Ran) -> None:
    assumed = ran.data["minutes"]["assumed"]
    assert assumed["set_right"] == 2.0
    assert assumed["fields"]["subcategory"]["set_right"] == 4.0
    saved = sum(field["minutes"] for field in ran.data["fields"].values())
    articles = ran.data["articles"]["minutes"]
    assert ran.data["minutes"]["saved"] == pytest.approx(saved + articles, abs=0.2)
    assert "This is no measurement" in ran.text
    assert "This is an assumption, no measurement" in ran.page


def test_articles_are_found_only_where_they_were_there_already(ran: Ran) -> None:
    articles = ran.data["articles"]
    assert articles["articles"] == 2
    assert 0 < articles["shown"] <= articles["tickets"] == ran.data["counted"]
    linked = [t for t in history() if t.created_at and t.created_at >= CUT and t.articles]
    there = [
        t for t in linked if t.articles == ("login",) or t.created_at >= datetime(2026, 4, 20, tzinfo=UTC)
    ]
    assert articles["solved_by_known"] <= len(there) < len(linked)
    assert articles["right"] > articles["solved_by_known"] / 2


class _Outside(HTMLParser):
    """Collects what a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action")]


def test_the_page_stands_by_itself_and_runs_nothing(ran: Ran) -> None:
    found = _Outside()
    found.feed(ran.page)
    assert not {"script", "link", "iframe", "img", "object"} & set(found.tags)
    assert found.links == []
    assert "url(" not in ran.page
    assert found.tags.count("svg") > 3


def test_the_page_shows_values_of_tickets_as_text(ran: Ran) -> None:
    assert "<desk>" not in ran.page
    assert not re.search(r"[{}]{2}|\{%|None|nan", ran.page)


def test_page_json_and_table_have_the_same_assumptions(ran: Ran) -> None:
    assert len(ran.data["assumptions"]) > 5
    for line in ran.data["assumptions"]:
        assert line in ran.text
        assert line in ran.page


def test_nothing_is_left_in_the_home_and_no_bundle_becomes_current(ran: Ran) -> None:
    assert not list(ran.home.glob("backtest-*"))
    assert not (ran.home / "models").exists()


def decided(replay: Replay, until: datetime) -> dict[str, tuple]:
    """Return what each ticket until a date would have got; the last digits depend on the batch it is in."""
    return {
        replay.tickets[outcome.position].id: tuple(
            (name, field.action, round(field.confidence, 5)) for name, field in outcome.fields.items()
        )
        for outcome in replay.outcomes
        if (moment := replay.tickets[outcome.position].created_at) and moment < until
    }


def test_what_comes_later_changes_no_decision(home: Path) -> None:
    settings = load_settings(home / "triage.toml", home=home)
    until = datetime(2026, 4, 10, tzinfo=UTC)
    tickets = [t for t in history(400) if t.created_at]
    known = [t for t in tickets if t.created_at and t.created_at < until]
    other = [
        replace(t, body=f"teapot saucer {t.body}", labels={"category": "kitchen"})
        for t in tickets
        if t.created_at and t.created_at >= until
    ]
    alone = decided(run_backtest(known, settings, before=CUT), until)
    with_more = decided(run_backtest([*other, *known], settings, before=CUT), until)
    assert len(alone) > 50
    assert with_more == alone


def test_a_field_that_goes_wrong_is_suspended_and_then_only_suggested(home: Path, tmp_path: Path) -> None:
    changed = [
        replace(t, labels={"category": "renamed"}) if t.created_at and t.created_at >= CUT else t
        for t in history(400)
    ]
    tickets, out, page = write(tmp_path / "t.jsonl", changed), tmp_path / "out.json", tmp_path / "page.html"
    options = ["--home", home, "--before", "2026-03-20", "--fields", "category", "--json", out]
    assert run("backtest", "--tickets", tickets, *options, "--page", page) == 0
    data = json.loads(out.read_text("utf-8"))
    category, suspended = data["fields"]["category"], data["trainings"][0]["suspended"]["category"]
    assert 0 < suspended["wrong"] <= category["wrong"] == category["set"] < 70
    assert category["suggested"] > 20
    assert not category["apply"]["holds"]
    assert "Category was suspended" in page.read_text("utf-8")


def test_without_dates_the_order_of_the_file_is_taken_and_said(home: Path, tmp_path: Path) -> None:
    tickets = write(tmp_path / "t.jsonl", [replace(t, created_at=None) for t in history(150)])
    out, page = tmp_path / "out.json", tmp_path / "page.html"
    assert run("backtest", "--tickets", tickets, "--home", home, "--fields", "category", "--json", out) == 0
    data = json.loads(out.read_text("utf-8"))
    assert data["order"] == "file"
    assert data["cut"] is None
    assert data["trainings"][0]["trained_on"] == 100
    assert list(data["fields"]) == ["category"]
    assert any("no dates for most tickets" in line for line in data["assumptions"])
    assert not page.exists()


def test_a_date_without_tickets_on_both_sides_is_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tickets = write(tmp_path / "t.jsonl", history(20))
    assert run("backtest", "--tickets", tickets, "--home", home, "--before", "2030-01-01") == 2
    assert "no ticket was filed on or after 2030-01-01" in capsys.readouterr().err
