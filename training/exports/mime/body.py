"""Words of a mail: which of its parts hold them, and what a reader of mails would show of those.

A mail that is attached to one that answers nothing is a forward, and is read like one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.text import html_to_text
from training.exports.mime.content import (
    HTML,
    from_base64,
    part_bytes,
    part_charset,
    part_encoding,
    part_text,
)
from training.exports.mime.headers import decode_header
from training.exports.mime.parser import DEEPEST, Part, parse_mail
from training.exports.mime.smime import signed_content

_PLAIN = frozenset({"text/plain", "text/markdown", "text/enriched", "application/pgp", "text/x-markdown"})
_MAIL = frozenset({"message/rfc822", "message/global"})
_SIGNED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_MOST_ATTACHED = 3
_FORWARDED = ("From", "Date", "Subject", "To")
_NAMED = re.compile(r"[;\s](?:file)?name\s{0,3}(?:\*\d{0,3}\*?)?\s{0,3}=", re.I)
_BETWEEN = re.compile(r"\s*--([^\s\"]{1,70})\r?\n")
_MOST_CHARS_BETWEEN = 200
_TAG = re.compile(r"<[^<>]*>")
_LETTERS = re.compile(r"[^\W\d_]+")
# "Your program shows no HTML" in place of the text is short, and shares hardly a row of letters with it.
_SHORT_CHARS, _ROW, _SHARED = 500, 5, 0.5
_MOST_HTML_CHARS = 200_000


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of a mail, plain or HTML."""

    text: str
    is_html: bool = False

    @property
    def has_words(self) -> bool:
        return bool(_LETTERS.search(_TAG.sub("", self.text) if self.is_html else self.text))


def mail_body(mail: Part) -> str:
    """Return the text of a mail, plain or as HTML."""
    return _joined(_texts_of(mail))


def mail_charset(mail: Part) -> str:
    """Return the character set of the first part that names one, "" where none does."""
    for part in mail.walk():
        if charset := part_charset(part):
            return charset
    return ""


def _texts_of(mail: Part) -> list[_Text]:
    shown = [text for text in _texts(mail) if text.text.strip()]
    own = [text for text in shown if text.has_words]
    is_reply = bool(own) and ("In-Reply-To" in mail or "References" in mail)
    if not is_reply and mail.get_content_type() != "multipart/report":
        own += _attached(mail)
    if own or shown:
        return own or shown
    if not mail.is_multipart():
        return [_text(mail)] if _is_text(mail) else []
    return [
        _text(part)
        for part in _parts(mail)
        if _is_text(part) and part.get_content_disposition() != "attachment"
    ]


def _text(part: Part) -> _Text:
    return _Text(part_text(part), part.get_content_type() in HTML)


def _joined(texts: list[_Text]) -> str:
    if not any(text.is_html for text in texts):
        return "\n\n".join(text.text for text in texts)
    return "\n".join(text.text if text.is_html else _as_html(text.text) for text in texts)


def _as_html(text: str) -> str:
    return f"<div>{'<br>'.join(html.escape(line, quote=False) for line in text.splitlines())}</div>"


def _children(part: Part) -> list[Part]:
    payload = part.get_payload()
    if isinstance(payload, str) and part.get_content_maintype() == "multipart" and part.depth <= DEEPEST:
        # Its parts are there, and only the header does not say what stands between them.
        between = _BETWEEN.match(payload[:_MOST_CHARS_BETWEEN])
        head = f'Content-Type: multipart/mixed; boundary="{between[1]}"\n\n' if between else ""
        raw = (head + payload).encode("utf-8", "surrogateescape")
        payload = parse_mail(raw, part.depth + 1).get_payload() if between else []
    return [child for child in payload if isinstance(child, Part)] if isinstance(payload, list) else []


def _parts(part: Part) -> Iterator[Part]:
    """Yield the parts that have none within, and attached mails."""
    for child in _children(part):
        if child.is_multipart() and child.get_content_type() not in _MAIL:
            yield from _parts(child)
        else:
            yield child


def _is_text(part: Part) -> bool:
    kind = part.get_content_type()
    return kind in HTML or kind in _PLAIN or kind.startswith("multipart/")


def _texts(part: Part) -> list[_Text]:
    """Return the texts of a part that are shown in the mail, in their order."""
    kind = part.get_content_type()
    if kind in _SIGNED and part.depth <= DEEPEST:
        content = signed_content(part_bytes(part))
        return _texts_of(parse_mail(content, part.depth + 1)) if content else []
    if kind in _SIGNED or kind in _MAIL or kind == "multipart/encrypted":
        return []
    if children := _children(part):
        if kind == "multipart/alternative":
            return _best([_texts(child) for child in children])
        if kind in {"multipart/report", "multipart/signed"}:
            children = children[:1]
        return [text for child in children for text in _texts(child)]
    return [_text(part)] if _is_text(part) and not _is_attachment(part) else []


def _is_attachment(part: Part) -> bool:
    if part.get_content_disposition() == "attachment":
        return True
    return any(_NAMED.search(str(part.get(name, ""))) for name in ("Content-Disposition", "Content-Type"))


def _best(versions: list[list[_Text]]) -> list[_Text]:
    """Return the plain one of several versions of a text, or HTML where that one is empty or says less."""
    versions = [version for version in versions if any(text.has_words for text in version)]
    plain = next((version for version in versions if not any(text.is_html for text in version)), [])
    rich = next((version for version in reversed(versions) if any(text.is_html for text in version)), [])
    if not plain or not rich:
        return plain or rich
    return plain if _is_within(_joined(plain), _joined(rich)) else rich


def _is_within(plain: str, rich: str) -> bool:
    if len(plain.strip()) > _SHORT_CHARS:
        return True
    told = _rows(html_to_text(rich[:_MOST_HTML_CHARS]))
    said = _rows(re.sub(r"https?://\S+", "", plain))
    return not told or not said or len(said & told) >= _SHARED * len(said)


def _rows(text: str) -> set[str]:
    letters = "".join(_LETTERS.findall(text.casefold()))
    return {letters[at : at + _ROW] for at in range(max(1, len(letters) - _ROW + 1))} if letters else set()


def _attached(mail: Part) -> list[_Text]:
    """Return the texts of mails that are attached, each below the lines of a forward."""
    found: list[_Text] = []
    attached = [part for part in _parts(mail) if part.get_content_type() in _MAIL]
    for part in attached[:_MOST_ATTACHED]:
        inner = next(iter(_children(part)), None)
        if inner is not None and not inner.keys() and part_encoding(part) == "base64":
            inner = parse_mail(from_base64(str(inner.get_payload())), part.depth + 1)
        texts = [text for text in _texts(inner) if text.has_words] if inner is not None else []
        if inner is not None and texts:
            found += [_Text(_forward_lines(inner)), *texts]
    return found


def _forward_lines(mail: Part) -> str:
    charset = mail_charset(mail)
    lines = [f"{name}: {decode_header(str(mail[name]), charset)}" for name in _FORWARDED if name in mail]
    return "\n".join(["---------- Forwarded message ---------", *lines])
