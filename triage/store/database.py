"""Database: SQLite in a file or PostgreSQL on a server, opened, migrated, and its outages as one error."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.errors import SettingsError, StoreUnavailableError
from models.storage.filelock import exclusive_lock
from models.storage.private import make_private_file
from triage.store.database_file import DatabaseFile
from triage.timing import timed

_MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT_S = 5
# How long a write waits while another program holds SQLite's file, and how long once that is known.
BUSY_S = 5.0
_STILL_BUSY_S = 0.1
# A server whose machine or network is gone answers nothing: without these the kernel waits for a quarter of
# an hour for what was sent, and for hours for what is to come.
_NO_ANSWER = {
    "connect_timeout": _WAIT_S,
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
# What is deleted, or changed as a delivery's body is once it is decided, is overwritten in the file too.
_PRAGMAS = "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "secure_delete=ON"
# What beside `OperationalError` is the database's fault and not the question's: SQLite's file is damaged, or
# PostgreSQL's server only follows since another took over, or its tables are gone.
_OUTAGES = frozenset({"DatabaseError", "ReadOnlySqlTransaction", "UndefinedTable"})
# How drivers name what somebody can mend, and what is said of it. Their own messages may quote what was to be
# stored.
_CAUSES = {
    "SQLITE_FULL": "the disk is full: free some space",
    "DiskFull": "the disk is full: free some space",
    "SQLITE_READONLY": "its file cannot be written: look at owner and permissions",
    "ReadOnlySqlTransaction": "its server only follows another one: name the one that leads in store.url",
    "UndefinedTable": "its tables are gone: restore the backup, then start the service again",
    "SQLITE_BUSY": "another process holds it: try again in a moment",
}
_MIGRATING = 6_841_220_417  # any number: processes that migrate the same PostgreSQL database take turns


@dataclass(frozen=True, slots=True)
class Database:
    """Database whose tables are made, or brought up to date, at the first use.

    The first use may come late: a server starts while PostgreSQL is away, and answers what needs no store.
    """

    engine: Engine
    lock_file: Path | None = None
    file: DatabaseFile | None = None
    _migrated: threading.Event = field(default_factory=threading.Event)
    _written: threading.Event = field(default_factory=threading.Event)  # set while writing is known to work
    _lock: threading.Lock = field(default_factory=threading.Lock)
    busy_s: float = BUSY_S
    _is_busy: threading.Event = field(default_factory=threading.Event)  # set while another program holds it
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _reading: Engine = field(init=False)

    def __post_init__(self) -> None:
        reading = self.engine
        if self.engine.dialect.name == "postgresql":
            # There, each statement would see what was committed before it.
            reading = reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        object.__setattr__(self, "_reading", reading)  # made once: it costs as much as a statement

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection in one transaction: all of it is kept, durably, or nothing.

        Raises:
            StoreUnavailableError: the database cannot be reached, is locked or full.
        """
        self.ensure_migrated()
        self.check_file()
        try:
            with timed("store"), _unavailable(), self._transaction() as connection:
                yield connection
            self.check_file()
        except StoreUnavailableError:
            self._written.clear()
            raise
        self._written.set()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection for reading, which sees one state of the database; raises as `write`."""
        self.ensure_migrated()
        self.check_file()
        with timed("store"), _unavailable(), self._reading.begin() as connection:
            self._begin(connection, "BEGIN")
            yield connection

    def ping(self) -> None:
        """Check that the database answers, and that it can be written where that is in doubt.

        With a full disk, or as a server that only follows another one, it answers and keeps nothing. Raises
        as `write`.
        """
        if self._written.is_set():
            with self.read() as connection:
                connection.execute(text("SELECT 1"))
        else:
            with self.write() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

    def ensure_migrated(self) -> None:
        """Bring the tables up to date, once; raises as `write`, and SettingsError as `open_database`."""
        if self._migrated.is_set():
            return
        with self._lock:
            if not self._migrated.is_set():
                with _unavailable():
                    if not self._is_up_to_date():
                        self._migrate()
                    if self.file is not None:
                        self.file.open(self._kept_open())
                self._migrated.set()

    def check_file(self) -> None:
        """Check that SQLite's file is still the one that was opened; raises StoreUnavailableError."""
        if self.file is not None:
            self.file.check()

    def checkpoint_wal(self) -> bool:
        """Empty SQLite's write-ahead log, which still holds deleted data; False while somebody reads it."""
        if self.engine.dialect.name != "sqlite":
            return True
        with _unavailable(), self.engine.connect() as connection:
            return not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self.file is not None:
            self.file.close()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        if self.engine.dialect.name != "sqlite":
            with self.engine.begin() as connection:
                yield connection
            return
        # Writers of this process take turns, so that SQLite's own wait is one for other programs alone.
        if not self._turn.acquire(timeout=_WAIT_S):
            raise StoreUnavailableError("too many wait to write to the store: try again in a moment")
        try:
            with self.engine.begin() as connection:
                wait_s = _STILL_BUSY_S if self._is_busy.is_set() else self.busy_s
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * wait_s)}")
                self._is_busy.set()
                # One that reads first and writes later would fail where another one wrote in between.
                self._begin(connection, "BEGIN IMMEDIATE")
                self._is_busy.clear()
                yield connection
        finally:
            self._turn.release()

    def _begin(self, connection: Connection, statement: str) -> None:
        # Said here: to listen for each beginning, as SQLAlchemy offers, makes every connection dearer.
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(statement)

    def _kept_open(self) -> Connection:
        """Return a connection that has read, and belongs to no pool."""
        connection = self.engine.connect()
        connection.detach()
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        connection.commit()
        return connection

    def _is_up_to_date(self) -> bool:
        with self.engine.begin() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return False
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
            return found == [newest_revision()]

    def _migrate(self) -> None:
        # A quarter of a second and 11 MB, which a database that is up to date does not need.
        from alembic import command
        from alembic.config import Config
        from alembic.util.exc import CommandError

        turn = exclusive_lock(self.lock_file) if self.lock_file else nullcontext()
        with turn, self._transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIGRATING})
                connection.execute(text("SET LOCAL statement_timeout = 0"))  # a new index of a large table
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise SettingsError(
                    f"the database {self.engine.url.render_as_string()} is of a version that this one does "
                    f"not know ({error}): a newer version of the service has used it, so run that one"
                ) from error


def newest_revision() -> str:
    """Return the version that the newest migration leads to: the number that its file's name begins with."""
    return max(path.name.split("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def open_database(url: str, *, connections: int = 8, busy_s: float = BUSY_S) -> Database:
    """Return the database at an SQLAlchemy URL; nothing is connected yet.

    A write waits for `busy_s` seconds while another program holds SQLite's file.

    Raises:
        SettingsError: the URL is neither of SQLite's nor of PostgreSQL's.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(_advice("the setting is not a database URL")) from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        options: dict[str, Any] = {
            "pool_pre_ping": True,  # a connection that a restart has cut is replaced before it is used
            "pool_size": connections,
            "max_overflow": connections,
            "pool_timeout": _WAIT_S,
            "connect_args": {**_NO_ANSWER, "options": "-c statement_timeout=30000"},
        }
    elif parsed.drivername == "sqlite" and parsed.database:
        options = {
            "pool_size": connections,
            "max_overflow": connections,
            "pool_timeout": _WAIT_S,
            "connect_args": {"timeout": _WAIT_S, "check_same_thread": False},
        }
    else:
        raise SettingsError(_advice(f"it names {parsed.drivername}"))
    try:
        # A log of statements, or of one that failed, says nothing of what was to be stored.
        engine = create_engine(parsed, hide_parameters=True, **options)
    except (NoSuchModuleError, ImportError):
        raise SettingsError(
            "PostgreSQL needs its driver: install it with `pip install 'triage[postgresql]'`"
        ) from None
    if parsed.drivername == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        file = Path(str(parsed.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # a place that cannot be written is told at first use
            make_private_file(file)
        return Database(engine, file.with_name(f"{file.name}.lock"), DatabaseFile(file), busy_s=busy_s)
    return Database(engine)


def _advice(found: str) -> str:
    return (
        f"store.url: {found}; write sqlite:////folder/triage.db or postgresql://user:password@host/name, "
        "or leave it out for triage.db in the home"
    )


def _set_pragmas(connection: Any, _record: Any) -> None:
    # The driver begins no transaction by itself: `Database` says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreUnavailableError("all connections to the store are busy: try again in a moment") from error
    except DBAPIError as error:
        if not _is_outage(error):
            raise
        kind = _kind(error)
        cause = _CAUSES.get(kind, "try again in a moment; if it stays so, look at its disk and its log")
        raise StoreUnavailableError(f"the store cannot be reached or written ({kind}): {cause}") from error


def _kind(error: DBAPIError) -> str:
    # SQLite's codes have a first part that tells enough: SQLITE_IOERR_WRITE is an SQLITE_IOERR.
    name = getattr(error.orig, "sqlite_errorname", None)
    return "_".join(name.split("_")[:2]) if name else type(error.orig).__name__


def _is_outage(error: DBAPIError) -> bool:
    # Drivers name each kind of failure; SQLAlchemy knows of which of the standard's kinds it is.
    if error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError)):
        return True
    return type(error.orig).__name__ in _OUTAGES
