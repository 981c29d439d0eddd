"""JSON files of any layout, read object by object: lines, a list, or a list within an object.

A file of any size takes no more memory than its largest object.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from models.storage.json_window import SPACE_OR_COMMA, IncompleteError, JsonWindow, kind_of_sign
from models.storage.jsonl import repaired
from models.storage.text_file import TextFile, damaged, foreign_byte

# An object with one of these is a record itself, whatever lists it has.
KEYS_OF_RECORDS = frozenset({"id", "key", "number", "subject", "title", "body"})


@dataclass(frozen=True, slots=True)
class JsonItem:
    """A value of the file and the number of its first line; without one, `problem` says why.

    `entry` is its number in its list where another one stands on the same line, else 0.
    """

    line: int
    value: Any = None
    problem: str = ""
    entry: int = 0


def iter_json(
    file: TextFile, lists: Collection[str], beside: Callable[[dict[str, Any]], None] | None = None
) -> Iterator[JsonItem]:
    """Yield each object of a JSON file.

    The file may be one object a line or behind the other, a list of them, or an object that has such a list
    under one of the keys `lists`; then the rest of that object goes to `beside`, in the end.

    Raises:
        DataFileError: the file is damaged.
    """
    with file.open() as stream:
        window = JsonWindow(stream, file, beside)
        try:
            yield from _values(window, frozenset(lists))
        except (OSError, EOFError, zlib.error) as error:
            raise damaged(file.path, window.line, error) from error


def _values(window: JsonWindow, lists: frozenset[str]) -> Iterator[JsonItem]:
    if window.peek() == "[":
        yield from _list(window)
    while not window.spent and window.peek():
        line = window.line
        if (known := _whole_line(window, lists)) is not None:
            yield from known
            continue
        try:
            yield from _object(window, lists)
        except (ValueError, IncompleteError) as error:
            why = str(error) or "the file ends within it"
            if window.line == line:
                window.skip_line()
            yield JsonItem(line, problem=f"the line is not JSON ({why}): expected one object a line")


def _whole_line(window: JsonWindow, lists: frozenset[str]) -> list[JsonItem] | None:
    """Return what a line holds that is a value by itself; None where it is none."""
    text = window.whole_line()
    if text is None:
        return None
    try:
        value = json.loads(text.rstrip().removesuffix(","))
    except (ValueError, RecursionError):
        return None
    line = window.line
    wrong = foreign_byte(text, window.file)
    window.move(window.at + len(text))
    if wrong:
        return [JsonItem(line, problem=wrong)]
    value = repaired(value) if "\\u" in text else value
    inner = value
    if isinstance(value, dict):
        is_record = not KEYS_OF_RECORDS.isdisjoint(value)
        inner = None if is_record else next((value[key] for key in value if key in lists), None)
    if not _is_list(inner):
        return [JsonItem(line, value)]
    if isinstance(value, dict):
        window.beside({key: other for key, other in value.items() if other is not inner})
    return [JsonItem(line, item, entry=number) for number, item in enumerate(inner, 1)]


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _list(window: JsonWindow) -> Iterator[JsonItem]:
    """Yield the values of a list; what is broken in it ends the reading."""
    begin = window.line
    window.move(window.at + 1)
    number, before = 0, begin
    while (char := window.peek(SPACE_OR_COMMA)) != "]":
        line = window.line
        number += 1
        try:
            if not char:
                raise IncompleteError
            value = window.value()
            yield JsonItem(line, value, entry=number if line == before else 0)
            before = line
        except (ValueError, IncompleteError) as error:
            cut = f"the file ends within it, which begins at byte {window.byte(window.at):,}: it was cut off"
            why = str(error) or f"{cut}, so export or copy it again in full"
            problem = f"entry {number:,} of the list that line {begin} begins is not JSON ({why})"
            yield JsonItem(line, problem=problem)
            window.spent = True
            return
    window.move(window.at + 1)


def _object(window: JsonWindow, lists: frozenset[str]) -> Iterator[JsonItem]:
    """Yield the entries of an object's list; the object itself where it has none.

    Raises:
        ValueError: it is no JSON.
        IncompleteError: the file ends within it.
    """
    line, found, has_list = window.line, dict[str, Any](), False
    if window.peek() != "{":
        raise ValueError("found no object")
    window.move(window.at + 1)
    while (char := window.peek(SPACE_OR_COMMA)) != "}":
        if char != '"':
            if not char:
                raise IncompleteError
            raise ValueError(f"found {kind_of_sign(char)}, expected a key in double quotes")
        key = window.value()
        if window.peek() != ":":
            raise ValueError(f"found no colon behind the key before byte {window.byte(window.at):,}")
        window.move(window.at + 1)
        window.peek()
        if key in lists and window.peek() == "[" and KEYS_OF_RECORDS.isdisjoint(found):
            has_list = True
            yield from _list(window)
            if window.spent:
                return
        else:
            found[key] = window.value()
    window.move(window.at + 1)
    if has_list:
        window.beside(found)
    else:
        yield JsonItem(line, found)
