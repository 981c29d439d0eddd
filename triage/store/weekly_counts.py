"""Weekly counts for the dashboard and the guarantee, written in the same transaction as what they count.

`WeeklyCounts` counts decisions and their outcomes. `count_session_changes` counts the portal's sessions, and
of them only those in which something could be shown: in the others both groups of the experiment see the
same. Comparing those is fair. Until the first answerable search both groups saw nothing, so what is shown
cannot decide who counts. Discarded sessions are counted by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, select

from models.classifiers.fields import label_values
from triage.guarantee.scope import is_guaranteed
from triage.store.sql import add_counts, storable
from triage.store.tables import sessions, weekly_counts, weekly_session_counts

ACTIONS = ("apply", "suggest", "abstain")
TICKET = ""
"""The field under which tickets themselves are counted."""

COUNTS = ("decided", "judged", "right", "holdout_judged", "holdout_right", "applied", "corrected")
_Key = tuple[date, str, str, str, str, str]
_SessionKey = tuple[date, str, bool]


def week_of(moment: datetime) -> date:
    """Return the Monday, by UTC, of the week of a moment, which is in UTC.

    >>> week_of(datetime(2026, 3, 1, 23, 59))
    datetime.date(2026, 2, 23)
    """
    day = moment.date()
    return day - timedelta(days=day.weekday())


class CountedField(Protocol):
    """Field of a decision as it is counted: a `FieldRecord`, or a row of `decision_fields`."""

    @property
    def field(self) -> str: ...
    @property
    def value(self) -> str | list[str]: ...
    @property
    def action(self) -> str: ...
    @property
    def model_action(self) -> str: ...
    @property
    def threshold(self) -> float | None: ...


class CountedDecision(Protocol):
    """Decision as it is counted: a `DecisionRecord`, or a row of `decisions` by key."""

    @property
    def at(self) -> datetime: ...
    @property
    def language(self) -> str: ...
    @property
    def bundle_id(self) -> str | None: ...
    @property
    def is_holdout(self) -> bool: ...


class DecisionWithFields(CountedDecision, Protocol):
    """Decision with its fields, as it is counted when it is made."""

    @property
    def fields(self) -> Sequence[CountedField]: ...


@dataclass(frozen=True, slots=True)
class JudgementChange:
    """Change of an outcome: whether the answered value was right `before` and `after`; None is unknown."""

    before: bool | None
    after: bool | None


@dataclass(frozen=True, slots=True)
class WeeklyCounts:
    """Counts of decisions and outcomes, by week, language, action and the value of `segment_field`.

    Beside each field the ticket itself is counted, as the field "" with the furthest action of its fields.
    """

    segment_field: str = "team"

    def add_decisions(self, connection: Connection, decisions: Iterable[DecisionWithFields]) -> None:
        """Count the fields of new decisions."""
        counts: dict[_Key, Counter[str]] = {}
        for decision in decisions:
            segment = self._segment(decision.fields)
            actions = (field.action for field in decision.fields)
            furthest = min(actions, key=ACTIONS.index, default=ACTIONS[-1])
            counts.setdefault(_key(decision, segment, TICKET, furthest), Counter())["decided"] += 1
            for field in decision.fields:
                counted = counts.setdefault(_key(decision, segment, field.field, field.action), Counter())
                counted["decided"] += 1
                counted["applied"] += _is_guaranteed(field) and field.action == "apply"
        _add(connection, counts)

    def add_judgements(
        self,
        connection: Connection,
        decision: CountedDecision,
        fields: Iterable[CountedField],
        judgements: Mapping[str, JudgementChange],
    ) -> None:
        """Count changed outcomes; call it once for each change.

        `fields` are all fields of the decision, `judgements` those whose outcome is new or has changed.
        """
        fields = list(fields)
        changes = {}
        for field in fields:
            if field.field not in judgements:
                continue
            judgement = judgements[field.field]
            judged = (judgement.after is not None) - (judgement.before is not None)
            right = bool(judgement.after) - bool(judgement.before)
            counted = {"judged": judged, "right": right}
            if decision.is_holdout and _is_guaranteed(field):
                counted |= {"holdout_judged": judged, "holdout_right": right}
            if field.action == "apply" and _is_guaranteed(field):
                counted["corrected"] = judged - right
            changes[_key(decision, self._segment(fields), field.field, field.action)] = counted
        _add(connection, changes)

    def _segment(self, fields: Sequence[CountedField]) -> str:
        value = next((field.value for field in fields if field.field == self.segment_field), "")
        return ", ".join(label_values(value))


def _is_guaranteed(field: CountedField) -> bool:
    return is_guaranteed(field.model_action, field.threshold)


def _key(decision: CountedDecision, segment: str, field: str, action: str) -> _Key:
    # Cut and cleaned as the columns will, so that two keys that are one row are one here.
    names = storable(field)[:200], decision.language, storable(segment)[:200]
    return week_of(decision.at.astimezone(UTC)), *names, action, decision.bundle_id or ""


def _add(connection: Connection, changes: Mapping[_Key, Mapping[str, int]]) -> None:
    rows: list[dict[str, Any]] = []
    for key, counted in sorted(changes.items()):
        if any(counted.values()):
            named = dict(zip(weekly_counts.primary_key.columns.keys(), key, strict=True))
            rows.append(named | {name: counted.get(name, 0) for name in COUNTS})
    add_counts(connection, weekly_counts, rows)


@dataclass(frozen=True, slots=True)
class CountedSession:
    """Session as it is counted; `outcome` is None while it is not known."""

    id: str
    started_at: datetime
    language: str
    is_control: bool
    was_answerable: bool
    outcome: str | None
    is_discarded: bool = False


def lock_sessions(connection: Connection, ids: Sequence[str]) -> list[CountedSession]:
    """Return the sessions that exist, by id, locked against changes by others until the transaction ends."""
    # In one order, so that two processes do not wait for each other.
    named = select(*(sessions.c[name] for name in CountedSession.__slots__)).where(sessions.c.id.in_(ids))
    found = connection.execute(named.order_by(sessions.c.id).with_for_update())
    return [CountedSession(**row) for row in found.mappings()]


def count_session_changes(
    connection: Connection, changes: Iterable[tuple[CountedSession, CountedSession]]
) -> None:
    """Count changes of sessions, each given before and after."""
    counts: dict[_SessionKey, Counter[str]] = {}
    for before, after in changes:
        for session, one in ((before, -1), (after, 1)):
            key = week_of(session.started_at.astimezone(UTC)), session.language, session.is_control
            counted = counts.setdefault(key, Counter())
            counted["discarded"] += one * session.is_discarded
            if session.was_answerable:
                counted["sessions"] += one
                counted["submitted"] += one * (session.outcome == "submitted")
    rows: list[dict[str, Any]] = []
    for key, counted in sorted(counts.items()):
        if any(counted.values()):
            named = dict(zip(weekly_session_counts.primary_key.columns.keys(), key, strict=True))
            rows.append(named | {name: counted[name] for name in ("sessions", "submitted", "discarded")})
    add_counts(connection, weekly_session_counts, rows)
