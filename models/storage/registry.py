"""Registry of stored folders: an atomic pointer to the current one, with its history."""

from __future__ import annotations

import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from models.errors import FolderError, NotReadyError, StorageError
from models.storage.artifact import new_text_file, remove_folder

_CURRENT = "current"
_HISTORY = "history"
_ABANDONED_S = 86_400.0
_ID = re.compile(r"\d{8}T\d{6}(-\d+)?")
_Version = tuple[int, int, int]
FolderVersion = frozenset[tuple[str, int, int, int]]


@dataclass(frozen=True, slots=True)
class Registry:
    """Folders of one kind under `root`, one of them current.

    `root/current` holds the id of the current folder and is replaced by rename, so a reader
    sees the old id or the new one. `root/history` lists the ids that were made current, oldest first.
    """

    root: Path
    noun: str
    advice: str
    _known: dict[str, tuple[_Version, str | None]] = field(default_factory=dict, repr=False, compare=False)

    def new_id(self) -> str:
        """Return an id that is unused, sorts by time and can name a folder."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        candidate, number = stamp, 1
        while (self.root / candidate).exists():
            number += 1
            candidate = f"{stamp}-{number}"
        return candidate

    def path(self, folder_id: str) -> Path:
        return self.root / folder_id

    def current_id(self) -> str | None:
        """Return the current id, or None when nothing was made current yet.

        The file is read when it is another one than last time: every request asks several times.
        """
        pointer = self.root / _CURRENT
        try:
            found = pointer.stat()
            version = (found.st_ino, found.st_mtime_ns, found.st_size)
            known = self._known.get(_CURRENT)
            if known is None or known[0] != version:
                known = (version, pointer.read_text(encoding="utf-8").strip() or None)
                self._known[_CURRENT] = known
        except FileNotFoundError:
            return None
        return known[1]

    def current(self) -> Path:
        """Return the current folder.

        Raises:
            NotReadyError: nothing was made current yet.
            FolderError: the pointer names a folder that does not exist.
        """
        folder_id = self.current_id()
        if folder_id is None:
            raise NotReadyError(f"there is no {self.noun} in {self.root} yet: {self.advice}")
        folder = self.path(folder_id)
        if not folder.is_dir():
            raise FolderError(
                f"{self.root / _CURRENT} names {folder_id!r}, which is not there: "
                f"restore the folder, roll back, or {self.advice}"
            )
        return folder

    def version(self, folder_id: str | None) -> FolderVersion:
        """Return what the files of a folder are like, which differs once one is changed or put back."""
        if folder_id is None:
            return frozenset()
        found = []
        for path in self.path(folder_id).rglob("*"):
            with suppress(OSError):
                status = path.stat()
                # Not the time of modification, which a copy from a backup may bring along.
                found.append((path.name, status.st_ino, status.st_size, status.st_ctime_ns))
        return frozenset(found)

    def history(self) -> list[str]:
        """Return the ids that were made current, oldest first."""
        try:
            return (self.root / _HISTORY).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return []

    def make_current(self, folder_id: str) -> None:
        """Point to `folder_id` from now on.

        Raises:
            FolderError: there is no such folder.
            StorageError: the pointer could not be written; the old one stays.
        """
        if not self.path(folder_id).is_dir():
            raise FolderError(f"there is no {self.noun} {folder_id!r} in {self.root}: choose one that exists")
        history = [*self.history(), folder_id]
        self._write(_HISTORY, "\n".join(history) + "\n")
        self._write(_CURRENT, folder_id + "\n")

    def prune(self, keep: int) -> list[str]:
        """Remove all folders but the newest `keep`, the current one and the one before it; return their ids.

        What `new_id` did not name, and links, stay; so does what cannot be removed. What processes that died
        left half written goes after a day.
        """
        current = self.current_id()
        before = [known for known in self.history() if known != current and self.path(known).is_dir()]
        stay = {current, *before[-1:]}
        made = [path for path in self.root.glob("*") if _ID.fullmatch(path.name) and path.is_dir()]
        oldest_first = sorted((p for p in made if not p.is_symlink()), key=lambda path: _age(path.name))
        removed = []
        for path in oldest_first[: max(0, len(oldest_first) - keep)]:
            if path.name not in stay:
                with suppress(StorageError):
                    remove_folder(path)
                    removed.append(path.name)
        for path in self.root.glob(".*"):
            with suppress(FileNotFoundError):  # another training removes it too
                if path.is_dir() and time.time() - path.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(path, ignore_errors=True)
        return removed

    def _write(self, name: str, text: str) -> None:
        with new_text_file(self.root / name) as stream:
            stream.write(text)


def _age(folder_id: str) -> tuple[str, int]:
    stamp, _, number = folder_id.partition("-")
    return stamp, int(number or 1)
