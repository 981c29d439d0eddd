"""Exports of helpdesks, in each vendor's own form: recognised, read right and trained on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.errors import DataFileError
from models.language.detector import LanguageDetector
from models.text import clean_ticket
from tests.toy import WordHashEncoder
from training.data.dataset import LoadedTickets, read_tickets
from training.exports.formats import FORMATS
from training.fitting.train import train
from triage.settings.tickets import TicketColumns

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(path.name for path in SAMPLES.iterdir())
FIRST = "Battery does not charge"
FIRST_BODY = "The charger blinks red and the battery stays at 12 %."
TEAMS_AS_IDS = {"zendesk-page.json", "freshdesk.json", "freshdesk-list.json", "django-helpdesk.json"}
WITHOUT_TEAM = {"jira-search.json"}
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(name: str, **settings: object) -> LoadedTickets:
    return read_tickets([SAMPLES / name], TicketColumns(**settings))


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_recognised_and_its_first_ticket_read_as_the_customer_wrote_it(name: str) -> None:
    found = read(name)
    assert len(found.tickets) == 27
    assert len({ticket.id for ticket in found.tickets}) == 27
    vendor = next(v for v in sorted(FORMATS, key=len, reverse=True) if name.startswith(v))
    assert f"read as an export of {FORMATS[vendor].title}" in " ".join(found.notes)
    first = found.tickets[0]
    body = "" if name == "zendesk-view.csv" else FIRST_BODY
    assert clean_ticket(first.subject, first.body) == f"{FIRST}\n{body}".strip()
    start = datetime(2026, 3, 3, 13, 22, tzinfo=UTC)
    assert first.created_at is not None
    assert abs(first.created_at - start) < timedelta(minutes=1)
    assert not any(ticket.body.startswith("Thank") for ticket in found.tickets)


@pytest.mark.parametrize("name", FILES)
def test_an_export_is_trained_on_end_to_end(name: str) -> None:
    found = read(name)
    labels = {label for ticket in found.tickets for label in ticket.labels}
    assert ("team" in labels) == (name not in WITHOUT_TEAM)
    trained = train(
        found.tickets, WordHashEncoder(), LanguageDetector(["en", "de", "fr"]), fields=[], now=NOW
    )
    assert set(trained.bundle.models) == labels
    if "team" in labels:
        classes = trained.bundle.models["team"].classes
        if name.startswith("django-helpdesk."):
            assert classes == ["1", "2", "3"]
        elif name in TEAMS_AS_IDS:
            assert classes == ["360001", "360002", "360003"]
        else:
            assert classes == ["App", "Billing", "Workshop"]


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("zendesk.json", {"merged into another ticket": 1, "deleted": 1, "opened by an agent": 1}),
        (
            "freshdesk.json",
            {"spam": 1, "deleted": 1, "merged into another ticket": 1, "opened by an agent": 1},
        ),
        ("zoho.csv", {"spam": 1}),
        ("zoho-threads.csv", {"later messages of a ticket": 81}),
        ("django-helpdesk.json", {"merged into another ticket": 1}),
        ("rt.tsv", {"spam": 1}),
        ("rt-rest2.json", {"spam": 1}),
    ],
)
def test_merged_spam_deleted_and_agents_tickets_are_told_apart_and_counted(
    name: str, left_out: dict[str, int]
) -> None:
    found = read(name)
    assert found.left_out == left_out
    for reason in left_out:
        assert any(reason in note for note in found.notes)


def test_tickets_that_agents_opened_stay_or_go_as_the_settings_say() -> None:
    assert len(read("zendesk.json", agent_tickets="keep").tickets) == 28
    assert "kept 9 tickets that agents opened" in " ".join(read("servicenow.csv").notes)
    assert len(read("servicenow.csv", agent_tickets="leave out").tickets) == 18


def test_what_is_new_is_predicted_whoever_opened_it() -> None:
    found = read_tickets([SAMPLES / "zendesk.json"], labelled=False)
    assert len(found.tickets) == 30
    assert len(read_tickets([SAMPLES / "django-helpdesk-dump.json"], labelled=False).tickets) == 27


def test_servicenow_s_mark_for_unknown_is_no_team_and_its_encoding_is_said() -> None:
    found = read("servicenow.csv")
    assert {ticket.labels.get("team") for ticket in found.tickets} == {"Workshop", "Billing", "App", None}
    assert found.notes[0].endswith("Windows-1252 (detected)")
    assert "Akku lädt nicht" in {ticket.subject for ticket in found.tickets}


def test_repeated_columns_of_jira_are_one_list_of_tags() -> None:
    tickets = read("jira.csv").tickets
    assert [t.labels["tags"] for t in tickets[:6]] == [
        ("battery",),
        ("battery",),
        ("invoice",),
        ("invoice", "refund"),
        ("login",),
        (),
    ]


def test_own_settings_go_before_the_format_and_keep_the_rest_of_it() -> None:
    labels = {"team": "fields.customfield_10050.value", "kind": "fields.issuetype.name"}
    found = read("jira-search.json", labels=labels)
    assert found.tickets[0].labels == {"team": "Workshop", "kind": "Incident"}
    assert found.tickets[0].subject == FIRST
    found = read("zendesk.json", labels={"kind": "custom_fields.25356041"}, subject="raw_subject")
    assert [t.labels["kind"] for t in found.tickets[:3]] == ["fault", "fault", "question"]


def test_a_format_can_be_named_and_one_that_does_not_fit_says_what_was_looked_for() -> None:
    assert len(read("zoho.csv", format="zoho").tickets) == 27
    with pytest.raises(
        DataFileError, match=r"is not as Jira exports tickets: looked for Issue key \+ Summary"
    ):
        read("django-helpdesk.json", format="jira", id="id")
    none = {"format": "none", "id": "Ticket Id", "body": "Description", "created_at": "Created Time"}
    found = read("zoho.csv", **none)
    assert len(found.tickets) == 28  # nobody says what its column Is Spam means


def test_a_zendesk_ticket_is_the_customer_s_first_message_not_the_agent_s(tmp_path: Path) -> None:
    line = (SAMPLES / "zendesk.json").read_text("utf-8").splitlines()[0]
    ticket = json.loads(line)
    ticket["comments"].insert(0, ticket["comments"].pop(1))
    path = tmp_path / "a.json"
    path.write_text(json.dumps(ticket), "utf-8")
    (read_back,) = read_tickets([path]).tickets
    assert FIRST_BODY in read_back.body


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize(
    ("dates", "label"),
    [
        (("2026-03-18 10:02:00", "2026-03-17 09:00:00", "2026-03-16 08:30:00"), "Additional comments"),
        (("18.03.2026 10.02.00", "17.03.2026 09.00.00", "16.03.2026 08.30.00"), "Zusätzliche Kommentare"),
        (("03/18/2026 01:02:00 PM", "03/18/2026 11:00:00 AM", "03/18/2026 09:30:00 AM"), "コメント"),
    ],
)
def test_servicenow_s_comments_give_the_caller_s_oldest_one_and_never_an_agent_s(
    tmp_path: Path, dates: tuple[str, str, str], label: str, *, newest_first: bool
) -> None:
    said = [
        ("Ada Holm", "It rattles again."),
        ("Tom Agent", "Please send a photo."),
        ("Ada Holm", "It rattles."),
    ]
    entries = [
        f"{date} - {name} ({label})\n{text}\n\n" for date, (name, text) in zip(dates, said, strict=True)
    ]
    comments = "".join(entries if newest_first else entries[::-1])
    shared = {"opened_at": "2026-03-16 08:30:00", "Short description": "Noise", "Caller": "Ada Holm"}
    rows = [
        {"Number": "INC1", "Description": "", "Additional comments": comments},
        {"Number": "INC2", "Description": "", "Additional comments": entries[1]},
        {"Number": "INC3", "Description": "The hub is loose.", "Additional comments": comments},
        {"Number": "INC4", "Description": "", "Additional comments": comments, "Caller": ""},
        {"Number": "INC5", "Description": "", "Additional comments": "We sent you a new hub."},
    ]
    path = tmp_path / "a.json"
    path.write_text("\n".join(json.dumps({**shared, **row}) for row in rows), "utf-8")
    bodies = [ticket.body for ticket in read_tickets([path], labelled=False).tickets]
    assert bodies == ["It rattles.", "", "The hub is loose.", "", ""]


@pytest.mark.parametrize("without", [(), ("id",), ("id", "email", "name")])
def test_zendesk_s_persons_and_groups_may_be_objects_in_place_of_ids(
    tmp_path: Path, without: tuple[str, ...]
) -> None:
    lines = []
    for line in (SAMPLES / "zendesk.json").read_text("utf-8").splitlines():
        ticket = json.loads(line)
        for what in ("requester", "submitter", "group", "assignee"):
            del ticket[f"{what}_id"]
            known = "id", "name", "email", "role"
            ticket[what] = {key: ticket[what][key] for key in known if key in ticket[what]}
        for comment in ticket["comments"]:
            comment["author"] = {"id": comment.pop("author_id")}
        if without:
            ticket["description"] = ticket.pop("comments")[0]["body"]
        for key in without:
            ticket["requester"].pop(key, None)
            ticket["submitter"].pop(key, None)
        lines.append(json.dumps(ticket))
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    found, plain = read_tickets([path]), read("zendesk.json")
    assert "read as an export of Zendesk" in " ".join(found.notes)
    assert found.left_out == plain.left_out
    assert [(t.id, t.labels) for t in found.tickets] == [(t.id, t.labels) for t in plain.tickets]
    assert FIRST_BODY in found.tickets[0].body


def test_spam_is_left_out_however_the_columns_are_capitalised(tmp_path: Path) -> None:
    rows = "1,Lamp,It stays dark,2026-01-02 10:00:00,false\n2,Win,Click here now,2026-01-02 10:00:00,true\n"
    header = "Ticket Id,Subject,Description,Created Time,Is Spam"
    for spelt in (header, header.lower(), header.upper()):
        path = tmp_path / "zoho.csv"
        path.write_text(f"{spelt}\n{rows}", "utf-8")
        found = read_tickets([path])
        assert [ticket.subject for ticket in found.tickets] == ["Lamp"]
        assert found.left_out == {"spam": 1}


@pytest.mark.parametrize("form", ["object", "page in a list", "page a line", "within another object"])
def test_groups_that_stand_beside_the_tickets_give_the_teams_their_names(form: str, tmp_path: Path) -> None:
    page = json.loads((SAMPLES / "zendesk-page.json").read_text("utf-8"))
    ids = {ticket["group_id"] for ticket in page["tickets"]}
    page["groups"] = [{"id": group, "name": f"Team {group}", "deleted": False} for group in sorted(ids)[1:]]
    agents = {ticket["assignee_id"] for ticket in page["tickets"]}
    page["users"] = [{"id": agent, "name": "Ann", "email": "a@mail.example"} for agent in agents]
    path = tmp_path / ("a.jsonl" if form == "page a line" else "a.json")
    document = {"page in a list": [page], "within another object": {"export": page}}.get(form, page)
    path.write_text(json.dumps(document, indent=None if form == "page a line" else 1), "utf-8")
    found = read_tickets([path], TicketColumns())
    expected = {f"Team {group}" for group in sorted(ids)[1:]} | {str(min(ids))}  # one without a name stays
    assert {ticket.labels["team"] for ticket in found.tickets} == expected
    mapped = read_tickets([path], TicketColumns(labels={"group": "group_id", "agent": "assignee_id"}))
    assert {ticket.labels["group"] for ticket in mapped.tickets} == expected
    assert "Ann" not in {ticket.labels["agent"] for ticket in mapped.tickets}
