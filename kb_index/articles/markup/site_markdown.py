"""Site Markdown: what page generators (Hugo, Docusaurus, MkDocs, Jekyll, GitBook) add to Markdown, taken out.

Their marks go and their texts stay: the titles of notes and tabs, the captions of pictures, code.
"""

from __future__ import annotations

import re

from models.word_lists import word_set

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CODE_BEGIN = re.compile(r"\{\{[<%]\s*(?:highlight|code)\b[^{}]*[%>]\}\}|\{%-?\s*highlight\b[^{}%]*%\}")
_CODE_END = re.compile(r"\{\{[<%]\s*/\s*(?:highlight|code)\s*[%>]\}\}|\{%-?\s*endhighlight\s*-?%\}")
_SHORTCODE = re.compile(r"\{\{([<%])(?!/\*)([^{}]*)[%>]\}\}|\{%-?([^{}%]*)-?%\}")
_ESCAPED_SHORTCODE = re.compile(r"\{\{([<%])/\*([^{}]*)\*/([%>])\}\}")
_SHOWN_ARGUMENT = re.compile(
    r"\b(?:alt|caption|title|label|text|header|summary|content|name)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`)"
)
_NOTES = word_set("""
        alert note notice tip info warning caution danger important callout hint admonition expand
        details accordion tab button
        """)
_FIRST_ARGUMENT = re.compile(r"\s*(\w+)\s+(?:\"([^\"]*)\"|'([^']*)')")
_MODULE = re.compile(
    r"""^(?:import\s+(?:[\w{}*, \t]+\sfrom\s+)?['"][@./\w][^'"\n]*['"]"""
    r"|export\s+(?:default|const|let|var|function|class)\s[^\n]*);?[ \t]*$",
    re.MULTILINE,
)
_COMPONENT = re.compile(r"</?[A-Z][\w.]*(?:[^<>\"'{}]|\"[^\"<>]*\"|'[^'<>]*'|\{[^{}<>]*\})*>")
_ADMONITION = re.compile(
    r"^[ \t]*+:{3,}+[ \t]*+\{?[.\w-]*+\}?[ \t]*+(?:\[([^\]\n]*)\]|([^\n\[]*+))", re.MULTILINE
)
# Where a generator puts the page's own table of contents: [[toc]], [TOC], [[_TOC_]].
_CONTENTS = re.compile(r"^[ \t]*+\[{1,2}_?toc_?\]{1,2}[ \t]*+$", re.MULTILINE | re.IGNORECASE)
_MKDOCS_NOTE = re.compile(
    r"^[ \t]*+(?:(?:!!!|\?\?\?\+?)[ \t]++[\w -]*+(?:\"([^\"\n]*)\")?|===!?[ \t]++\"([^\"\n]*)\")$",
    re.MULTILINE,
)
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*+\{[:#.][^{}\n]*\}[ \t]*+$", re.MULTILINE)


def plain_markdown(source: str) -> str:
    r"""Return a page's text as Markdown alone.

    >>> plain_markdown(":::tip[Faster]\nHold **both** keys.\n:::")
    'Faster\n\nHold **both** keys.\n'
    """
    source = _with_fences(source)
    parts: list[str] = []
    text: list[str] = []
    fence = ""
    for line in source.splitlines(keepends=True):
        match = _FENCE.match(line)
        if not fence and match:
            parts.append(_without_marks("".join(text)))
            text, fence = [], match[1]
            parts.append(line)
        elif fence:
            parts.append(line)
            if match and match[1].startswith(fence) and not line.strip(" \n`~"):
                fence = ""
        else:
            text.append(line)
    return "".join((*parts, _without_marks("".join(text))))


def _with_fences(source: str) -> str:
    """Return a text whose shortcodes for code are fences instead."""
    if not _CODE_END.search(source):
        return source
    parts: list[str] = []
    done = 0
    while begin := _CODE_BEGIN.search(source, done):
        end = _CODE_END.search(source, begin.end())
        if end is None:
            break
        code = source[begin.end() : end.start()].strip("\n")
        parts += [source[done : begin.start()], f"\n```\n{code}\n```\n"]
        done = end.end()
    return "".join((*parts, source[done:]))


def _without_comments(text: str) -> str:
    parts: list[str] = []
    done = 0
    while (begin := text.find("{/*", done)) >= 0 and (end := text.find("*/}", begin)) >= 0:
        parts.append(text[done:begin])
        done = end + 3
    return "".join((*parts, text[done:]))


def _without_marks(text: str) -> str:
    if "import" in text or "export" in text:
        text = _MODULE.sub("", text)
    if "{" in text:
        text = _ESCAPED_SHORTCODE.sub(r"`{{\1\2\3}}`", _SHORTCODE.sub(_shown_of_shortcode, text))
        text = _ATTRIBUTES.sub("", _without_comments(text))
    if "<" in text:
        text = _COMPONENT.sub(_shown_of_component, text)
    text = _CONTENTS.sub("", text)
    text = _ADMONITION.sub(lambda match: _on_its_own(match[1] or match[2]), text)
    return _MKDOCS_NOTE.sub(lambda match: _on_its_own(match[1] or match[2]), text)


def _shown_of_shortcode(match: re.Match[str]) -> str:
    arguments = match[2] or match[3] or ""
    shown = [next(filter(None, found), "") for found in _SHOWN_ARGUMENT.findall(arguments)]
    first = _FIRST_ARGUMENT.match(arguments)
    if first and first[1].lower() in _NOTES:
        shown.append(first[2] or first[3])
    return " ".join(dict.fromkeys(filter(None, shown)))


def _shown_of_component(match: re.Match[str]) -> str:
    shown = [next(filter(None, found), "") for found in _SHOWN_ARGUMENT.findall(match[0])]
    return f"\n\n{' '.join(filter(None, shown))}\n\n"


def _on_its_own(title: str | None) -> str:
    return f"{title.strip()}\n" if title and title.strip() else ""
