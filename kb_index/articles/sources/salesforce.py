"""Salesforce Knowledge's articles: their channels, texts in fields of the owner's own, and translations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from kb_index.articles.access.keys import key_kind
from kb_index.articles.access.values import truth_of
from models.text import looks_like_html

_SIGNS = frozenset(
    {"knowledgearticleid", "isvisibleinpkb", "isvisibleincsp", "isvisibleinprm", "ismasterlanguage"}
)
_VISIBLE_IN = re.compile(r"isvisiblein(\w+)", re.IGNORECASE)
# The channel that all may read; the others are agents, signed-in customers and partners.
_PUBLIC = "pkb"
_CHANNELS = frozenset({"application", "app", "sites", "csp", "prm", _PUBLIC})
_FEWEST_WORDS = 3
# Text fields of the owner's own that are not for readers.
_NOT_TOLD = re.compile(r"internal|agent|private|note|keyword|search", re.IGNORECASE)


def read_salesforce(record: Mapping[str, Any]) -> dict[str, Any]:
    r"""Return a record of Salesforce Knowledge with its readers, text and original; others as they are.

    The text is the summary and all texts in custom fields, which have no common name. Versions of an article
    in several languages share its `KnowledgeArticleId`.

    >>> read_salesforce({"IsVisibleInPkb": "false", "Title": "Lamp", "How__c": "Turn it left."})
    {'Title': 'Lamp', 'visibility': 'internal', 'body': 'Turn it left.'}
    """
    found = dict(record)
    if _SIGNS.isdisjoint(key.lower() for key in found):
        return found
    visible = {m[1].lower(): found.pop(key) for key in list(found) if (m := _VISIBLE_IN.fullmatch(key))}
    channels = _channels(found)
    if visible or channels:
        is_public = truth_of(visible.get(_PUBLIC)) is True or _PUBLIC in channels
        found["visibility"] = found.get("visibility", "public") if is_public else "internal"
    own = {key: str(found.pop(key)) for key in list(found) if _is_text(key, found[key])}
    if texts := [text for key, text in own.items() if not _NOT_TOLD.search(key)]:
        found["body"] = _joined([*_summary(found), *texts])
    shared, language = found.get("KnowledgeArticleId"), found.get("Language")
    if shared and language and "IsMasterLanguage" in found:
        is_original = truth_of(found["IsMasterLanguage"])
        found |= {"id": shared} if is_original else {"id": f"{shared}.{language}", "translation_of": shared}
        found.pop("Id", None)
    return found


def _channels(record: dict[str, Any]) -> set[str]:
    """Take the channels out of a record, as `application+pkb`."""
    key = next((key for key in record if key.lower() == "channels"), None)
    parts = set(re.split(r"[+;,\s]+", str(record[key]).lower())) - {""} if key is not None else set()
    if key is None or not parts <= _CHANNELS:
        return set()
    del record[key]
    return parts


def _is_text(key: str, value: Any) -> bool:
    name = key.lower().removesuffix("__c")
    if name == key.lower() or not isinstance(value, str) or len(value.split()) < _FEWEST_WORDS:
        return False
    return key_kind(name) is None or _NOT_TOLD.search(key) is not None


def _summary(record: Mapping[str, Any]) -> list[str]:
    return [value for key, value in record.items() if key.lower() == "summary" and isinstance(value, str)]


def _joined(texts: list[str]) -> str:
    if not any(map(looks_like_html, texts)):
        return "\n\n".join(texts)
    return "".join(
        f"<div>{text if looks_like_html(text) else escape(text, quote=False)}</div>" for text in texts
    )
