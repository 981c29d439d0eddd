"""Folders that are complete or absent: written beside their place, hashed, then renamed.

Encoder, bundles and indexes are all kept this way. A folder holds its files and a
`manifest.json` with the kind, the format version, free metadata and the SHA-256 of each file.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from models.errors import FolderError, StorageError
from models.storage.private import make_private_folder, take_rights_of_others

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Description of a folder, which it holds itself."""

    kind: str
    format_version: int
    metadata: Mapping[str, Any]
    sha256: Mapping[str, str]

    def to_json(self) -> str:
        return json.dumps(
            {
                "kind": self.kind,
                "format_version": self.format_version,
                "metadata": dict(self.metadata),
                "sha256": dict(self.sha256),
            },
            ensure_ascii=False,
            indent=1,
        )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def storage_errors(target: Path) -> Iterator[None]:
    """Turn a full disk, a missing permission or a read-only place into a `StorageError`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason = "the disk is full: free some space"
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            reason = "the place is not writable: check its owner and permissions"
        else:
            reason = f"{error.strerror or error}"
        raise StorageError(
            f"could not write {target}: {reason}, then run the command again. "
            "What was there before is unchanged."
        ) from error


@contextmanager
def new_folder(
    target: Path,
    *,
    kind: str,
    format_version: int,
    metadata: Mapping[str, Any] | None = None,
    is_private: bool = True,
) -> Iterator[Path]:
    """Yield an empty folder to fill; on leaving, hash it, write its manifest and rename it to `target`.

    When the block raises, or the process dies, `target` does not come into being. Other users of the system
    cannot read it if it `is_private`.
    An existing `target` is replaced.

    Raises:
        StorageError: the disk is full or the place cannot be written.
    """
    with storage_errors(target):
        if is_private:
            make_private_folder(target.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            yield working
            files = sorted(p for p in working.rglob("*") if p.is_file())
            sha256 = {p.relative_to(working).as_posix(): file_sha256(p) for p in files}
            manifest = Manifest(kind, format_version, dict(metadata or {}), sha256)
            (working / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
            for path in (*files, working / MANIFEST):
                flush(path)
            if is_private:
                take_rights_of_others(working)
            else:
                working.chmod(0o755)
            _replace(working, target)
            flush(target.parent)
        finally:
            shutil.rmtree(working, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder: for others it is gone in one step, also where not all of it can be deleted.

    Raises:
        StorageError: it cannot be taken from its place.
    """
    with storage_errors(folder):
        shutil.rmtree(_set_aside(folder), ignore_errors=True)


@contextmanager
def new_text_file(target: Path) -> Iterator[IO[str]]:
    """Yield a UTF-8 text stream, gzipped when `target` ends in .gz; on leaving, rename the file to `target`.

    Nobody but the system's user who writes it can read the file.
    When the block raises, an existing `target` stays as it was.

    Raises:
        StorageError: the disk is full or the place cannot be written.
    """
    with storage_errors(target):
        make_private_folder(target.parent)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        os.close(descriptor)
        working = Path(name)
        try:
            opener: Any = gzip.open if target.name.endswith(".gz") else open
            with opener(working, "wt", encoding="utf-8") as stream:
                yield stream
            flush(working)
            working.replace(target)
        finally:
            working.unlink(missing_ok=True)


def read_manifest(folder: Path, *, kind: str, format_version: int, advice: str = "") -> Manifest:
    """Read and check a folder's manifest without hashing its files; `advice` says how it is built again.

    Raises:
        FolderError: there is no manifest, it does not parse, or kind or version differ.
    """
    path, again = folder / MANIFEST, advice or f"build the {kind} again"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(raw["kind"], raw["format_version"], raw["metadata"], raw["sha256"])
    except FileNotFoundError:
        raise FolderError(f"{folder} holds no {MANIFEST}: expected a {kind} folder; {again}") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise FolderError(f"{path} does not parse ({error}): {again}") from error
    hashes = manifest.sha256
    if not (isinstance(manifest.metadata, dict) and isinstance(hashes, dict)) or not all(
        isinstance(value, str) for value in hashes.values()
    ):
        raise FolderError(f"{path} has no metadata or no SHA-256 of each file, expected both: {again}")
    if manifest.kind != kind:
        raise FolderError(f"{folder} is a {manifest.kind!r} folder, expected {kind!r}: check the path")
    if manifest.format_version != format_version:
        raise FolderError(
            f"{folder} has format version {manifest.format_version}, this program reads {format_version}: "
            f"{again}"
        )
    return manifest


def verify_folder(folder: Path, *, kind: str, format_version: int, advice: str = "") -> Manifest:
    """Check a folder's manifest and the SHA-256 of each of its files, before anything in it is loaded.

    Raises:
        FolderError: as `read_manifest`, or a file is missing, added or changed.
    """
    manifest = read_manifest(folder, kind=kind, format_version=format_version, advice=advice)
    again = advice or f"build the {kind} again"
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    listed = set(manifest.sha256)
    if found != listed:
        differing = ", ".join(sorted(found ^ listed))
        raise FolderError(f"{folder} does not hold the files of its manifest ({differing}): {again}")
    for name, expected in manifest.sha256.items():
        actual = file_sha256(folder / name)
        if actual != expected:
            raise FolderError(
                f"{folder / name} was changed after it was written (SHA-256 {actual[:12]}…, "
                f"expected {expected[:12]}…): restore it from a backup or {again}"
            )
    return manifest


def flush(path: Path) -> None:
    """Make sure that a file's content, or a folder's names, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace(working: Path, target: Path) -> None:
    if not target.exists():
        working.rename(target)
        return
    old = _set_aside(target)
    working.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _set_aside(folder: Path) -> Path:
    """Take a folder from its place in one step, and return where it lies now."""
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    try:
        folder.rename(aside / "folder")
    except OSError:
        aside.rmdir()
        raise
    return aside
