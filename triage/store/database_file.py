"""Database file of SQLite: notices that it was deleted, or replaced by another one, while it is open.

SQLite goes on writing into a file that has lost its name. What is acknowledged then is gone with the process.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from pathlib import Path

from models.errors import StoreUnavailableError

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 28
_log = logging.getLogger(__name__)


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
        self._changes = 0
        self._problem: str | None = None

    def open(self) -> None:
        """Take the file as it is now for the right one; the first call alone counts.

        The descriptor stays open until `close`: closing one would release SQLite's locks on the file.
        """
        with self._lock:
            if self._descriptor is None:
                with suppress(OSError):  # SQLite says so, if it cannot be opened
                    self._descriptor = os.open(self._path, os.O_RDONLY)
                    self._changes = _change_counter(self._descriptor) or 0

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
        """Let go of the file, after all connections to it were closed."""
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _found(self, descriptor: int) -> str | None:
        """Return what has become of the file, or None where it is as it was."""
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return "was deleted"
        except OSError:
            return None  # whether it can be reached is for SQLite to say
        own = os.fstat(descriptor)
        if (named.st_dev, named.st_ino) != (own.st_dev, own.st_ino):
            return "was replaced"
        changes = _change_counter(descriptor)
        if changes is None or changes < self._changes:
            return "was overwritten"
        self._changes = changes
        return None


def _change_counter(descriptor: int) -> int | None:
    """Return the header's file change counter; 0 for an empty file, None where it is no database."""
    header = os.pread(descriptor, _HEADER_BYTES, 0)
    if not header:
        return 0
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        return None
    return int.from_bytes(header[24:28], "big")
