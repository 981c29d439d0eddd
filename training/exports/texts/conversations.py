"""Conversations in one cell: the article trees of OTRS and Znuny, and chats as a JSON list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from training.exports.guess import look_alikes
from training.exports.messages import customer_s_first
from training.exports.roles.words import role_of
from training.exports.values import cell_list, word_count

# -->||customer||Ines Bright <ines@example.com>||2026-02-03 09:30:00||<--------------
_ARTICLE = re.compile(r"^[ \t]*-{2,}>\|\|([^|\n]{0,40})\|\|[^\n]{0,2000}\|\|<-{2,}[ \t]*$", re.M)


def opening_text(text: str) -> str:
    r"""Return the customer's first message of a cell that holds a conversation; any other text as it is.

    >>> opening_text("-->||agent||A||1||<--\nHello\n-->||customer||B||2||<--\nIt leaks")
    'It leaks'
    >>> opening_text('[{"from": "agent", "text": "Hello"}, {"from": "customer", "text": "It leaks"}]')
    'It leaks'
    """
    start = text.lstrip()[:3]
    if start.startswith("--") and (marks := list(_ARTICLE.finditer(text))):
        return _first_article(text, marks)
    if start.startswith("[") and (messages := cell_list(text)):
        return _first_message(messages) or text
    return text


def _first_article(text: str, marks: list[re.Match[str]]) -> str:
    if text[: marks[0].start()].strip():
        return text
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    articles = [
        (role_of(mark[1]), article)
        for mark, end in zip(marks, ends, strict=True)
        if (article := text[mark.end() : end].strip())
    ]
    for wanted in ("customer", "public", "", "agent", "internal"):
        if found := next((article for role, article in articles if role == wanted), ""):
            return found
    return ""


def _first_message(messages: list[Any]) -> str:
    if not all(isinstance(message, Mapping) for message in messages):
        return ""
    spoken = [message for message in messages if _spoken(message)]
    return _spoken(customer_s_first(spoken)) if spoken else ""


def _spoken(message: Mapping[str, Any]) -> str:
    """Return the text of a message: what is called so, else its longest text."""
    texts = {str(key): value for key, value in message.items() if isinstance(value, str) and value.strip()}
    named = look_alikes("body", texts)
    if named:
        return texts[named[0]]
    return max(texts.values(), key=word_count) if texts else ""
