"""Private files: what is built and recorded is for the system's user that made it alone."""

from __future__ import annotations

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)


def make_private_folder(folder: Path) -> None:
    """Make a folder that others cannot enter, where it is missing; folders above it get the usual rights."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_private_file(file: Path) -> None:
    """Make an empty file that others cannot read, where it is missing. SQLite's others get its rights."""
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def take_rights_of_others(place: Path) -> None:
    """Take the rights of all other users from a file, or from a folder and everything in it.

    `place` may be a link; links within it are left alone, and so is what belongs to another user, with a
    warning.
    """
    refused = 0
    for path in (place, *_within(place)):
        try:
            mode = path.stat().st_mode
            if mode & 0o077:
                path.chmod(stat.S_IMODE(mode) & 0o700)
        except FileNotFoundError:
            continue  # removed meanwhile
        except OSError:
            refused += 1
    if refused:
        _log.warning(
            "the rights of %d files and folders in %s cannot be taken from other users: they belong to "
            "another user; run all commands as the user of the service",
            refused,
            place,
        )


def _within(folder: Path) -> list[Path]:
    found = []
    for at, folders, files in os.walk(folder):
        found += [Path(at, name) for name in (*folders, *files)]
    return [path for path in found if not path.is_symlink()]
