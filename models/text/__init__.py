"""Text cleaning: from a mail as a helpdesk stores it to the words of its sender.

`clean_ticket` joins subject and body into one text for the models. HTML becomes lines; quoted history,
signatures and disclaimers are cut; a forwarded mail stays. When a cut would leave nothing, less is cut.
"""

from __future__ import annotations

import re

from models.text.html import article_to_text, html_to_text, is_markup, looks_like_html, mail_to_lines
from models.text.leftovers import (
    decode_quoted_printable,
    decode_words,
    without_office_remains,
    without_pictures,
)
from models.text.mails.quote_runs import without_quote_marks
from models.text.mails.quotes import sender_text
from models.text.mails.subject import Thread, strip_prefixes, thread_of
from models.text.unicode import (
    clean_characters,
    decode_entities,
    has_words,
    normalize_whitespace,
    says_something,
    truncate,
    without_markers,
)

__all__ = [
    "article_to_text",
    "clean_body",
    "clean_subject",
    "clean_ticket",
    "html_to_text",
    "looks_like_html",
    "reads_as_html",
    "source_prefix",
]

# Markup and quoted history may stand before what counts, but a hostile mail of 10 MB must cost no time.
_MARKUP_PER_CHAR = 15
_LINES_PER_CHAR = 4
_IMAGE_CHARS_PER_CHAR = 100

_ELEMENT = re.compile(
    r"\s*<(p|div|span|h[1-6]|b|strong|em|i|font|body|html)\b[^<>]*>.*</\1\s*>\s*", re.I | re.S
)
_PLACEHOLDER = re.compile(
    r"\[(?i:cid|image|bild|kuva|bilde|imagen|attēls|图片)\s?[:：][^\[\]\n]{1,200}\]|<(?i:mailto):[^<>\s]{1,300}>"
)


def clean_body(body: str, *, max_chars: int = 20_000) -> str:
    """Return the words of the sender of a mail, a chat message or a form.

    Plain text and HTML are both taken. The result has no quoted mails, no signature, no invisible
    characters, is in NFC, and has at most `max_chars` characters. It is empty only when `body` holds
    nothing visible.
    """
    return _clean(_to_lines(body, max_chars), Thread(), max_chars)


def clean_subject(subject: str, *, max_chars: int = 20_000) -> str:
    """Return a subject without prefixes and ticket numbers; it is empty when the subject says nothing."""
    return strip_prefixes(_subject_line(subject, max_chars))


def clean_ticket(subject: str, body: str, *, max_chars: int = 20_000) -> str:
    r"""Return one text for the models: the subject, a line feed, and the cleaned body.

    The subject loses "Re:", "AW:", "VS:", "[Ticket#123]" and their like. A subject that says "Fwd:" keeps the
    first mail in the body's history, since the ticket is about that mail.

    >>> clean_ticket("AW: [Ticket#42] Drucker", "Er raucht.\n\nViele Grüße\nMax")
    'Drucker\nEr raucht.'
    """
    lines = _to_lines(body, max_chars)
    thread = thread_of(_subject_line(subject, max_chars), lines)
    text = _clean(lines, thread, max_chars)
    return truncate("\n".join(part for part in (thread.title, text) if part), max_chars)


def reads_as_html(body: str, *, max_chars: int = 20_000) -> bool:
    """Tell whether `clean_ticket` reads a body as HTML rather than as plain text."""
    return looks_like_html(_truncate_source(body, _MARKUP_PER_CHAR * max_chars))


def source_prefix(body: str, *, max_chars: int = 20_000) -> str:
    """Return the first characters of a body: the part that `clean_ticket` reads."""
    most = _MARKUP_PER_CHAR * max_chars
    return body[: most * (_IMAGE_CHARS_PER_CHAR if _has_embedded_images(body, most) else 1)]


def _subject_line(subject: str, max_chars: int) -> str:
    decoded = decode_entities(decode_words(subject[: 2 * max_chars]))
    if _ELEMENT.fullmatch(decoded):  # as Intercom has them
        decoded = " ".join(html_to_text(decoded).split())
    return truncate(clean_characters(without_markers(decoded)), max_chars)


def _clean(lines: str, thread: Thread, max_chars: int) -> str:
    text = normalize_whitespace(sender_text(lines, thread=thread))
    if not says_something(text):
        text = normalize_whitespace(without_quote_marks(lines))
    return truncate(text, max_chars)


def _to_lines(body: str, max_chars: int) -> str:
    """Return the body as clean lines, HTML's quotes marked; at most a few times `max_chars` characters."""
    body = decode_quoted_printable(_truncate_source(body, _MARKUP_PER_CHAR * max_chars))
    text = _rendered(body)
    for inner in (text, decode_entities(text)):
        # Some helpdesks keep HTML with its tags as entities, even twice so.
        if is_markup(inner) and has_words(rendered := _rendered(inner)):
            text = rendered
            break
    return _PLACEHOLDER.sub("", text[: _LINES_PER_CHAR * max_chars])


def _rendered(body: str) -> str:
    if looks_like_html(body):
        return mail_to_lines(body)
    text = without_office_remains(decode_words(without_pictures(body)))
    return clean_characters(without_markers(decode_entities(text)))


def _truncate_source(body: str, max_chars: int) -> str:
    """Return the first `max_chars` characters, not counting embedded images."""
    if len(body) <= max_chars:
        return body
    if _has_embedded_images(body, max_chars):
        body = without_pictures(body[: _IMAGE_CHARS_PER_CHAR * max_chars])
    return body[:max_chars]


def _has_embedded_images(body: str, max_chars: int) -> bool:
    return "base64," in body[: 4 * max_chars]
