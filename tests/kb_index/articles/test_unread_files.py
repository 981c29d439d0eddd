"""Files of a folder that are not read: named where they may hold texts, and passed over where they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb_index.articles.loaders import load_articles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "lamp.md").write_text("# Lamp\nOpen the cover.", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["more.csv", "deep/faq.pdf", "old.docx", "note.txt", "all.jsonl", "q.JSON"])
def test_a_file_beside_pages_that_may_hold_texts_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("id,title\n7,Pump\n", "utf-8")
    loaded = load_articles([folder])
    assert [article.id for article in loaded.articles] == ["lamp.md"]
    assert [name in line and "not read" in line for line in loaded.summary.lines()[1:]] == [True]


def test_many_such_files_are_counted_in_one_line(folder: Path) -> None:
    for number in range(9):
        (folder / f"{number}.csv").write_text("id,title\n", "utf-8")
    [line] = load_articles([folder]).summary.lines()[1:]
    assert "0.csv, 1.csv, 2.csv, 3.csv, 4.csv and 4 more" in line
    assert line.endswith("(9)")


@pytest.mark.parametrize("name", ["lamp.PNG", "deep/site.css", "mkdocs.yml", ".hidden.csv", "LICENSE"])
def test_what_pages_show_or_are_built_with_is_not(folder: Path, name: str) -> None:
    (folder / name).write_text("x", "utf-8")
    assert load_articles([folder]).summary.lines() == ["read 1 article: 1 und; 1 public"]


def test_a_folder_of_json_names_the_others_too(tmp_path: Path) -> None:
    record = {"id": "a", "title": "Lamp", "body": "Open the cover."}
    (tmp_path / "a.json").write_text(json.dumps(record), "utf-8")
    (tmp_path / "b.csv").write_text("id,title\n7,Pump\n", "utf-8")
    loaded = load_articles([tmp_path])
    assert len(loaded.articles) == 1
    assert any("b.csv" in line for line in loaded.summary.lines())
