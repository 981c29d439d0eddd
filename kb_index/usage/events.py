"""Usage events of articles, kept as sums: what happened to each article at each position of a list.

No text, query or name is kept. The sums say how often an article was shown at a position, opened there,
attached, found helpful and found unhelpful. Events of customers (`portal`) and of agents (`agent`) are never
added together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from models.errors import FolderError, InputError

EventKind = Literal["shown", "opened", "attached", "helpful", "unhelpful", "solved"]
"""Kinds of events on an article in a list of results, as callers report and the store keeps them."""

Audience = Literal["portal", "agent"]
Counts = NDArray[np.float64]
"""(POSITIONS, N_COLUMNS) for one article: events by position and column, decayed by their age."""

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
POSITIONS = 10
"""Positions that are kept apart; the last one also stands for all behind it."""

COLUMN_OF: Mapping[EventKind, int] = {
    "shown": 0,
    "opened": 1,
    "attached": 2,
    "solved": 3,
    "helpful": 3,
    "unhelpful": 4,
}
"""The column in which a kind is counted, also on the disk. Helpful and solved say the same of an article."""

N_COLUMNS = 5

HALF_LIFE_DAYS = 180.0
"""An event of this age counts half."""

# An event is added with the weight 2^(days since the epoch / half-life), however late it is reported. The
# sums need no update over time: readers divide by the weight of today. Until 2199 it stays below 2^400.
_EPOCH = date(2026, 1, 1)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_MOST_EVENTS = 1_000_000
_EXPIRED = 0.01
_DIGITS = 9
_OTHER_TIME_ZONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened `count` times to an article at `position`, from 1, in a list of results.

    Each article of a list that somebody saw is `shown` once, whatever else happens. An article that is
    opened and solves the problem is `shown`, `opened` and `solved`.

    Raises:
        InputError: a position or count below 1, a count over a million, a day before 2000 or after 2199,
            an unknown kind or audience.
    """

    article_id: str
    position: int
    kind: EventKind
    day: date
    audience: Audience
    count: int = 1

    def __post_init__(self) -> None:
        problems = {}
        if self.position < 1:
            problems["position"] = f"is {self.position}, the first position is 1"
        if not _EARLIEST <= self.day <= _LATEST:
            problems["day"] = f"is {self.day}, expected {_EARLIEST} to {_LATEST}"
        if not 1 <= self.count <= _MOST_EVENTS:
            problems["count"] = f"is {self.count}, expected 1 to {_MOST_EVENTS:,}"
        if self.kind not in EVENT_KINDS:
            problems["kind"] = f"is {self.kind!r:.80}, expected one of {', '.join(EVENT_KINDS)}"
        if self.audience not in AUDIENCES:
            problems["audience"] = f"is {self.audience!r:.80}, expected {' or '.join(AUDIENCES)}"
        if problems:
            listed = "; ".join(f"{name} {problem}" for name, problem in problems.items())
            raise InputError(f"an event cannot be counted: {listed}", fields=problems)


@dataclass(frozen=True, slots=True)
class UsageCounts:
    """Sums of all events by audience and article id; immutable, each change returns new sums."""

    sums: Mapping[Audience, Mapping[str, Counts]] = field(
        default_factory=lambda: {audience: {} for audience in AUDIENCES}
    )

    def with_events(self, events: Iterable[Event]) -> UsageCounts:
        """Return the sums with further events; their order does not matter."""
        new: dict[Audience, dict[str, Counts]] = {audience: {} for audience in AUDIENCES}
        for event in events:
            counts = new[event.audience].setdefault(event.article_id, _no_counts())
            row = min(event.position, POSITIONS) - 1
            counts[row, COLUMN_OF[event.kind]] += event.count * _weight(event.day)
        return self.merged(UsageCounts(new))

    def merged(self, other: UsageCounts) -> UsageCounts:
        """Return the sums of both, for example of two servers."""
        sums = {}
        for audience in AUDIENCES:
            own = dict(self.sums[audience])
            for article_id, counts in other.sums[audience].items():
                own[article_id] = own[article_id] + counts if article_id in own else counts
            sums[audience] = own
        return UsageCounts(sums)

    def counts(self, audience: Audience, day: date) -> dict[str, Counts]:
        """Return the decayed counts by article id; an event of `day` itself counts 1."""
        return {article_id: counts / _weight(day) for article_id, counts in self.sums[audience].items()}

    def without_expired(self, day: date) -> UsageCounts:
        """Return the sums without articles whose events count next to nothing on `day`."""
        least = _EXPIRED * _weight(day)
        return UsageCounts(
            {
                audience: {i: c for i, c in self.sums[audience].items() if c.sum() > least}
                for audience in AUDIENCES
            }
        )

    def decayed(self, shares: Mapping[str, float]) -> UsageCounts:
        """Return the sums, those of the articles in `shares` multiplied by their share in [0, 1]."""
        return UsageCounts(
            {
                audience: {i: counts * shares.get(i, 1.0) for i, counts in self.sums[audience].items()}
                for audience in AUDIENCES
            }
        )

    def to_record(self) -> dict[str, Any]:
        """Return the sums in a form for JSON: [row, column, sum] for each that is not 0."""
        return {
            "half_life_days": HALF_LIFE_DAYS,
            "epoch": _EPOCH.isoformat(),
            **{name: {i: _cells(counts) for i, counts in self.sums[name].items()} for name in AUDIENCES},
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> UsageCounts:
        """Read what `to_record` gave.

        Raises:
            FolderError: it is something else, or was counted with another half-life.
        """
        sums: dict[Audience, dict[str, Counts]] = {audience: {} for audience in AUDIENCES}
        try:
            counted = record["half_life_days"], record["epoch"]
            if counted != (HALF_LIFE_DAYS, _EPOCH.isoformat()):
                raise FolderError(f"events were counted with half-life and epoch {counted}")
            for audience in AUDIENCES:
                for article_id, cells in record[audience].items():
                    counts = sums[audience].setdefault(article_id, _no_counts())
                    for row, column, total in cells:
                        if not (row >= 0 and column >= 0 and math.isfinite(total) and total >= 0):
                            raise FolderError(f"an impossible sum: {[row, column, total]}")
                        counts[row, column] = total
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
            raise FolderError(f"no sums of events ({type(error).__name__}: {error})") from error
        return cls(sums)


def visible_events(
    events: Iterable[Event], articles: Mapping[str, Article | None], today: date
) -> list[Event]:
    """Return the events on articles that exist and that their audience can see.

    Raises:
        InputError: an event lies in the future.
    """
    events = list(events)
    latest = max((event.day for event in events), default=today)
    if latest > today + _OTHER_TIME_ZONE:
        raise InputError(f"an event of {latest} lies in the future", fields={"day": "in the future"})
    found = ((event, articles[event.article_id]) for event in events)
    return [
        event
        for event, article in found
        if article is not None and (event.audience == "agent" or article.visibility == "public")
    ]


def _no_counts() -> Counts:
    return np.zeros((POSITIONS, N_COLUMNS))


def _weight(day: date) -> float:
    return float(2.0 ** ((day - _EPOCH).days / HALF_LIFE_DAYS))


def _cells(counts: Counts) -> list[tuple[int, int, float]]:
    return [
        (int(row), int(column), float(f"{counts[row, column]:.{_DIGITS}g}"))
        for row, column in zip(*np.nonzero(counts), strict=True)
    ]
