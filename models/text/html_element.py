"""HTML element: what an open element says of lines, quotes and hidden text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from models.text.unicode import INDENTED, QUOTED
from models.word_lists import word_set

_PARAGRAPHS = word_set("blockquote dl fieldset form h1 h2 h3 h4 h5 h6 ol p pre table ul")
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?:font-size|max-height|opacity):0(?:px|pt|em|%)?(?:;|!|$)"
)
_START = re.compile(r"\s*([-+]?\d{1,9})(?!\d)")


@dataclass(slots=True)
class Element:
    """An open element, as far as it decides on lines and quotes."""

    tag: str
    names: frozenset[str]
    style: str
    hidden: bool
    quote_tag: bool
    first_number: int = 1
    quoted: bool = False
    quote_mark: str = QUOTED

    @classmethod
    def from_node(cls, node: LexborNode) -> Element:
        attributes = node.attributes
        style = "".join((attributes.get("style") or "").lower().split())
        names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".lower().split()
        tag = node.tag or ""
        # Gmail indents a paragraph with a blockquote that has no border.
        indents = "border:none" in style and "gmail_quote" not in names and "type" not in attributes
        # Mail programs say that a blockquote is theirs; one without a sign may be the sender's own.
        by_program = bool(names) or "type" in attributes or "border" in style
        return cls(
            tag=tag,
            # Outlook puts "x_" before others' names.
            names=frozenset(name.removeprefix("x_") for name in names),
            style=style,
            hidden="hidden" in attributes or _HIDDEN_STYLE.search(style) is not None,
            quote_tag=tag == "blockquote" and not indents,
            quote_mark=QUOTED if by_program or tag != "blockquote" else INDENTED,
            first_number=_first_number(attributes.get("start")) if tag == "ol" else 1,
        )

    @property
    def preformatted(self) -> bool:
        return self.tag in ("pre", "textarea") or "white-space:pre" in self.style

    @property
    def margin_lines(self) -> int:
        return 2 if self.tag in _PARAGRAPHS and "msonormal" not in self.names else 1


def _first_number(start: str | None) -> int:
    """Return the number of a list's first item by its `start`, which has at most nine digits."""
    match = _START.match(start or "")
    return int(match[1]) if match else 1
