"""JSON Lines files, gzipped or not, read as leniently as real exports need."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from models.text.unicode import without_surrogates
from models.wording import kind_of


def iter_lines(path: Path, expected: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers, from 1, unzipped and without a byte order mark.

    `expected` describes the kind of file for the error message.

    Raises:
        DataFileError: the file is missing, damaged or cut off.
    """
    if path.is_dir() or not path.exists():  # it may be a pipe
        raise DataFileError(f"there is no file {path}: expected {expected}")
    opened: Any = gzip.open if path.name.lower().endswith(".gz") else open
    number = 0
    try:
        with opened(path, "rb") as stream:
            for number, line in enumerate(stream, 1):
                yield number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
    except (OSError, EOFError, zlib.error) as error:
        raise DataFileError(
            f"{path} cannot be read after line {number} ({error}): write it again, or copy it again in full"
        ) from error


def parse_object(line: bytes) -> dict[str, Any]:
    r"""Return the object on a line; lone surrogates in its texts, which UTF-8 cannot hold, become U+FFFD.

    >>> parse_object(b'{"id": "caf\\u00e9 \\ud800"}')
    {'id': 'café �'}

    Raises:
        ValueError: the line is not UTF-8, not JSON, or another kind of value.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"the line is not UTF-8 ({error.reason} at byte {error.start})") from error
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the line is not JSON ({error}): expected one object a line") from error
    if not isinstance(record, dict):
        raise ValueError(f"found {kind_of(record)}, expected an object")
    # Only an escape can bring half a surrogate pair into a line that is UTF-8.
    found: dict[str, Any] = repaired(record) if "\\u" in text else record
    return found


def repaired(value: Any) -> Any:
    """Return a JSON value with U+FFFD for the lone surrogates in its texts."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [repaired(item) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(key): repaired(item) for key, item in value.items()}
    return value
