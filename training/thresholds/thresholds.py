"""Thresholds of a field: the confidences at which held-out tickets certify that it may be applied.

The guarantee: at the confidence level that is asked for, at most `target_error` of the applied tickets are
wrong, in the whole field and in each subset of it that has a threshold of its own.

The method. A field's tickets may be partitioned in several ways: not at all, one frequent value apart from
the others, or every frequent value apart (`training.thresholds.partitions`; an ordinal field always into
raising, lowering and neither). Each subset that occurs in any of them is searched for its lowest threshold
(`training.thresholds.risk_control`), and the alphas of all searches sum to 1 - confidence level. So all
thresholds hold at the same time, and the partition that applies the most held-out tickets may be taken:
subsets that each have few enough errors have few enough together. Half of alpha goes to the undivided field,
for it has the most evidence and, where the values are alike, the widest reach. The partitions free a field of
a value that is often wrong although the model is sure, and let a reliable value be applied from lower on.

A value with too few tickets for a threshold may still have far more errors than the subset in which it hides.
It is excluded where its errors are too many to be chance. Removing a value lowers the error of the rest,
unless the exclusion itself is a false positive; a small part of alpha is reserved for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from models.classifiers.fields import Field, Label
from models.classifiers.thresholds import Thresholds, ValueThreshold
from models.wording import noun_after
from training.thresholds.dependence import Dependence
from training.thresholds.partitions import Partition, Subset, partitions
from training.thresholds.risk_control import GRID, ThresholdSearch, binomial_p_value, lowest_threshold

SUGGEST_TOP3 = 0.8
# The part of alpha for values that are excluded; small, for what is far worse shows beyond doubt.
_EXCLUSION_SHARE = 0.02


def suggestion_threshold(confidence: NDArray[np.floating], in_top3: NDArray[np.bool_]) -> float | None:
    """Return the lowest confidence at which the three best values hold the truth in four cases of five.

    At that confidence, not on average above it: the share is estimated from the (n,) held-out tickets as a
    curve that rises with the confidence (isotonic regression, Ayer et al. 1955). None where it never rises
    so high.
    """
    if len(confidence) == 0:
        return None
    levels, level_of, tickets = np.unique(confidence, return_inverse=True, return_counts=True)
    shares = np.bincount(level_of, weights=in_top3) / tickets
    good = np.nonzero(isotonic_regression(shares, weights=tickets).x >= SUGGEST_TOP3 - 1e-9)[0]
    return float(levels[good[0]]) if len(good) else None


@dataclass(frozen=True, slots=True)
class HeldOutPredictions:
    """Predictions of (n,) held-out tickets, and whether each, and one of the best three, is right.

    Each of `clusters` (n,) numbers tickets that may be right or wrong together, `folds` (n,) those that one
    model predicted.
    """

    predicted: Sequence[Label]
    confidence: NDArray[np.floating]
    correct: NDArray[np.bool_]
    in_top3: NDArray[np.bool_]
    clusters: Sequence[NDArray[np.intp]] = ()
    folds: NDArray[np.intp] | None = None

    def values(self) -> NDArray[np.str_]:
        """Return the predicted values; "" for tags, which have one threshold for all sets."""
        return np.array([v if isinstance(v, str) else "" for v in self.predicted], np.str_)


def choose_thresholds(field: Field, held_out: HeldOutPredictions, *, most_frequent: str = "") -> Thresholds:
    """Choose all thresholds of a field, with the guarantee that the module's docstring states.

    `most_frequent` is an ordinal's most frequent value, used where the field names no default.
    """
    alpha = 1 - field.confidence_level
    values = held_out.values()
    candidates = partitions(field, values.tolist(), most_frequent, (1 - _EXCLUSION_SHARE) * alpha)
    subsets = {subset for partition in candidates for subset in partition}
    dependence = Dependence.measure(held_out.confidence, held_out.correct, held_out.clusters, held_out.folds)
    found = {subset: _search(subset, values, held_out, dependence) for subset in subsets}
    chosen = max(
        candidates, key=lambda way: sum(found[s].accepted for s in way if found[s].threshold is not None)
    )
    tests = GRID * len(subsets) * len(set(values.tolist()))
    excluded = _excluded(chosen, found, values, held_out, _EXCLUSION_SHARE * alpha / max(1, tests))
    own = [_own_threshold(value, count, found, field) for value, count in excluded.items()]
    apply, reason = None, "no common threshold: each value that was predicted has its own"
    for subset in chosen:
        search = _without(found[subset], [excluded[value] for value in subset.values if value in excluded])
        sentence = _reason(subset, search, field.confidence_level)
        if subset.kind == "field":
            apply, reason = search.threshold, sentence
        else:
            own.append(ValueThreshold(subset.kind, subset.values, search.threshold, sentence))
    suggest = suggestion_threshold(held_out.confidence, held_out.in_top3)
    return Thresholds(apply, suggest, reason, tuple(own))


@dataclass(frozen=True, slots=True)
class _ErrorCount:
    """The tickets of one value at or above the threshold of its subset, and how many of them are wrong."""

    tickets: int
    errors: int


def _search(
    subset: Subset, values: NDArray[np.str_], held_out: HeldOutPredictions, dependence: Dependence
) -> ThresholdSearch:
    rows = np.isin(values, subset.values)
    return lowest_threshold(
        held_out.confidence[rows],
        held_out.correct[rows],
        target_error=subset.target_error,
        alpha=subset.alpha,
        dependence=dependence.take(rows),
    )


def _excluded(
    chosen: Partition,
    found: dict[Subset, ThresholdSearch],
    values: NDArray[np.str_],
    held_out: HeldOutPredictions,
    alpha: float,
) -> dict[str, _ErrorCount]:
    """Return the values with more errors than the target, at level `alpha`, at their shared threshold."""
    excluded = {}
    for subset in chosen:
        threshold = found[subset].threshold
        if threshold is None or len(subset.values) == 1:
            continue
        for value in subset.values:
            applied = (values == value) & (held_out.confidence >= threshold)
            count = _ErrorCount(int(applied.sum()), int((applied & ~held_out.correct).sum()))
            if 1 - binomial_p_value(count.errors - 1, count.tickets, subset.target_error) <= alpha:
                excluded[value] = count
    return excluded


def _own_threshold(
    value: str, count: _ErrorCount, found: dict[Subset, ThresholdSearch], field: Field
) -> ValueThreshold:
    """Return the threshold of an excluded value: one of its own where a search certified it, else never."""
    were = "was" if count.tickets == 1 else "were"
    why = f"{count.errors} of {count.tickets} {were} wrong at or above the threshold that it would share"
    for subset, search in found.items():
        if (subset.kind, subset.values) == ("class", (value,)) and search.threshold is not None:
            reason = f"{_reason(subset, search, field.confidence_level)}; {why}"
            return ValueThreshold("class", (value,), search.threshold, reason)
    return ValueThreshold("class", (value,), None, f"never applied: {why}")


def _without(search: ThresholdSearch, excluded: Sequence[_ErrorCount]) -> ThresholdSearch:
    accepted = search.accepted - sum(count.tickets for count in excluded)
    errors = search.errors - sum(count.errors for count in excluded)
    worth = search.worth * accepted / search.accepted if search.accepted else 0.0
    return ThresholdSearch(search.threshold, search.tickets, accepted, errors, search.min_sample, worth)


def _is_divided(search: ThresholdSearch) -> bool:
    return search.worth < search.accepted - 0.5


_VERBS = {"field": "applied", "class": "applied", "raise": "raised", "lower": "lowered"}


def _reason(subset: Subset, search: ThresholdSearch, confidence_level: float) -> str:
    goal = f"at most {100 * subset.target_error:.3g}% wrong with {100 * confidence_level:.3g}% confidence"
    n = search.tickets
    of = f"{n} {noun_after(n, 'calibration ticket')}"
    if search.threshold is not None:
        lie = "lies" if search.accepted == 1 else "lie"
        worth = f" (worth {search.worth:.0f}, for some are wrong together)" if _is_divided(search) else ""
        return f"{search.accepted} of {of} {lie} at or above it{worth}, {search.errors} wrong: {goal}"
    never = f"never {_VERBS[subset.kind]}: "
    if n < search.min_sample:
        more = f", some {search.min_sample / n:.1f} times as many labelled tickets as now" if n else ""
        return (
            f"{never}{of} {'is' if n == 1 else 'are'} too few to guarantee {goal}; "
            f"it takes {search.min_sample}{more}"
        )
    return (
        f"{never}{search.errors} of the {search.accepted} most confident of {of} "
        f"{'is' if search.errors == 1 else 'are'} wrong, too many to guarantee {goal}; "
        f"{_outlook(subset, search)}"
    )


def _outlook(subset: Subset, search: ThresholdSearch) -> str:
    """Say what more tickets would change, if as many of them were wrong as of the first sample."""
    rate = search.errors / search.accepted
    for times in np.geomspace(1.1, 20, 40):
        n = int(times * search.accepted)
        if binomial_p_value(int(np.ceil(rate * n)), n, subset.target_error) <= subset.alpha / 2:
            return f"at this rate it takes some {times:.1f} times as many labelled tickets as now"
    return "more tickets help only if the model gets better by them"
