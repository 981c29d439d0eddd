"""Database file of SQLite: notices that it was deleted, or replaced by another one, while it is open.

SQLite goes on writing into a file that has lost its name. What is acknowledged then is gone with the process.
That holds for the two files beside it as well: the write-ahead log, and the log's index.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from models.errors import StoreUnavailableError

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 28
_BESIDE = "-wal", "-shm"
_log = logging.getLogger(__name__)


class _Inode(NamedTuple):
    device: int
    number: int


class DatabaseFile:
    """The file that a process has opened as its database; `check` costs some microseconds.

    A file that was replaced stays refused until the process ends, since its open connections have pages of
    both. An older copy that was written over the file in place is known by the counter in SQLite's header,
    which only grows.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._connection: Connection | None = None
        self._inodes: dict[str, tuple[Path, _Inode | None]] = {}  # by what the path ends with
        self._changes = 0
        self._problem: str | None = None

    def open(self, connection: Connection) -> None:
        """Take the files as they are now for the right ones; the first call alone counts.

        `connection` has read, and stays open until `close`: while one is, SQLite removes no log. The
        descriptor stays open as long: closing one would release SQLite's locks on the file.
        """
        with self._lock:
            if self._descriptor is not None:
                connection.close()
                return
            self._connection = connection
            with suppress(OSError):  # SQLite says so, if it cannot be opened
                self._descriptor = os.open(self._path, os.O_RDONLY)
                self._changes = _change_counter(self._descriptor) or 0
            # SQLite follows a link, and has its log beside the file that the link leads to.
            real = self._path.resolve()
            paths = {suffix: real.with_name(real.name + suffix) for suffix in ("", *_BESIDE)}
            self._inodes = {suffix: (path, _inode(path, follows=False)) for suffix, path in paths.items()}

    def check(self) -> None:
        """Check that the file is still there, and the same.

        Raises:
            StoreUnavailableError: it is not.
        """
        descriptor = self._descriptor
        if descriptor is None:
            return
        if self._problem is None and (found := self._found(descriptor)) is not None:
            with self._lock:
                if self._problem is None:
                    self._problem = (
                        f"the store's database {found} while the service runs, so nothing is kept any more: "
                        "stop the service, restore the backup, and start it again"
                    )
                    _log.error("%s (%s)", self._problem, self._path)
        if self._problem is not None:
            raise StoreUnavailableError(self._problem)

    def close(self) -> None:
        """Let go of the file, after all other connections to it were closed."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _found(self, descriptor: int) -> str | None:
        """Return what has become of the file, or None where it is as it was."""
        try:
            named = _inode(self._path)
            if named is None:
                return "was deleted"
            own = os.fstat(descriptor)
            if named != (own.st_dev, own.st_ino):
                return "was replaced"
            for suffix, (path, before) in self._inodes.items():
                if before is not None and _inode(path, follows=False) != before:
                    return f"lost its file *{suffix}" if suffix else "was replaced"
        except OSError:
            return None  # whether it can be reached is for SQLite to say
        changes = _change_counter(descriptor)
        if changes is None or changes < self._changes:
            return "was overwritten"
        self._changes = changes
        return None


def _inode(path: Path, *, follows: bool = True) -> _Inode | None:
    """Return the device and inode of a file, or of the link itself; None where it is not there."""
    try:
        found = path.stat(follow_symlinks=follows)
    except FileNotFoundError:
        return None
    return _Inode(found.st_dev, found.st_ino)


def _change_counter(descriptor: int) -> int | None:
    """Return the header's file change counter; 0 for an empty file, None where it is no database."""
    header = os.pread(descriptor, _HEADER_BYTES, 0)
    if not header:
        return 0
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        return None
    return int.from_bytes(header[24:28], "big")
