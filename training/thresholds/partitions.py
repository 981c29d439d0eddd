"""Into which parts a field's tickets may be divided, so that each part gets a bar of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.classifiers.fields import Field
from training.thresholds.risk_control import smallest_sample

# A value is tried on its own from this many times the smallest faultless sample on; with fewer tickets its
# share of the risk is wasted.
_ENOUGH = 3


PartKind = Literal["field", "class", "raise", "lower"]
_Name = tuple[PartKind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """The tickets whose predicted value is one of `values`, the error they may have, and the risk of more."""

    kind: PartKind
    values: tuple[str, ...]
    target_error: float
    risk: float


Layout = tuple[Part, ...]


def layouts(field: Field, predicted: Sequence[str], usual: str, risk: float) -> list[Layout]:
    """Return the ways to divide the field's tickets by their (n,) predicted values, each into one part.

    The risks of all different parts sum to at most `risk`, so that the bars of all of them hold at the same
    time and any layout may be chosen by what it turns out to apply. `usual` is the value of an
    ordinal field from which values are raised or lowered, unless the field names its default.
    """
    if field.kind == "ordinal":
        return [_directions(field, predicted, field.default or usual, risk)]
    counts = Counter(predicted)
    everything = tuple(sorted(counts))
    enough = _ENOUGH * smallest_sample(field.target_error, risk)
    own = [value for value, count in counts.most_common() if count >= enough]
    if not own or len(everything) == 1:
        return [(Part("field", everything, field.target_error, risk),)]
    whole: _Name = ("field", everything)
    divided = [_apart([value], own, everything) for value in own]
    if len(own) > 1:
        divided.append(_apart(own, own, everything))
    parts = {name for names in divided for name in names}
    risks = {whole: risk / 2, **dict.fromkeys(parts, risk / 2 / len(parts))}
    return [
        tuple(Part(*name, field.target_error, risks[name]) for name in names) for names in [[whole], *divided]
    ]


def _apart(apart: Sequence[str], own: Sequence[str], everything: Sequence[str]) -> list[_Name]:
    rest = tuple(value for value in everything if value not in apart)
    names: list[_Name] = [("class", (value,)) for value in apart]
    if rest:
        names.append(("class" if len(rest) == 1 and rest[0] in own else "field", rest))
    return names


def _directions(field: Field, predicted: Sequence[str], base: str, risk: float) -> Layout:
    ranks = {value: rank for rank, value in enumerate(field.values)}
    middle = ranks.get(base)
    above = tuple(v for v in field.values if middle is not None and ranks[v] > middle)
    below = tuple(v for v in field.values if middle is not None and ranks[v] < middle)
    equal = tuple(sorted({base, *predicted} - {*above, *below}))
    target = field.target_error
    found: list[tuple[PartKind, tuple[str, ...], float]] = [
        ("field", equal, target),
        ("raise", above, target if field.target_error_raise is None else field.target_error_raise),
        ("lower", below, target / 2 if field.target_error_lower is None else field.target_error_lower),
    ]
    given = [part for part in found if part[1]]
    return tuple(Part(kind, values, error, risk / len(given)) for kind, values, error in given)
