"""HTML sanitizer: removes what the reader ignores, so that parsing hostile HTML takes linear time.

The parser is quadratic in the depth of elements (200,000 nested ones took 322 s) and in the number of an
element's attributes (25,000 took 2.7 s). Comments, scripts and most attributes are removed first.
An element whose content is not shown loses its tag where nothing closes it: it would hide the rest.
Of elements nested deeper than any mail program nests them only the text is kept, as lines.
"""

from __future__ import annotations

import re
import string

from models.word_lists import word_set

_MAX_DEPTH = 400
_MAX_ATTRIBUTES = 6

# A tag ends at the first ">" that is not within a short quoted value. Possessive, hence linear.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s<>/"'=]*)((?:[^<>"']|"[^"<]{0,100}"|'[^'<]{0,100}'|["'])*+)>|<""")
_TAGS = re.compile(r"(?:<[^<>]*>\s*)+")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s"'>]+)"""
_KEPT = re.compile(
    rf"(?<![\w-])((?:alt|class|id|role|start|style|type)\s*=\s*{_VALUE}|hidden(?![\w-]))", re.I
)
# Elements whose content is not shown, or in which the parser reads no tags.
HIDING = word_set(
    """
    applet audio canvas iframe map math noembed noframes noscript object plaintext script select style svg
    template textarea title video xmp
    """
)
_LOWER = {ord(char): char.lower() for char in string.ascii_uppercase}
_NOT_NESTING = word_set(
    """
    area base br col dd dt embed hr img input li link meta option p param source tbody td tfoot th thead tr
    track wbr
    """
)


def sanitize_html(markup: str) -> str:
    """Return markup with the same visible text, without comments, scripts, styles and most attributes.

    >>> sanitize_html('<p class="a" onclick="x()">1 < 2<!-- no --><script>no</script></P>')
    '<p class="a">1 &lt; 2</p>'
    """
    for start, end in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style")):
        markup = _without(markup, start, end)
    markup = _DECLARATION.sub("", markup)
    unclosed = _unclosed(markup)
    opened: list[str] = []
    deep = False

    def rebuilt(match: re.Match[str]) -> str:
        nonlocal deep
        name = match[2]
        if name is None:
            return "&lt;"
        name = name.lower()
        if match.start() in unclosed:
            return " "
        if match[1]:
            if opened and opened[-1] == name:
                opened.pop()
            return f"</{name}>"
        if name not in _NOT_NESTING:
            opened.append(name)
            deep = deep or len(opened) > _MAX_DEPTH
        kept = _KEPT.findall(match[3])[:_MAX_ATTRIBUTES] if match[3] else ()
        return f"<{' '.join((name, *kept))}>"

    markup = _TAG.sub(rebuilt, markup)
    return _TAGS.sub("<br>", markup) if deep else markup


def _unclosed(markup: str) -> set[int]:
    """Return where the tags begin that open a hiding element which is never closed."""
    opened: dict[str, list[int]] = {name: [] for name in HIDING}
    for match in _TAG.finditer(markup):
        positions = opened.get((match[2] or "").lower())
        if positions is None:
            continue
        if not match[1]:
            positions.append(match.start())
        elif positions:
            positions.pop()
    return {position for positions in opened.values() for position in positions}


def _without(markup: str, start: str, end: str) -> str:
    """Remove each part of `markup` from `start` to the ">" of `end`, whatever their case."""
    lowered = markup.translate(_LOWER)  # str.lower would change the length of some letters
    kept: list[str] = []
    done = 0
    while (begin := lowered.find(start, done)) >= 0:
        finish = lowered.find(end, begin + len(start))
        finish = lowered.find(">", finish + len(end) - 1) if finish >= 0 else -1
        if finish < 0:
            break
        kept.append(markup[done:begin])
        done = finish + 1
    return "".join((*kept, markup[done:]))
