"""What the operator's overview asks; mostly of the weekly counts, which stay small."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from triage.store.database import Database
from triage.store.tables import searches, sessions, step_downs, tallies
from triage.store.tallies import TICKET

_NEWEST = 50_000  # searches looked at for those without an answer
_MOST_TEXTS = 2_000


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
class Sessions:
    """Sessions with an answerable draft: how many, and after how many a ticket came."""

    sessions: int
    submitted: int


@dataclass(frozen=True, slots=True)
class Deflected:
    """Sessions that were shown articles, beside those of the control group that were not."""

    language: str
    shown: Sessions
    control: Sessions


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A text that was searched for `count` times in vain, in its most frequent spelling."""

    text: str
    language: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Statistics:
    """The overview's questions to a database. All methods raise StoreUnavailableError."""

    database: Database

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

    def stepped_down(self) -> frozenset[str]:
        """Return the fields that are only suggested now, since their observed error broke the promise."""
        with self.database.read() as connection:
            held = select(step_downs.c.field).where(step_downs.c.lifted_at.is_(None))
            return frozenset(connection.execute(held).scalars())

    def deflected(self, chosen: Chosen) -> list[Deflected]:
        """Return the sessions by language; only those in which there was something to show count."""
        submitted = func.sum(case((sessions.c.outcome == "submitted", 1), else_=0))
        wanted = (
            select(sessions.c.language, sessions.c.is_control, func.count(), submitted)
            .where(sessions.c.started_at >= _start(chosen.since), sessions.c.was_answerable)
            .group_by(sessions.c.language, sessions.c.is_control)
        )
        if chosen.language is not None:
            wanted = wanted.where(sessions.c.language == chosen.language)
        nobody = Sessions(0, 0)
        groups: dict[str, dict[bool, Sessions]] = {}
        with self.database.read() as connection:
            for language, is_control, count, came in connection.execute(wanted):
                groups.setdefault(language, {})[is_control] = Sessions(count, int(came))
        return [
            Deflected(language, found.get(False, nobody), found.get(True, nobody))
            for language, found in sorted(groups.items())
        ]

    def unanswered(self, chosen: Chosen, limit: int = 20) -> list[Unanswered]:
        """Return what was searched for most often without an answer, among the newest 50,000 such searches.

        Texts that differ in case, spaces and punctuation only count as one.
        """
        wanted = select(searches.c.text, searches.c.language, searches.c.at).where(
            searches.c.at >= _start(chosen.since), ~searches.c.is_answered, searches.c.text.is_not(None)
        )
        if chosen.language is not None:
            wanted = wanted.where(searches.c.language == chosen.language)
        newest = wanted.order_by(searches.c.at.desc()).limit(_NEWEST).subquery()
        grouped = (
            select(newest.c.text, newest.c.language, func.count().label("count"), func.max(newest.c.at))
            .group_by(newest.c.text, newest.c.language)
            .order_by(func.count().desc(), newest.c.text)
            .limit(_MOST_TEXTS)
        )
        with self.database.read() as connection:
            rows = connection.execute(grouped).all()
        found: dict[tuple[str, str], Unanswered] = {}
        for text, language, count, last_at in rows:
            key = (_folded(text), language)
            if key[0]:
                first = found.get(key, Unanswered(text, language, 0, last_at))
                found[key] = Unanswered(
                    first.text, language, first.count + count, max(first.last_at, last_at)
                )
        return sorted(found.values(), key=lambda one: (-one.count, one.text))[:limit]

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


def _folded(text: str) -> str:
    """Return the text as it is compared: without case, punctuation and double spaces.

    >>> _folded("  VPN, geht   nicht! ")
    'vpn geht nicht'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
