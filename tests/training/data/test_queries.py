"""Files of queries: what can be read, and how a bad line is named."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.queries import EvaluationQuery, read_queries


def test_queries_are_read_zipped_or_not_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    text = '{"id": 7, "text": "", "language": "pt-BR", "x": 1}\n\n{"id": "b", "text": "ü", "language": 5}\n'
    plain, packed = tmp_path / "queries.jsonl", tmp_path / "queries.jsonl.gz"
    plain.write_text(text, encoding="utf-8-sig")
    packed.write_bytes(gzip.compress(text.encode()))
    assert read_queries(plain) == [EvaluationQuery("7", "", "pt"), EvaluationQuery("b", "ü", None)]
    assert read_queries(packed) == read_queries(plain)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (b"{", "line 2: the line is not JSON"),
        (b"[" * 100_000, "line 2: the line is not JSON"),
        (b"[1]", "line 2: found a list, expected an object, such as"),
        (b'{"id": "\xff", "text": "a"}', "line 2: the line is not UTF-8"),
        (b'{"text": "a"}', "line 2: 'id' is None, expected a string"),
        (b'{"id": true, "text": "a"}', "line 2: 'id' is True, expected a string"),
        (b'{"id": "a"}', "line 2: 'text' is null, expected a string"),
        (b'{"id": "a", "text": ["b"]}', r"line 2: 'text' is a list, expected a string"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: bytes, message: str) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_bytes(b'{"id": "1", "text": "a"}\n' + bad + b"\n")
    with pytest.raises(DataFileError, match=message):
        read_queries(path)


def test_a_missing_or_damaged_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="there is no file"):
        read_queries(tmp_path / "none.jsonl")
    path = tmp_path / "queries.jsonl.gz"
    packed = gzip.compress(b'{"id": "1", "text": "a"}\n')
    for damaged in (packed[:-12], packed[:10] + b"\xff" * 10 + packed[20:]):
        path.write_bytes(damaged)
        with pytest.raises(DataFileError, match="cannot be read after line 0"):
            read_queries(path)
