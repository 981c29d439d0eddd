"""Every test of the store runs over SQLite and over PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.postgres import Postgres
from triage.settings import Settings, StoreSettings
from triage.store import Store, open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'triage.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def open_again(store_url: str, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same store, each time as another process would."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(open_store(Settings(home=tmp_path, store=StoreSettings(url=store_url))))
        return opened[-1]

    yield open_one
    for store in opened:
        store.database.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    return open_again()
