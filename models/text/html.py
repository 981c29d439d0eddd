"""HTML reader: the visible text of HTML as lines.

Block elements become lines, lists and tables stay readable, and invisible parts (scripts, styles, comments,
hidden preheaders) are left out. In a mail the quotes that its client marks (Gmail, Outlook, Apple Mail,
Thunderbird, Yahoo and others) get a private mark, which `models.text.mails.quotes` reads.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.text.html_element import Element
from models.text.html_sanitizer import HIDING, sanitize_html
from models.text.leftovers import without_pictures
from models.text.line_writer import LineWriter, escape_headings
from models.text.mails.phrases import is_forward_marker
from models.text.unicode import (
    REPLY_HEADER,
    clean_characters,
    has_words,
    normalize_whitespace,
    without_markers,
    without_surrogates,
)
from models.word_lists import word_set

_BLOCKS = word_set(
    """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section
    summary table tbody tfoot thead tr ul
    """
)
_LISTS = word_set("li ol ul")
_HEADINGS = word_set("h1 h2 h3 h4 h5 h6")
_UNSEEN = (HIDING - {"plaintext", "textarea", "xmp"}) | word_set("area embed frame frameset head link meta")
_INLINE = "a abbr b code em font i img s small span strong sub sup u"

_KNOWN_TAG = re.compile(
    rf"</?(?:{'|'.join([*sorted(_BLOCKS), *_INLINE.split(), 'br', 'td', 'th'])})(?=[\s/>])", re.I
)
_BLOCK_TAG = re.compile(rf"<(?:/(?:{'|'.join(sorted(_BLOCKS))})|br\s*/?)\s*>", re.I)
_DOCUMENT = re.compile(
    r"(?:\s|<\?xml[^<>]{0,200}>|<!--[^<>]{0,2000}-->)*<(?:!doctype\s+html|html|head|body)\b", re.I
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6});")
_LINE_BREAK = re.compile(r"<br\s?/?>", re.I)
_SNIFFED_CHARS = 20_000


# Microsoft 365's note about a first contact is known by the address of its link, in every language.
_BANNER_LINK = re.compile(
    r"<a\s[^<>]{0,2000}(https?://aka\.ms/LearnAboutSenderIdentification)[^<>]{0,500}>([^<>]{0,200})</a>", re.I
)

# Alternative texts that name the file or stand for a face, and what page generators put beside a heading.
_FILE_NAME = re.compile(r"(?:\w+://)?\S+\.\w{2,4}|.*\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?)", re.I)
_ICONS = frozenset({"emoji", "emoticon", "smiley"})
_HEADING_LINKS = frozenset({"#", "¶", "§", "🔗"})
_CLOSING_MARKS = tuple(".,;:!?)")

# Attribution lines, containers that hold nothing but the quoted mail, and where a header block starts.
_ATTRIBUTIONS = frozenset({"gmail_attr", "moz-cite-prefix"})
_CONTAINERS = frozenset(
    {
        "freshdesk_quote", "front-blockquote", "isreplycontent", "mail-editor-reference-message-container",
        "ms-outlook-mobile-reference-message", "olk_src_body_section", "protonmail_quote", "tutanota_quote",
        "yahoo_quoted", "ymail_android_signature_quote", "zmail_extra",
    }
)  # fmt: skip
_HEADERS = frozenset(
    {"divrplyfwdmsg", "fsnotifreplyabove", "fsreplyabove", "outlookmessageheader", "reply-intro"}
)

_SIGNATURES = frozenset({"gmail_signature", "ms-outlook-mobile-signature", "moz-signature", "signature"})


def looks_like_html(text: str) -> bool:
    """Tell whether `text` is HTML rather than plain text that mentions a tag, an address or a "<".

    >>> looks_like_html("Hello<br>it is broken"), looks_like_html("if a < b, mail <ann@example.com>")
    (True, False)
    """
    head = text[:_SNIFFED_CHARS]
    if "<" not in head or ">" not in head:
        return False
    if _DOCUMENT.match(head):
        return True
    if _KNOWN_TAG.match(head.lstrip()) and text[-200:].rstrip().endswith(">"):
        return True
    if not _BLOCK_TAG.search(head):
        return False
    lines = [line for line in head.splitlines() if line.strip()]
    return 2 * sum(_KNOWN_TAG.search(line) is not None for line in lines) >= len(lines)


def is_markup(text: str) -> bool:
    r"""Tell whether rendered text is HTML itself: it begins with a tag, or has several line breaks.

    Entities within it show that it was encoded twice.

    >>> is_markup("<p>The lock jams.</p>\n<p>Ann</p>"), is_markup("<p> is shown in the title</p>")
    (True, False)
    """
    head = text[:_SNIFFED_CHARS].lstrip()
    if _KNOWN_TAG.match(head):
        encoded = _ENTITY.search(head) is not None and head.rstrip().endswith(">")
        return len(_BLOCK_TAG.findall(head)) > (0 if encoded else 1)
    return len(_LINE_BREAK.findall(head)) > 1 and looks_like_html(text)


def html_to_text(markup: str) -> str:
    r"""Return the visible text of `markup` as lines.

    >>> html_to_text("<style>p{}</style><p>Two&nbsp;faults:</p><ol><li>noise<li>smoke</ol>")
    'Two faults:\n\n1. noise\n2. smoke'
    """
    return without_markers(normalize_whitespace(clean_characters(_render(markup))))


def article_to_text(markup: str) -> str:
    r"""Return the text of an article's HTML as lines; its headings begin with one to six `#` and a space.

    What opens with a click (an accordion, a tab) is text of the article, and so is the alternative text of a
    picture.

    >>> article_to_text("<h2>Printers</h2><p>Press <img src='a.png' alt='the green key'>.</p>")
    '## Printers\n\nPress the green key.'
    """
    text = normalize_whitespace(clean_characters(_render(markup, article=True)))
    return without_markers(escape_headings(text))


def mail_to_lines(markup: str) -> str:
    """Return a mail's text with its quoted parts marked; see `models.text.mails.quotes`."""
    return clean_characters(_render(markup, mail=True))


def _render(markup: str, *, mail: bool = False, article: bool = False) -> str:
    markup = without_markers(without_surrogates(markup))
    if mail and "aka.ms/" in markup:
        markup = _BANNER_LINK.sub(r"\2 \1 ", markup)
    body = LexborHTMLParser(sanitize_html(without_pictures(markup))).body
    if body is None:
        return ""
    writer = LineWriter(mail, article)
    skipped = _walk(body, writer, skip_hidden=not article)
    if skipped and not has_words(writer.text):
        writer = LineWriter(mail, article)
        _walk(body, writer, skip_hidden=False)
    return writer.text


def _walk(body: LexborNode, writer: LineWriter, *, skip_hidden: bool) -> bool:
    """Write the text of the tree to `writer`, without recursion; True when something hidden was skipped."""
    skipped = False
    todo: list[LexborNode | Element] = [body]
    while todo:
        node = todo.pop()
        if isinstance(node, Element):
            _leave(node, writer)
        elif node.is_text_node:
            writer.write_text(node.text_content or "")
        elif node.tag not in _UNSEEN:
            element = Element.from_node(node)
            if skip_hidden and element.hidden:
                skipped = True
                continue
            if writer.mail and element.names & _ATTRIBUTIONS and not _starts_a_forward(node):
                writer.break_line()
                continue
            if writer.mail and (element.quote_tag or element.names & _CONTAINERS):
                element.quoted = not _starts_a_forward(node)
            if writer.article and _is_heading_link(node):
                continue
            _enter(element, writer)
            if writer.article and element.tag == "img":
                writer.write_text(_picture_text(node, element.names))
            todo.append(element)
            todo.extend(reversed(list(node.iter(include_text=True))))
    return skipped


def _enter(element: Element, writer: LineWriter) -> None:
    tag = element.tag
    if tag in _LISTS:
        writer.is_after_bullet = False
    if tag == "br":
        writer.add_line()
    elif tag in _BLOCKS:
        writer.break_line(element.margin_lines)
    elif tag in ("td", "th"):
        writer.start_cell()
    if writer.mail and element.names & _HEADERS:
        writer.break_line()
        writer.write(REPLY_HEADER)
        writer.break_line()
    elif writer.mail and writer.parts and element.names & _SIGNATURES:
        writer.break_line(2)
        writer.write("--")
        writer.break_line()
    if element.quoted:
        writer.break_line()
        writer.quote_marks += element.quote_mark
    writer.preformatted += element.preformatted
    if tag in ("ul", "ol"):
        writer.counters.append(element.first_number - 1 if tag == "ol" else None)
    elif tag == "li":
        writer.bullet()
    elif tag in _HEADINGS:
        writer.start_heading(int(tag[1]))


def _leave(element: Element, writer: LineWriter) -> None:
    tag = element.tag
    if tag in _LISTS:
        writer.is_after_bullet = False
    elif tag in _HEADINGS:
        writer.heading_level = 0
    if tag in _BLOCKS:
        writer.break_line(element.margin_lines)
    if element.quoted:
        writer.break_line()
        writer.quote_marks = writer.quote_marks[:-1]
    writer.preformatted -= element.preformatted
    if tag in ("ul", "ol"):
        writer.counters.pop()


def _is_heading_link(node: LexborNode) -> bool:
    """Tell whether an element is the link to a heading that page generators put beside it."""
    return node.tag == "a" and (node.text() or "").strip() in _HEADING_LINKS


def _picture_text(node: LexborNode, names: frozenset[str]) -> str:
    """Return the alternative text of a picture with spaces around it, unless it says nothing."""
    text = node.attributes.get("alt") or ""
    if not has_words(text) or _FILE_NAME.fullmatch(text.strip()) or names & _ICONS:
        return ""
    after = node.next
    follows = (after.text_content or "") if after is not None and after.is_text_node else ""
    return f" {text}" if follows.startswith(_CLOSING_MARKS) else f" {text} "


def _starts_a_forward(node: LexborNode) -> bool:
    """Tell whether an element begins as a forwarded mail, whose content is kept."""
    for line in (node.text(separator="\n") or "")[:400].split("\n"):
        if line.strip():
            return is_forward_marker(line)
    return False
