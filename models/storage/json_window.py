"""Window on a JSON file: the part of it that is being read, in which values are decoded one by one.

Python's own decoder reads each value, so that an error names its line; streaming parsers such as ijson know
none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TextIO

from models.storage.jsonl import repaired
from models.storage.text_file import TextFile, foreign_byte

_PIECE_CHARS = 1 << 18
_SPACE = re.compile(r"[ \t\r\n\ufeff\0]*")
SPACE_OR_COMMA = re.compile(r"[ \t\r\n,]*")
# What the decoder still says near the end of a piece when it has only a part of a value: \u12, tru, 1e.
_CUT_CHARS = 16
# What it leaves of a number that a piece ends within: "1.5" of "1.5e+3" where the piece ends with "1.5e+".
_CUT_NUMBER_CHARS = len("e+")
_MAX_OBJECT_CHARS = 1 << 27


class IncompleteError(Exception):
    """End of the file within a value."""


class JsonWindow:
    """The part of a file that is being read: `text` from `at` on is next, and `line` its line."""

    def __init__(
        self, stream: TextIO, file: TextFile, beside: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self._stream = stream
        self.file = file
        self.beside = beside or (lambda _rest: None)
        self.text = ""
        self.at = 0
        self.line = 1
        self._counted = 0
        self.bytes_before = 0  # of what stood before `text`
        self.ended = False
        self.spent = False  # whether nothing of the rest can be read
        self._decoder = json.JSONDecoder()

    def grow(self) -> bool:
        """Read on, at least as much as is there already; False at the end of the file."""
        if self.ended:
            return False
        more = self._stream.read(max(_PIECE_CHARS, len(self.text) - self.at))
        self.ended = not more
        self.bytes_before = self.byte(self.at)
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
        return self.bytes_before + len(before.encode(encoding, errors))

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

    def value(self, *, at_hand: bool = False) -> Any:
        """Return the value that begins here; where it is to be `at_hand`, one that is in the window already.

        Raises:
            ValueError: it is no JSON, or has a byte of another encoding.
            IncompleteError: the file, or what is at hand of it, ends within it.
        """
        while True:
            try:
                value, end = self._decoder.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                is_last = self.ended
                end = len(self.text.rstrip()) if is_last else len(self.text) - _CUT_CHARS
                if not error.msg.startswith("Unterminated") and error.pos < end:
                    found, byte = kind_of_sign(self.text[error.pos]), self.byte(error.pos)
                    raise ValueError(f"{error.msg} at {found}, byte {byte:,}") from error
                if at_hand and not self.ended:
                    raise IncompleteError from error
                if len(self.text) - self.at > _MAX_OBJECT_CHARS:
                    raise ValueError("it is longer than 128 million characters") from error
                if not self.grow() and is_last:
                    raise IncompleteError from error
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


def kind_of_sign(char: str) -> str:
    """Return what a character is: a message names signs of JSON, and no text of the file."""
    if char.isspace():
        return "a space or the end of the line"
    return "a digit" if char.isdecimal() else "a letter" if char.isalpha() else repr(char)
