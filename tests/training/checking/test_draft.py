"""The draft of `triage.toml`: custom fields, scales in their order, and no names of people."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from models.redaction.redact import redact_with_rules
from training.checking.draft import draft_settings
from training.checking.people import ADDRESSES, BY_NAME, KNOWN, NAMES, is_column_of_people
from training.checking.report import tickets_data, tickets_report
from training.checking.scales import ascending, likely_order
from training.checking.summary import TicketsSummary, summarise_tickets
from training.data.dataset import read_tickets
from triage.settings import Settings
from triage.settings.tickets import TicketColumns

PEOPLE = ("Ludo Ferrand", "Mira Okonek", "Tessa van Rhee")


def summary(path: Path, **settings: object) -> TicketsSummary:
    return summarise_tickets([path], Settings(**settings), redact_with_rules)


def table(tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def zendesk_ticket(number: int) -> dict[str, object]:
    return {
        "id": number,
        "subject": "Pump is loud",
        "description": f"The pump rattles since {number} days.",
        "requester_id": 70 + number,
        "submitter_id": 70 + number,
        "via": {"channel": "web"},
        "created_at": f"2026-02-{number + 1:02}T08:00:00Z",
        "custom_fields": [
            {"id": 4101, "value": ("noise", "leak")[number % 2]},
            {"id": 4102, "value": None},
            {"id": 4103, "value": PEOPLE[number % 3]},
            {"id": 4104, "value": number % 2 == 0},
        ],
    }


@pytest.mark.parametrize("titled", [True, False])
def test_zendesk_s_custom_fields_are_drafted_with_titles_values_and_counts(
    tmp_path: Path, *, titled: bool
) -> None:
    around = {"ticket_fields": [{"id": 4101, "title": "Kind of fault", "type": "tagger"}]} if titled else {}
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"tickets": [zendesk_ticket(n) for n in range(12)], **around}), "utf-8")
    draft = draft_settings(summary(path))
    labels = tomllib.loads(draft)["tickets"]["labels"]
    name = "kind_of_fault" if titled else "field_4101"
    assert labels[name] == "custom_fields.4101.value"
    assert f"{'Kind of fault: ' if titled else ''}noise 6, leak 6" in draft
    assert "4103" not in str(labels)
    assert "4104" not in str(labels)
    columns = TicketColumns(labels={name: "custom_fields.4101.value"})
    assert [t.labels for t in read_tickets([path], columns).tickets[:2]] == [{name: "noise"}, {name: "leak"}]


@pytest.mark.parametrize(
    "column",
    ["Custom field (Fault)", "Benutzerdefinierte Felder (Fault)", "Champs personnalisés (Fault)", "u_fault"],
)
def test_custom_columns_of_jira_and_servicenow_are_drafted_by_their_own_name(
    tmp_path: Path, column: str
) -> None:
    rows = [
        [n, "Pump", f"The pump rattles since {n} days", ("noise", "leak", "smell")[n % 3]] for n in range(12)
    ]
    draft = draft_settings(summary(table(tmp_path, ["id", "subject", "body", column], rows)))
    assert tomllib.loads(draft)["tickets"]["labels"] == {"fault": column}
    assert "# noise 4, leak 4, smell 4" in draft


def test_freshdesk_s_and_named_custom_fields_of_any_json_are_drafted(tmp_path: Path) -> None:
    tickets = [
        {
            "id": n,
            "subject": "Pump",
            "description": f"The pump rattles since {n} days",
            "custom_fields": {"cf_fault": ("noise", "leak")[n % 2]},
            "customFields": [{"id": 9, "name": "Model", "value": "17", "text": ("M1", "M2")[n % 2]}],
        }
        for n in range(12)
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(tickets), "utf-8")
    labels = tomllib.loads(draft_settings(summary(path)))["tickets"]["labels"]
    assert labels == {"fault": "custom_fields.cf_fault", "model": "customFields.Model"}


def test_people_are_neither_proposed_nor_listed_and_the_reason_is_said(tmp_path: Path) -> None:
    header = ["id", "subject", "body", "Handläggare", "Von", "Kontrolle", "Region", "Team"]
    rows = [
        [
            *(n, "Pump", f"The pump rattles since {n} days", PEOPLE[n % 3]),
            *(f"person{n % 3}@example.com", PEOPLE[n % 3], PEOPLE[(n + 1) % 3], ("Care Desk", "Shop")[n % 2]),
        ]
        for n in range(15)
    ]
    found = summary(table(tmp_path, header, rows))
    assert found.people == {"Handläggare": BY_NAME, "Von": ADDRESSES, "Kontrolle": KNOWN, "Region": KNOWN}
    draft = draft_settings(found)
    assert tomllib.loads(draft)["tickets"]["labels"] == {"team": "Team"}
    told = draft + tickets_report(found) + json.dumps(tickets_data(found), ensure_ascii=False)
    assert not [name for name in PEOPLE if name in told]
    assert "person1@" not in told
    assert "#   Von: it holds mail addresses" in draft


def test_values_that_look_like_names_are_not_listed_whatever_their_column_is_called(tmp_path: Path) -> None:
    rows = [[n, "Pump", f"The pump rattles since {n} days", PEOPLE[n % 3]] for n in range(12)]
    found = summary(table(tmp_path, ["id", "subject", "body", "Feld 7"], rows))
    assert found.people == {"Feld 7": NAMES}


def test_a_configured_field_of_people_is_counted_without_its_values(tmp_path: Path) -> None:
    rows = [[n, "Pump", f"The pump rattles since {n} days", PEOPLE[n % 3]] for n in range(12)]
    path = table(tmp_path, ["id", "subject", "body", "assignee"], rows)
    found = summary(path, fields={"assignee": {}})
    told = tickets_report(found) + json.dumps(tickets_data(found))
    assert "assignee (from 'assignee'): 12 tickets, 3 values" in told
    assert "the values are not listed: its name says that it holds people" in told
    assert not [name for name in PEOPLE if name in told]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["Assigned to", "assignee.name", "Opened by agent", "Zugewiesen an", "Bearbeiter", "Vorname"], True),
        (["Responsable", "Affecté à", "Asignado a", "Behandelaar", "Opiekun", "Käsittelijä"], True),
        (["Исполнитель", "担当者", "处理人", "담당자", "Řešitel", "Sagsbehandler", "Full Name"], True),
        (
            ["Customer type", "Assigned to - Group", "Contact reason", "Team", "Category", "Product name"],
            False,
        ),
        (["Agent satisfaction", "Authorisation", "First message", "Abteilung", "Catégorie", "分类"], False),
    ],
)
def test_a_column_of_people_is_told_by_its_name(columns: list[str], *, expected: bool) -> None:
    assert [name for name in columns if is_column_of_people(name) != expected] == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            ["Blocker", "Minor", "Critical", "Trivial", "Major"],
            ["Trivial", "Minor", "Major", "Critical", "Blocker"],
        ),
        (["2 normal", "3 high", "1 low"], ["1 low", "2 normal", "3 high"]),
        (["2 - Hoch", "4 - Gering", "1 - Kritisch"], ["4 - Gering", "2 - Hoch", "1 - Kritisch"]),
        (["Très haute", "Basse", "Majeure", "Haute"], ["Basse", "Haute", "Très haute", "Majeure"]),
        (["wysoki", "niska", "średnie"], ["niska", "średnie", "wysoki"]),
        (["Высокий", "Низкая", "Срочно", "Средний"], ["Низкая", "Средний", "Высокий", "Срочно"]),
        (["高", "非常に高い", "低"], ["低", "高", "非常に高い"]),
        (["High (P2)", "Low (P4)", "Critical (P1)"], ["Low (P4)", "High (P2)", "Critical (P1)"]),
        (["P1", "P3", "P2"], ["P3", "P2", "P1"]),
        (["Kõrge", "Väga madal", "Madal"], ["Väga madal", "Madal", "Kõrge"]),
        (["Urgente", "Baja", "Media", "Alta"], ["Baja", "Media", "Alta", "Urgente"]),
        (["Kriittinen", "Matala", "Normaali", "Korkea"], ["Matala", "Normaali", "Korkea", "Kriittinen"]),
    ],
)
def test_a_scale_is_ordered_by_its_words_or_numbers(values: list[str], expected: list[str]) -> None:
    assert ascending(values) == expected


@pytest.mark.parametrize(
    "values", [["Level 1", "Level 2"], ["1", "2", "3"], ["Major incident", "Minor issue"]]
)
def test_a_scale_whose_direction_nothing_tells_is_left_to_people(values: list[str]) -> None:
    assert ascending(values) is None


def test_what_is_left_to_people_is_listed_by_size_and_rank_not_by_frequency() -> None:
    assert likely_order(["3", "1", "2"]) == ["1", "2", "3"]
    assert likely_order(["other", "high", "low"]) == ["low", "high", "other"]


def test_a_scale_is_drafted_whatever_the_field_is_called(tmp_path: Path) -> None:
    rows = [
        [n, "Pump", f"The pump rattles since {n} days", ("hoch", "gering", "mittel", "hoch")[n % 4]]
        for n in range(16)
    ]
    draft = draft_settings(summary(table(tmp_path, ["id", "subject", "body", "u_stufe"], rows)))
    assert tomllib.loads(draft)["fields"]["stufe"]["values"] == ["gering", "mittel", "hoch"]


def test_a_custom_field_that_is_mapped_already_is_not_proposed_again(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"tickets": [zendesk_ticket(n) for n in range(12)]}), "utf-8")
    for place in ("custom_fields.4101.value", "custom_fields.4101"):
        draft = draft_settings(summary(path, tickets={"labels": {"fault": place}}))
        assert tomllib.loads(draft)["tickets"]["labels"] == {"fault": place}
    issues = [
        {
            "key": f"A-{n}",
            "fields": {
                "summary": f"Pump {n}",
                "description": f"The pump rattles since {n} days.",
                "customfield_10050": {"id": str(70 + n % 2), "value": ("noise", "leak")[n % 2]},
            },
        }
        for n in range(12)
    ]
    path.write_text(json.dumps({"issues": issues}), "utf-8")
    mapped = {"fault": "fields.customfield_10050.value"}
    draft = draft_settings(summary(path, tickets={"labels": mapped}))
    assert tomllib.loads(draft)["tickets"]["labels"] == mapped


def test_a_column_that_is_there_twice_is_listed_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    tickets = [
        {
            "id": n,
            "subject": f"Pump {n}",
            "body": f"The pump rattles since {n} days.",
            "category": {"id": f"c{n % 2}", "name": ("noise", "leak")[n % 2]},
            "building": {"name": ("north", "south", "east")[n % 3]},
            "place": {"building": {"name": ("north", "south", "east")[n % 3]}},
        }
        for n in range(12)
    ]
    path.write_text(json.dumps(tickets), "utf-8")
    draft = draft_settings(summary(path))
    assert tomllib.loads(draft)["tickets"]["labels"] == {"category": "category"}
    listed = [line for line in draft.splitlines() if line.startswith("#   ")]
    assert listed == ["#   building: north, south, east"]


@pytest.mark.parametrize(
    ("kind", "priority", "tags"),
    [
        ("Art", "Prio", "Schlagworte"),
        ("Art der Anfrage", "Prio.", "Stichwörter (intern)"),
        ("Kind", "Prio", "Keywords"),
        ("Nature", "Prio", "Mots-clés"),
        ("Clase", "Prioridad", "Palabras clave"),
        ("Tipologia", "Prio", "Parole chiave"),
        ("Tipo de pedido", "Prior.", "Marcadores"),
        ("Soort melding", "Prio", "Trefwoorden"),
        ("Rodzaj zgłoszenia", "Priorytet", "Słowa kluczowe"),
        ("Ärendetyp", "Prio", "Nyckelord"),
        ("Sagstype", "Prio", "Stikord"),
        ("Sakstype", "Prio", "Nøkkelord"),
        ("Laji", "Prio", "Avainsanat"),
        ("Liik", "Prioriteet", "Märksõnad"),
        ("Veids", "Prioritāte", "Atslēgvārdi"),
        ("Rūšis", "Prioritetas", "Žymos"),
        ("Вид обращения", "Приор.", "Ключевые слова"),
        ("Druh", "Priorita", "Štítky"),
        ("種類", "優先度", "キーワード"),
        ("类型", "优先", "关键词"),
        ("종류", "우선순위", "키워드"),
    ],
)
def test_short_names_of_kind_priority_and_tags_are_drafted_in_many_languages(
    tmp_path: Path, kind: str, priority: str, tags: str
) -> None:
    rows = [
        [n, "Pump", f"The pump rattles since {n} days", "AB"[n % 2], (1, 2, 3)[n % 3], f"pump, t{n}"]
        for n in range(15)
    ]
    found = summary(table(tmp_path, ["id", "subject", "body", kind, priority, tags], rows))
    labels = tomllib.loads(draft_settings(found))["tickets"]["labels"]
    assert labels == {"type": kind, "priority": priority, "tags": tags}


def test_copies_make_no_field_of_a_free_text(tmp_path: Path) -> None:
    rows = [
        [f"Pump {n}", f"The pump rattles since {n} days", f"place {n}", "AB"[n % 2]]
        for n in range(15)
        for _ in range(4)
    ]
    assert summary(table(tmp_path, ["subject", "body", "Room", "Team"], rows)).candidates.keys() == {"Team"}


def test_labels_of_an_issue_tracker_are_drafted_as_tags_and_read_with_the_draft(tmp_path: Path) -> None:
    issues = [
        {
            "number": n,
            "title": f"Crash {n}",
            "body": f"It crashes on start since {n} days",
            "labels": [{"id": 5, "name": "bug"}, {"id": 6, "name": "screen"}][: 1 + n % 2],
        }
        for n in range(6)
    ]
    path = tmp_path / "issues.json"
    path.write_text(json.dumps(issues), "utf-8")
    drafted = tomllib.loads(draft_settings(summary(path)))
    assert drafted["tickets"]["labels"] == {"tags": "labels"}
    assert drafted["fields"]["tags"] == {"kind": "tags"}
    columns = TicketColumns(**drafted["tickets"])
    found = read_tickets([path], columns, fields=["tags"], tag_fields=["tags"])
    assert [ticket.labels["tags"] for ticket in found.tickets[:2]] == [("bug",), ("bug", "screen")]


@pytest.mark.parametrize(
    ("header", "field", "column"),
    [
        (["N°", "Objet", "Message", "Thème"], "category", "Thème"),
        (["Nº", "Assunto", "Mensagem", "Área"], "category", "Área"),
        (["№", "Заголовок", "Текст", "Услуга"], "category", "Услуга"),
        (["Nr", "Emne", "Besked", "Emneområde"], "category", "Emneområde"),
        (["Nr", "Emne", "Besked", "Hold"], "team", "Hold"),
        (["工单编号", "标题", "问题描述", "受理组"], "team", "受理组"),
    ],
)
def test_national_names_of_categories_and_teams_are_drafted(
    tmp_path: Path, header: list[str], field: str, column: str
) -> None:
    rows = [[n, f"Lamp {n}", f"The lamp {n} does not burn any more", "AB"[n % 2]] for n in range(1, 13)]
    drafted = tomllib.loads(draft_settings(summary(table(tmp_path, header, rows))))
    assert drafted["tickets"]["labels"][field] == column


def test_the_separator_of_tags_that_no_field_reads_yet_is_drafted_with_them(tmp_path: Path) -> None:
    rows = [[n, f"Lamp {n}", f"The lamp {n} is dark", ("old,red", "new")[n % 2]] for n in range(1, 13)]
    path = table(tmp_path, ["Issue ID", "Title", "Description", "Labels"], rows)
    drafted = tomllib.loads(draft_settings(summary(path)))["tickets"]
    assert (drafted["labels"]["tags"], drafted["separator"]) == ("Labels", ",")
