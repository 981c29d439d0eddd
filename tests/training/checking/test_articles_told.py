"""Articles given in place of tickets: told by their form, whichever helpdesk wrote the one file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.checking.articles import hold_articles
from triage.settings.tickets import TicketColumns

SAMPLES = Path(__file__).resolve().parents[1] / "exports" / "samples"
TEXT = "<p>Press the button for five seconds until it blinks.</p>"
ZENDESK = {
    **{"id": 7, "html_url": "https://h.example/7", "title": "Reset", "body": TEXT, "locale": "en-us"},
    **{"draft": False, "section_id": 3, "label_names": [], "user_segment_id": None},
}
FRESHDESK = {"id": 7, "title": "Reset", "description": TEXT, "status": 2, "art_type": 1, "seo_data": {}}

SALESFORCE = (
    "Id,KnowledgeArticleId,ArticleNumber,Title,UrlName,Summary,Language,PublishStatus,IsVisibleInPkb,Details__c\n"
    "ka01,kA01,000001,Reset,Reset,In short,en_US,Online,true,<p>Press the button.</p>\n"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("articles.json", {"count": 1, "articles": [ZENDESK], "next_page": None}),
        ("one.json", {"article": ZENDESK}),
        ("lines.jsonl", ZENDESK),
        (
            "Solutions.json",
            [{"category": {"name": "Locks", "folders": [{"name": "A", "articles": [FRESHDESK]}]}}],
        ),
        ("solutions-api.json", [{**FRESHDESK, "folder_id": 2, "category_id": 1, "thumbs_up": 0}]),
        ("zoho.json", {"data": [{"title": "Reset", "answer": TEXT, "permalink": "r", "permission": "ALL"}]}),
        (
            "intercom.json",
            {"data": [{"type": "article", "title": "Reset", "body": TEXT, "parent_id": 2, "statistics": {}}]},
        ),
        (
            "pages.json",
            {
                "results": [
                    {"title": "Reset", "spaceId": "9", "parentId": "1", "body": {"storage": {"value": TEXT}}}
                ]
            },
        ),
        (
            "items.json",
            {"articles": {"items": [{"name": "Reset", "slug": "reset", "collectionId": "c", "text": TEXT}]}},
        ),
        (
            "kb.csv",
            "number,short_description,text,kb_category,workflow_state,valid_to\nKB1,Reset,a b,A,published,\n",
        ),
        ("list.csv", "id,title,body,url,visibility\n1,Reset,Press it,u,public\n"),
        ("bare.json", [{"id": 1, "title": "Reset", "body": TEXT}]),
        ("bare.jsonl", {"id": "reset", "title": "Reset", "body": TEXT, "labels": ["keys"]}),
        ("bare.csv", "id,title,body\n1,Reset,Press it.\n"),
        ("german.jsonl", {"id": "a", "titel": "Zurücksetzen", "inhalt": "Halten.", "sprache": "de"}),
        ("french.jsonl", {"id": 4, "titre": "Réinitialiser", "contenu": "Appuyez.", "langue": "fr"}),
        ("spanish.csv", "id;título;contenido\n1;Restablecer;Pulse el botón.\n"),
        ("translated.jsonl", {"id": "a.fi", "title": "Palauta", "body": "Paina.", "translation_of": "a"}),
        ("restricted.jsonl", {"id": 1, "Titel": "A", "Inhalt": "B", "Sichtbarkeit": "intern", "Stand": "3"}),
        ("glpi.json", [{"id": 1, "name": "Reset", "answer": TEXT, "is_faq": 1, "users_id": 2}]),
        ("zammad.json", [{"id": 1, "title": "Reset", "content": TEXT, "published_at": "2026-01-01"}]),
        ("odoo.json", [{"id": 1, "name": "Reset", "body": TEXT, "is_published": True}]),
        (
            "topdesk.json",
            [{"number": "KI 1", "translation": {"content": {"title": "Reset", "content": TEXT}}}],
        ),
        ("russian.csv", "Номер,Заголовок,Текст,Статус\n1,Сброс,Нажмите.,Опубликовано\n"),
        ("german.csv", "Titel,Inhalt,Sichtbarkeit\nReset,Taste halten.,Nur Mitarbeiter\n"),
        ("offen.csv", "Id,Titel,Inhalt,Öffentlich\n1,Reset,Taste halten.,nein\n"),
        ("knowledge.csv", SALESFORCE),
        ("import.csv", "isMasterLanguage,Title,URLName,summary__c,Channels,Language\n1,A,a,B c d,app,en\n"),
        ("reset.md", "# Reset\n\nPress it.\n"),
        ("reset.html", "<h1>Reset</h1><p>Press it.</p>"),
        ("wiki.xml", "<mediawiki><page><title>Reset</title></page></mediawiki>"),
    ],
)
def test_a_single_file_of_articles_is_told_from_tickets(tmp_path: Path, name: str, content: object) -> None:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    assert hold_articles(path)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_no_helpdesk_s_export_of_tickets_is_taken_for_articles(name: str) -> None:
    assert not hold_articles(SAMPLES / name)


@pytest.mark.parametrize(
    "content",
    [
        [
            {
                "id": 1,
                "title": "Gate",
                "articles": [{"sender": "Customer", "subject": "Gate", "body": "It is stuck"}],
            }
        ],
        [
            {
                "number": 1,
                "title": "Gate",
                "body": "It is stuck",
                "html_url": "h",
                "state": "open",
                "assignee": None,
            }
        ],
        [{"id": 1, "title": "Gate", "body": "It is stuck", "requester": "a", "url": "u", "locale": "de"}],
        [{"id": 1, "title": "Gate", "body": "It is stuck", "created_at": "2026-02-03"}],
        [{"id": 1, "title": "Gate", "body": "It is stuck", "labels": ["gate"], "url": "u"}],
        [{"id": 1, "title": "Gate", "body": "It is stuck", "team": "gates"}],
        [{"id": 1, "title": "Gate", "description": "It is stuck"}],
        [{"id": 1, "subject": "Gate", "body": "It is stuck"}],
        [{"Nummer": 1, "Titel": "Tor", "Beschreibung": "Es klemmt", "Sprache": "de"}],
    ],
)
def test_tickets_with_titles_links_or_messages_stay_tickets(tmp_path: Path, content: object) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content), "utf-8")
    assert not hold_articles(path)


@pytest.mark.parametrize(
    ("columns", "value", "are_articles"),
    [
        ("ID;Titel;Inhalt;Sichtbarkeit", "nur intern", True),
        ("id;titolo;contenuto;accesso", "pubblico", True),
        ("ID;Titel;Inhalt;Gruppe", "Netzwerk", False),
        ("ID;Titel;Inhalt;Stadt", "intern", False),
    ],
)
def test_a_table_that_says_who_may_read_its_texts_holds_articles(
    columns: str, value: str, are_articles: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{columns}\n1;Lampe;Die Lampe nach links drehen.;{value}\n", "utf-8")
    assert hold_articles(path) == are_articles


def test_settings_that_name_the_columns_of_tickets_come_before_the_guess(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,body\n1,Gate,It is stuck\n", "utf-8")
    assert hold_articles(path, TicketColumns())
    assert not hold_articles(path, TicketColumns(subject="title"))


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_large_file_of_articles_is_told_by_its_beginning(wrapped: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    articles = [ZENDESK | {"id": number, "body": TEXT * 40} for number in range(1500)]
    text = json.dumps({"count": 1500, "articles": articles, "next_page": None} if wrapped else articles)
    path.write_text(text, "utf-8")
    assert hold_articles(path)
    # What is behind the first articles is not even looked at.
    path.write_text(text[: -len(text) // 3], "utf-8")
    assert hold_articles(path)
    tickets = [{"id": n, "subject": "Gate", "body": TEXT * 40, "requester_id": n} for n in range(1500)]
    path.write_text(json.dumps({"tickets": tickets} if wrapped else tickets), "utf-8")
    assert not hold_articles(path)


def test_a_table_of_tickets_with_teams_among_its_columns_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "glpi.csv"
    path.write_text(
        "ID;Titre;Statut;Priorité;Attribué à - Groupe de techniciens;Description\n"
        "7;Écran noir;Clos;Haute;Support N1;L'écran reste noir.\n",
        "utf-8",
    )
    assert not hold_articles(path)


@pytest.mark.parametrize("status", ["Done", "Active", "Closed", "Pending"])
def test_the_status_of_a_ticket_is_no_publication(tmp_path: Path, status: str) -> None:
    path = tmp_path / "tasks.csv"
    path.write_text(
        f"Key,Title,Description,Status,Start date\n1,Lamp,It flickers.,{status},2026-01-01\n", "utf-8"
    )
    assert not hold_articles(path)
