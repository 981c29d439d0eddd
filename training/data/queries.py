"""Reader of files of search queries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import DataFileError
from models.language.codes import parse_code
from models.storage.jsonl import iter_lines, parse_object
from models.wording import kind_of


@dataclass(frozen=True, slots=True)
class EvaluationQuery:
    """One line of a query file; without a language it is detected."""

    id: str
    text: str
    language: str | None = None


def read_queries(path: Path) -> list[EvaluationQuery]:
    """Read JSONL (also .gz) with `id`, `text` and perhaps `language`; other keys are ignored.

    Raises:
        DataFileError: the file is missing or damaged, or a line is not such an object.
    """
    lines = iter_lines(path, "queries as .jsonl or .jsonl.gz")
    return [_query(f"{path}, line {number}", line) for number, line in lines if line.strip()]


def _query(place: str, line: bytes) -> EvaluationQuery:
    try:
        record = parse_object(line)
    except ValueError as error:
        raise DataFileError(f'{place}: {error}, such as {{"id": "…", "text": "…"}}') from error
    query_id, text = record.get("id"), record.get("text")
    if isinstance(query_id, bool) or not isinstance(query_id, str | int) or query_id == "":
        raise DataFileError(f"{place}: 'id' is {query_id!r:.80}, expected a string")
    if not isinstance(text, str):
        raise DataFileError(f"{place}: 'text' is {kind_of(text)}, expected a string")
    return EvaluationQuery(str(query_id), text, parse_code(record.get("language")))
