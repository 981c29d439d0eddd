"""JSON files of any layout, read object by object: lines, a list, or a list within an object.

A file of any size takes no more memory than its largest object. Python's own decoder reads each one, so
that an error names its line; streaming parsers such as ijson know none.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from models.storage.jsonl import repaired
from models.storage.text_file import TextFile, damaged, foreign_byte

_PIECE_CHARS = 1 << 18
_SPACE = re.compile(r"[ \t\r\n\ufeff\0]*")
_SPACE_OR_COMMA = re.compile(r"[ \t\r\n,]*")
# What the decoder still says near the end of a piece when it has only a part of a value: \u12, tru, 1e.
_CUT_CHARS = 16
# What it leaves of a number that a piece ends within: "1.5" of "1.5e+3" where the piece ends with "1.5e+".
_CUT_NUMBER_CHARS = len("e+")
_MAX_OBJECT_CHARS = 1 << 27
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
        window = _Window(stream, file, beside or (lambda _rest: None))
        try:
            yield from _values(window, frozenset(lists))
        except (OSError, EOFError, zlib.error) as error:
            raise damaged(file.path, window.line, error) from error


class _IncompleteError(Exception):
    """End of the file within a value."""


class _Window:
    """The part of a file that is being read: `text` from `at` on is next, and `line` its line."""

    def __init__(self, stream: TextIO, file: TextFile, beside: Callable[[dict[str, Any]], None]) -> None:
        self._stream = stream
        self.file = file
        self.beside = beside
        self.text = ""
        self.at = 0
        self.line = 1
        self._counted = 0
        self._bytes = 0  # of what stood before `text`
        self.ended = False
        self.spent = False  # whether nothing of the rest can be read
        self._decoder = json.JSONDecoder()

    def grow(self) -> bool:
        """Read on, at least as much as is there already; False at the end of the file."""
        if self.ended:
            return False
        more = self._stream.read(max(_PIECE_CHARS, len(self.text) - self.at))
        self.ended = not more
        self._bytes = self.byte(self.at)
        self.text = self.text[self.at :] + more
        self._counted -= self.at
        self.at = 0
        return bool(more)

    def byte(self, position: int) -> int:
        """Return the byte of the file, without its mark of the encoding, at a position of the text."""
        before = self.text[:position]
        encoding = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(
            self.file.encoding, self.file.encoding
        )
        errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
        return self._bytes + len(before.encode(encoding, errors))

    def move(self, to: int) -> None:
        """Go on at a position and count the lines up to it."""
        self.line += self.text.count("\n", self._counted, to)
        self._counted = self.at = to

    def peek(self, skipped: re.Pattern[str] = _SPACE) -> str:
        """Skip white space and return the next character, "" at the end of the file."""
        while True:
            match = skipped.match(self.text, self.at)
            self.move(match.end() if match else self.at)
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.grow():
                return ""

    def whole_line(self) -> str | None:
        """Return the rest of the line, None where it is longer than a piece."""
        end = self.text.find("\n", self.at)
        if end < 0 and not self.ended and len(self.text) - self.at < _PIECE_CHARS:
            self.grow()
            end = self.text.find("\n", self.at)
        if end >= 0:
            return self.text[self.at : end]
        return self.text[self.at :] if self.ended else None

    def skip_line(self) -> None:
        while (end := self.text.find("\n", self.at)) < 0:
            self.move(len(self.text))
            if not self.grow():
                return
        self.move(end)

    def value(self) -> Any:
        """Return the value that begins here.

        Raises:
            ValueError: it is no JSON, or has a byte of another encoding.
            _IncompleteError: the file ends within it.
        """
        while True:
            try:
                value, end = self._decoder.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                is_last = self.ended
                end = len(self.text.rstrip()) if is_last else len(self.text) - _CUT_CHARS
                if not error.msg.startswith("Unterminated") and error.pos < end:
                    found, byte = _kind_of_sign(self.text[error.pos]), self.byte(error.pos)
                    raise ValueError(f"{error.msg} at {found}, byte {byte:,}") from error
                if len(self.text) - self.at > _MAX_OBJECT_CHARS:
                    raise ValueError("it is longer than 128 million characters") from error
                if not self.grow() and is_last:
                    raise _IncompleteError from error
                continue
            except RecursionError as error:
                raise ValueError("it is nested too deeply") from error
            if end >= len(self.text) - _CUT_NUMBER_CHARS and not self.ended:
                self.grow()
                continue  # a number may go on
            source = self.text[self.at : end]
            if wrong := foreign_byte(source, self.file):
                raise ValueError(wrong)
            self.move(end)
            return repaired(value) if "\\u" in source else value


def _kind_of_sign(char: str) -> str:
    """Return what a character is: a message names signs of JSON, and no text of the file."""
    if char.isspace():
        return "a space or the end of the line"
    return "a digit" if char.isdecimal() else "a letter" if char.isalpha() else repr(char)


def _values(window: _Window, lists: frozenset[str]) -> Iterator[JsonItem]:
    if window.peek() == "[":
        yield from _list(window)
    while not window.spent and window.peek():
        line = window.line
        if (known := _whole_line(window, lists)) is not None:
            yield from known
            continue
        try:
            yield from _object(window, lists)
        except (ValueError, _IncompleteError) as error:
            why = str(error) or "the file ends within it"
            if window.line == line:
                window.skip_line()
            yield JsonItem(line, problem=f"the line is not JSON ({why}): expected one object a line")


def _whole_line(window: _Window, lists: frozenset[str]) -> list[JsonItem] | None:
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


def _list(window: _Window) -> Iterator[JsonItem]:
    """Yield the values of a list; what is broken in it ends the reading."""
    begin = window.line
    window.move(window.at + 1)
    number, before = 0, begin
    while (char := window.peek(_SPACE_OR_COMMA)) != "]":
        line = window.line
        number += 1
        try:
            if not char:
                raise _IncompleteError
            value = window.value()
            yield JsonItem(line, value, entry=number if line == before else 0)
            before = line
        except (ValueError, _IncompleteError) as error:
            cut = f"the file ends within it, which begins at byte {window.byte(window.at):,}: it was cut off"
            why = str(error) or f"{cut}, so export or copy it again in full"
            problem = f"entry {number:,} of the list that line {begin} begins is not JSON ({why})"
            yield JsonItem(line, problem=problem)
            window.spent = True
            return
    window.move(window.at + 1)


def _object(window: _Window, lists: frozenset[str]) -> Iterator[JsonItem]:
    """Yield the entries of an object's list; the object itself where it has none.

    Raises:
        ValueError: it is no JSON.
        _IncompleteError: the file ends within it.
    """
    line, found, has_list = window.line, dict[str, Any](), False
    if window.peek() != "{":
        raise ValueError("found no object")
    window.move(window.at + 1)
    while (char := window.peek(_SPACE_OR_COMMA)) != "}":
        if char != '"':
            if not char:
                raise _IncompleteError
            raise ValueError(f"found {_kind_of_sign(char)}, expected a key in double quotes")
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
