"""Decisions: the answers given about tickets, with everything that made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from triage.store.database import Database
from triage.store.sql import select_by_key
from triage.store.tables import decision_fields, decisions, deliveries
from triage.store.weekly_counts import WeeklyCounts

_COLUMNS = tuple(decisions.c.keys())
_ADD_DECISION = insert(decisions)
_ADD_FIELD = insert(decision_fields)


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """One field as it was answered. Values are JSON values.

    `model_action` is what thresholds, rules and guards said, before holdout and suspension.
    """

    field: str
    value: str | list[str]
    confidence: float
    action: str
    model_action: str
    threshold: float | None
    alternatives: Sequence[Mapping[str, Any]]
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One answered ticket; `requester` is a pseudonym and `text` is redacted."""

    id: str
    at: datetime
    ticket_id: str
    requester: str | None
    token_id: str | None
    source: str
    language: str
    text: str | None
    novelty: float
    is_novel: bool
    is_holdout: bool
    bundle_id: str | None
    index_id: str | None
    rules_id: str | None
    rules: Sequence[str]
    sla: Mapping[str, Any] | None
    articles: Sequence[Mapping[str, Any]]
    fields: Sequence[FieldRecord]


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a database."""

    database: Database
    weekly_counts: WeeklyCounts

    def record(self, decision: DecisionRecord) -> None:
        """Keep a decision; when this returns, it is on disk.

        Raises:
            StoreUnavailableError: it could not be kept.
        """
        self.record_many([decision])

    def record_many(
        self,
        records: Sequence[DecisionRecord],
        in_same_transaction: Callable[[Connection], None] | None = None,
    ) -> None:
        """Keep decisions, and what `in_same_transaction` writes with the connection: all of it or nothing.

        Raises:
            StoreUnavailableError: nothing could be kept.
        """
        fields = [_field_columns(decision.id, f) for decision in records for f in decision.fields]
        with self.database.write() as connection:
            if records:
                connection.execute(_ADD_DECISION, [_columns(decision) for decision in records])
            if fields:
                connection.execute(_ADD_FIELD, fields)
            self.weekly_counts.add_decisions(connection, records)
            if in_same_transaction:
                in_same_transaction(connection)

    def actions(self, connector: str, since: datetime) -> dict[str, dict[str, int]]:
        """Return by field how often each action was decided for a connector; raises as `record`."""
        query = (
            select(decision_fields.c.field, decision_fields.c.action, func.count())
            .join(decisions, decisions.c.id == decision_fields.c.decision_id)
            .join(deliveries, deliveries.c.decision_id == decisions.c.id)
            .where(deliveries.c.connector == connector, decisions.c.at >= since)
            .group_by(decision_fields.c.field, decision_fields.c.action)
        )
        found: dict[str, dict[str, int]] = {}
        with self.database.read() as connection:
            for name, action, count in connection.execute(query):
                found.setdefault(name, {})[action] = int(count)
        return found

    def get(self, decision_id: str) -> DecisionRecord | None:
        """Return a decision, or None where there is none of that id; raises as `record`."""
        with self.database.read() as connection:
            wanted = select_by_key(decisions).where(decisions.c.id == decision_id)
            row = connection.execute(wanted).mappings().first()
            if row is None:
                return None
            found = connection.execute(
                select(decision_fields).where(decision_fields.c.decision_id == decision_id)
            ).mappings()
            fields = [FieldRecord(**{k: v for k, v in f.items() if k != "decision_id"}) for f in found]
        return DecisionRecord(**row, fields=sorted(fields, key=lambda field: field.field))


def _columns(decision: DecisionRecord) -> dict[str, Any]:
    columns = {name: getattr(decision, name) for name in _COLUMNS}
    return columns | {"rules": list(decision.rules), "articles": [dict(a) for a in decision.articles]}


def _field_columns(decision_id: str, record: FieldRecord) -> dict[str, Any]:
    return {
        "decision_id": decision_id,
        "field": record.field,
        "value": record.value,
        "confidence": record.confidence,
        "action": record.action,
        "model_action": record.model_action,
        "threshold": record.threshold,
        "alternatives": [dict(a) for a in record.alternatives],
        "reasons": [dict(r) for r in record.reasons],
    }
