"""Page metadata: what an HTML page says of itself in `<meta>` elements and in `data-` attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb_index.articles.access.keys import declares_visibility, key_kind
from kb_index.articles.access.values import audience_of, is_published_state, truth_of
from models.text.unicode import decode_entities

_AROUND = re.compile(r"<(?:html|body|main)\b([^<>]{0,2000})>", re.IGNORECASE)
_DATA = re.compile(
    r"(?<!\S)data-([\w-]{2,60})(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?(?=[\s/]|$)", re.IGNORECASE
)
# Attributes about whoever was signed in when the page was saved.
_OF_A_VISITOR = ("user", "current", "viewer", "visitor", "logged")
_META = re.compile(r"<meta\b([^<>]{0,2000})>", re.IGNORECASE)
_META_KEY = re.compile(r"\b(?:name|property)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_META_VALUE = re.compile(r"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def page_metadata(head: str) -> dict[str, str]:
    """Return the `<meta>` elements of a page, and of its `data-` attributes those on who may read it.

    >>> page_metadata('<html data-audience="staff" data-theme="dark"><meta name="robots" content="noindex">')
    {'audience': 'staff', 'robots': 'noindex'}
    """
    return dict([*_attributes(head), *_meta_elements(head)])


def _attributes(head: str) -> Iterator[tuple[str, str]]:
    for element in _AROUND.findall(head):
        for match in _DATA.finditer(element):
            value = next((part for part in match.groups()[1:] if part is not None), "true")
            if _is_on_access(match[1], value := decode_entities(value)):
                yield match[1], value


def _is_on_access(name: str, value: str) -> bool:
    """Tell whether an attribute is about a page's readers; others are about its looks or who is signed in."""
    kind = key_kind(name)
    if kind is None or kind in ("start", "end", "translation") or name.lower().startswith(_OF_A_VISITOR):
        return False
    restricts = audience_of(value) == "internal" or is_published_state(value) is False
    if kind == "audience":
        return declares_visibility(name) or restricts
    if kind == "open":
        return name.lower() != "search" and truth_of(value) is not None
    return kind != "state" or restricts


def _meta_elements(head: str) -> Iterator[tuple[str, str]]:
    for match in _META.finditer(head):
        key, value = _META_KEY.search(match[1]), _META_VALUE.search(match[1])
        if key and value:
            yield key[1] or key[2] or "", decode_entities(value[1] or value[2] or "")
