"""The tables come by themselves, are what the code means, and an outage is said as one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, text

from models.errors import SettingsError, StoreUnavailableError
from tests.postgres import Postgres
from tests.store.test_decisions import decision
from triage.store import Store
from triage.store.database import open_database
from triage.store.tables import decisions, metadata

ONE = text("INSERT INTO tallies VALUES ('2026-01-05', 'f', 'fi', '', 'apply', 'b', 1, 0, 0, 0, 0, 0, 0)")


def test_the_migrations_lead_to_the_tables_that_the_code_means(store: Store) -> None:
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_second_start_keeps_what_is_there(open_again: Callable[[], Store]) -> None:
    first = open_again()
    with first.database.write() as connection:
        connection.execute(ONE)
    with open_again().database.read() as connection:
        assert connection.execute(text("SELECT decided FROM tallies")).scalar_one() == 1


def test_what_was_decided_before_there_were_counts_of_it_is_counted_by_the_migration(
    open_again: Callable[[], Store],
) -> None:
    store = open_again()
    made = [decision(at=datetime(2026, 3, day, tzinfo=UTC)) for day in (1, 2, 3)]
    for number, one in enumerate(made):
        fields = [replace(one.fields[0], action="apply"), one.fields[1]]
        team = replace(one.fields[0], field="team", value=f"team {number}")
        store.decisions.record(replace(one, fields=[*fields, team]))
    for one in made[1:]:
        store.feedback.record(one.id, {"category": "screen"})
    before = store.observed.of("category", "b1")
    assert (before.applied, before.corrected) == (3, 2)
    with store.database.engine.execution_options(writes=True).begin() as connection:
        config = Config()
        config.set_main_option("script_location", "triage:store/migrations")
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    later = open_again()
    later.database.ensure()
    assert later.observed.of("category", "b1") == before
    with later.database.read() as connection:
        weeks = dict(connection.execute(text("SELECT week, sum(applied) FROM tallies GROUP BY week")).all())  # type: ignore[arg-type]  # two columns
        assert {str(week): int(count) for week, count in weeks.items()} == {"2026-02-23": 1, "2026-03-02": 2}


def test_processes_that_start_at_once_migrate_once(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(4)]
    failures: list[BaseException] = []

    def start(store: Store) -> None:
        try:
            store.database.ensure()
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with stores[0].database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


def test_a_database_of_a_newer_version_is_refused_and_left_alone(open_again: Callable[[], Store]) -> None:
    with open_again().database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="newer version of the service"):
        open_again().database.ensure()


def test_what_fails_half_way_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.database.write() as connection:
        connection.execute(ONE)
        raise RuntimeError
    with store.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM tallies")).scalar_one() == 0


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(open_again: Callable[[], Store]) -> None:
    reader, writer = open_again().database, open_again().database
    counted = text("SELECT count(*) FROM tallies")
    with reader.read() as connection:
        assert connection.execute(counted).scalar_one() == 0
        with writer.write() as other:
            other.execute(ONE)
        assert connection.execute(counted).scalar_one() == 0
    with reader.read() as connection:
        assert connection.execute(counted).scalar_one() == 1


def test_a_server_that_is_away_is_an_outage_and_comes_back(postgres: Postgres) -> None:
    database = open_database(postgres.create_database("outage"))
    database.ensure()
    postgres.stop()
    try:
        with pytest.raises(StoreUnavailableError, match="try again"), database.read() as connection:
            connection.execute(select(decisions.c.id))
    finally:
        postgres.start()
    with database.read() as connection:
        assert connection.execute(select(decisions.c.id)).all() == []
    database.close()


def test_a_file_that_is_no_database_is_an_outage_that_names_no_content(tmp_path: Path) -> None:
    (tmp_path / "triage.db").write_bytes(b"this is not a database" * 100)
    database = open_database(f"sqlite:///{tmp_path / 'triage.db'}")
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        database.ensure()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "sqlite://"])
def test_another_kind_of_url_is_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(SettingsError, match="sqlite:////folder"):
        open_database(url)
