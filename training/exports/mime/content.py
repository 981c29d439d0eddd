"""Content of one part of a mail: its bytes and its text."""

from __future__ import annotations

import binascii
import re

from training.exports.mime.charsets import decode_bytes
from training.exports.mime.parser import Part

HTML = frozenset({"text/html", "application/xhtml+xml"})
_CHARSET = re.compile(r"charset\s{0,3}\*?\s{0,3}=\s{0,3}[\"']?([\w.:+-]+)", re.I)
_CHARSET_2231 = re.compile(r"charset\s{0,3}\*\s{0,3}=[^;]{0,40}'[^;']{0,20}'([\w.:+-]+)", re.I)
_CHARSET_WITHIN = re.compile(rb"<meta[^<>]{1,200}?charset\s?=\s?[\"']?([A-Za-z0-9_.:-]{2,40})", re.I)
_HEAD_BYTES = 4096
_PGP = re.compile(r"-----BEGIN PGP MESSAGE-----(?:(?!-----)[^-]|-(?!----))*+-----END PGP MESSAGE-----")
_FLOWED = re.compile(r"format\s{0,3}=\s{0,3}[\"']?flowed", re.I)
_DELETES_SPACE = re.compile(r"delsp\s{0,3}=\s{0,3}[\"']?yes", re.I)
_QUOTED = re.compile(r"(>*) ?(.*)")
_NO_BASE64 = re.compile(r"[^\sA-Za-z0-9+/=-]")


def part_charset(part: Part) -> str:
    """Return the character set that a part names, "" where it names none."""
    value = str(part.get("Content-Type", ""))
    match = _CHARSET_2231.search(value) or _CHARSET.search(value)
    return match[1] if match else ""


def part_encoding(part: Part) -> str:
    """Return the transfer encoding of a part, in small letters."""
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower().partition(";")[0]


def part_bytes(part: Part) -> bytes:
    """Return what a part holds; one that says base64 and is not is taken as it stands."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return b""
    if part_encoding(part) == "base64" and len(_NO_BASE64.findall(payload)) > 0.01 * len(payload):
        return payload.encode("utf-8", "surrogateescape")
    if part_encoding(part) == "base64":
        return from_base64(payload)
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else payload.encode("utf-8", "surrogateescape")


def from_base64(text: str) -> bytes:
    """Return the bytes that base64 stands for, as far as it goes."""
    raw = "".join(text.split()).rstrip("=").encode("ascii", "ignore")
    try:
        return binascii.a2b_base64(raw + b"===")
    except ValueError:  # one character too many
        return binascii.a2b_base64(raw[:-1] + b"===")


def part_text(part: Part) -> str:
    """Return what a part holds as text, its lines as its writer had them."""
    raw, charset = part_bytes(part), part_charset(part)
    if (
        not charset
        and part.get_content_type() in HTML
        and (within := _CHARSET_WITHIN.search(raw[:_HEAD_BYTES]))
    ):
        charset = within[1].decode("ascii")
    text = _PGP.sub("", decode_bytes(raw, charset))
    kind = str(part.get("Content-Type", ""))
    is_flowed = part.get_content_type() not in HTML and _FLOWED.search(kind)
    return _unflowed(text, deletes_space=bool(_DELETES_SPACE.search(kind))) if is_flowed else text


def _unflowed(text: str, *, deletes_space: bool) -> str:
    """Join the lines that a program has broken (RFC 3676): such a line ends with a space."""
    lines: list[str] = []
    flows_from = None
    for line in text.splitlines():
        match = _QUOTED.fullmatch(line)
        depth, words = (match[1], match[2]) if match else ("", line)
        flows = words.endswith(" ") and words != "-- "
        shown = words[:-1] if flows and deletes_space else words
        if flows_from == depth and words != "-- ":
            lines[-1] += shown
        else:
            lines.append(f"{depth} {shown}" if depth else shown)
        flows_from = depth if flows else None
    return "\n".join(lines)
