"""What portals may store a day, which drafts many sessions sent, and sessions that do not count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from triage.store.sql import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sessions", sa.Column("is_discarded", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("session_tallies", sa.Column("discarded", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "portal_usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("token_id", sa.String(length=16), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "token_id", name=op.f("pk_portal_usage")),
    )
    op.create_table(
        "draft_marks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("client", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_marks")),
    )
    for column in ("at", "session_id", "client"):
        op.create_index(op.f(f"ix_draft_marks_{column}"), "draft_marks", [column], unique=False)


def downgrade() -> None:
    op.drop_table("draft_marks")
    op.drop_table("portal_usage")
    op.drop_column("session_tallies", "discarded")
    op.drop_column("sessions", "is_discarded")
