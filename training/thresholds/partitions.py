"""Partitions of a field's tickets into subsets by predicted value, each with a threshold of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.classifiers.fields import Field
from training.thresholds.risk_control import min_sample_size

# A value is a subset of its own from this many times the smallest faultless sample on; with fewer tickets its
# share of alpha is wasted.
_ENOUGH = 3

SubsetKind = Literal["field", "class", "raise", "lower"]
_Name = tuple[SubsetKind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Subset:
    """Tickets whose predicted value is one of `values`, their target error, and the alpha of their search."""

    kind: SubsetKind
    values: tuple[str, ...]
    target_error: float
    alpha: float


Partition = tuple[Subset, ...]


def partitions(field: Field, predicted: Sequence[str], most_frequent: str, alpha: float) -> list[Partition]:
    """Return the partitions to try, given the field's (n,) predicted values.

    The alphas of all different subsets sum to at most `alpha`. So the thresholds of all of them hold at the
    same time, and any partition may be chosen by what it turns out to apply. The values of an ordinal field
    are raised or lowered from its default, or from `most_frequent` where it names none.
    """
    if field.kind == "ordinal":
        return [_directions(field, predicted, field.default or most_frequent, alpha)]
    counts = Counter(predicted)
    everything = tuple(sorted(counts))
    enough = _ENOUGH * min_sample_size(field.target_error, alpha)
    own = [value for value, count in counts.most_common() if count >= enough]
    if not own or len(everything) == 1:
        return [(Subset("field", everything, field.target_error, alpha),)]
    whole: _Name = ("field", everything)
    divided = [_apart([value], own, everything) for value in own]
    if len(own) > 1:
        divided.append(_apart(own, own, everything))
    parts = {name for names in divided for name in names}
    alphas = {whole: alpha / 2, **dict.fromkeys(parts, alpha / 2 / len(parts))}
    return [
        tuple(Subset(*name, field.target_error, alphas[name]) for name in names)
        for names in [[whole], *divided]
    ]


def _apart(apart: Sequence[str], own: Sequence[str], everything: Sequence[str]) -> list[_Name]:
    rest = tuple(value for value in everything if value not in apart)
    names: list[_Name] = [("class", (value,)) for value in apart]
    if rest:
        names.append(("class" if len(rest) == 1 and rest[0] in own else "field", rest))
    return names


def _directions(field: Field, predicted: Sequence[str], base: str, alpha: float) -> Partition:
    ranks = {value: rank for rank, value in enumerate(field.values)}
    middle = ranks.get(base)
    above = tuple(v for v in field.values if middle is not None and ranks[v] > middle)
    below = tuple(v for v in field.values if middle is not None and ranks[v] < middle)
    equal = tuple(sorted({base, *predicted} - {*above, *below}))
    target = field.target_error
    found: list[tuple[SubsetKind, tuple[str, ...], float]] = [
        ("field", equal, target),
        ("raise", above, target if field.target_error_raise is None else field.target_error_raise),
        ("lower", below, target / 2 if field.target_error_lower is None else field.target_error_lower),
    ]
    given = [subset for subset in found if subset[1]]
    return tuple(Subset(kind, values, error, alpha / len(given)) for kind, values, error in given)
