"""The home that a command works on: its store, and the actor that the audit log names."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import StoreUnavailableError
from triage.first_token import has_had_tokens
from triage.settings import Settings, load_settings

if TYPE_CHECKING:
    from triage.store import Store


def open_home_store(home: Path | None, settings_file: Path | None) -> Store:
    """Return the store of a home, to be used in a `with` statement; raises as `open_store_of`."""
    return open_store_of(load_settings(settings_file, home=home))


def open_store_of(settings: Settings, *, begins_anew: bool = False) -> Store:
    """Return the store that the settings name; SQLAlchemy is imported only now.

    Where the database of the home is lost, none is made in its place, unless `begins_anew` is set.

    Raises:
        StoreUnavailableError: the database is lost, or what is left of it stands in the way of a new one.
    """
    from triage.store import open_store

    if not settings.store.url and has_had_tokens(settings.home):
        _check_not_lost(settings.home / "triage.db", begins_anew=begins_anew)
    return open_store(settings)


def _check_not_lost(database: Path, *, begins_anew: bool) -> None:
    if database.exists():
        return
    rest = [file.name for file in database.parent.glob(f"{database.name}-*")]  # its log, and the log's index
    if rest:
        raise StoreUnavailableError(
            f"the store's database {database} is lost, and of it {' and '.join(sorted(rest))} are left: stop "
            "the service, remove these files, and restore the backup. Without a backup remove them too, then "
            "run `triage token create NAME --scope admin` and start the service"
        )
    if not begins_anew:
        raise StoreUnavailableError(
            f"the store's database {database} is lost: stop the service, restore the backup, and start it "
            "again. Without a backup run `triage token create NAME --scope admin`, which makes a new one"
        )


def cli_actor() -> str:
    """Return the actor for what is done on the command line: `cli:` and the name of the system's user."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have a number only
        return "cli:unknown"
