"""How articles are used: what happened to them in the lists where they were shown, kept as sums.

No text is kept, no question and nobody's name: for each article and place in the list, how often it was
shown there, opened, attached, said to have solved the matter, and said not to help. What customers did
(`portal`) and what agents did (`agent`) is never added together.
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

Kind = Literal["shown", "opened", "attached", "solved", "not_helpful"]
Scope = Literal["portal", "agent"]
Counts = NDArray[np.float64]
"""(POSITIONS, 5) for one article: how often each kind happened at each place, faded events counting less."""

KINDS: tuple[Kind, ...] = get_args(Kind)
SCOPES: tuple[Scope, ...] = get_args(Scope)
POSITIONS = 10
"""Places told apart; the last one stands for all behind it too."""

HALF_LIFE_DAYS = 180.0
"""After so many days an event counts half."""

# An event counts 2^(days since then / half-life), however late it is told: sums stay sums, and only who
# reads them divides by what an event counts today. Until the year 2199 that is less than 2^400.
_EPOCH = date(2026, 1, 1)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2199, 12, 31)
_MOST_EVENTS = 1_000_000
_FORGOTTEN = 0.01
_DIGITS = 9
_OTHER_TIME_ZONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an article that stood at `position`, from 1, in a list of results, `count` times.

    Each article of a list that somebody saw is `shown` once, whatever else happens; an article that is
    opened and solves the matter is `shown`, `opened` and `solved`.

    Raises:
        InputError: a position or count below 1, a count over a million, a day before 2000 or after 2199,
            an unknown kind or scope.
    """

    article_id: str
    position: int
    kind: Kind
    day: date
    scope: Scope
    count: int = 1

    def __post_init__(self) -> None:
        problems = {}
        if self.position < 1:
            problems["position"] = f"is {self.position}, the first place is 1"
        if not _EARLIEST <= self.day <= _LATEST:
            problems["day"] = f"is {self.day}, expected {_EARLIEST} to {_LATEST}"
        if not 1 <= self.count <= _MOST_EVENTS:
            problems["count"] = f"is {self.count}, expected 1 to {_MOST_EVENTS:,}"
        if self.kind not in KINDS:
            problems["kind"] = f"is {self.kind!r:.80}, expected one of {', '.join(KINDS)}"
        if self.scope not in SCOPES:
            problems["scope"] = f"is {self.scope!r:.80}, expected {' or '.join(SCOPES)}"
        if problems:
            listed = "; ".join(f"{name} {problem}" for name, problem in problems.items())
            raise InputError(f"an event cannot be counted: {listed}", fields=problems)


@dataclass(frozen=True, slots=True)
class Usage:
    """The sums of all events by scope and article id; never changes, adding gives a new one."""

    sums: Mapping[Scope, Mapping[str, Counts]] = field(default_factory=lambda: {s: {} for s in SCOPES})

    def added(self, events: Iterable[Event]) -> Usage:
        """Return the sums with further events; the order in which events come does not matter."""
        new: dict[Scope, dict[str, Counts]] = {scope: {} for scope in SCOPES}
        for event in events:
            counts = new[event.scope].setdefault(event.article_id, np.zeros((POSITIONS, len(KINDS))))
            place = min(event.position, POSITIONS) - 1
            counts[place, KINDS.index(event.kind)] += event.count * _weight(event.day)
        return self.merged(Usage(new))

    def merged(self, other: Usage) -> Usage:
        """Return the sums of both, such as of two servers."""
        sums = {}
        for scope in SCOPES:
            mine = dict(self.sums[scope])
            for article_id, counts in other.sums[scope].items():
                mine[article_id] = mine[article_id] + counts if article_id in mine else counts
            sums[scope] = mine
        return Usage(sums)

    def counts(self, scope: Scope, day: date) -> dict[str, Counts]:
        """Return how often things happened, as it counts on `day`: an event of that day counts 1."""
        return {article_id: counts / _weight(day) for article_id, counts in self.sums[scope].items()}

    def without_forgotten(self, day: date) -> Usage:
        """Return the sums without articles whose events have all but faded on `day`."""
        least = _FORGOTTEN * _weight(day)
        return Usage(
            {scope: {i: c for i, c in self.sums[scope].items() if c.sum() > least} for scope in SCOPES}
        )

    def faded(self, shares: Mapping[str, float]) -> Usage:
        """Return the sums with those of some articles times a share in [0, 1]."""
        return Usage(
            {
                scope: {i: counts * shares.get(i, 1.0) for i, counts in self.sums[scope].items()}
                for scope in SCOPES
            }
        )

    def to_record(self) -> dict[str, Any]:
        """Return the sums as JSON can hold them: [place, kind, sum] for each that is not 0."""
        return {
            "half_life_days": HALF_LIFE_DAYS,
            "epoch": _EPOCH.isoformat(),
            **{scope: {i: _cells(counts) for i, counts in self.sums[scope].items()} for scope in SCOPES},
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Usage:
        """Read what `to_record` gave.

        Raises:
            FolderError: it is something else, or was counted with another half-life.
        """
        sums: dict[Scope, dict[str, Counts]] = {scope: {} for scope in SCOPES}
        try:
            counted = record["half_life_days"], record["epoch"]
            if counted != (HALF_LIFE_DAYS, _EPOCH.isoformat()):
                raise FolderError(f"events were counted with half-life and epoch {counted}")
            for scope in SCOPES:
                for article_id, cells in record[scope].items():
                    counts = sums[scope].setdefault(article_id, np.zeros((POSITIONS, len(KINDS))))
                    for place, kind, total in cells:
                        if not (place >= 0 and kind >= 0 and math.isfinite(total) and total >= 0):
                            raise FolderError(f"an impossible sum: {[place, kind, total]}")
                        counts[place, kind] = total
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise FolderError(f"no sums of events ({type(error).__name__}: {error})") from error
        return cls(sums)


def seen_events(events: Iterable[Event], articles: Mapping[str, Article | None], today: date) -> list[Event]:
    """Return the events on articles that are there and that their scope lets people see.

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
        if article is not None and (event.scope == "agent" or article.visibility == "public")
    ]


def _weight(day: date) -> float:
    return float(2.0 ** ((day - _EPOCH).days / HALF_LIFE_DAYS))


def _cells(counts: Counts) -> list[tuple[int, int, float]]:
    return [
        (int(place), int(kind), float(f"{counts[place, kind]:.{_DIGITS}g}"))
        for place, kind in zip(*np.nonzero(counts), strict=True)
    ]
