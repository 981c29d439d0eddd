"""A database whose machine is gone without a word is told to be away; nobody waits for it for ever."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from sqlalchemy import text

from models.errors import StoreUnavailableError
from tests.postgres import Postgres, start_postgres
from triage.store.database import Database, open_database

_NAME = f"triage{os.getpid()}"
_NEAR, _FAR = f"tn{os.getpid()}", f"tf{os.getpid()}"
_HERE, _THERE = "10.213.97.1", "10.213.97.2"
_WITHIN = ("ip", "netns", "exec", _NAME)
_LONG_S = 60


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=60)


@pytest.fixture
def far_server() -> Iterator[Postgres]:
    """A server on what is another machine to the kernel, at the other end of a cable."""
    try:
        _ip("netns", "add", _NAME)
        _ip("link", "add", _NEAR, "type", "veth", "peer", "name", _FAR, "netns", _NAME)
    except (OSError, subprocess.CalledProcessError):
        with suppress(OSError):
            subprocess.run(["ip", "netns", "del", _NAME], check=False, capture_output=True)
        pytest.skip("a network of its own cannot be made here: it needs iproute2 and root")
    try:
        _ip("addr", "add", f"{_HERE}/24", "dev", _NEAR)
        _ip("link", "set", _NEAR, "up")
        _ip("-n", _NAME, "addr", "add", f"{_THERE}/24", "dev", _FAR)
        _ip("-n", _NAME, "link", "set", _FAR, "up")
        # Not under pytest's own folder, which only its owner may enter.
        with TemporaryDirectory(prefix="triage-postgres-", ignore_cleanup_errors=True) as folder:
            server = start_postgres(Path(folder), _THERE, _WITHIN)
            try:
                yield server
            finally:
                server.stop("immediate")
    finally:
        _ip("link", "del", _NEAR)
        _ip("netns", "del", _NAME)


def test_a_question_to_a_machine_that_vanished_ends(far_server: Postgres) -> None:
    database = open_database(far_server.url())
    database.ping()
    asked = Event()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_ask_for_long, database, asked)
        assert asked.wait(_LONG_S)
        _ip("-n", _NAME, "link", "set", _FAR, "down")  # the cable is pulled: nothing comes, not even an end
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            waiting.result(_LONG_S)
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            database.ping()
    database.close()


def _ask_for_long(database: Database, asked: Event) -> None:
    with database.read() as connection:
        connection.execute(text("SELECT 1"))
        asked.set()
        connection.execute(text("SELECT pg_sleep(600)"))
