"""Statistics for the operator's dashboard, mostly from the weekly counts, which stay small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, case, func, literal, select

from triage.store.database import Database
from triage.store.portal_sessions import DeflectionExperiment, GroupCounts
from triage.store.tables import searches, sessions, weekly_counts, weekly_session_counts
from triage.store.weekly_counts import TICKET

_NEWEST = 50_000  # searches looked at for those without an answer
_SHOWN_CHARS = 200  # of a search, which may hold a whole ticket
_COUNTED = "sessions", "submitted", "discarded"


@dataclass(frozen=True, slots=True)
class Selection:
    """Selection of weeks, from the Monday `since` on, and of a language and a segment; None is all."""

    since: date
    language: str | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one week, field, language or segment, called `name`.

    A ticket counts under `apply` where a value was applied, else under `suggest`, else under `abstain`; for a
    field, its decisions count. `judged` and `right` are of the values that were `applied_…` or `suggested_…`.
    """

    name: str
    apply: int
    suggest: int
    abstain: int
    applied_judged: int
    applied_right: int
    suggested_judged: int
    suggested_right: int
    holdout_judged: int
    holdout_right: int

    @property
    def tickets(self) -> int:
        return self.apply + self.suggest + self.abstain


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """Search without an answer, made `count` times; `text` as it was spelt last, at most 200 characters."""

    text: str
    language: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Statistics:
    """The dashboard's statistics of a database. All methods raise StoreUnavailableError.

    No method scans a table that grows with the tickets. A session counts from `settled_after` after its
    beginning, whatever its outcome: earlier, only sessions that ended quickly would have one.
    """

    database: Database
    settled_after: timedelta

    def by_week(self, selection: Selection) -> list[Counts]:
        """Return counts by week, oldest first; weeks without a ticket are left out."""
        return self._counted(weekly_counts.c.week, selection, is_field=False, order=[weekly_counts.c.week])

    def by_language(self, selection: Selection) -> list[Counts]:
        """Return counts by language, most tickets first."""
        return self._most(self._counted(weekly_counts.c.language, selection, is_field=False))

    def by_segment(self, selection: Selection) -> list[Counts]:
        """Return counts by segment, most tickets first."""
        return self._most(self._counted(weekly_counts.c.segment, selection, is_field=False))

    def by_field(self, selection: Selection) -> list[Counts]:
        """Return counts by field, in alphabetical order."""
        found = self._counted(weekly_counts.c.field, selection, is_field=True, order=[weekly_counts.c.field])
        return [row for row in found if row.name != TICKET]

    def deflection(self, selection: Selection) -> Mapping[str, DeflectionExperiment]:
        """Return the experiment by language: sessions in which something could be shown, by group.

        A session without outcome counts as one without a ticket.
        """
        young = [sessions.c.was_answerable, sessions.c.started_at >= self._settled(selection)]
        submitted = case((sessions.c.outcome == "submitted", 1), else_=0)
        parts: list[tuple[int, Table, Sequence[ColumnElement[Any]], Sequence[ColumnElement[bool]]]] = [
            (
                1,
                weekly_session_counts,
                tuple(func.sum(weekly_session_counts.c[name]) for name in _COUNTED),
                [weekly_session_counts.c.week >= selection.since],
            ),
            (-1, sessions, (func.count(), func.sum(submitted), literal(0)), young),
        ]
        counts: dict[str, dict[bool, Counter[str]]] = {}
        with self.database.read() as connection:
            for sign, table, numbers, which in parts:
                named = table.c.language, table.c.is_control
                wanted = (
                    select(*named, *numbers).where(*which, *_in_language(table, selection)).group_by(*named)
                )
                for language, is_control, *found in connection.execute(wanted):
                    group = counts.setdefault(language, {}).setdefault(is_control, Counter())
                    group.update({name: sign * int(n) for name, n in zip(_COUNTED, found, strict=True)})
        experiments = {language: _experiment(groups) for language, groups in sorted(counts.items())}
        return {
            language: found
            for language, found in experiments.items()
            if found.control.sessions or found.treated.sessions or found.discarded
        }

    def unanswered_searches(self, selection: Selection, limit: int = 20) -> list[UnansweredSearch]:
        """Return the most frequent searches without an answer, among the newest 50,000 such searches.

        Texts that differ in case, spaces and punctuation only, or after 200 letters, count as one; of a
        portal's session only the last draft counts.
        """
        newest = (
            select(searches.c.at, searches.c.language, searches.c.unanswered_text, searches.c.id)
            .where(searches.c.at >= _start(selection.since), searches.c.unanswered_text.is_not(None))
            .where(*_in_language(searches, selection))
            .order_by(searches.c.at.desc())
            .limit(_NEWEST)
            .subquery()
        )
        last = func.max(newest.c.id)
        grouped = (
            select(newest.c.language, func.count(), func.max(newest.c.at), last)
            .group_by(newest.c.unanswered_text, newest.c.language)
            .order_by(func.count().desc(), newest.c.unanswered_text, newest.c.language)
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(grouped).all()
            beginning = func.substr(searches.c.text, 1, _SHOWN_CHARS).label("text")
            last_spelling = select(searches.c.id, beginning).where(
                searches.c.id.in_([row[3] for row in rows])
            )
            texts = {row.id: row.text for row in connection.execute(last_spelling)}
        return [UnansweredSearch(texts[id], language, count, at) for language, count, at, id in rows]

    def _settled(self, selection: Selection) -> datetime:
        return max(datetime.now(UTC) - self.settled_after, _start(selection.since))

    def _counted(
        self,
        dimension: ColumnElement[Any],
        selection: Selection,
        *,
        is_field: bool,
        order: Sequence[ColumnElement[Any]] = (),
    ) -> list[Counts]:
        def total(column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[int]:
            counted = case((and_(*conditions), column), else_=0) if conditions else column
            return func.coalesce(func.sum(counted), 0)

        tickets = [weekly_counts.c.field != TICKET] if is_field else [weekly_counts.c.field == TICKET]
        applied, suggested = weekly_counts.c.action == "apply", weekly_counts.c.action == "suggest"
        wanted = (
            select(
                dimension,
                total(weekly_counts.c.decided, applied, *tickets),
                total(weekly_counts.c.decided, suggested, *tickets),
                total(weekly_counts.c.decided, weekly_counts.c.action == "abstain", *tickets),
                total(weekly_counts.c.judged, applied),
                total(weekly_counts.c.right, applied),
                total(weekly_counts.c.judged, suggested),
                total(weekly_counts.c.right, suggested),
                total(weekly_counts.c.holdout_judged),
                total(weekly_counts.c.holdout_right),
            )
            .where(weekly_counts.c.week >= selection.since)
            .group_by(dimension)
            .order_by(*order)
        )
        if selection.language is not None:
            wanted = wanted.where(weekly_counts.c.language == selection.language)
        if selection.segment is not None:
            wanted = wanted.where(weekly_counts.c.segment == selection.segment)
        with self.database.read() as connection:
            return [Counts(str(row[0]), *map(int, row[1:])) for row in connection.execute(wanted)]

    @staticmethod
    def _most(found: list[Counts]) -> list[Counts]:
        return sorted(found, key=lambda row: (-row.tickets, row.name))


def _experiment(groups: Mapping[bool, Counter[str]]) -> DeflectionExperiment:
    control, treated = groups.get(True, Counter()), groups.get(False, Counter())
    return DeflectionExperiment(
        GroupCounts(control["sessions"], control["submitted"]),
        GroupCounts(treated["sessions"], treated["submitted"]),
        control["discarded"] + treated["discarded"],
    )


def combine(counted: Sequence[Counts]) -> Counts:
    """Return the sum of several counts, without a name."""
    sums: Counter[str] = Counter()
    for row in counted:
        sums.update({field.name: getattr(row, field.name) for field in fields(row) if field.name != "name"})
    return Counts("", **{field.name: sums[field.name] for field in fields(Counts) if field.name != "name"})


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _in_language(table: Table, selection: Selection) -> list[ColumnElement[bool]]:
    return [] if selection.language is None else [table.c.language == selection.language]
