"""How a database answers: the plans of the statements that some work runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from triage.store import Store


def plans(store: Store, work: Callable[[], object], *, seldom_scans: bool = False) -> list[str]:
    """Run the work, and return the plan of each SELECT that it asks, a step a line.

    `seldom_scans` lets PostgreSQL read a whole table only where no index serves: of small tables it would
    read the whole always.
    """
    engine = store.database.engine
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    is_sqlite = engine.dialect.name == "sqlite"
    found = []
    with engine.connect() as connection:
        if seldom_scans and not is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in asked:
            explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            found.append("\n".join(str(row[-1]) for row in rows))
    return found
