"""A whole JSON file is read as it was written, in pieces, and what is wrong with it is named by its line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from models.errors import DataFileError
from models.storage import json_window
from models.storage.json_values import read_json_values

DOCUMENT = {
    "title": "Help",
    "count": 3.5,
    "empty": [[], {}, ""],
    "articles": [
        {"id": -20, "body": 'Tür "x" ] }\u2028', "nested": [{"a": [1.5, True, -2e3]}, {}]},
        {"id": 3},
    ],
    "folders": {"a": {"b": {"c": [None, {"d": "\\u0041"}]}}},
}


def read(path: Path, most_bytes: int = 10_000) -> list[object]:
    return read_json_values(path, "articles as JSON", most_bytes)


@pytest.mark.parametrize("piece_chars", [*range(1, 40), 400])
def test_a_document_is_the_same_wherever_a_piece_ends(
    piece_chars: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_window, "_PIECE_CHARS", piece_chars)
    path = tmp_path / "a.json"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        path.write_text(json.dumps(DOCUMENT, indent=1, ensure_ascii=False), encoding)
        assert read(path) == [DOCUMENT]
    path.write_text("\n".join(json.dumps(value) for value in (DOCUMENT, [DOCUMENT], 7)), "utf-8")
    assert read(path) == [DOCUMENT, [DOCUMENT], 7]
    path.write_text(" \n", "utf-8")
    assert read(path) == []


@pytest.mark.parametrize("piece_chars", [8, 1 << 18])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"articles": [\n{"id": 1, "title": "Lamp"},\n{"id": 2, "title": "Ri', "line 3.*ends within it"),
        ('{"articles": [\n{"id": 1}\n{"id": 2}]}', "line [23]: is no JSON .*export it again, in full"),
        ('{"articles": [1, 2\n', "ends within it"),
        ('{"title" "Lamp, a long one"}', "is no JSON"),
        ('{title: "Lamp, a long one"}', "is no JSON"),
        ('[1, 2, "three", "four", ]', "is no JSON"),
        ("[" * 100_000, "is nested too deep"),
    ],
)
def test_what_is_no_json_is_named_by_its_line(
    text: str, message: str, piece_chars: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_window, "_PIECE_CHARS", piece_chars)
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=message) as caught:
        read(path, 1_000_000)
    assert "Lamp" not in caught.value.message


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("no JSON at all" * 1000, "utf-8")
    with pytest.raises(DataFileError, match="has 14,000 bytes, the most is 10,000: cut it in parts"):
        read(path)
    packed = tmp_path / "a.json.gz"
    packed.write_bytes(gzip.compress(json.dumps([{"id": n} for n in range(200_000)]).encode()))
    with pytest.raises(DataFileError, match="has more than 1,000,000 bytes"):
        read(packed, 1_000_000)


def test_a_byte_of_another_encoding_is_named_and_no_word_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('[{"title": "Lampe für Anna"}]'.encode("cp1252"))
    with pytest.raises(DataFileError, match=r"line 1.*is not UTF-8 \(byte 0xfc") as caught:
        read(path)
    assert "Anna" not in caught.value.message


@pytest.mark.parametrize("piece_chars", [8, 400])
def test_of_a_long_list_the_first_entries_alone_are_read_where_no_more_are_wanted(
    piece_chars: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_window, "_PIECE_CHARS", piece_chars)
    path = tmp_path / "a.json"
    entries = [{"id": n, "body": "It glows. " * 20} for n in range(50)]
    path.write_text(json.dumps({"count": 50, "articles": entries, "next": None})[:-2000], "utf-8")
    found = read_json_values(path, "articles as JSON", 100_000, most_entries=3)
    assert found == [{"count": 50, "articles": entries[:3]}]
