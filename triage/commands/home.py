"""The home that a command works on: its store, and the actor that the audit log names."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from triage.settings import load_settings

if TYPE_CHECKING:
    from triage.store import Store


def open_home_store(home: Path | None, settings_file: Path | None) -> Store:
    """Return the store of a home, to be used in a `with` statement; SQLAlchemy is imported only now."""
    from triage.store import open_store

    return open_store(load_settings(settings_file, home=home))


def cli_actor() -> str:
    """Return the actor for what is done on the command line: `cli:` and the name of the system's user."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have a number only
        return "cli:unknown"
