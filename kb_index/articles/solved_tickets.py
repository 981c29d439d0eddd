"""Solved tickets as articles for agents, with personal data redacted."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from kb_index.articles.article import Article
from models.errors import InputError
from models.language.codes import parse_code
from models.redaction.redact import WITHHELD, Redactor, redact_with_rules
from models.text import clean_body, clean_subject

_MAX_TITLE_CHARS = 200
_ID_PREFIX = "ticket:"


def solved_ticket(record: Mapping[str, Any], redact: Redactor = redact_with_rules) -> Article | None:
    """Make an article from a ticket's record (as in a file of tickets); None where it has no solution.

    The solution stands in `solution`, else in the attribute of that name. Subject, body and solution lose
    quoted mails and signatures and go through `redact`. The article is internal, unless the record's
    `visibility` says otherwise.

    Raises:
        InputError: a value is missing or of the wrong type; `fields` says which.
    """
    attributes = record.get("attributes")
    solution = record.get("solution")
    if solution is None and isinstance(attributes, Mapping):
        solution = attributes.get("solution")
    texts = {name: record.get(name) or "" for name in ("subject", "body")} | {"solution": solution or ""}
    wrong = {name: "must be text" for name, text in texts.items() if not isinstance(text, str)}
    if wrong:
        raise InputError(
            f"ticket {record.get('id')!r:.80}: {', '.join(wrong)} must be text: correct it, or leave it out",
            fields=wrong,
        )
    language = parse_code(record.get("language")) or ""
    solved_by = redact(clean_body(texts["solution"]), language)
    if solved_by in {"", WITHHELD}:
        return None
    title = redact(clean_subject(texts["subject"]), language)
    problem = redact(clean_body(texts["body"]), language)
    ticket_id = record.get("id")
    has_id = isinstance(ticket_id, str | int) and ticket_id != ""
    return Article.from_record(
        {
            "id": f"{_ID_PREFIX}{ticket_id}" if has_id else ticket_id,
            "title": (title or " ".join(problem.split()))[:_MAX_TITLE_CHARS],
            "body": f"{problem}\n\n{solved_by}".strip(),
            "language": record.get("language"),
            "url": record.get("url"),
            "updated_at": record.get("created_at"),
            "labels": _labels(record.get("labels")),
            "collection": "ticket",
            "visibility": record.get("visibility"),
        },
        body_is_text=True,
    )


def _labels(labels: object) -> list[str]:
    """Return the values of all fields, so that an agent can filter by them."""
    if not isinstance(labels, Mapping):
        return []
    values = chain.from_iterable(value if isinstance(value, list) else [value] for value in labels.values())
    return [str(value) for value in values if isinstance(value, str | int)]
