"""Headers of mails: decoded, on one line, and only as long as anybody needs them."""

from __future__ import annotations

import binascii
import quopri
import re
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime

from training.exports.dates import read_dates
from training.exports.mime.charsets import decode_bytes

_MOST_HEADERS = 1000
_MOST_DATE_CHARS = 100
_SPELT = {"message-id": "Message-ID", "in-reply-to": "In-Reply-To"}
_FOLD = re.compile(r"[\r\n\t]+ ?")
# RFC 2047, with the spaces and question marks within that careless programs leave.
_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bBqQ])\?(.{0,1000}?)\?=(?!=)")
_COMMENT = re.compile(r"\s*\([^()]{0,60}\)\s*$")


def read_headers(message: Message, charset: str = "") -> dict[str, str]:
    """Return the first value of each header, decoded; `charset` is that of bytes which stand in it raw."""
    found: dict[str, str] = {}
    for name, raw in message.raw_items():
        key = _SPELT.get(name.lower(), name.title() if name.islower() or name.isupper() else name)
        if key not in found:
            found[key] = decode_header(str(raw), charset)
        if len(found) >= _MOST_HEADERS:
            break
    return found


def decode_header(raw: str, charset: str = "") -> str:
    """Return a header's value on one line, its encoded words and raw bytes (as surrogates) decoded.

    >>> decode_header("=?gb2312?B?wqnLrsHL?= =?utf-8?Q?_l=C3=A4u?= =?utf-8?Q?ft?=")
    '漏水了 läuft'
    """
    text = _FOLD.sub(" ", raw).strip()
    if not text.isascii():
        text = decode_bytes(text.encode("utf-8", "surrogateescape"), charset)
    return _with_words_decoded(text) if "=?" in text else text


def _with_words_decoded(text: str) -> str:
    """Decode encoded words; the bytes of neighbours belong together, as a character may be cut in two."""
    parts: list[str] = []
    kept, kept_charset, at = b"", "", 0
    for match in _WORD.finditer(text):
        decoded = _bytes_of(match[2], match[3])
        between = text[at : match.start()]
        if decoded is None:
            continue
        follows = bool(kept) and not between.strip()
        if kept and not (follows and match[1].lower() == kept_charset):
            parts.append(decode_bytes(kept, kept_charset))
            kept = b""
        if not follows:
            parts.append(between)
        kept, kept_charset, at = kept + decoded, match[1].lower(), match.end()
    if kept:
        parts.append(decode_bytes(kept, kept_charset))
    parts.append(text[at:])
    return _FOLD.sub(" ", "".join(parts))


def _bytes_of(encoding: str, text: str) -> bytes | None:
    try:
        raw = text.encode("ascii")
        return (
            binascii.a2b_base64(raw + b"===") if encoding in "bB" else quopri.decodestring(raw, header=True)
        )
    except (ValueError, UnicodeError):
        return None


def read_date(date: str, received: str = "") -> str | None:
    """Return the moment of a Date header in ISO 8601, or that of the server's "Received" where it has none.

    A date without a zone is taken as UTC, as everywhere.
    """
    return _moment(date) or _moment(received.rpartition(";")[2])


def _moment(text: str) -> str | None:
    text = _COMMENT.sub("", text[:_MOST_DATE_CHARS])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        found = read_dates([text.strip()]).moments[0]
        return found.isoformat() if found else None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
