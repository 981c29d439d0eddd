"""The tables of languages on disk answer as those in memory do, and are made again when they are damaged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from py3langid.langid import LanguageIdentifier

from models.language import langid_model as language_tables
from models.language.detector import LanguageDetector
from models.language.langid_model import open_identifier

TEXTS = [
    "Mein Drucker druckt nicht.",
    "ring mor",
    "打印机坏了",
    "",
    "!!!",
    "Es nevaru pieslēgties savam kontam",
]


@pytest.fixture(scope="module")
def in_memory() -> LanguageIdentifier:
    return open_identifier()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of tables that were unpacked by an earlier start."""
    folder = tmp_path / "cache" / "languages"
    open_identifier(folder)
    return folder


def test_tables_on_disk_answer_as_those_in_memory(folder: Path, in_memory: LanguageIdentifier) -> None:
    mapped = open_identifier(folder)
    assert [mapped.rank(text) for text in TEXTS] == [in_memory.rank(text) for text in TEXTS]


def test_a_later_start_unpacks_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_tables, "_unpacked", lambda: pytest.fail("unpacked again"))
    assert LanguageDetector(["de", "en"], folder).detect(TEXTS[0]).code == "de"


def test_damaged_tables_are_unpacked_again(folder: Path, in_memory: LanguageIdentifier) -> None:
    with (folder / "weights.npy").open("r+b") as stream:
        stream.seek(1_000)
        stream.write(b"damage")
    again = open_identifier(folder)
    assert [again.rank(text) for text in TEXTS] == [in_memory.rank(text) for text in TEXTS]


def test_tables_of_another_version_are_unpacked_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / "manifest.json").stat().st_ino
    monkeypatch.setattr(language_tables, "version", lambda _package: "99.0")
    open_identifier(folder)
    assert (folder / "manifest.json").stat().st_ino != before


def test_starts_at_once_unpack_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[LanguageIdentifier] = []
    unpack = language_tables._unpacked

    def counted() -> LanguageIdentifier:
        unpacked.append(unpack())
        return unpacked[-1]

    monkeypatch.setattr(language_tables, "_unpacked", counted)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(open_identifier, [tmp_path / "languages"] * 4))
    assert len(unpacked) == 1
    assert len({identifier.classify(TEXTS[0]) for identifier in found}) == 1


def test_where_nothing_can_be_written_the_tables_stay_in_memory(
    tmp_path: Path, in_memory: LanguageIdentifier
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    found = open_identifier(tmp_path / "cache" / "languages")
    assert found.classify(TEXTS[0]) == in_memory.classify(TEXTS[0])
