"""Folders are complete or absent, and a changed byte is noticed."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from models.errors import FolderError, NotReadyError, StorageError
from models.storage.artifact import MANIFEST, new_folder, new_text_file, read_manifest, verify_folder
from models.storage.registry import Registry


def write(target: Path, text: str = "content", version: int = 1) -> None:
    with new_folder(target, kind="thing", format_version=version, metadata={"a": 1}) as working:
        (working / "file.txt").write_text(text, encoding="utf-8")


def test_what_was_written_is_verified_and_its_metadata_comes_back(tmp_path: Path) -> None:
    write(tmp_path / "one")
    assert verify_folder(tmp_path / "one", kind="thing", format_version=1).metadata == {"a": 1}


def test_an_interrupted_write_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyError), new_folder(tmp_path / "one", kind="thing", format_version=1) as working:
        (working / "half.txt").write_text("half", encoding="utf-8")
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_old_folder_and_says_so(tmp_path: Path) -> None:
    write(tmp_path / "one", "old")
    with (
        pytest.raises(StorageError, match="disk is full"),
        new_folder(tmp_path / "one", kind="thing", format_version=1) as working,
    ):
        (working / "file.txt").write_text("new", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert (tmp_path / "one" / "file.txt").read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_a_folder_can_be_replaced(tmp_path: Path) -> None:
    write(tmp_path / "one", "old")
    write(tmp_path / "one", "new")
    assert (tmp_path / "one" / "file.txt").read_text(encoding="utf-8") == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    write(tmp_path / "one")
    (tmp_path / "one" / "file.txt").write_text("Content", encoding="utf-8")
    with pytest.raises(FolderError, match=r"file\.txt was changed"):
        verify_folder(tmp_path / "one", kind="thing", format_version=1)


@pytest.mark.parametrize("change", ["add", "remove"])
def test_an_added_or_missing_file_is_noticed(tmp_path: Path, change: str) -> None:
    write(tmp_path / "one")
    if change == "add":
        (tmp_path / "one" / "extra.txt").write_text("x", encoding="utf-8")
    else:
        (tmp_path / "one" / "file.txt").unlink()
    with pytest.raises(FolderError, match="does not hold the files of its manifest"):
        verify_folder(tmp_path / "one", kind="thing", format_version=1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "holds no manifest"),
        ("{", "does not parse"),
        (json.dumps({"kind": "thing"}), "does not parse"),
        (
            json.dumps({"kind": "other", "format_version": 1, "metadata": {}, "sha256": {}}),
            "is a 'other' folder",
        ),
        (
            json.dumps({"kind": "thing", "format_version": 9, "metadata": {}, "sha256": {}}),
            "format version 9",
        ),
    ],
)
def test_a_wrong_manifest_is_refused_in_words(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(FolderError, match=message):
        read_manifest(tmp_path, kind="thing", format_version=1)


def test_a_text_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl.gz"
    with new_text_file(target) as stream:
        stream.write("one\n")
    before = target.read_bytes()
    with pytest.raises(StorageError), new_text_file(target) as stream:
        stream.write("two\n")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert target.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl.gz"]


def test_the_registry_points_to_what_was_made_current_last(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "thing", "make one")
    with pytest.raises(NotReadyError, match="make one"):
        registry.current()
    for name in ("a", "b"):
        write(registry.path(name))
        registry.make_current(name)
    assert registry.current() == tmp_path / "b"
    assert registry.history() == ["a", "b"]


def test_the_registry_refuses_what_is_not_there(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "thing", "make one")
    with pytest.raises(FolderError, match="there is no thing 'x'"):
        registry.make_current("x")
    (tmp_path / "current").write_text("gone\n", encoding="utf-8")
    with pytest.raises(FolderError, match="names 'gone'"):
        registry.current()


def test_ids_of_the_same_second_differ(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "thing", "make one")
    ids = set()
    for _ in range(3):
        new = registry.new_id()
        write(registry.path(new))
        ids.add(new)
    assert len(ids) == 3


def test_old_folders_go_but_the_newest_the_current_one_and_the_one_before_it(tmp_path: Path) -> None:
    registry = Registry(tmp_path, "thing", "make one")
    days = [f"202601{day:02}T000000" for day in range(1, 8)]
    for name in (*days, f"{days[6]}-2", f"{days[6]}-10", "mine", ".half"):
        write(registry.path(name))
    (tmp_path / "20250101T000000").symlink_to(registry.path("mine"))
    for name in (days[3], days[1], days[2], days[2]):
        registry.make_current(name)
    assert registry.prune(3) == [days[0], days[3], days[4], days[5]]
    left = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    named = {"mine", ".half", "20250101T000000"}
    assert left == {days[1], days[2], days[6], f"{days[6]}-2", f"{days[6]}-10"} | named
    assert registry.prune(3) == []
    os.utime(tmp_path / ".half", (0, 0))
    assert registry.prune(1) == [days[6], f"{days[6]}-2"]
    assert not (tmp_path / ".half").exists()


def test_a_folder_that_cannot_be_removed_stays_and_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry(tmp_path, "thing", "make one")
    for name in ("20260101T000000", "20260102T000000"):
        write(registry.path(name))
    with monkeypatch.context() as refused:
        refused.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(PermissionError("no")))
        assert registry.prune(1) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["20260101T000000", "20260102T000000"]
    assert registry.prune(1) == ["20260101T000000"]


def test_a_registry_sees_at_once_what_another_process_made_current(tmp_path: Path) -> None:
    ours, theirs = (Registry(tmp_path, "thing", "make one") for _ in range(2))
    assert ours.current_id() is None
    for name in ("a", "b", "c"):
        write(ours.path(name))
        theirs.make_current(name)
        assert [ours.current_id(), ours.current_id()] == [name, name]
    (tmp_path / "current").unlink()
    assert ours.current_id() is None
