"""All tables of the store. `migrations/` brings a database to this form; a test compares the two.

Some columns have another `key` than name: the code calls them by the key, the database by the name that it
had when it was made.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from triage.store.sql import SafeString, SafeText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Id = String(32)


def _decision_key() -> Column[str]:
    return Column("decision_id", _Id, ForeignKey("decisions.id", ondelete="CASCADE"), primary_key=True)


def _unanswered_index() -> Index:
    counted = text("vain IS NOT NULL")
    columns = "at", "language", "unanswered_text", "id"
    return Index("ix_searches_vain", *columns, sqlite_where=counted, postgresql_where=counted)


# One answered ticket, with everything that made the answer. `requester` is a keyed hash, `text` redacted.
decisions = Table(
    "decisions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("ticket_id", SafeString(200), nullable=False, index=True),
    Column("requester", String(64), index=True),
    Column("token_id", String(16)),
    Column("source", String(40), nullable=False),
    Column("language", String(20), nullable=False),
    Column("text", SafeText),
    Column("novelty", Float, nullable=False),
    Column("is_novel", Boolean, nullable=False),
    Column("is_blind", Boolean, key="is_holdout", nullable=False),
    Column("bundle_id", String(100)),
    Column("index_id", String(100)),
    Column("rules_id", String(64)),
    Column("rules", JSON, nullable=False),
    Column("sla", JSON),
    Column("articles", JSON, nullable=False),
)

# One field of a decision. `model_action` is what thresholds, rules and guards said, `action` what was
# answered.
decision_fields = Table(
    "decision_fields",
    metadata,
    _decision_key(),
    Column("field", SafeString(200), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("action", String(10), nullable=False),
    Column("model_action", String(10), nullable=False),
    Column("threshold", Float),
    Column("alternatives", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
)

# Feedback as it came: what a caller said of a decision; the same id twice is one feedback.
feedback = Table(
    "feedback",
    metadata,
    Column("id", SafeString(100), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("decision_id", _Id, ForeignKey("decisions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_id", String(16)),
    Column("final", JSON, nullable=False),
)

# Outcomes: the value that a field has in the end, by the last feedback.
outcomes = Table(
    "outcomes",
    metadata,
    _decision_key(),
    Column("field", SafeString(200), primary_key=True),
    Column("final", JSON, nullable=False),
    Column("is_right", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("feedback_id", SafeString(100), nullable=False),
)

# Searches of agents and customers; `text` is redacted. `unanswered_text` is the same text, folded, by which
# searches without an answer are counted, and null for all others. The index alone tells which are most
# frequent, and rows that are erased or old leave table and index at once.
searches = Table(
    "searches",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("language", String(20), nullable=False),
    Column("text", SafeText),
    Column("session_id", _Id, index=True),
    Column("best", Float, nullable=False),
    Column("found", JSON, nullable=False),
    Column("is_answered", Boolean, nullable=False),
    Column("vain", SafeString(200), key="unanswered_text"),
    _unanswered_index(),
)

# Sessions of customers in the portal; in the control group no article is shown. What is discarded does not
# count: many sessions sent the same, or there was no room for what was searched in it.
sessions = Table(
    "sessions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("token_id", String(16)),
    Column("language", String(20), nullable=False),
    Column("is_control", Boolean, nullable=False),
    Column("was_answerable", Boolean, nullable=False),
    Column("outcome", String(12)),
    Column("ended_at", UtcDateTime),
    Column("is_discarded", Boolean, nullable=False, server_default=false()),
    # All that deflection is counted from, so that the rows themselves are not read.
    Index("ix_sessions_counted", "was_answerable", "started_at", "language", "is_control", "outcome"),
)

# Drafts of portals, by a keyed hash of client and text, with the session that sent each first; `client` is a
# keyed hash too, where the session counts. Both change every day.
draft_marks = Table(
    "draft_marks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("session_id", _Id, nullable=False, index=True),
    Column("client", String(32), index=True),
)

# Bytes that were stored a day of what came with a portal's token.
portal_usage = Table(
    "portal_usage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("token_id", String(16), primary_key=True),
    Column("stored_bytes", BigInteger, nullable=False),
)

# Article events: an article was shown, opened, attached, found helpful or not, or it solved the matter.
article_events = Table(
    "article_events",
    metadata,
    Column("id", SafeString(100), primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("article_id", SafeString(500), nullable=False, index=True),
    Column("decision_id", _Id),
    Column("search_id", _Id),
    Column("session_id", _Id),
    Column("token_id", String(16)),
    Column("learnt_at", UtcDateTime, index=True),  # when the ranking of articles took it up
)

# Webhook deliveries and their states: a durable outbox. `payload` is cleared once the ticket is decided.
# One signed body is one delivery: under another id it is a replay.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("connector", String(100), nullable=False),
    Column("delivery_id", SafeString(200), nullable=False),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("ticket_id", SafeString(200), nullable=False),
    Column("as_of", UtcDateTime, nullable=False),
    Column("requester", String(64), index=True),
    Column("callback_url", SafeText),
    Column("payload", SafeText),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("decision_id", _Id),
    Column("result", SafeText),
    Column("error", SafeText),
    UniqueConstraint("connector", "delivery_id"),
    UniqueConstraint("body_hash", "connector", "signed_at"),
    Index("ix_deliveries_due", "state", "next_at"),
    Index("ix_deliveries_ticket", "connector", "ticket_id", "as_of"),
)

# Audit log: who changed what. Rows are deleted by age only.
audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor", SafeString(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("target", SafeString(500), nullable=False),
    Column("details", JSON, nullable=False),
)

# Access tokens; only a hash of the secret is kept, and of the one before it while that is still good.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", SafeString(200), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("previous_hash", String(64)),
    Column("previous_until", UtcDateTime),
    Column("scopes", JSON, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
)

# Suspensions: a field whose observed error violated its guarantee is only suggested until the suspension
# ends.
suspensions = Table(
    "step_downs",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("field", SafeString(200), nullable=False),
    Column("bundle_id", String(100), nullable=False),
    Column("judged", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("promised", Float, key="target_error", nullable=False),
    Column("lifted_at", UtcDateTime, key="ended_at"),
    Column("lifted_by", SafeString(200), key="ended_by"),
    Index("ix_step_downs_field", "field", "bundle_id"),
)

# Weekly counts, read by the dashboard and the guarantee; they hold nothing of a person and outlive the
# decisions. `segment` is the answered value of the field that the settings name (a team, most often).
# `applied` counts values at or above their threshold, not those that a rule set; `corrected` of them were
# wrong.
weekly_counts = Table(
    "tallies",
    metadata,
    Column("week", Date, primary_key=True),
    Column("field", SafeString(200), primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("segment", SafeString(200), primary_key=True),
    Column("action", String(10), primary_key=True),
    Column("bundle_id", String(100), primary_key=True),
    Column("decided", Integer, nullable=False),
    Column("judged", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("blind_judged", Integer, key="holdout_judged", nullable=False),
    Column("blind_right", Integer, key="holdout_right", nullable=False),
    Column("applied", Integer, nullable=False, server_default="0"),
    Column("corrected", Integer, nullable=False, server_default="0"),
    Index("ix_tallies_bundle_id", "bundle_id", "field"),
)

# Weekly counts of sessions with something to show, by the week in which a session began; they hold nothing of
# a person and outlive the sessions.
weekly_session_counts = Table(
    "session_tallies",
    metadata,
    Column("week", Date, primary_key=True),
    Column("language", String(20), primary_key=True),
    Column("is_control", Boolean, primary_key=True),
    Column("sessions", Integer, nullable=False),
    Column("submitted", Integer, nullable=False),
    Column("discarded", Integer, nullable=False, server_default="0"),
)
