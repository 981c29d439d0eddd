"""Mails as they are kept: one in a file (.eml), or many (.mbox). They have no labels."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from models.storage.text_file import TextFile
from training.exports.records import Record, Source

_BEGINNING = re.compile(rb"From (?=\S+ +\S)|From (?=\S+\r?$)")
_ESCAPED = re.compile(rb"^>(>*From )", re.M)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_MAX_MAIL_BYTES = 64 << 20


def mail_source(file: TextFile, *, is_box: bool) -> Source:
    """Open a file of one mail or of many; the bytes count, since each mail has encodings of its own."""
    return Source(file.path, "mail", _records(file, is_box=is_box))


def _records(file: TextFile, *, is_box: bool) -> Iterator[Record]:
    known: set[str] = set()
    for line, content in _mails(file) if is_box else _whole(file):
        if not content.strip():
            continue
        values = read_mail(content)
        answered = [*values["in_reply_to"], *values["references"]]
        values["id"] = values["id"] or str(line)
        # A copy of a mail, as mailboxes keep them, is no ticket either.
        values["is_later"] = any(identity in known for identity in (values["id"], *answered))
        known.add(values["id"])
        yield Record(line, values)


def _whole(file: TextFile) -> Iterator[tuple[int, bytes]]:
    with file.open_binary() as stream:
        yield 1, stream.read(_MAX_MAIL_BYTES)


def _mails(file: TextFile) -> Iterator[tuple[int, bytes]]:
    """Yield the mails of an mbox: each begins with a line "From …" behind an empty one."""
    begin, parts, size, blank = 1, list[bytes](), 0, True
    with file.open_binary() as stream:
        for number, line in enumerate(stream, 1):
            if blank and _BEGINNING.match(line):
                if parts:
                    yield begin, _unescaped(parts)
                begin, parts, size = number, [], 0
            elif size < _MAX_MAIL_BYTES:
                parts.append(line)
                size += len(line)
            blank = not line.strip(b"\r\n")
    if parts:
        yield begin, _unescaped(parts)


def _unescaped(parts: list[bytes]) -> bytes:
    return _ESCAPED.sub(rb"\1", b"".join(parts))


def read_mail(content: bytes) -> dict[str, Any]:
    """Return a mail in the form of a ticket, with the ids that it answers."""
    message: EmailMessage = email.message_from_bytes(content, policy=email.policy.default)
    headers = _headers(message)
    identities = _MESSAGE_ID.findall(headers.get("Message-ID", ""))
    return {
        "id": identities[0].strip("<>") if identities else "",
        "subject": headers.get("Subject", ""),
        "body": _body(message),
        "created_at": _date(headers.get("Date", "")),
        "channel": "email",
        "requester": headers.get("From", ""),
        "headers": headers,
        "in_reply_to": [i.strip("<>") for i in _MESSAGE_ID.findall(headers.get("In-Reply-To", ""))],
        "references": [i.strip("<>") for i in _MESSAGE_ID.findall(headers.get("References", ""))],
    }


def _headers(message: EmailMessage) -> dict[str, str]:
    """Return the first value of each header; one that is no proper header comes as it was sent."""
    found: dict[str, str] = {}
    spelt = {"message-id": "Message-ID", "in-reply-to": "In-Reply-To"}
    for name, raw in message.raw_items():
        key = spelt.get(name.lower(), name.title() if name.islower() or name.isupper() else name)
        if key in found:
            continue
        try:
            found[key] = str(message.policy.header_fetch_parse(name, raw))
        except Exception:  # noqa: BLE001 - the parser of headers raises many kinds on hostile ones
            found[key] = str(raw)
    return found


def _body(message: EmailMessage) -> str:
    try:
        part = message.get_body(preferencelist=("plain", "html"))
    except Exception:  # noqa: BLE001 - as above: a broken structure of parts
        part = None
    if part is None:
        part = message
    payload = part.get_payload(decode=True) if not part.is_multipart() else None
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return payload.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return _decoded_anyhow(payload)


def _decoded_anyhow(payload: bytes) -> str:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload.decode("cp1252", "replace")


def _date(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
