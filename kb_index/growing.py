"""Columns to which rows are appended while others read what was there before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

Item = TypeVar("Item")

_FIRST_ROWS = 64


class Growing:
    """An array that grows at its end; what `view` gave is never written to again.

    One thread appends; any number read views.
    """

    def __init__(self, dtype: DTypeLike, *width: int) -> None:
        self._array: NDArray[Any] = np.empty((_FIRST_ROWS, *width), dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, values: NDArray[Any]) -> None:
        needed = self._length + len(values)
        if needed > len(self._array):
            larger = np.empty((max(needed, 2 * len(self._array)), *self._array.shape[1:]), self._array.dtype)
            larger[: self._length] = self._array[: self._length]
            self._array = larger
        self._array[self._length : needed] = values
        self._length = needed

    def view(self) -> NDArray[Any]:
        return self._array[: self._length]


class Joined(Sequence[Item], Generic[Item]):
    """Two sequences as one, of the second only what it holds now: it may grow at its end."""

    def __init__(self, first: Sequence[Item], second: Sequence[Item]) -> None:
        self._first, self._second = first, second
        self._border = len(first)
        self._length = self._border + len(second)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Item: ...

    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...

    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(self._length))]
        number = range(self._length)[at]
        return self._first[number] if number < self._border else self._second[number - self._border]
