"""Feedback on decisions: the values that people gave the fields in the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Text, and_, cast, exists, func, or_, select

from models.classifiers.fields import same_label
from models.errors import ConflictError, NotFoundError
from triage.store.database import Database
from triage.store.ids import new_id
from triage.store.sql import insert_new, insert_or_replace, select_by_key
from triage.store.tables import decision_fields, decisions, feedback, outcomes
from triage.store.weekly_counts import JudgementChange

FinalValue = str | list[str] | None
"""The value that a field has in the end: for tags a list, None where a person left it empty."""

_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class FeedbackResult:
    """Result of recording feedback.

    `is_new` is False where the same feedback had come before. `right` says for each field whether the
    answered value was right; `unknown` are fields that the decision does not have.
    """

    is_new: bool
    bundle_id: str | None
    right: Mapping[str, bool] = field(default_factory=dict)
    unknown: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """Answered value that people changed into another, and how often."""

    field: str
    answered: FinalValue
    final: FinalValue
    count: int


@dataclass(frozen=True, slots=True)
class JudgedTicket:
    """Ticket with the values that people gave it in the end."""

    ticket_id: str
    at: datetime
    language: str
    text: str
    final: Mapping[str, FinalValue]


@dataclass(frozen=True, slots=True)
class Feedback:
    """The feedback of a database.

    `on_judged` is called in the same transaction, with the row of `decisions` (by key), all its rows of
    `decision_fields`, and by field how the judgement changed.
    """

    database: Database
    on_judged: Callable[[Connection, Any, Sequence[Any], Mapping[str, JudgementChange]], None] | None = None

    def record(
        self,
        decision_id: str,
        final: Mapping[str, FinalValue],
        *,
        id: str | None = None,
        token_id: str | None = None,
    ) -> FeedbackResult:
        """Keep final values durably; of several that contradict each other the last one counts.

        All feedback stays in the history. The same `id` twice is one feedback.

        Raises:
            NotFoundError: there is no such decision.
            ConflictError: the `id` came before with something else.
            StoreUnavailableError: it could not be kept.
        """
        now = datetime.now(UTC)
        with self.database.write() as connection:
            # The row is held, so that two processes do not judge one decision at the same time.
            found = connection.execute(
                select_by_key(decisions).where(decisions.c.id == decision_id).with_for_update()
            ).first()
            if found is None:
                raise NotFoundError(
                    f"there is no decision {decision_id}: send the decision_id of an answer of /v1/triage; "
                    "it may have been erased, or be older than decisions are kept",
                    fields={"decision_id": "unknown"},
                )
            fields = connection.execute(
                select(decision_fields).where(decision_fields.c.decision_id == decision_id)
            ).all()
            right = {f.field: same_label(f.value, final[f.field]) for f in fields if f.field in final}
            unknown = sorted(final.keys() - right.keys())
            row = {"id": id or new_id(), "at": now, "decision_id": decision_id, "token_id": token_id}
            if not insert_new(connection, feedback, [{**row, "final": dict(final)}]):
                earlier = connection.execute(
                    select(feedback.c.decision_id, feedback.c.final).where(feedback.c.id == row["id"])
                ).one()
                if (earlier.decision_id, earlier.final) != (decision_id, dict(final)):
                    raise ConflictError(
                        f"feedback {id} was given before with something else: give each feedback an id of "
                        "its own, such as a UUID, or none",
                        fields={"id": "already used"},
                    )
                return FeedbackResult(False, found.bundle_id, right, unknown)
            judged = select(outcomes.c.field, outcomes.c.is_right)
            judged = judged.where(outcomes.c.decision_id == decision_id)
            before = {known.field: known.is_right for known in connection.execute(judged)}
            for name, is_right in right.items():
                outcome = {"decision_id": decision_id, "field": name, "final": final[name], "at": now}
                insert_or_replace(
                    connection, outcomes, {**outcome, "is_right": is_right, "feedback_id": row["id"]}
                )
            if self.on_judged is not None:
                changes = {
                    name: JudgementChange(before.get(name), is_right) for name, is_right in right.items()
                }
                self.on_judged(connection, found, fields, changes)
        return FeedbackResult(True, found.bundle_id, right, unknown)

    def corrections(
        self, since: datetime, until: datetime | None = None, *, action: str | None = None, limit: int = 100
    ) -> list[Correction]:
        """Return the most frequent corrections: which values people changed into which.

        Holdout tickets, which had no answer to correct, are left out. Raises as `record`.
        """
        answered, final = cast(decision_fields.c.value, Text), cast(outcomes.c.final, Text)
        statement = (
            select(decision_fields.c.field, answered, final, func.count())
            .select_from(_with_outcomes())
            .where(~outcomes.c.is_right, ~decisions.c.is_holdout, *_between(since, until))
            .group_by(decision_fields.c.field, answered, final)
            .order_by(func.count().desc(), decision_fields.c.field, answered, final)
            .limit(limit)
        )
        if action is not None:
            statement = statement.where(decision_fields.c.action == action)
        with self.database.read() as connection:
            return [
                Correction(name, json.loads(a), json.loads(b), count)
                for name, a, b, count in connection.execute(statement)
            ]

    def judged_tickets(self) -> Iterator[JudgedTicket]:
        """Yield the tickets with an outcome whose text is kept, oldest first; of a ticket the last decision.

        They are read while they are used, a thousand rows at a time. Raises as `record`.
        """
        later, judged = decisions.alias("later"), outcomes.alias("judged")
        overtaken = exists().where(
            decisions.c.ticket_id != "",
            later.c.ticket_id == decisions.c.ticket_id,
            later.c.text.is_not(None),
            or_(later.c.at > decisions.c.at, and_(later.c.at == decisions.c.at, later.c.id > decisions.c.id)),
            exists().where(judged.c.decision_id == later.c.id),
        )
        statement = (
            select(
                decisions.c.id,
                decisions.c.ticket_id,
                decisions.c.at,
                decisions.c.language,
                decisions.c.text,
                outcomes.c.field,
                outcomes.c.final,
            )
            .select_from(decisions.join(outcomes, outcomes.c.decision_id == decisions.c.id))
            .where(decisions.c.text.is_not(None), ~overtaken)
            .order_by(decisions.c.at, decisions.c.id)
            .execution_options(yield_per=_ROWS)
        )
        with self.database.read() as connection:
            for decision_id, rows in groupby(connection.execute(statement), key=lambda row: row.id):
                first, *others = rows
                final = {row.field: row.final for row in (first, *others)}
                yield JudgedTicket(
                    first.ticket_id or decision_id, first.at, first.language, first.text, final
                )


def _with_outcomes() -> Any:
    same = and_(
        outcomes.c.decision_id == decision_fields.c.decision_id, outcomes.c.field == decision_fields.c.field
    )
    joined = decisions.join(decision_fields, decision_fields.c.decision_id == decisions.c.id)
    return joined.join(outcomes, same)


def _between(since: datetime, until: datetime | None) -> list[Any]:
    return [decisions.c.at >= since, *([decisions.c.at < until] if until else [])]
