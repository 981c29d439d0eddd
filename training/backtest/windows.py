"""Windows of a backtest: stretches of tickets, each decided by what was known before its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from models.wording import counted
from training.data.split import split_window
from triage.ticket import Ticket

# Without a date, training has this share of the tickets, and the rest is replayed.
TRAINED_SHARE = 2 / 3
_DATED_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Window:
    """Tickets between two trainings, by position: what is learned before, what comes, and what counts.

    Learned is what was closed before, or, where nobody knows when that was, what was filed before.
    `arrivals` are in the order in which they came. `counted` are ascending: of a group of copies the first
    that has the most labels, and none where another one came before the window.
    """

    start: datetime | None
    train: NDArray[np.intp]
    arrivals: NDArray[np.intp]
    counted: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows, in order. `cut` is the date of the first one, None where the file's order is taken.

    `undated` tickets are neither learned nor replayed: nobody knows when they came.
    """

    windows: list[Window]
    cut: datetime | None
    undated: int


def make_windows(
    tickets: Sequence[Ticket],
    groups: NDArray[np.intp],
    *,
    before: datetime | None = None,
    monthly: bool = False,
) -> Windows:
    """Divide tickets at `before` and, if `monthly`, at each first day of a month (UTC) after it.

    Tickets with the same of (n,) `groups` are copies of one another. Without `before`, two thirds of the
    tickets lie before the cut. Where fewer than nine tickets of ten carry a date, the file's order counts.

    Raises:
        InputError: dates are asked for where there are none, or one side of the cut is empty.
    """
    moments = [ticket.created_at for ticket in tickets]
    dated = [i for i, moment in enumerate(moments) if moment is not None]
    if len(dated) < _DATED_SHARE * len(tickets) or len({moments[i] for i in dated}) < 2:
        if before is not None or monthly:
            raise InputError(
                f"found a date in {len(dated):,} of {counted(len(tickets), 'ticket')}, expected one in nine "
                "of ten: leave --before and --retrain out, or name the column under created_at in [tickets]"
            )
        order = np.arange(len(tickets))
        return Windows([_window(tickets, groups, order, _share(order), len(order))], None, 0)
    filed = np.array([moment.timestamp() if moment else np.nan for moment in moments])
    known = np.array([t.closed_at.timestamp() if t.closed_at else filed[i] for i, t in enumerate(tickets)])
    order = np.array(sorted(dated, key=lambda i: (filed[i], tickets[i].id)), np.intp)
    cut = before or datetime.fromtimestamp(filed[order[_share(order)]], UTC)
    starts = [cut, *(_months_after(cut, filed[order[-1]]) if monthly else ())]
    places = [int(np.searchsorted(filed[order], start.timestamp())) for start in starts]
    _require_both_sides(order, places[0], cut, filed)
    windows = [
        replace(
            _window(tickets, groups, order, place, end),
            start=start,
            train=np.sort(order[:place][known[order[:place]] < start.timestamp()]),
        )
        for start, place, end in zip(starts, places, [*places[1:], len(order)], strict=True)
        if end > place
    ]
    return Windows(windows, cut, len(tickets) - len(order))


def _window(
    tickets: Sequence[Ticket],
    groups: NDArray[np.intp],
    order: NDArray[np.intp],
    place: int,
    end: int,
) -> Window:
    earlier, arrivals = order[:place], order[place:end]
    counted_once = split_window(tickets, groups, earlier, arrivals).held_out
    return Window(None, np.sort(earlier), arrivals, counted_once)


def _share(order: NDArray[np.intp]) -> int:
    return int(TRAINED_SHARE * len(order))


def _months_after(cut: datetime, last: float) -> list[datetime]:
    """Return the first days of the months after the cut, up to a timestamp."""
    moment = cut.astimezone(UTC)
    found: list[datetime] = []
    while True:
        year, month = divmod(12 * moment.year + moment.month, 12)
        moment = datetime(year, month + 1, 1, tzinfo=UTC)
        if moment.timestamp() > last:
            return found
        found.append(moment)


def _require_both_sides(
    order: NDArray[np.intp], place: int, cut: datetime, filed: NDArray[np.float64]
) -> None:
    if 0 < place < len(order):
        return
    first, last = (f"{datetime.fromtimestamp(filed[order[i]], UTC):%Y-%m-%d}" for i in (0, -1))
    side = "before" if place == 0 else "on or after"
    raise InputError(
        f"no ticket was filed {side} {cut:%Y-%m-%d}: the tickets are from {first} to {last}; expected a date "
        "with tickets on both sides"
    )
