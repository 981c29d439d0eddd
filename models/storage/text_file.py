"""Text files of unknown encoding, gzipped or not: detected once, then read as lines or in pieces."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, cast

from models.errors import DataFileError
from models.language.codepages import guess_code_page
from models.storage.file_kinds import wide_encoding
from models.wording import counted

UTF_8 = "utf-8-sig"
_CHUNK_BYTES = 1 << 20
_SAMPLE_BYTES = 1 << 16
_NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1257": "Windows-1257",
    "cp932": "Shift JIS",
    "cp949": "Korean (cp949)",
    "gb18030": "GB 18030",
    "latin-1": "Latin-1",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    UTF_8: "UTF-8",
}
_MARKS = (  # UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a byte that the encoding does not know is read as (Python's surrogateescape).
_FOREIGN = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of text. `expected` describes the kind of file for error messages; `told` is what was detected.

    A byte that does not belong to the encoding is read as a lone surrogate: see `foreign_byte`.
    """

    path: Path
    expected: str
    encoding: str
    told: str = ""
    copy: IO[bytes] | None = None  # of what came through a pipe, which can be read only once

    @property
    def encoding_name(self) -> str:
        return _NAMES.get(self.encoding, self.encoding)

    @contextmanager
    def open(self) -> Iterator[io.TextIOWrapper]:
        """Open the file from its beginning; line ends stay as they are.

        Raises:
            DataFileError: the file is damaged or cut off.
        """
        errors = "replace" if self.encoding.startswith("utf-16") else "surrogateescape"
        with self.open_binary() as binary:
            text = io.TextIOWrapper(binary, self.encoding, errors, newline="")
            try:
                yield text
            finally:
                text.detach()

    @contextmanager
    def open_binary(self) -> Iterator[IO[bytes]]:
        """Open the file, unzipped, from its beginning.

        Raises:
            DataFileError: it cannot be opened.
        """
        try:
            raw: Any = self.copy or self.path.open("rb")
            raw.seek(0)
        except OSError as error:
            raise DataFileError(f"{self.path} cannot be read ({error}): expected {self.expected}") from error
        try:
            packed = is_compressed(self.path)
            yield cast(IO[bytes], gzip.GzipFile(fileobj=raw, mode="rb")) if packed else raw
        finally:
            if raw is not self.copy:
                raw.close()

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers, from 1.

        Raises:
            DataFileError: the file is damaged or cut off; it names the last line that can be read.
        """
        number = 0
        with self.open() as stream:
            try:
                for number, line in enumerate(stream, 1):
                    yield number, line
            except (OSError, EOFError, zlib.error) as error:
                raise damaged(self.path, number, error) from error


def foreign_byte(text: str, file: TextFile) -> str:
    """Return what is wrong where `text` has a byte of another encoding than its file, else ""."""
    if text.isascii() or (found := _FOREIGN.search(text)) is None:
        return ""
    return (
        f"the line is not {file.encoding_name} (byte 0x{ord(found[0]) - 0xDC00:02x} at character "
        f"{found.start() + 1:,}), as other lines of the file are: write the whole file in one encoding"
    )


def damaged(path: Path, line: int, error: Exception) -> DataFileError:
    """Return the error of a file that ends or breaks after a line."""
    return DataFileError(
        f"{path} cannot be read after line {line} ({error}): write it again, or copy it again in full"
    )


def open_text(path: Path, expected: str, encoding: str = "") -> TextFile:
    """Find out how a text file is encoded: by its mark, as UTF-8, as UTF-16, else by its letters.

    With `encoding`, the name of one of Python's codecs, it is read as that.

    Raises:
        DataFileError: the file is missing or damaged, or its encoding cannot be told.
    """
    if path.is_dir():
        raise DataFileError(f"{path} is a folder: expected {expected}")
    if not path.exists():
        raise DataFileError(f"there is no file {path}: expected {expected}")
    file = TextFile(path, expected, encoding or UTF_8, copy=None if path.is_file() else _copy(path))
    with file.open_binary() as binary:
        try:
            start = binary.read(_CHUNK_BYTES)
            if encoding:
                utf_8 = codecs.lookup(encoding).name == "utf-8"
                return replace(file, encoding=UTF_8) if utf_8 else file
            if marked := next((name for mark, name in _MARKS if start.startswith(mark)), None):
                return replace(file, encoding=marked, told="" if marked == UTF_8 else _NAMES[marked])
            if wide := wide_encoding(start):
                return replace(file, encoding=wide, told=f"{_NAMES[wide]} without a byte order mark")
            if _is_utf_8(start, binary):
                return file
            binary.seek(0)
            return _by_letters(file, binary)
        except (OSError, EOFError, zlib.error) as error:
            raise damaged(path, 0, error) from error


def is_compressed(path: Path) -> bool:
    """Tell whether a file's name says that it is gzipped."""
    return path.name.lower().endswith(".gz")


def _copy(pipe: Path) -> IO[bytes]:
    """Return the content of a pipe as a file that vanishes with the last reference to it."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the TextFile that holds it
    with pipe.open("rb") as stream:
        shutil.copyfileobj(stream, copy)
    return copy


def _is_utf_8(start: bytes, rest: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk = start
    try:
        while chunk:
            decoder.decode(chunk)
            chunk = rest.read(_CHUNK_BYTES)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _by_letters(file: TextFile, binary: IO[bytes]) -> TextFile:
    """Tell a file with bytes that are not UTF-8: broken UTF-8 where other lines are, else a code page.

    Raises:
        DataFileError: the code page is not clear.
    """
    sample, first, utf_8_lines, other_lines = bytearray(), 0, 0, 0
    for number, line in enumerate(binary, 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            other_lines += 1
            first = first or number
            sample += line[:_SAMPLE_BYTES] if len(sample) < _SAMPLE_BYTES else b""
        else:
            utf_8_lines += 1
    if utf_8_lines:  # text of a code page is never UTF-8 by chance for long: the others are the odd ones
        are = "is" if other_lines == 1 else "are"
        told = f"UTF-8, but {counted(other_lines, 'line')} {are} not, the first in line {first}"
        return replace(file, told=told)
    page = guess_code_page(bytes(sample))
    if page is None:
        raise DataFileError(
            f"{file.path}, line {first}: is neither UTF-8 nor UTF-16, and its encoding is not clear: "
            'set encoding in [tickets], such as encoding = "cp1252", or write the file as UTF-8'
        )
    return replace(file, encoding=page, told=_NAMES[page])
