"""Files of search queries."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import DataFileError


@dataclass(frozen=True, slots=True)
class FileQuery:
    """One line of a query file; without a language it is detected."""

    id: str
    text: str
    language: str | None = None


def read_queries(path: Path) -> list[FileQuery]:
    """Read JSONL (also .gz) with `id`, `text` and perhaps `language`; other keys are ignored.

    Raises:
        DataFileError: the file is missing, or a line is not such an object.
    """
    if not path.is_file():
        raise DataFileError(f"there is no file {path}: expected queries as .jsonl or .jsonl.gz")
    opener: Any = gzip.open if path.name.endswith(".gz") else open
    queries = []
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    queries.append(_query(path, number, line))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path} cannot be read: {error}. Write it again as UTF-8.") from error
    return queries


def _query(path: Path, number: int, line: str) -> FileQuery:
    try:
        record = json.loads(line)
        query = FileQuery(str(record["id"]), record["text"], record.get("language") or None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(
            f"{path}, line {number}: found {line.strip()[:80]!r} ({error}), "
            'expected {"id": "…", "text": "…"}'
        ) from error
    if not isinstance(query.text, str):
        raise DataFileError(
            f"{path}, line {number}: 'text' is {type(query.text).__name__}, expected a string"
        )
    return query
