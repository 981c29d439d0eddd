"""Fields: the name, kind and values of one thing to predict, and the labels that tickets have for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

if TYPE_CHECKING:  # the command line reads settings without loading NumPy
    from models.storage.state import State, StateReader

FieldKind = Literal["choice", "child", "ordinal", "tags"]
Label = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to predict.

    `choice` is one of several values, `child` one that depends on the value of `parent`, `ordinal`
    one of `values` in ascending order, `tags` any number of values at once.

    An ordinal's `default` is what a ticket has when nobody acts; a value above it raises the ticket, one
    below it lowers it, with target errors of their own. Without them raising has `target_error`, and
    lowering half of it, for a ticket put off wrongly hurts more than one taken too soon.

    `descriptions` has (value, text) pairs; a text counts as one ticket and may be all there is. `estimator`
    (module:Class) names a scikit-learn classifier of the user's own that training tries.
    """

    name: str
    kind: FieldKind = "choice"
    parent: str | None = None
    values: tuple[str, ...] = ()
    target_error: float = 0.05
    confidence_level: float = 0.95
    default: str | None = None
    target_error_raise: float | None = None
    target_error_lower: float | None = None
    descriptions: tuple[tuple[str, str], ...] = ()
    estimator: str | None = None

    def state(self) -> State:
        """Return the field as plain values."""
        return {
            "name": self.name,
            "kind": self.kind,
            "parent": self.parent,
            "values": list(self.values),
            "target_error": self.target_error,
            "confidence_level": self.confidence_level,
            "default": self.default,
            "target_error_raise": self.target_error_raise,
            "target_error_lower": self.target_error_lower,
            "descriptions": [{"value": value, "text": text} for value, text in self.descriptions],
            "estimator": self.estimator,
        }

    @classmethod
    def from_state(cls, state: StateReader) -> Field:
        """Return the field of which this is the state."""
        return cls(
            name=state.text("name"),
            kind=cast(FieldKind, state.text("kind", one_of=get_args(FieldKind))),
            parent=state.text_or_none("parent"),
            values=tuple(state.texts("values")),
            target_error=state.number("target_error"),
            confidence_level=state.number("confidence_level"),
            default=state.text_or_none("default"),
            target_error_raise=state.number_or_none("target_error_raise"),
            target_error_lower=state.number_or_none("target_error_lower"),
            descriptions=tuple((d.text("value"), d.text("text")) for d in state.parts("descriptions")),
            estimator=state.text_or_none("estimator"),
        )


def number_text(value: float) -> str:
    """Return a number or truth value as the text of a label; a whole number has no fraction, NaN is "".

    >>> number_text(3.0), number_text(2.5), number_text(True), number_text(float("nan"))
    ('3', '2.5', 'true', '')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return ""
    return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)


def label_values(label: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return a label's values: one, several tags, or none.

    >>> label_values("high"), label_values(["a", "b"]), label_values(None)
    (('high',), ('a', 'b'), ())
    """
    return (label,) if isinstance(label, str) else tuple(label or ())


def label_text(label: str | Sequence[str]) -> str:
    """Return a label for people.

    >>> label_text("high"), label_text(("a", "b")), label_text(())
    ('high', 'a, b', 'no tag')
    """
    return ", ".join(label_values(label)) or "no tag"


def same_label(one: str | Sequence[str] | None, other: str | Sequence[str] | None) -> bool:
    """Tell whether two labels have the same values, tags in whatever order; None equals no tag.

    >>> same_label(["b", "a"], ("a", "b")), same_label("high", ["high"]), same_label("high", None)
    (True, True, False)
    """
    return set(label_values(one)) == set(label_values(other))


def parents_first(fields: Sequence[Field]) -> list[Field]:
    """Keep the order of the fields, but move a parent that comes after its child before it.

    Raises:
        ValueError: the parents form a circle.
    """
    by_name = {field.name: field for field in fields}
    ordered: dict[str, Field] = {}

    def place(field: Field, children: tuple[str, ...]) -> None:
        if field.name in children:
            raise ValueError(f"the fields {list(children)} are each other's parents")
        parent = by_name.get(field.parent or "")
        if parent is not None and parent.name not in ordered:
            place(parent, (*children, field.name))
        ordered.setdefault(field.name, field)

    for field in fields:
        place(field, ())
    return list(ordered.values())
