"""Symbolic links in a folder of articles: none of them publishes what lies elsewhere on the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb_index.articles.loaders import load_articles
from models.errors import DataFileError

SECRET = "The safe opens with 1-2-3."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one page, and beside it what nobody should read."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.md").write_text(f"# Safe\n{SECRET}", "utf-8")
    (tmp_path / "elsewhere" / "secret.json").write_text(
        json.dumps({"id": "safe", "title": "Safe", "body": SECRET}), "utf-8"
    )
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "lamp.md").write_text("# Lamp\nOpen the cover.", "utf-8")
    return folder


def texts(folder: Path) -> str:
    return " ".join(article.body for article in load_articles([folder], skip_bad=True).articles)


@pytest.mark.parametrize("target", ["secret.md", "secret.json", "../elsewhere/secret.md"])
@pytest.mark.parametrize("name", ["page.md", "page.html", "deep/page.md", "_index.md"])
def test_a_link_to_a_file_outside_is_refused_by_name(folder: Path, name: str, target: str) -> None:
    link = folder / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(folder.parent / "elsewhere" / target)
    with pytest.raises(DataFileError, match=f"{link.name}: is a link that leads out of the folder"):
        load_articles([folder])
    loaded = load_articles([folder], skip_bad=True)
    assert [article.id for article in loaded.articles] == ["lamp.md"]
    assert [link.as_posix() in skipped for skipped in loaded.skipped] == [True]


def test_so_is_a_link_by_way_of_another_link(folder: Path) -> None:
    (folder / "notes.txt").symlink_to(folder.parent / "elsewhere" / "secret.md")
    (folder / "page.md").symlink_to("notes.txt")
    with pytest.raises(DataFileError, match=r"page\.md: is a link"):
        load_articles([folder])
    assert SECRET not in texts(folder)


def test_so_is_a_linked_folder(folder: Path) -> None:
    (folder / "more").symlink_to(folder.parent / "elsewhere", target_is_directory=True)
    with pytest.raises(DataFileError, match="more: is a link"):
        load_articles([folder])
    assert SECRET not in texts(folder)


def test_so_is_a_link_to_a_folder_whose_name_begins_like_the_own_one(folder: Path) -> None:
    beside = folder.with_name("articles-internal")
    beside.mkdir()
    (beside / "secret.md").write_text(SECRET, "utf-8")
    (folder / "page.md").symlink_to(beside / "secret.md")
    with pytest.raises(DataFileError, match=r"page\.md: is a link"):
        load_articles([folder])


def test_so_is_a_link_in_a_folder_of_json_files(folder: Path) -> None:
    (folder / "lamp.md").unlink()
    (folder / "lamp.json").write_text(
        json.dumps({"id": "lamp", "title": "Lamp", "body": "Open it."}), "utf-8"
    )
    (folder / "page.json").symlink_to(folder.parent / "elsewhere" / "secret.json")
    with pytest.raises(DataFileError, match=r"page\.json: is a link"):
        load_articles([folder])
    assert texts(folder) == "Open it."


def test_a_link_to_a_page_inside_and_a_linked_root_are_fine(folder: Path) -> None:
    (folder / "again.md").symlink_to("lamp.md")
    root = folder.with_name("current")
    root.symlink_to(folder, target_is_directory=True)
    for named in (root, folder.parent / "elsewhere" / ".." / "articles"):
        assert [article.id for article in load_articles([named]).articles] == ["again.md", "lamp.md"]


def test_links_to_nothing_in_a_circle_and_to_pictures_are_passed_over(folder: Path) -> None:
    (folder / "gone.md").symlink_to("nothing.md")
    (folder / "a.md").symlink_to("b.md")
    (folder / "b.md").symlink_to("a.md")
    (folder.parent / "elsewhere" / "lamp.png").write_bytes(b"")
    (folder / "lamp.png").symlink_to(folder.parent / "elsewhere" / "lamp.png")
    assert [article.id for article in load_articles([folder]).articles] == ["lamp.md"]
