"""The tables come by themselves, are what the code means, and an outage is said as one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models.errors import SettingsError, StorageError, StoreUnavailableError
from tests.postgres import Postgres
from tests.store.test_decisions import decision
from triage.settings import Settings
from triage.store import Store, database, open_store
from triage.store.database import newest_revision, open_database
from triage.store.tables import decisions, metadata

ONE = text("INSERT INTO tallies VALUES ('2026-01-05', 'f', 'fi', '', 'apply', 'b', 1, 0, 0, 0, 0, 0, 0)")


def test_the_migrations_lead_to_the_tables_that_the_code_means(store: Store) -> None:
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_other_users_of_the_machine_cannot_read_the_database_in_a_file(tmp_path: Path) -> None:
    store = open_store(Settings(home=tmp_path / "home"))
    store.database.ping()
    stored = sorted(path for path in (tmp_path / "home").iterdir() if not path.name.endswith(".lock"))
    assert {"secret.key", "triage.db", "triage.db-wal"} <= {path.name for path in stored}
    assert [path.name for path in stored if path.stat().st_mode & 0o077] == []
    store.database.close()


@pytest.mark.parametrize("left", [0, 31])
def test_a_key_of_pseudonyms_that_was_cut_off_is_not_used(tmp_path: Path, left: int) -> None:
    (tmp_path / "secret.key").write_bytes(b"k" * left)
    with pytest.raises(StorageError, match=f"holds {left} bytes"):
        open_store(Settings(home=tmp_path))


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
    before = store.observed_errors.counts("category", "b1")
    assert (before.applied, before.corrected) == (3, 2)
    with store.database.write() as connection:
        config = Config()
        config.set_main_option("script_location", "triage:store/migrations")
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    later = open_again()
    later.database.ensure_migrated()
    assert later.observed_errors.counts("category", "b1") == before
    with later.database.read() as connection:
        weeks = dict(connection.execute(text("SELECT week, sum(applied) FROM tallies GROUP BY week")).all())  # type: ignore[arg-type]  # two columns
        assert {str(week): int(count) for week, count in weeks.items()} == {"2026-02-23": 1, "2026-03-02": 2}


def test_processes_that_start_at_once_migrate_once(open_again: Callable[[], Store]) -> None:
    stores = [open_again() for _ in range(4)]
    failures: list[BaseException] = []

    def start(store: Store) -> None:
        try:
            store.database.ensure_migrated()
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


def test_tables_that_are_gone_are_an_outage_and_no_defect(store: Store) -> None:
    store.database.ensure_migrated()
    with store.database.write() as connection:
        connection.execute(text("DROP TABLE audit"))
    with pytest.raises(StoreUnavailableError):
        store.audit_log.record("cli:ann", "token.create", "t1")


def test_a_database_of_a_newer_version_is_refused_and_left_alone(open_again: Callable[[], Store]) -> None:
    with open_again().database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match="newer version of the service"):
        open_again().database.ensure_migrated()


def test_the_newest_version_is_the_one_that_the_migrations_lead_to() -> None:
    migrations = Path(database.__file__).with_name("migrations")
    assert newest_revision() == ScriptDirectory(str(migrations)).get_current_head()


def test_a_database_that_is_up_to_date_needs_no_migrations_imported(
    open_again: Callable[[], Store], store_url: str
) -> None:
    open_again().database.ensure_migrated()
    program = (
        "import sys; from triage.store.database import open_database\n"
        "with open_database(sys.argv[1]).write() as connection: print(connection.dialect.name)\n"
        "print('alembic' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", program, store_url]
    printed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    assert printed.split() == [store_url.split(":", maxsplit=1)[0], "False"]


def test_a_database_of_an_earlier_version_is_brought_up_to_date(
    open_again: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_again()
    first.database.ensure_migrated()
    asked: list[str] = []
    monkeypatch.setattr(database, "newest_revision", lambda: "later")
    monkeypatch.setattr("alembic.command.upgrade", lambda _config, revision: asked.append(revision))
    open_again().database.ensure_migrated()
    assert asked == ["head"]


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
    database.ensure_migrated()
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
        database.ensure_migrated()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "sqlite://"])
def test_another_kind_of_url_is_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(SettingsError, match="sqlite:////folder"):
        open_database(url)


@pytest.mark.parametrize(
    ("raised", "is_outage"),
    [
        (psycopg.errors.CrashShutdown, True),
        (psycopg.errors.DeadlockDetected, True),
        (psycopg.errors.DiskFull, True),
        (psycopg.errors.IoError, True),
        (psycopg.errors.OutOfMemory, True),
        (psycopg.errors.ReadOnlySqlTransaction, True),  # another server has taken over
        (sqlite3.OperationalError, True),
        (sqlite3.DatabaseError, True),
        (psycopg.errors.UndefinedColumn, False),
        (psycopg.errors.StringDataRightTruncation, False),
        (sqlite3.IntegrityError, False),
    ],
)
def test_what_the_database_cannot_help_is_no_outage_and_what_it_fails_at_is(
    tmp_path: Path, raised: type[Exception], is_outage: bool
) -> None:
    base = psycopg.Error if raised.__module__.startswith("psycopg") else sqlite3.Error
    database = open_database(f"sqlite:///{tmp_path / 'triage.db'}")
    expected = StoreUnavailableError if is_outage else DBAPIError
    with pytest.raises(expected), database.read():
        raise DBAPIError.instance("SELECT 1", None, raised("a ticket's text"), base)
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that holds two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a file system of its own cannot be made here: it needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True, capture_output=True)


def test_a_full_disk_is_told_though_questions_are_answered_until_there_is_space_again(
    small_disk: Path,
) -> None:
    store = open_store(Settings(home=small_disk))
    store.database.ping()
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(1 << 22))
    lost = decision()
    with pytest.raises(StoreUnavailableError, match=r"SQLITE_FULL.*disk is full: free some space"):
        for _ in range(100):  # what SQLite has set aside already is used first
            store.decisions.record(lost := decision())
    assert store.decisions.get(lost.id) is None
    with pytest.raises(StoreUnavailableError, match="disk is full"):
        store.database.ping()
    filler.unlink()
    store.database.ping()
    store.decisions.record(lost)
    assert store.decisions.get(lost.id) is not None
    store.database.close()


def test_a_server_that_only_follows_another_one_is_told_before_anything_is_to_be_kept(
    postgres: Postgres,
) -> None:
    url = postgres.create_database("follower")
    leading = open_database(url)
    leading.ping()
    with leading.write() as connection:
        connection.execute(text("ALTER DATABASE follower SET default_transaction_read_only = on"))
    leading.close()
    following = open_database(url)
    with pytest.raises(StoreUnavailableError, match=r"ReadOnlySqlTransaction.*only follows another one"):
        following.ping()
    with following.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM decisions")).scalar_one() == 0
    following.close()


def test_while_another_program_holds_the_file_a_write_fails_soon_and_works_again_when_it_is_free(
    tmp_path: Path,
) -> None:
    opened = open_database(f"sqlite:///{tmp_path}/triage.db", busy_s=0.3)
    opened.ping()
    with closing(sqlite3.connect(tmp_path / "triage.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(20):
            with pytest.raises(StoreUnavailableError, match="another process holds it"), opened.write():
                pass
        with opened.read() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
        other.execute("ROLLBACK")
    with opened.write() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    opened.close()
