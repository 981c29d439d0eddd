"""SQL that means the same in SQLite and in PostgreSQL: column types, upserts, selects by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Executable, Select, String, Table, Text, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from models.text.unicode import without_surrogates


def select_by_key(table: Table) -> Select[Any]:
    """Return a select of all columns, each under its key, which may differ from its name in the database."""
    return select(*(column.label(key) for key, column in table.columns.items()))


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose key is not taken, and return how many those were."""
    if not rows:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    key = next(iter(table.primary_key))
    statement = dialect.insert(table).values([dict(row) for row in rows]).on_conflict_do_nothing()
    return len(connection.execute(statement.returning(key)).all())


def insert_or_replace(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row, or change all other columns of the one that has its key."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    keys = [column.key for column in table.primary_key]
    changed = {name: value for name, value in row.items() if name not in keys}
    statement = dialect.insert(table).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def add_counts(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add to all columns beside the key, which are counts; a row that is not there counts nothing yet.

    Give the rows in the order of their keys, each key once, so that two transactions that count the same do
    not wait for each other for ever.
    """
    if not rows:
        return
    connection.execute(_addition(table, connection.dialect.name), list(rows))


@cache
def _addition(table: Table, dialect_name: str) -> Executable:
    """Return the statement that adds to counts; to build it takes longer than to run it."""
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    insert = dialect.insert(table)
    counts = [column.key for column in table.columns if not column.primary_key]
    addition: Executable = insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + insert.excluded[name] for name in counts},
    )
    return addition


class UtcDateTime(TypeDecorator[datetime]):
    """Date and time, kept in UTC; what is stored and what is read has an offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a date and time needs an offset, such as datetime.now(UTC)")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(text: str) -> str:
    """Return the text without what PostgreSQL refuses: NUL characters and halves of surrogate pairs."""
    return without_surrogates(text).replace("\x00", "\ufffd")


class SafeText(TypeDecorator[str]):
    """Text of any length; see `storable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else storable(value)


class SafeString(TypeDecorator[str]):
    """Text of a limited length, cut where it is longer; see `storable`."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self._length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else storable(value)[: self._length]
