"""A real django-helpdesk is connected: its fields, its past, and its new tickets."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from cli import main
from kb_index.articles.loaders import load_articles
from tests.e2e.live_desk import PASSWORD, USER, LiveDesk, live_desk
from tests.http.serving import wait_until
from tests.live import ROOT, live_server
from triage.helpdesks import django_helpdesk
from triage.settings import load_settings
from triage.store import open_store
from triage.store.decisions import DecisionRecord
from triage.store.tables import decisions

WORDS = {
    "Front": "opening hours office saturday visit door meeting parking closed guest badge lift",
    "Network": "vpn connect client wifi router timeout tunnel certificate remote laptop cable signal",
    "Billing": "invoice amount wrong paid refund vat total charge receipt card reminder discount",
}
FILLERS = "please hello since yesterday my our the help me again still now today we with and this there"
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
    """Return closed tickets, each in words of its own; some hold a phone number or an address."""
    rng = np.random.default_rng(0)
    tickets = []
    for number in range(count):
        queue = list(WORDS)[number % len(WORDS)]
        words = [*rng.choice(WORDS[queue].split(), 6, replace=False), *rng.choice(FILLERS.split(), 6)]
        rng.shuffle(words)
        private = ["", "Call me on 0171 2345678.", "Write to ann@example.com."][number % 7 % 3]
        tickets.append(
            {
                "queue": queue,
                "title": " ".join(words[:3]),
                "description": f"{' '.join(words[3:])}. {private}",
                "submitter_email": f"user{number}@example.com",
                "priority": 2 if "wrong" in words or "timeout" in words else 3,
                "custom": {"category": CATEGORY[queue]},
            }
        )
    return tickets


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDesk]:
    """A helpdesk with a past: 510 closed tickets, and three others."""
    with live_desk(tmp_path_factory.mktemp("desk")) as running:
        unsettled = [{**history(1)[0], "status": status, "title": "still open"} for status in (1, 2)]
        copy = {**history(1)[0], "status": 5, "title": "a duplicate"}
        running.fill(
            {
                "queues": list(WORDS),
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
poll_s = 1

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
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_helpdesk, "_PAGE", 200)  # three pages
    run(home, "pull", "desk")
    assert "510 settled tickets" in capfd.readouterr().out
    tickets = pulled(home)
    assert len({ticket["id"] for ticket in tickets}) == len(tickets) == 510
    network = next(ticket for ticket in tickets if ticket["labels"]["team"] == "Network")
    assert network["labels"].keys() == {"team", "category", "priority"}
    assert network["labels"]["category"] == "vpn"
    assert {ticket["labels"]["priority"] for ticket in tickets} == {"normal", "high"}
    assert network["created_at"].startswith("2026-01-05")
    assert sum(word in network["body"] for word in WORDS["Network"].split()) == 6
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


@pytest.fixture(scope="module")
def trained(desk: LiveDesk, tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> Path:
    """A home that began empty: what was pulled is learnt, and the dumped articles are indexed."""
    home = tmp_path_factory.mktemp("trained")
    head = f'encoder_dir = "{encoder_folder}"\nsecond_encoder = "off"\n[feedback]\nholdout_share = 0\n'
    (home / "triage.toml").write_text(head + SETTINGS.format(url=desk.url, user=USER), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.setenv("TRIAGE_HELPDESKS__DESK__SECRET", PASSWORD)
        run(home, "pull", "desk")
        command("train", "--tickets", str(home / "helpdesks" / "desk" / "tickets.jsonl"), "--home", str(home))
        desk.manage("dumpdata", "helpdesk.kbcategory", "helpdesk.kbitem", "--output", str(home / "kb.json"))
        command("index", "--articles", str(home / "kb.json"), "--home", str(home))
    return home


@pytest.fixture
def watching(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the trained home that has looked once, so that what comes now is new."""
    home = tmp_path / "home"
    shutil.copytree(trained, home)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIAGE_HELPDESKS__DESK__SECRET", PASSWORD)
    run(home, "run", "desk", "--once")
    return home


def command(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert (ended.value.code or 0) == 0


def state(home: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capfd.readouterr()
    run(home, "status", "desk", "--json")
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


def decided(home: Path) -> list[DecisionRecord]:
    """Return what was decided, in the order of time."""
    with open_store(load_settings(home=home)) as store:
        with store.database.read() as connection:
            ids = connection.execute(select(decisions.c.id).order_by(decisions.c.id)).scalars().all()
        return [found for one in ids if (found := store.decisions.get(one)) is not None]


def ask_about_vpn(desk: LiveDesk, number: int) -> None:
    desk.submit_form(
        1,
        f"The VPN does not connect {number}",
        "my remote laptop has again no wifi signal, the client timeout",
        "lee@example.com",
    )


def test_mail_and_form_tickets_are_decided_and_recorded_and_the_helpdesk_is_left_as_it_was(
    watching: Path, desk: LiveDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.receive_mail(
        "front",
        "Wrong invoice",
        "The total on the invoice is wrong, I paid with a card.",
        "Ann <ann@example.com>",
    )
    ask_about_vpn(desk, 1)
    before = desk.ask("GET", "/api/tickets/?page=last&page_size=2&status=1,2")["results"]
    capfd.readouterr()
    run(watching, "run", "desk", "--once")
    assert capfd.readouterr().out == "2 new tickets, 2 decided, 0 waiting\n"
    found = decided(watching)
    assert [decision.ticket_id for decision in found] == [str(ticket["id"]) for ticket in before]
    assert [{field.field: field.value for field in decision.fields}["team"] for decision in found] == [
        "Billing",
        "Network",
    ]
    for decision in found:
        assert decision.source == "helpdesk"
        assert {field.field for field in decision.fields} == {"team", "category", "priority"}
        assert "example.com" not in (decision.text or "")
    assert [article["id"] for article in found[1].articles][:1] == ["1"]
    assert desk.ask("GET", "/api/tickets/?page=last&page_size=2&status=1,2")["results"] == before
    run(watching, "run", "desk", "--once")
    assert capfd.readouterr().out == "0 new tickets, 0 decided, 0 waiting\n"
    assert state(watching, capfd)["tickets"] == {"done": 2}


def test_a_person_who_is_erased_is_gone_from_what_was_decided_too(
    watching: Path, desk: LiveDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    ask_about_vpn(desk, 2)
    run(watching, "run", "desk", "--once")
    capfd.readouterr()
    command("data", "erase", "--requester", "Lee@example.com", "--home", str(watching))
    erased = json.loads(capfd.readouterr().out)
    assert (erased["decisions"], erased["deliveries"]) == (1, 1)
    command("data", "erase", "--requester", "user3@example.com", "--home", str(watching))
    assert json.loads(capfd.readouterr().out)["helpdesk_tickets"] == 1
    assert len(pulled(watching)) == 509


def test_a_field_that_is_off_is_left_out(watching: Path, desk: LiveDesk) -> None:
    file = watching / "triage.toml"
    off = file.read_text("utf-8").replace(
        'field = "custom_category"', 'field = "custom_category"\nmode = "off"'
    )
    file.write_text(off, "utf-8")
    ask_about_vpn(desk, 3)
    run(watching, "run", "desk", "--once")
    [decision] = decided(watching)
    assert {field.field for field in decision.fields} == {"team", "priority"}


def test_while_the_helpdesk_is_down_the_state_says_so_and_afterwards_nothing_is_missing(
    watching: Path, desk: LiveDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    ask_about_vpn(desk, 4)
    desk.stop()
    try:
        run(watching, "run", "desk", "--once", expect=2)
        assert "could not be reached" in state(watching, capfd)["polled"]["problem"]
    finally:
        desk.start()
    ask_about_vpn(desk, 5)
    run(watching, "run", "desk", "--once")
    found = state(watching, capfd)
    assert (found["tickets"], found["polled"]["problem"]) == ({"done": 2}, None)


def test_a_field_that_is_renamed_while_it_runs_stops_the_looking_and_is_named(
    watching: Path, desk: LiveDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    rename = "from helpdesk.models import Queue; Queue.objects.filter(title='{}').update(title='{}')"
    desk.manage("shell", "-c", rename.format("Front", "Reception"))
    try:
        run(watching, "run", "desk", "--once", expect=2)
        assert "queue has no value Front" in state(watching, capfd)["polled"]["problem"]
    finally:
        desk.manage("shell", "-c", rename.format("Reception", "Front"))


def test_the_server_decides_new_tickets_and_after_a_kill_none_is_lost_or_decided_twice(
    watching: Path, desk: LiveDesk, encoder_folder: Path, tmp_path: Path
) -> None:
    with live_server(watching, encoder_folder, tmp_path / "log.txt") as server:
        ask_about_vpn(desk, 6)
        wait_until(lambda: len(decided(watching)) == 1)
        for number in range(7, 12):
            ask_about_vpn(desk, number)
        server.process.kill()
        server.process.wait()
    ask_about_vpn(desk, 12)  # our service is down, and nobody but us notices
    with live_server(watching, encoder_folder, tmp_path / "log.txt"):
        wait_until(lambda: len(decided(watching)) == 7)
        time.sleep(2)  # two more looks
    found = [decision.ticket_id for decision in decided(watching)]
    assert len(found) == len(set(found)) == 7


def test_run_decides_until_it_is_asked_to_end_and_says_no_secret(
    watching: Path, desk: LiveDesk, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.txt"
    with log.open("wb") as stream:
        arguments = ["helpdesk", "run", "desk", "--home", str(watching)]
        started = [sys.executable, "-m", "cli", *arguments]
        settled = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(started, stdout=stream, stderr=stream, cwd=tmp_path, env=settled)
    try:
        ask_about_vpn(desk, 13)
        wait_until(lambda: len(decided(watching)) == 1)
    finally:
        process.terminate()
    assert process.wait(60) == 0, log.read_text("utf-8")
    assert PASSWORD not in log.read_text("utf-8")
    capfd.readouterr()
    run(watching, "status", "desk")
    said = capfd.readouterr().out
    assert "fetched to train on: 510 tickets" in said
    assert "new tickets: 1 done" in said
    [counts] = re.findall(r"team \(shadow\), last 7 days: (\d) apply, (\d) suggest, (\d) abstain", said)
    assert sum(map(int, counts)) == 1
