"""Whole JSON files: their values, decoded piece by piece, so that the text is never in memory as a whole."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from models.storage.json_window import IncompleteError, JsonWindow, kind_of_sign
from models.storage.text_file import damaged, open_text

# Lists and objects that are larger than a window are decoded entry by entry, down to so many levels.
_LEVELS = 8


def read_json_values(
    path: Path, expected: str, most_bytes: int, *, most_entries: int | None = None
) -> list[Any]:
    """Return the values of a JSON file in UTF-8, UTF-16 or UTF-32: one, or several one behind the other.

    `expected` describes the kind of file for the error message. With `most_entries` the reading ends within
    the first long list, after so many of its entries; what is behind it is left out.

    Raises:
        DataFileError: the file is missing, damaged, cut off, no JSON, or larger than `most_bytes`, unpacked.
    """
    file = open_text(path, expected, "utf-8")
    if path.is_file() and (size := path.stat().st_size) > most_bytes:
        raise _too_large(path, f"{size:,}", most_bytes)
    with file.open_binary() as binary:
        try:
            encoding = json.detect_encoding(binary.read(4))
        except (OSError, EOFError, zlib.error) as error:
            raise damaged(path, 0, error) from error
    file = replace(file, encoding="utf-8-sig" if encoding == "utf-8" else encoding)
    values: list[Any] = []
    with file.open() as stream:
        window = JsonWindow(stream, file)
        try:
            while window.peek() and not window.spent:
                values.append(_value(window, _LEVELS, most_bytes, most_entries))
        except (OSError, EOFError, zlib.error) as error:
            raise damaged(path, window.line, error) from error
        except (ValueError, IncompleteError) as error:
            why = str(error) or "the file ends within it"
            raise DataFileError(
                f"{path}, line {window.line}: is no JSON ({why}): export it again, in full"
            ) from error
    return values


def _value(window: JsonWindow, levels: int, most_bytes: int, most_entries: int | None) -> Any:
    """Return the value that begins here.

    Raises:
        ValueError: it is no JSON.
        IncompleteError: the file ends within it.
        DataFileError: the file is too large.
    """
    if window.bytes_before > most_bytes:
        raise _too_large(window.file.path, f"more than {most_bytes:,}", most_bytes)
    begin = window.peek()
    if begin not in ("[", "{") or not levels:
        return window.value()
    try:
        return window.value(at_hand=True)
    except IncompleteError:
        if window.ended:
            raise
    window.move(window.at + 1)
    if begin == "[":
        found: list[Any] = []
        while not window.spent and _goes_on(window, "]", is_first=not found):
            found.append(_value(window, levels - 1, most_bytes, most_entries))
            window.spent = window.spent or len(found) == most_entries
        return found
    inner: dict[str, Any] = {}
    while not window.spent and _goes_on(window, "}", is_first=not inner):
        if window.peek() != '"':
            raise _unexpected(window, "a key in double quotes")
        key = window.value()
        if window.peek() != ":":
            raise _unexpected(window, "a colon")
        window.move(window.at + 1)
        inner[key] = _value(window, levels - 1, most_bytes, most_entries)
    return inner


def _goes_on(window: JsonWindow, end: str, *, is_first: bool) -> bool:
    """Go on to the next entry of a list or object, and tell whether there is one.

    Raises:
        ValueError: neither a comma nor the end stands there.
        IncompleteError: the file ends there.
    """
    found = window.peek()
    if found == end:
        window.move(window.at + 1)
        return False
    if not found:
        raise IncompleteError
    if not is_first:
        if found != ",":
            raise _unexpected(window, f"a comma or {end}")
        window.move(window.at + 1)
    return True


def _unexpected(window: JsonWindow, expected: str) -> Exception:
    if not (found := window.peek()):
        return IncompleteError()
    return ValueError(f"expected {expected} at byte {window.byte(window.at):,}, found {kind_of_sign(found)}")


def _too_large(path: Path, size: str, most_bytes: int) -> DataFileError:
    return DataFileError(f"{path} has {size} bytes, the most is {most_bytes:,}: cut it in parts")
