"""Body text: the body of an article as plain text, whichever markup it is written in.

HTML, Confluence's storage format and Markdown are told apart by their marks. Plain text stays as it is.
"""

from __future__ import annotations

import re

from kb_index.articles.markdown import markdown_to_text
from kb_index.articles.markup.confluence import is_storage_format, storage_to_html
from kb_index.articles.markup.site_markdown import plain_markdown
from models.text import article_to_text, looks_like_html
from models.text.unicode import decode_entities

_SNIFFED_CHARS = 200_000

# One of these is enough to tell Markdown from text in which a star or a bracket happens to stand. Each comes
# with a text that it holds, which is looked for first: that takes a tenth of the time.
_STRONG_MARKS = (
    ("](", r"!?\[[^\[\]\n]{0,300}\]\((?:https?://|/|\.|#|mailto:|[\w%-]+[./#])[^()\s]*(?:\s\"[^\"\n]*\")?\)"),
    ("]:", r"^\[[^\[\]\n]{1,100}\]:[ \t]+(?:https?://|/|#)\S+"),
    ("--", r"^ {0,3}\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$"),
    ("**", r"(?<![a-zA-Z0-9*])\*\*[^\s*](?:[^*\n]{0,200}[^\s*])?\*\*(?![a-zA-Z0-9*])"),
    ("```", r"^ {0,3}```[^\n`]*\n(?:(?! {0,3}```)[^\n]*\n){0,400} {0,3}```"),
    ("~~~", r"^ {0,3}~~~[^\n]*\n(?:(?! {0,3}~~~)[^\n]*\n){0,400} {0,3}~~~"),
)
# Of these it takes two kinds, one of them a heading or code.
_WEAK_MARKS = (
    ("# ", r"^#{1,6} +\S"),
    ("`", r"(?<![a-zA-Z0-9`])`[^\s`][^`\n]{0,100}`(?![a-zA-Z0-9`])"),
    ("* ", r"^[*+] +\S"),
    (">", r"^> ?[^\s>]"),
    ("- [", r"^ {0,3}- \[[ xX]\] "),
)
_INLINE_TAG = re.compile(
    r"<(a|abbr|b|big|code|em|font|i|ins|kbd|mark|s|small|span|strike|strong|sub|sup|tt|u|var)"
    r"(?:\s[^<>]{0,500})?>[^<>]{0,300}</\1>|<br\s*/?>",
    re.IGNORECASE,
)
_ENCODED_TAG = re.compile(r"&lt;/?[a-zA-Z][^&]{0,200}(?:&[^lg][^&]{0,200})*&gt;")


def body_to_text(body: str) -> str:
    r"""Return a body as plain text in which exactly the headings begin with one to six `#` and a space.

    >>> body_to_text("Open <b>Settings</b> &gt; <i>Network</i>.")
    'Open Settings > Network.'
    >>> body_to_text("Pick [Reset](https://a.example/r) in **Settings**.\nDone * 2")
    'Pick Reset in Settings.\nDone * 2'
    """
    if is_storage_format(body) and "```" not in body:  # in Markdown it is an example
        return article_to_text(storage_to_html(body))
    if looks_like_html(body):
        return article_to_text(body)
    if "<" not in body and _ENCODED_TAG.match(body.lstrip()) and looks_like_html(decode_entities(body)):
        return article_to_text(decode_entities(body))
    if looks_like_markdown(body) or ("<" in body and _INLINE_TAG.search(body[:_SNIFFED_CHARS])):
        return markdown_to_text(plain_markdown(body))
    return body


def looks_like_markdown(text: str) -> bool:
    """Tell whether a text is Markdown rather than plain text with a few of its characters.

    >>> looks_like_markdown("See [the list](https://a.example)."), looks_like_markdown("2 * 3 * 4 [m]")
    (True, False)
    """
    head = text[:_SNIFFED_CHARS]
    if any(_holds(head, mark) for mark in _STRONG_MARKS):
        return True
    weak = [_holds(head, mark) for mark in _WEAK_MARKS]
    return any(weak[:2]) and sum(weak) > 1


def _holds(text: str, mark: tuple[str, str]) -> bool:
    needed, pattern = mark
    return needed in text and re.search(pattern, text, re.MULTILINE) is not None
