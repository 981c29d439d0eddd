"""Kinds of files that hold no text, told by their first bytes, and what to do with each."""

from __future__ import annotations

import codecs
import gzip
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

SAMPLE_BYTES = 4096
_UNPACK = "unpack it, and give the file in it"
_REPACK = "unpack it, or pack it with gzip"
_AS_CSV = "write it as CSV or JSONL, for example with pandas"
_SIGNS = (
    (b"PK\x03\x04", "is a zip archive", _UNPACK),
    (b"PK\x05\x06", "is an empty zip archive", ""),
    (b"7z\xbc\xaf", "is a 7z archive", _UNPACK),
    (b"Rar!", "is a RAR archive", _UNPACK),
    (b"\x1f\x8b", "is gzipped", "name it .gz, such as tickets.jsonl.gz"),
    (b"BZh", "is packed with bzip2", _REPACK),
    (b"\xfd7zXZ", "is packed with xz", _REPACK),
    (b"(\xb5/\xfd", "is packed with zstd", _REPACK),
    (b"SQLite format 3", "is an SQLite database", "export its table as CSV"),
    (b"PAR1", "is a Parquet file", _AS_CSV),
    (b"ARROW1", "is a Feather file", _AS_CSV),
    (b"%PDF", "is a PDF", ""),
    (b"!BDN", "is an archive of Outlook (.pst)", ""),
    (b"\xd0\xcf\x11\xe0", "is a file of an old Office, such as .xls", "save its sheet as CSV in UTF-8"),
    (b"\x89PNG", "is a picture", ""),
    (b"\xff\xd8\xff", "is a picture", ""),
    (b"GIF8", "is a picture", ""),
)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32's marks begin so too, or with zeros
_TAR_SIGN, _TAR_AT = b"ustar", 257
# Programs and crashes leave a few signs in texts that no text has, or a row of one of them.
_MOST_CONTROLS, _FEWEST_DIFFERENT = 0.02, 3
_CONTROLS = frozenset({*range(32), 127} - set(b"\t\n\v\f\r\x1a\x1b"))
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class FileKind:
    """Kind of a file that is no text: the words for a message, and how to get at a text, "" if not known.

    One whose first bytes only look like no text is not `is_known`.
    """

    what: str
    advice: str = ""
    is_known: bool = True


def binary_kind(start: bytes) -> FileKind | None:
    r"""Return the kind of a file by its first bytes, None for a text in whatever encoding.

    >>> binary_kind(b"PK\x03\x04\x14\0"), binary_kind("id,título".encode("utf-16")) is None
    (FileKind(what='is a zip archive', advice='unpack it, and give the file in it', is_known=True), True)
    >>> binary_kind(bytes(range(16)) * 9), binary_kind(b"id,title\n1,Lamp\x1a\n") is None
    (FileKind(what='holds binary data', advice='', is_known=False), True)
    """
    start = start[:SAMPLE_BYTES]
    text = start.lstrip(b"\xef\xbb\xbf \r\n")
    for sign, what, advice in _SIGNS:
        if text.startswith(sign):
            return FileKind(what, advice)
    if start[_TAR_AT:].startswith(_TAR_SIGN):
        return FileKind("is a tar archive", _UNPACK)
    if start.startswith((*_UTF_16, codecs.BOM_UTF32_BE)) or wide_encoding(start):
        return None
    controls = [byte for byte in start if byte in _CONTROLS]
    is_binary = len(controls) > _MOST_CONTROLS * len(start) and len(set(controls)) >= _FEWEST_DIFFERENT
    return FileKind("holds binary data", is_known=False) if is_binary else None


def wide_encoding(start: bytes) -> str | None:
    """Return UTF-16 with its byte order where every other byte is zero, as in Western text, else None."""
    half = min(len(start), SAMPLE_BYTES) // 2
    sample = start[: 2 * half]
    if half < 2 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 0.4 * half or min(even, odd) > 0.1 * half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def binary_kind_of(path: Path) -> FileKind | None:
    """Return the kind of a file, unpacked where its name ends in `.gz`; None for a text and for no file."""
    if not path.is_file():  # a pipe can be read only once
        return None
    opened: Any = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rb") as stream:
            start = stream.read(SAMPLE_BYTES)
    except (OSError, EOFError, zlib.error):
        return None  # said where it is read
    found = binary_kind(start)
    within = _names_within(path) if start.startswith(b"PK\x03\x04") else ""
    return replace(found, what=f"{found.what} of {within}") if found and within else found


def _names_within(path: Path) -> str:
    """Return the first names of the files in a zip archive, "" where it cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return ""
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
