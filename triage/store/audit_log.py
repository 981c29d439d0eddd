"""Audit log: who changed what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from triage.store.database import Database
from triage.store.ids import new_id
from triage.store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Entry of the audit log: `actor` did `action`, such as `token.create`, to `target`.

    `details` are JSON values and hold no secret.
    """

    id: str
    at: datetime
    actor: str
    action: str
    target: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditLog:
    """The audit log of a database; entries are added and read, never changed."""

    database: Database

    def record(
        self,
        actor: str,
        action: str,
        target: str,
        details: Mapping[str, Any] | None = None,
        *,
        at: datetime | None = None,
        connection: Connection | None = None,
    ) -> None:
        """Add an entry, of now or of `at`; with the `connection` of a change, both are kept or neither.

        Raises:
            StoreUnavailableError: it could not be kept.
        """
        entry = {
            "id": new_id(),
            "at": at or datetime.now(UTC),
            "actor": actor,
            "action": action,
            "target": target,
            "details": dict(details or {}),
        }
        if connection is not None:
            connection.execute(insert(audit), [entry])
            return
        with self.database.write() as own:
            own.execute(insert(audit), [entry])

    def list(self, *, after: str | None = None, limit: int = 100) -> list[AuditEntry]:
        """Return up to `limit` entries, newest first; `after` is the id that ended the page before.

        Raises:
            StoreUnavailableError: the log cannot be read now.
        """
        wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if after is not None:
            wanted = wanted.where(audit.c.id < after)
        with self.database.read() as connection:
            return [AuditEntry(**row) for row in connection.execute(wanted).mappings()]
