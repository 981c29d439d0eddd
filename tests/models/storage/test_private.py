"""What is built and recorded is readable by the system's user that made it, and by no other."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np

from models.encoder.cache import CachedEncoder
from models.storage.artifact import new_folder, new_text_file
from models.storage.private import take_rights_of_others
from tests.kb_toy import ENCODER


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_stored_folders_and_files_are_private(tmp_path: Path) -> None:
    with new_folder(tmp_path / "models" / "b1", kind="k", format_version=1) as working:
        np.save(working / "array.npy", np.zeros(3))
        (working / "deep").mkdir()
        (working / "deep" / "text").write_text("x")
    with new_text_file(tmp_path / "models" / "current") as stream:
        stream.write("b1")
    CachedEncoder(ENCODER, tmp_path / "cache").encode(["a text"])
    assert open_to_others(tmp_path / "models") == []
    assert open_to_others(tmp_path / "cache") == []


def test_a_folder_that_is_for_all_is_readable(tmp_path: Path) -> None:
    with new_folder(tmp_path / "encoder", kind="k", format_version=1, is_private=False) as working:
        (working / "weights").write_text("x")
    assert stat.S_IMODE((tmp_path / "encoder").stat().st_mode) == 0o755


def test_the_rights_of_others_are_taken_from_what_is_there_and_from_nothing_that_is_linked(
    tmp_path: Path,
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "file").touch(mode=0o644)
    folder = tmp_path / "kb"
    (folder / "deep").mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "deep" / "file").touch()
    (folder / "deep" / "file").chmod(0o644)
    (folder / "link").symlink_to(elsewhere, target_is_directory=True)
    (folder / "gone").symlink_to("nowhere")
    take_rights_of_others(folder)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.glob("deep/*"))}
    assert modes == {"kb": 0o700, "file": 0o600}
    assert stat.S_IMODE((elsewhere / "file").stat().st_mode) == 0o644
    take_rights_of_others(tmp_path / "not there")
