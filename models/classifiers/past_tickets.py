"""The tickets that a bundle was trained on: their ids and labels, without any text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from models.classifiers.fields import Label
from models.storage.state import State, StateReader


@dataclass(frozen=True, slots=True)
class PastTicket:
    """Id and labels of a training ticket; its text is not kept."""

    id: str
    labels: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class _Column:
    """A field's labels: the different ones, and the (tickets,) number of each ticket's, -1 for none."""

    field: str
    labels: list[Label]
    numbers: NDArray[np.int32]


class PastTickets(Sequence[PastTicket]):
    """Past tickets in the order of their embeddings, each field's labels in a column."""

    def __init__(self, ids: list[str], columns: list[_Column]) -> None:
        self.ids, self._columns = ids, columns

    @classmethod
    def of(cls, ids: Sequence[str], labels: Sequence[Mapping[str, Label]]) -> PastTickets:
        """Keep the ids and labels of (n,) tickets."""
        columns = []
        for field in dict.fromkeys(name for ticket in labels for name in ticket):
            numbers: dict[Label, int] = {}
            found = [
                numbers.setdefault(ticket[field], len(numbers)) if field in ticket else -1
                for ticket in labels
            ]
            columns.append(_Column(field, list(numbers), np.array(found, np.int32)))
        return cls(list(ids), columns)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, position: int) -> PastTicket: ...
    @overload
    def __getitem__(self, position: slice) -> list[PastTicket]: ...
    def __getitem__(self, position: int | slice) -> PastTicket | list[PastTicket]:
        if isinstance(position, slice):
            return [self[i] for i in range(len(self))[position]]
        labels = {c.field: c.labels[number] for c in self._columns if (number := c.numbers[position]) >= 0}
        return PastTicket(self.ids[position], labels)

    def state(self) -> State:
        """Return ids and labels as plain values and arrays."""
        return {
            "ids": self.ids,
            "columns": [
                {"field": column.field, "labels": column.labels, "numbers": column.numbers}
                for column in self._columns
            ],
        }

    @classmethod
    def from_state(cls, state: StateReader) -> PastTickets:
        """Return the past tickets of which this is the state."""
        ids = state.texts("ids")
        columns = []
        for part in state.parts("columns"):
            labels = part.texts_and_lists("labels")
            numbers = part.places("numbers", (len(ids),), least=-1, below=len(labels))
            columns.append(_Column(part.text("field"), labels, numbers))
        return cls(ids, columns)
