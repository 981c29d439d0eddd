"""What the operator's overview asks; mostly of the weekly counts, which stay small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, func, select

from triage.store.database import Database
from triage.store.portal_sessions import Group, Groups
from triage.store.tables import searches, session_tallies, sessions, tallies
from triage.store.weekly_counts import TICKET

_NEWEST = 50_000  # searches looked at for those without an answer
_SHOWN_CHARS = 200  # of a search, which may hold a whole ticket
_NOBODY = {"sessions": 0, "submitted": 0}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which weeks, from the Monday `since` on, and which part of them; None is all."""

    since: date
    language: str | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of one week, field, language or segment, called `name`.

    `tickets` divide into those with something applied, else suggested, else neither; for a field, they
    are its decisions. `judged` and `right` are of the values that were `applied_…` or `suggested_…`.
    """

    name: str
    apply: int
    suggest: int
    abstain: int
    applied_judged: int
    applied_right: int
    suggested_judged: int
    suggested_right: int
    blind_judged: int
    blind_right: int

    @property
    def tickets(self) -> int:
        return self.apply + self.suggest + self.abstain


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A text that was searched for `count` times in vain: how it was spelt last, at most 200 characters."""

    text: str
    language: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Statistics:
    """The overview's questions to a database. All methods raise StoreUnavailableError.

    None looks through a table that grows with the tickets. A session counts once it began `settled_after`
    ago, whatever became of it: before, only those that ended quickly would be known.
    """

    database: Database
    settled_after: timedelta

    def by_week(self, chosen: Chosen) -> list[Counted]:
        """Return counts by week, oldest first; weeks without a ticket are left out."""
        return self._counted(tallies.c.week, chosen, is_field=False, order=[tallies.c.week])

    def by_language(self, chosen: Chosen) -> list[Counted]:
        """Return counts by language, most tickets first."""
        return self._most(self._counted(tallies.c.language, chosen, is_field=False))

    def by_segment(self, chosen: Chosen) -> list[Counted]:
        """Return counts by segment, most tickets first."""
        return self._most(self._counted(tallies.c.segment, chosen, is_field=False))

    def by_field(self, chosen: Chosen) -> list[Counted]:
        """Return counts by field, in alphabetical order."""
        found = self._counted(tallies.c.field, chosen, is_field=True, order=[tallies.c.field])
        return [row for row in found if row.name != TICKET]

    def deflected(self, chosen: Chosen) -> Mapping[str, Groups]:
        """Return the sessions by language in which there was something to show, counted by week and group.

        One without outcome counts as one without a ticket.
        """
        young = [sessions.c.was_answerable, sessions.c.started_at >= self._settled(chosen)]
        submitted = case((sessions.c.outcome == "submitted", 1), else_=0)
        parts: list[tuple[int, Table, Sequence[ColumnElement[Any]], Sequence[ColumnElement[bool]]]] = [
            (
                1,
                session_tallies,
                (func.sum(session_tallies.c.sessions), func.sum(session_tallies.c.submitted)),
                [session_tallies.c.week >= chosen.since],
            ),
            (-1, sessions, (func.count(), func.sum(submitted)), young),
        ]
        counts: dict[str, dict[bool, Counter[str]]] = {}
        with self.database.read() as connection:
            for sign, table, numbers, which in parts:
                named = table.c.language, table.c.is_control
                wanted = select(*named, *numbers).where(*which, *_spoken(table, chosen)).group_by(*named)
                for language, is_control, began, came in connection.execute(wanted):
                    group = counts.setdefault(language, {}).setdefault(is_control, Counter())
                    group.update({"sessions": sign * int(began), "submitted": sign * int(came)})
        found = {
            language: Groups(*(Group(**{**_NOBODY, **groups.get(side, {})}) for side in (True, False)))
            for language, groups in sorted(counts.items())
        }
        return {name: both for name, both in found.items() if both.control.sessions or both.treated.sessions}

    def unanswered(self, chosen: Chosen, limit: int = 20) -> list[Unanswered]:
        """Return what was searched for most often without an answer, among the newest 50,000 such searches.

        Texts that differ in case, spaces and punctuation only, or after 200 letters, count as one; of a
        portal's session only the last draft counts.
        """
        newest = (
            select(searches.c.at, searches.c.language, searches.c.vain, searches.c.id)
            .where(searches.c.at >= _start(chosen.since), searches.c.vain.is_not(None))
            .where(*_spoken(searches, chosen))
            .order_by(searches.c.at.desc())
            .limit(_NEWEST)
            .subquery()
        )
        last = func.max(newest.c.id)
        grouped = (
            select(newest.c.language, func.count(), func.max(newest.c.at), last)
            .group_by(newest.c.vain, newest.c.language)
            .order_by(func.count().desc(), newest.c.vain, newest.c.language)
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(grouped).all()
            beginning = func.substr(searches.c.text, 1, _SHOWN_CHARS).label("text")
            spelt = select(searches.c.id, beginning).where(searches.c.id.in_([row[3] for row in rows]))
            texts = {row.id: row.text for row in connection.execute(spelt)}
        return [Unanswered(texts[id], language, count, at) for language, count, at, id in rows]

    def _settled(self, chosen: Chosen) -> datetime:
        return max(datetime.now(UTC) - self.settled_after, _start(chosen.since))

    def _counted(
        self,
        dimension: ColumnElement[Any],
        chosen: Chosen,
        *,
        is_field: bool,
        order: Sequence[ColumnElement[Any]] = (),
    ) -> list[Counted]:
        def total(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[int]:
            counted = case((and_(*conditions), column), else_=0) if conditions else column
            return func.coalesce(func.sum(counted), 0)

        tickets = [tallies.c.field != TICKET] if is_field else [tallies.c.field == TICKET]
        applied, suggested = tallies.c.action == "apply", tallies.c.action == "suggest"
        wanted = (
            select(
                dimension,
                total(tallies.c.decided, applied, *tickets),
                total(tallies.c.decided, suggested, *tickets),
                total(tallies.c.decided, tallies.c.action == "abstain", *tickets),
                total(tallies.c.judged, applied),
                total(tallies.c.right, applied),
                total(tallies.c.judged, suggested),
                total(tallies.c.right, suggested),
                total(tallies.c.blind_judged),
                total(tallies.c.blind_right),
            )
            .where(tallies.c.week >= chosen.since)
            .group_by(dimension)
            .order_by(*order)
        )
        if chosen.language is not None:
            wanted = wanted.where(tallies.c.language == chosen.language)
        if chosen.segment is not None:
            wanted = wanted.where(tallies.c.segment == chosen.segment)
        with self.database.read() as connection:
            return [Counted(str(row[0]), *map(int, row[1:])) for row in connection.execute(wanted)]

    @staticmethod
    def _most(found: list[Counted]) -> list[Counted]:
        return sorted(found, key=lambda row: (-row.tickets, row.name))


def together(counted: Sequence[Counted]) -> Counted:
    """Return the sums of several counts."""
    sums: Counter[str] = Counter()
    for row in counted:
        sums.update({field.name: getattr(row, field.name) for field in fields(row) if field.name != "name"})
    return Counted("", **{field.name: sums[field.name] for field in fields(Counted) if field.name != "name"})


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _spoken(table: Table, chosen: Chosen) -> list[ColumnElement[bool]]:
    return [] if chosen.language is None else [table.c.language == chosen.language]
