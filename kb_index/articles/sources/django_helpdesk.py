"""django-helpdesk's knowledge base, as `manage.py dumpdata` writes it: items and their categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ITEM, _CATEGORY = "helpdesk.kbitem", "helpdesk.kbcategory"


def read_django_helpdesk(document: Any) -> Any:
    """Return the articles of a dump as records, all other documents as they are.

    An item that is not enabled is a draft; one of a category that is not public, or not in the dump, is
    internal. Of everything else in a dump, such as tickets, nothing is an article.
    """
    records = document if isinstance(document, list) else [document]
    if not any(isinstance(record, Mapping) and record.get("model") == _ITEM for record in records):
        return document
    rows = [
        record
        for record in records
        if isinstance(record, Mapping) and isinstance(record.get("fields"), Mapping) and "pk" in record
    ]
    categories = {row["pk"]: row["fields"] for row in rows if row["model"] == _CATEGORY}
    return [
        _article(row["pk"], row["fields"], categories.get(row["fields"].get("category"), {}))
        for row in rows
        if row["model"] == _ITEM
    ]


def _article(pk: Any, item: Mapping[str, Any], category: Mapping[str, Any]) -> dict[str, Any]:
    article = {
        "id": str(pk),
        "title": item.get("title"),
        "body": "\n\n".join(str(item[key]) for key in ("question", "answer") if item.get(key)),
        "draft": item.get("enabled") is False,
        "updated_at": item.get("last_updated"),
    }
    if "category" in item:
        article["visibility"] = "public" if category.get("public") is True else "internal"
    return article | ({"labels": [category["title"]]} if category.get("title") else {})
