"""First token: made at the first start of a home, its secret in a file that only the service's user can read.

Whoever can read the home may do everything anyway, so the file opens nothing more. A marker in the home says
that there has been a token. Where the marker is and no token is found, the database was lost: then none is
made, since whoever deletes a database would be let in by that.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import StorageError
from models.storage.artifact import new_text_file
from triage.background import PeriodicTask

if TYPE_CHECKING:  # the process that watches over the workers needs no database
    from triage.store.access_tokens import AccessTokens

_FILE = "first-token"
_MARKER = "tokens-exist"
_NAME = "first token"
_RETRY_S = 2.0
_log = logging.getLogger(__name__)


def first_token_file(home: Path) -> Path:
    """Return the file of a home that holds the secret of its first token."""
    return home / _FILE


def has_had_tokens(home: Path) -> bool:
    """Tell whether the home's marker says that there has been a token."""
    return (home / _MARKER).exists()


def ensure_first_token(tokens: AccessTokens, home: Path) -> bool:
    """Make a token of the scope admin if there has never been one; return whether one was made.

    Raises:
        StoreUnavailableError: the store cannot be reached; nothing was made.
        StorageError: the secret cannot be written; nothing was made.
    """
    if has_had_tokens(home):
        if not tokens.list():
            _log.error("%s", no_token_known())
        return False

    def keep(secret: str) -> None:
        with new_text_file(first_token_file(home)) as stream:
            stream.write(secret + "\n")

    made = tokens.create_first(_NAME, actor="service", keep=keep)
    with suppress(OSError):  # a home that cannot be written marks nothing
        (home / _MARKER).touch(mode=0o600)
    if made is not None:
        _log.info("made the first token, of the scope admin: its secret is in %s", first_token_file(home))
    return made is not None


def no_token_known() -> str:
    """Return what to do where there has been a token and the store knows none."""
    return (
        "the store knows no token, though there has been one: its database may be lost. Restore a backup, or "
        "run `triage token create NAME --scope admin` on the machine of the service"
    )


def start_first_token(tokens: AccessTokens, home: Path, *, retry_s: float = _RETRY_S) -> PeriodicTask:
    """Make the first token in a thread of its own, as soon as the store can be reached; return its task."""

    def work() -> None:
        try:
            ensure_first_token(tokens, home)
        except StorageError as error:
            _log.error(
                "there is no token, and the first one cannot be kept: run `triage token create NAME --scope "
                "admin` on this machine (%s)",
                error.message,
            )
        task.request_stop()

    task = PeriodicTask(work, name="first-token", every_s=retry_s)
    task.start()
    return task
