"""Lozenges: coloured words with which a page of Confluence says at its head that it is a draft."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb_index.articles.access.keys import key_kind

_LOZENGE = ".status-macro, .aui-lozenge"
_SIGN = re.compile(r"\b(?:status-macro|aui-lozenge)\b")
# What stands above the text of an exported page: its title, and who made it.
_ABOVE = "#main-header, #title-heading, .page-metadata"
_CONTENT = "#main-content, .wiki-content"
_HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)
_CONTENTS = re.compile(r"<div class=.toc-macro.{0,100000}?</div>", re.DOTALL)
_BLOCKS = frozenset({"p", "div", "td", "th", "li", "h1", "body", "section", "blockquote"})
_CELLS = ("td", "th")
_MOST_CHARS_BEFORE = 400
_MOST_LOZENGES = 20
_MOST_WORDS = 3  # of a label, such as "Status of document"


def head_lozenges(markup: str) -> list[str]:
    """Return the words of the lozenges that are about the whole page: alone at its head, or behind "Status:".

    Those further down, in the middle of a sentence or in the row of a list are about something else.

    >>> head_lozenges('<p><span class="status-macro">DRAFT</span></p><p>Press it.</p>')
    ['DRAFT']
    >>> head_lozenges('<p>Orders in <span class="status-macro">DRAFT</span> can be changed.</p>')
    []
    """
    if _SIGN.search(markup) is None:
        return []
    tree = LexborHTMLParser(markup)
    above = [found for part in tree.css(_ABOVE) for found in part.css(_LOZENGE)[:_MOST_LOZENGES]]
    content = tree.css_first(_CONTENT) or tree.body
    source = _CONTENTS.sub("", (content.html or "") if content is not None else "")
    heading = _HEADING.search(source)
    head = LexborHTMLParser(source[: heading.start()] if heading else source)
    within = [found for found in head.css(_LOZENGE)[:_MOST_LOZENGES] if _is_of_page(found, head)]
    return list(dict.fromkeys(filter(None, map(_words, (*above, *within)))))


def _is_of_page(lozenge: LexborNode, head: LexborHTMLParser) -> bool:
    before, _, _ = (head.html or "").partition(lozenge.html or "")
    text_before = _words(LexborHTMLParser(before).body)
    if not text_before:
        return True
    block = lozenge.parent
    while block is not None and block.tag not in _BLOCKS:
        block = block.parent
    if block is None or len(text_before) > _MOST_CHARS_BEFORE:
        return False
    rest = _words(block).replace(_words(lozenge), "", 1).strip(" :")
    if rest:
        return _names_state(rest)
    if block.tag in _CELLS:
        beside = block.prev
        while beside is not None and beside.tag not in _CELLS:
            beside = beside.prev
        return beside is not None and _names_state(_words(beside).strip(" :"))
    return block.tag != "li"


def _names_state(label: str) -> bool:
    return len(label.split()) <= _MOST_WORDS and key_kind(label) in ("state", "audience")


def _words(node: LexborNode | None) -> str:
    return " ".join(node.text(separator=" ").split()) if node is not None else ""
