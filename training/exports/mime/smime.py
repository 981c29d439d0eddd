"""S/MIME: the mail within a signed one whose signature lies around it (CMS, RFC 5652)."""

from __future__ import annotations

# The identifier of plain data (1.2.840.113549.1.7.1), right before the signed content.
_DATA = bytes.fromhex("06092a864886f70d010701")
_EXPLICIT, _OCTETS, _CHUNKED, _INDEFINITE = 0xA0, 0x04, 0x24, 0x80
_MOST_CHUNKS = 100_000


def signed_content(message: bytes) -> bytes:
    """Return the mail that a signed message holds; empty where it is encrypted or broken."""
    at = message.find(_DATA)
    if at < 0:
        return b""
    try:
        at, _ = _opened(message, at + len(_DATA), _EXPLICIT)
        if message[at] == _OCTETS:
            at, size = _opened(message, at, _OCTETS)
            return message[at : at + size]
        at, size = _opened(message, at, _CHUNKED)
        end = at + size if size >= 0 else len(message)
        chunks: list[bytes] = []
        while at < end and message[at] == _OCTETS and len(chunks) < _MOST_CHUNKS:
            at, size = _opened(message, at, _OCTETS)
            chunks.append(message[at : at + size])
            at += size
    except (IndexError, ValueError):
        return b""
    return b"".join(chunks)


def _opened(message: bytes, at: int, tag: int) -> tuple[int, int]:
    """Return where the content of a value begins and its size, -1 if only its end is marked.

    Raises:
        ValueError: another value stands there.
        IndexError: the message ends there.
    """
    if message[at] != tag:
        raise ValueError(f"found the tag {message[at]}, expected {tag}")
    size = message[at + 1]
    if size == _INDEFINITE:
        return at + 2, -1
    if size < _INDEFINITE:
        return at + 2, size
    bytes_of_size = size - _INDEFINITE
    return at + 2 + bytes_of_size, int.from_bytes(message[at + 2 : at + 2 + bytes_of_size], "big")
