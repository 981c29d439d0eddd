"""Weekly counts of applied and corrected values, so that the guarantee needs no scan of the decisions."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("applied", "corrected"):
        op.add_column("tallies", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    _count_what_there_is(op.get_bind())
    op.create_index("ix_tallies_bundle_id", "tallies", ["bundle_id", "field"], unique=False)
    op.drop_index("ix_decisions_is_blind", "decisions")
    op.drop_index("ix_outcomes_field", "outcomes")


def downgrade() -> None:
    op.create_index("ix_outcomes_field", "outcomes", ["field", "is_right"], unique=False)
    op.create_index("ix_decisions_is_blind", "decisions", ["is_blind", "bundle_id"], unique=False)
    op.drop_index("ix_tallies_bundle_id", "tallies")
    for name in ("corrected", "applied"):
        op.drop_column("tallies", name)


def _count_what_there_is(connection: sa.Connection) -> None:
    """Count the decisions that are kept; the segment is not known here, so all go to the first."""
    moment = "(d.at AT TIME ZONE 'UTC')" if connection.dialect.name == "postgresql" else "d.at"
    counted = connection.exec_driver_sql(
        f"""SELECT CAST(date({moment}) AS varchar), f.field, d.language, d.bundle_id, count(*),
        sum(CASE WHEN o.is_right THEN 0 WHEN o.field IS NULL THEN 0 ELSE 1 END)
        FROM decisions d JOIN decision_fields f ON f.decision_id = d.id
        LEFT JOIN outcomes o ON o.decision_id = f.decision_id AND o.field = f.field
        WHERE f.action = 'apply' AND f.model_action = 'apply' AND f.threshold IS NOT NULL
        GROUP BY 1, 2, 3, 4"""  # noqa: S608 - no value in it comes from outside
    )
    applied, corrected = Counter[tuple[date, str, str, str]](), Counter[tuple[date, str, str, str]]()
    for day, field, language, bundle_id, count, wrong in counted:
        at = datetime.fromisoformat(day).date()
        key = at - timedelta(days=at.weekday()), field, language, bundle_id or ""
        applied[key] += count
        corrected[key] += wrong
    tallies = sa.table(
        "tallies",
        *(sa.column(name, sa.Date() if name == "week" else None) for name in ("week", "field", "language")),
        *(sa.column(name) for name in ("segment", "action", "bundle_id", "applied", "corrected")),
    )
    for key, count in applied.items():
        names = tallies.c.week, tallies.c.field, tallies.c.language, tallies.c.bundle_id
        which = sa.and_(tallies.c.action == "apply", *(n == k for n, k in zip(names, key, strict=True)))
        first = sa.select(sa.func.min(tallies.c.segment)).where(which).scalar_subquery()
        counts = {"applied": count, "corrected": corrected[key]}
        connection.execute(sa.update(tallies).where(which, tallies.c.segment == first).values(counts))
