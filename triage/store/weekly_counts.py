"""Counts by week that the dashboard and the promise read, kept in the same transaction as what they count.

Counts by week of the portal's sessions, kept in the same transaction as the sessions themselves.

Only sessions in which something could be shown are counted: in the others both groups see the same. Comparing
those is fair, since until the first answerable search both groups saw nothing, so that what is shown cannot
decide who counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, select

from models.classifiers.fields import label_values
from triage.store.sql import add_counts, storable
from triage.store.tables import session_tallies, sessions, tallies

_SessionKey = tuple[date, str, bool]


@dataclass(frozen=True, slots=True)
class Session:
    """What of a session decides how it is counted; `outcome` is None while it is not known."""

    id: str
    started_at: datetime
    language: str
    is_control: bool
    was_answerable: bool
    outcome: str | None


def held(connection: Connection, ids: Sequence[str]) -> list[Session]:
    """Return those of the sessions that there are, by id, and keep others from changing them meanwhile."""
    # In one order, so that two processes do not wait for each other.
    named = select(*(sessions.c[name] for name in Session.__slots__)).where(sessions.c.id.in_(ids))
    found = connection.execute(named.order_by(sessions.c.id).with_for_update())
    return [Session(**row) for row in found.mappings()]


def count_changes(connection: Connection, changes: Iterable[tuple[Session, Session]]) -> None:
    """Count how sessions changed, each given before and after."""
    began: Counter[_SessionKey] = Counter()
    submitted: Counter[_SessionKey] = Counter()
    for before, after in changes:
        for session, one in ((before, -1), (after, 1)):
            if session.was_answerable:
                key = week_of(session.started_at.astimezone(UTC)), session.language, session.is_control
                began[key] += one
                submitted[key] += one * (session.outcome == "submitted")
    rows: list[dict[str, Any]] = []
    for key in sorted(began):
        if began[key] or submitted[key]:
            named = dict(zip(session_tallies.primary_key.columns.keys(), key, strict=True))
            rows.append(named | {"sessions": began[key], "submitted": submitted[key]})
    add_counts(connection, session_tallies, rows)


ACTIONS = ("apply", "suggest", "abstain")
TICKET = ""
"""The field under which tickets themselves are counted."""

COUNTS = ("decided", "judged", "right", "blind_judged", "blind_right", "applied", "corrected")
_Key = tuple[date, str, str, str, str, str]


def week_of(moment: datetime) -> date:
    """Return the Monday, by UTC, of the week of a moment, which is in UTC.

    >>> week_of(datetime(2026, 3, 1, 23, 59))
    datetime.date(2026, 2, 23)
    """
    day = moment.date()
    return day - timedelta(days=day.weekday())


class Answered(Protocol):
    """A field as it was answered: `FieldRecord`, or a row of `decision_fields`."""

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


class Decided(Protocol):
    """A decision: `DecisionRecord`, or a row of `decisions`."""

    @property
    def at(self) -> datetime: ...
    @property
    def language(self) -> str: ...
    @property
    def bundle_id(self) -> str | None: ...
    @property
    def is_blind(self) -> bool: ...


class DecidedWhole(Decided, Protocol):
    """A decision with its fields."""

    @property
    def fields(self) -> Sequence[Answered]: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an outcome changed: whether the answered value was right, `before` and `after`; None is unknown."""

    before: bool | None
    after: bool | None


@dataclass(frozen=True, slots=True)
class Tallies:
    """Counts decisions and what became of them; `segment_field` names the field that decisions are split by.

    Beside each field the ticket itself is counted, as the field "" with the furthest action of its fields.
    """

    segment_field: str = "team"

    def decided(self, connection: Connection, decisions: Iterable[DecidedWhole]) -> None:
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
                counted["applied"] += _would_apply(field) and field.action == "apply"
        _add(connection, counts)

    def judged(
        self,
        connection: Connection,
        decision: Decided,
        fields: Iterable[Answered],
        judgements: Mapping[str, Judgement],
    ) -> None:
        """Count what became known, or known differently, of fields; call it once for each change of outcomes.

        `fields` are all fields of the decision, `judgements` those whose outcome is new or another.
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
            if decision.is_blind and _would_apply(field):
                counted |= {"blind_judged": judged, "blind_right": right}
            if field.action == "apply" and _would_apply(field):
                counted["corrected"] = judged - right
            changes[_key(decision, self._segment(fields), field.field, field.action)] = counted
        _add(connection, changes)

    def _segment(self, fields: Sequence[Answered]) -> str:
        value = next((field.value for field in fields if field.field == self.segment_field), "")
        return ", ".join(label_values(value))


def _would_apply(field: Answered) -> bool:
    # What a rule of the helpdesk's own set has no bar, and so no promise to keep.
    return field.model_action == "apply" and field.threshold is not None


def _key(decision: Decided, segment: str, field: str, action: str) -> _Key:
    # Cut and cleaned as the columns will, so that two keys that are one row are one here.
    names = storable(field)[:200], decision.language, storable(segment)[:200]
    return week_of(decision.at.astimezone(UTC)), *names, action, decision.bundle_id or ""


def _add(connection: Connection, changes: Mapping[_Key, Mapping[str, int]]) -> None:
    rows: list[dict[str, Any]] = []
    for key, counted in sorted(changes.items()):
        if any(counted.values()):
            named = dict(zip(tallies.primary_key.columns.keys(), key, strict=True))
            rows.append(named | {name: counted.get(name, 0) for name in COUNTS})
    add_counts(connection, tallies, rows)
