"""Solved tickets help agents, and show nobody who wrote them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kb_index.articles.loaders import load_articles, load_solved_tickets
from models.errors import DataFileError
from tests.kb_toy import AGENTS, ARTICLES, ask, build, ids

TICKET = {
    "id": "T-1",
    "subject": "Re: Battery of ann@example.com",
    "body": "My bike does not charge. Call me: +49 30 1234567\n\nBest regards\nAnn",
    "solution": "Hold the button for ten seconds. Refunded to DE89 3704 0044 0532 0130 00.",
    "language": "en",
    "created_at": "2026-03-01T10:00:00Z",
    "labels": {"category": "battery", "tags": ["charger", "refund"]},
}


def written(path: Path, *tickets: dict[str, Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, tickets)), "utf-8")
    return path


def test_a_solved_ticket_becomes_an_internal_article_without_what_points_to_a_person(tmp_path: Path) -> None:
    file = written(tmp_path / "tickets.jsonl", TICKET)
    loaded = load_solved_tickets([file])
    [article] = loaded.articles
    assert loaded.sources == {str(file): [article]}
    assert (article.id, article.title) == ("ticket:T-1", "Battery of [mail]")
    assert "does not charge. Call me: [phone]" in article.body
    assert "Hold the button for ten seconds. Refunded to [iban]." in article.body
    assert "Ann" not in article.body
    assert (article.collection, article.visibility) == ("ticket", "internal")
    assert article.labels == ("battery", "charger", "refund")
    assert (article.language, article.updated_at) == ("en", "2026-03-01T10:00:00Z")


def test_a_solution_may_be_an_attribute_and_tickets_without_one_are_passed_over(tmp_path: Path) -> None:
    bare = {key: value for key, value in TICKET.items() if key != "solution"}
    file = written(
        tmp_path / "tickets.jsonl",
        bare | {"id": 1},
        bare | {"id": 2, "attributes": {"solution": "Restart it."}, "subject": ""},
        TICKET | {"id": 3, "solution": " \n"},
    )
    [article] = load_solved_tickets([file]).articles
    assert article.id == "ticket:2"
    assert article.title.startswith("My bike does not charge")


def test_each_collection_is_searched_alone_or_all_together(tmp_path: Path) -> None:
    solved = load_solved_tickets([written(tmp_path / "tickets.jsonl", TICKET)]).articles
    kb = build([*ARTICLES, *solved])

    def found(*collections: str) -> set[str]:
        hits = ask(kb, "charge, refund, printer", visibility=AGENTS, k=50, collections=frozenset(collections))
        return {hit.article.collection for hit in hits}

    assert found("ticket") == {"ticket"}
    assert found("reply") == {"reply"}
    assert found("article") == {"article"}
    assert found() == {"article", "reply", "ticket"}
    assert "ticket:T-1" not in ids(ask(kb, "bike does not charge", k=50)), "a customer sees no ticket"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": None}, "id is missing"),
        ({"solution": 7}, "solution must be text"),
        ({"language": "??"}, "language"),
    ],
)
def test_a_ticket_that_cannot_be_read_is_named_or_skipped(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    file = written(tmp_path / "tickets.jsonl", TICKET | {"id": "other"}, TICKET | change)
    with pytest.raises(DataFileError, match=rf"tickets.jsonl, line 2: .*{problem}"):
        load_solved_tickets([file])
    loaded = load_solved_tickets([file], skip_bad=True)
    assert ([a.id for a in loaded.articles], len(loaded.skipped)) == (["ticket:other"], 1)


def test_tickets_of_another_kind_of_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"expected tickets as \.jsonl"):
        load_solved_tickets([tmp_path / "tickets.csv"])


def test_articles_are_told_by_the_file_they_came_from(tmp_path: Path) -> None:
    files = [written(tmp_path / f"{n}.jsonl", {"id": n, "title": "Title", "body": "x"}) for n in "ab"]
    sources = load_articles(files).sources
    assert {Path(source).name: [a.id for a in articles] for source, articles in sources.items()} == {
        "a.jsonl": ["a"],
        "b.jsonl": ["b"],
    }
