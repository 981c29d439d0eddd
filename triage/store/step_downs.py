"""Fields that no longer apply anything, since their observed error broke the promise."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, bindparam, func, select, update

from triage.store.audit import Audit
from triage.store.database import Database
from triage.store.inserts import insert_new
from triage.store.tables import step_downs


@dataclass(frozen=True, slots=True)
class StepDown:
    """A field that stepped down: of `judged` values `wrong` were so, more than `promised` allows."""

    field: str
    bundle_id: str
    at: datetime
    judged: int
    wrong: int
    promised: float


# Asked every few seconds: to build the question takes longer than to answer it.
_IN_FORCE = select(*(step_downs.c[column.name] for column in fields(StepDown))).where(
    step_downs.c.bundle_id == bindparam("bundle_id"), step_downs.c.lifted_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class StepDowns:
    """The step-downs of a database. All methods raise StoreUnavailableError."""

    database: Database

    def in_force(self, bundle_id: str) -> Mapping[str, StepDown]:
        """Return the fields of a bundle that are stepped down now."""
        with self.database.read() as connection:
            found = connection.execute(_IN_FORCE, {"bundle_id": bundle_id})
            return {row.field: StepDown(*row) for row in found}

    def lifted_at(self, field: str, bundle_id: str) -> datetime | None:
        """Return when the field's last step-down was lifted, None where there was none."""
        with self.database.read() as connection:
            moment: datetime | None = connection.execute(
                select(func.max(step_downs.c.lifted_at)).where(*_of(field, bundle_id))
            ).scalar_one()
            return moment

    def add(self, step_down: StepDown) -> bool:
        """Step a field down, and note it; False where it already is, also when another process was faster."""
        field, bundle_id = step_down.field, step_down.bundle_id
        with self.database.write() as connection:
            states = connection.execute(select(step_downs.c.lifted_at).where(*_of(field, bundle_id))).all()
            if any(state.lifted_at is None for state in states):
                return False
            # The same id for whoever finds out at the same time.
            name = f"{field}\0{bundle_id}\0{len(states)}"
            row = {
                "id": hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32],
                "at": step_down.at,
                "field": field,
                "bundle_id": bundle_id,
                "judged": step_down.judged,
                "wrong": step_down.wrong,
                "promised": step_down.promised,
            }
            if not insert_new(connection, step_downs, [row]):
                return False
            counts = {name: row[name] for name in ("bundle_id", "judged", "wrong", "promised")}
            Audit(self.database).record("service", "promise.step_down", field, counts, connection=connection)
            return True

    def lift(self, field: str, bundle_id: str, by: str) -> bool:
        """Let a field apply again, and note it; False where it is not stepped down.

        What came before counts no more.
        """
        with self.database.write() as connection:
            lifted = connection.execute(
                update(step_downs)
                .where(*_of(field, bundle_id), step_downs.c.lifted_at.is_(None))
                .values(lifted_at=datetime.now(UTC), lifted_by=by)
            )
            if not lifted.rowcount:
                return False
            details = {"bundle_id": bundle_id}
            Audit(self.database).record(by, "promise.lift", field, details, connection=connection)
            return True


def _of(field: str, bundle_id: str) -> tuple[ColumnElement[bool], ...]:
    return step_downs.c.field == field, step_downs.c.bundle_id == bundle_id
