"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from triage.store.sql import SafeString, SafeText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_events",
        sa.Column("id", SafeString(100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("article_id", SafeString(500), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=True),
        sa.Column("search_id", sa.String(length=32), nullable=True),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("token_id", sa.String(length=16), nullable=True),
        sa.Column("learnt_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_events")),
    )
    op.create_index(op.f("ix_article_events_article_id"), "article_events", ["article_id"], unique=False)
    op.create_index(op.f("ix_article_events_at"), "article_events", ["at"], unique=False)
    op.create_index(op.f("ix_article_events_learnt_at"), "article_events", ["learnt_at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", SafeString(200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("target", SafeString(500), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ticket_id", SafeString(200), nullable=False),
        sa.Column("requester", sa.String(length=64), nullable=True),
        sa.Column("token_id", sa.String(length=16), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", SafeText(), nullable=True),
        sa.Column("novelty", sa.Float(), nullable=False),
        sa.Column("is_novel", sa.Boolean(), nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("bundle_id", sa.String(length=100), nullable=True),
        sa.Column("index_id", sa.String(length=100), nullable=True),
        sa.Column("rules_id", sa.String(length=64), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("sla", sa.JSON(), nullable=True),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_at"), "decisions", ["at"], unique=False)
    op.create_index("ix_decisions_is_blind", "decisions", ["is_blind", "bundle_id"], unique=False)
    op.create_index(op.f("ix_decisions_requester"), "decisions", ["requester"], unique=False)
    op.create_index(op.f("ix_decisions_ticket_id"), "decisions", ["ticket_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("connector", sa.String(length=100), nullable=False),
        sa.Column("delivery_id", SafeString(200), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", SafeString(200), nullable=False),
        sa.Column("as_of", UtcDateTime(), nullable=False),
        sa.Column("requester", sa.String(length=64), nullable=True),
        sa.Column("callback_url", SafeText(), nullable=True),
        sa.Column("payload", SafeText(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=True),
        sa.Column("decision_id", sa.String(length=32), nullable=True),
        sa.Column("result", SafeText(), nullable=True),
        sa.Column("error", SafeText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("connector", "delivery_id", name=op.f("uq_deliveries_connector")),
        sa.UniqueConstraint("body_hash", "connector", "signed_at", name=op.f("uq_deliveries_body_hash")),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "next_at"], unique=False)
    op.create_index("ix_deliveries_ticket", "deliveries", ["connector", "ticket_id", "as_of"], unique=False)
    op.create_index(op.f("ix_deliveries_requester"), "deliveries", ["requester"], unique=False)
    op.create_index(op.f("ix_deliveries_received_at"), "deliveries", ["received_at"], unique=False)
    op.create_table(
        "searches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", SafeText(), nullable=True),
        sa.Column("session_id", sa.String(length=32), nullable=True),
        sa.Column("best", sa.Float(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("vain", SafeString(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    counted = sa.text("vain IS NOT NULL")
    op.create_index(
        "ix_searches_vain",
        "searches",
        ["at", "language", "vain", "id"],
        unique=False,
        sqlite_where=counted,
        postgresql_where=counted,
    )
    op.create_index(op.f("ix_searches_at"), "searches", ["at"], unique=False)
    op.create_index(op.f("ix_searches_session_id"), "searches", ["session_id"], unique=False)
    op.create_table(
        "session_tallies",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("is_control", sa.Boolean(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "language", "is_control", name=op.f("pk_session_tallies")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("token_id", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("is_control", sa.Boolean(), nullable=False),
        sa.Column("was_answerable", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(
        "ix_sessions_counted",
        "sessions",
        ["was_answerable", "started_at", "language", "is_control", "outcome"],
        unique=False,
    )
    op.create_index(op.f("ix_sessions_started_at"), "sessions", ["started_at"], unique=False)
    op.create_table(
        "step_downs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("field", SafeString(200), nullable=False),
        sa.Column("bundle_id", sa.String(length=100), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Float(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", SafeString(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_downs")),
    )
    op.create_index("ix_step_downs_field", "step_downs", ["field", "bundle_id"], unique=False)
    op.create_table(
        "tallies",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("field", SafeString(200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("segment", SafeString(200), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("bundle_id", sa.String(length=100), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("blind_judged", sa.Integer(), nullable=False),
        sa.Column("blind_right", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "week", "field", "language", "segment", "action", "bundle_id", name=op.f("pk_tallies")
        ),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", SafeString(200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("previous_until", UtcDateTime(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    op.create_table(
        "decision_fields",
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("field", SafeString(200), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("model_action", sa.String(length=10), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("alternatives", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_decision_fields_decision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "field", name=op.f("pk_decision_fields")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", SafeString(100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("token_id", sa.String(length=16), nullable=True),
        sa.Column("final", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_feedback_decision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_at"), "feedback", ["at"], unique=False)
    op.create_index(op.f("ix_feedback_decision_id"), "feedback", ["decision_id"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("decision_id", sa.String(length=32), nullable=False),
        sa.Column("field", SafeString(200), nullable=False),
        sa.Column("final", sa.JSON(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("feedback_id", SafeString(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_outcomes_decision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "field", name=op.f("pk_outcomes")),
    )
    op.create_index("ix_outcomes_field", "outcomes", ["field", "is_right"], unique=False)
