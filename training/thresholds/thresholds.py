"""From which confidence a field may be applied: what held-out tickets vouch for.

The promise: with the confidence that is asked for, at most `target_error` of the applied tickets are wrong,
in the whole field and in each part of it that has a bar of its own.

How it is kept. A field's tickets may be divided in several ways: not at all, one frequent value apart from
the others, or every frequent value apart (`training.thresholds.partitions`; an ordinal field always into
raising, lowering and neither). Each part that occurs in any of them is searched for its lowest bar
(`training.thresholds.risk_control`), and the risks of all searches sum to what may go wrong. So all bars
hold at the same time, and the division that applies the most held-out tickets may be taken: parts that are
each right often enough are so together. Half of the risk goes to the undivided field, for it has the most
evidence and, where the values are alike, the widest reach; the divisions free a field of a value that is
often wrong although the model is sure, and let a reliable value be applied from lower on.

A value with too few tickets for a bar may still be far worse than the average in which it hides. Where its
record is too bad to be chance it is taken out. That can only lower the error of what remains, unless the
record lies, and a small part of the risk is set aside for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from models.classifiers.fields import Field, Label
from models.classifiers.thresholds import Thresholds, ValueThreshold
from training.thresholds.partitions import Layout, Part, layouts
from training.thresholds.risk_control import GRID, Search, chance, lowest_bar

SUGGEST_TOP3 = 0.8


def suggest_bar(confidence: NDArray[np.floating], in_top3: NDArray[np.bool_]) -> float | None:
    """Return the lowest confidence at which the three best values hold the truth in four cases of five.

    At that confidence, not on average above it: how often they do is estimated from the (n,) held-out
    tickets as a curve that rises with the confidence (isotonic regression, Ayer et al. 1955). None where
    it never rises so high.
    """
    if len(confidence) == 0:
        return None
    levels, level_of, tickets = np.unique(confidence, return_inverse=True, return_counts=True)
    shares = np.bincount(level_of, weights=in_top3) / tickets
    good = np.nonzero(isotonic_regression(shares, weights=tickets).x >= SUGGEST_TOP3 - 1e-9)[0]
    return float(levels[good[0]]) if len(good) else None


# The part of the risk for values that are taken out; small, for what is far worse shows beyond doubt.
_FOR_TAKING_OUT = 0.02


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What held-out tickets were predicted, (n,) each, and whether it and the best three were right."""

    predicted: Sequence[Label]
    confidence: NDArray[np.floating]
    correct: NDArray[np.bool_]
    in_top3: NDArray[np.bool_]

    def values(self) -> NDArray[np.str_]:
        """Return the predicted values; tags, which have one bar for all sets, as empty."""
        return np.array([v if isinstance(v, str) else "" for v in self.predicted], np.str_)


def choose_thresholds(field: Field, held: HeldOut, *, usual: str = "") -> Thresholds:
    """Choose all bars of a field; `usual` is an ordinal's most frequent value, used where it has no default.

    The module says what is promised and why it holds.
    """
    risk = 1 - field.confidence_level
    values = held.values()
    ways = layouts(field, values.tolist(), usual, (1 - _FOR_TAKING_OUT) * risk)
    parts = {part for way in ways for part in way}
    found = {part: _search(part, values, held) for part in parts}
    chosen = max(ways, key=lambda way: sum(found[p].accepted for p in way if found[p].bar is not None))
    tests = GRID * len(parts) * len(set(values.tolist()))
    bad = _too_bad(chosen, found, values, held, _FOR_TAKING_OUT * risk / max(1, tests))
    own = [_taken_out(value, record, found, field) for value, record in bad.items()]
    apply, reason = None, "no common bar: each value that was predicted has its own"
    for part in chosen:
        search = _without(found[part], [bad[value] for value in part.values if value in bad])
        sentence = _reason(part, search, field.confidence_level)
        if part.kind == "field":
            apply, reason = search.bar, sentence
        else:
            own.append(ValueThreshold(part.kind, part.values, search.bar, sentence))
    return Thresholds(apply, suggest_bar(held.confidence, held.in_top3), reason, tuple(own))


@dataclass(frozen=True, slots=True)
class _Record:
    """How many tickets of one value lie above the bar of its part, and how many of these are wrong."""

    tickets: int
    errors: int


def _search(part: Part, values: NDArray[np.str_], held: HeldOut) -> Search:
    among = np.isin(values, part.values)
    return lowest_bar(
        held.confidence[among], held.correct[among], target_error=part.target_error, risk=part.risk
    )


def _too_bad(
    way: Layout, found: dict[Part, Search], values: NDArray[np.str_], held: HeldOut, risk: float
) -> dict[str, _Record]:
    """Return the values that share a bar although more than the target of them are wrong above it."""
    bad = {}
    for part in way:
        bar = found[part].bar
        if bar is None or len(part.values) == 1:
            continue
        for value in part.values:
            applied = (values == value) & (held.confidence >= bar)
            record = _Record(int(applied.sum()), int((applied & ~held.correct).sum()))
            if 1 - chance(record.errors - 1, record.tickets, part.target_error) <= risk:
                bad[value] = record
    return bad


def _taken_out(value: str, record: _Record, found: dict[Part, Search], field: Field) -> ValueThreshold:
    why = f"{record.errors} of {record.tickets} were wrong above the bar that it would share"
    for part, search in found.items():
        if (part.kind, part.values) == ("class", (value,)) and search.bar is not None:
            reason = f"{_reason(part, search, field.confidence_level)}; {why}"
            return ValueThreshold("class", (value,), search.bar, reason)
    return ValueThreshold("class", (value,), None, f"never applied: {why}")


def _without(search: Search, taken_out: Sequence[_Record]) -> Search:
    accepted = search.accepted - sum(record.tickets for record in taken_out)
    errors = search.errors - sum(record.errors for record in taken_out)
    return Search(search.bar, search.tickets, accepted, errors, search.takes)


_VERBS = {"field": "applied", "class": "applied", "raise": "raised", "lower": "lowered"}


def _reason(part: Part, search: Search, confidence_level: float) -> str:
    promise = f"at most {100 * part.target_error:.3g}% wrong with {100 * confidence_level:.3g}% confidence"
    n = search.tickets
    if search.bar is not None:
        return f"{search.accepted} of {n} held-out tickets lie above it, {search.errors} wrong: {promise}"
    never = f"never {_VERBS[part.kind]}: "
    if n < search.takes:
        more = f", some {search.takes / n:.1f} times as many labelled tickets as now" if n else ""
        return (
            f"{never}{n} held-out tickets are too few to vouch for {promise}; it takes {search.takes}{more}"
        )
    return (
        f"{never}wrong among the {search.accepted} most confident of {n} held-out tickets: "
        f"{search.errors}, too many to vouch for {promise}; {_outlook(part, search)}"
    )


def _outlook(part: Part, search: Search) -> str:
    """Say what more tickets would change, if as many of them were wrong as of the first sample."""
    rate = search.errors / search.accepted
    for times in np.geomspace(1.1, 20, 40):
        n = int(times * search.accepted)
        if chance(int(np.ceil(rate * n)), n, part.target_error) <= part.risk / 2:
            return f"at this rate it takes some {times:.1f} times as many labelled tickets as now"
    return "more tickets help only if the model gets better by them"
