"""The knowledge base of a django-helpdesk is read from its dump, and internal articles stay internal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kb_index.articles.loaders import load_articles


def item(pk: int, category: int, **fields: Any) -> dict[str, Any]:
    given = {
        "category": category,
        "title": f"Title {pk}",
        "question": "Why?",
        "answer": "So.",
        "enabled": True,
    }
    return {"model": "helpdesk.kbitem", "pk": pk, "fields": {**given, **fields}}


def category(pk: int, *, public: bool) -> dict[str, Any]:
    return {"model": "helpdesk.kbcategory", "pk": pk, "fields": {"title": f"Group {pk}", "public": public}}


def test_items_are_articles_and_their_category_says_who_sees_them(tmp_path: Path) -> None:
    ticket = {"model": "helpdesk.ticket", "pk": 1, "fields": {"title": "A ticket", "description": "Not one."}}
    dump = [item(1, 1), item(2, 2), item(3, 9), item(4, 1, enabled=False), ticket]
    file = tmp_path / "dump.json"
    file.write_text(json.dumps([*dump, category(1, public=True), category(2, public=False)]), "utf-8")
    found = load_articles([file]).articles
    assert [(article.id, article.visibility) for article in found] == [
        ("1", "public"),
        ("2", "internal"),
        ("3", "internal"),
    ]


def test_another_list_with_models_in_it_is_read_as_before(tmp_path: Path) -> None:
    file = tmp_path / "cars.json"
    file.write_text(json.dumps([{"id": "1", "title": "A car", "body": "It drives.", "model": "T"}]), "utf-8")
    assert [article.id for article in load_articles([file]).articles] == ["1"]
