"""Confluence's storage format, in which its interface and its exports give pages, as HTML.

The format is XHTML with elements of its own (`ac:` and `ri:`) for macros, links, pictures and tasks; see
"Confluence Storage Format" in Atlassian's documentation.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

_SIGN = re.compile(r"<(?:ac|ri):[a-z][a-z-]{1,40}[\s/>]")
_DATA_BEGIN, _DATA_END = "<![CDATA[", "]]>"
_TAG = re.compile(r"""<(/?)((?:ac|ri|at):[\w-]+|time)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

_AS_HTML: Final = {
    "ac:plain-text-body": "pre",
    "ac:rich-text-body": "div",
    "ac:structured-macro": "div",
    "ac:macro": "div",
    "ac:layout": "div",
    "ac:layout-section": "div",
    "ac:layout-cell": "div",
    "ac:adf-content": "div",
    "ac:caption": "p",
    "ac:task-list": "ul",
    "ac:task": "li",
}
_INLINE_MACROS = frozenset({"status", "anchor", "jira", "view-file", "mathinline", "emoji"})
# Elements whose text is not shown, or shown a second time.
_UNSEEN = frozenset(
    {
        "ac:parameter", "ac:default-parameter", "ac:task-id", "ac:task-uuid", "ac:task-status",
        "ac:placeholder", "ac:adf-attribute", "ac:adf-fallback", "ac:adf-parameter",
    }
)  # fmt: skip


def is_storage_format(markup: str) -> bool:
    """Tell whether `markup` has elements of Confluence's own.

    >>> is_storage_format('<p>See <ac:link><ri:page ri:content-title="VPN" /></ac:link></p>')
    True
    """
    return _SIGN.search(markup) is not None


def storage_to_html(markup: str) -> str:
    """Return a page in storage format as HTML with the same visible text.

    >>> storage_to_html('<ac:link><ri:page ri:content-title="VPN" /></ac:link>')
    '<span>VPN</span>'
    """
    return _Converter().convert(_escape_data(markup))


def _escape_data(markup: str) -> str:
    """Return markup in which the sections of character data are escaped text."""
    parts: list[str] = []
    done = 0
    while (begin := markup.find(_DATA_BEGIN, done)) >= 0 and (end := markup.find(_DATA_END, begin)) >= 0:
        parts += [markup[done:begin], escape(markup[begin + len(_DATA_BEGIN) : end], quote=False)]
        done = end + len(_DATA_END)
    return "".join((*parts, markup[done:]))


class _Converter:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._macros: list[str] = []
        self._links: list[str | None] = []
        self._images = 0
        self._hidden = ""

    def convert(self, markup: str) -> str:
        done = 0
        last_ends = {name: markup.rfind(f"</{name}>") for name in _UNSEEN}
        for match in _TAG.finditer(markup):
            if not self._hidden:
                self._parts.append(markup[done : match.start()])
            done = match.end()
            name, attributes = match[2], match[3].rstrip()
            if self._hidden:
                if match[1] and name == self._hidden:
                    self._hidden = ""
            elif match[1]:
                self._close(name)
            else:
                is_empty = attributes.endswith("/")
                named = _attributes(attributes)
                self._open(name, named, is_empty=is_empty)
                # An element that is never closed must not hide the rest.
                is_unseen = (
                    not is_empty and done <= last_ends.get(name, -1) and named.get("ac:name") != "title"
                )
                self._hidden = name if is_unseen else ""
        self._parts.append(markup[done:])
        return "".join(self._parts)

    def _open(self, name: str, attributes: dict[str, str], *, is_empty: bool) -> None:
        if name in ("ac:structured-macro", "ac:macro") and not is_empty:
            self._macros.append(attributes.get("ac:name", ""))
            is_status = self._macros[-1] == "status"
            self._parts.append('<span class="status-macro">' if is_status else f"<{self._macro_tag()}>")
        elif name in _AS_HTML and not is_empty:
            self._parts.append(f"<{_AS_HTML[name]}>")
        elif name == "ac:parameter" and attributes.get("ac:name") == "title" and not is_empty:
            self._parts.append("<span>" if self._macro_tag() == "span" else "<p>")
        elif name == "ac:link" and not is_empty:
            self._links.append("")
            self._parts.append("<span>")
        elif name in ("ac:plain-text-link-body", "ac:link-body") and self._links:
            self._links[-1] = None
        elif name in ("ri:page", "ri:blog-post", "ri:attachment") and self._links and not self._images:
            title = attributes.get("ri:content-title") or attributes.get("ri:filename") or ""
            self._links[-1] = title if self._links[-1] == "" else self._links[-1]
        elif name == "ac:image":
            self._images += not is_empty
            text = attributes.get("ac:alt") or attributes.get("ac:title") or ""
            self._parts.append(f'<img alt="{text}">' if text else "")
        elif name == "time":
            self._parts.append(attributes.get("datetime", ""))

    def _close(self, name: str) -> None:
        if name in ("ac:structured-macro", "ac:macro") and self._macros:
            self._parts.append(f"</{self._macro_tag()}>")
            self._macros.pop()
        elif name in _AS_HTML:
            self._parts.append(f"</{_AS_HTML[name]}>")
        elif name == "ac:parameter":
            self._parts.append("</span>" if self._macro_tag() == "span" else "</p>")
        elif name == "ac:link" and self._links:
            self._parts.append(f"{self._links.pop() or ''}</span>")
        elif name == "ac:image":
            self._images = max(0, self._images - 1)

    def _macro_tag(self) -> str:
        return "span" if self._macros and self._macros[-1] in _INLINE_MACROS else "div"


def _attributes(text: str) -> dict[str, str]:
    return {match[1]: match[2] if match[2] is not None else match[3] for match in _ATTRIBUTE.finditer(text)}
