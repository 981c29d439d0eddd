"""Mails as they are kept: one in a file (.eml), or many (.mbox). They have no labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from models.storage.text_file import TextFile
from training.exports.mime.body import mail_body, mail_charset
from training.exports.mime.headers import read_date, read_headers
from training.exports.mime.parser import parse_mail
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
    message = parse_mail(content)
    headers = read_headers(message, mail_charset(message))
    identities = _ids(headers, "Message-ID")
    return {
        "id": identities[0] if identities else "",
        "subject": headers.get("Subject", ""),
        "body": mail_body(message),
        "created_at": read_date(headers.get("Date", ""), headers.get("Received", "")),
        "channel": "email",
        "requester": headers.get("From", ""),
        "headers": headers,
        "in_reply_to": _ids(headers, "In-Reply-To"),
        "references": _ids(headers, "References"),
    }


def _ids(headers: dict[str, str], name: str) -> list[str]:
    return [found.strip("<>") for found in _MESSAGE_ID.findall(headers.get(name, ""))]
