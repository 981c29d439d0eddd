"""Matrix columns in groups, one group a field, with the softmax of every group at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ColumnGroups:
    """Groups of neighbouring columns, none of them empty.

    `starts` (groups,) is the first column of each, `sizes` (groups,) its number of columns, and `index`
    (columns,) the group of each column.
    """

    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]
    index: NDArray[np.intp]

    @classmethod
    def from_sizes(cls, counts: Iterable[int]) -> ColumnGroups:
        """Return groups with so many columns each."""
        sizes = np.fromiter(counts, np.intp)
        return cls(np.cumsum(sizes) - sizes, sizes, np.repeat(np.arange(len(sizes)), sizes))

    def slices(self) -> list[slice]:
        """Return the columns of each group."""
        return [slice(start, start + size) for start, size in zip(self.starts, self.sizes, strict=True)]

    def sums(self, matrix: Floats) -> Floats:
        """Return the (n, groups) sums of an (n, columns) matrix."""
        sums: Floats = np.add.reduceat(matrix, self.starts, axis=1)
        return sums

    def log_sum_exp(self, scores: Floats) -> Floats:
        """Return the log of the summed exponentials of (n, columns) scores, (n, groups), without overflow.

        SciPy's takes 0.25 ms for one ticket and one group, twenty times this.
        """
        top = np.maximum.reduceat(scores, self.starts, axis=1)
        total: Floats = np.log(self.sums(np.exp(scores - top[:, self.index])))
        total += top
        return total

    def softmax(self, scores: Floats) -> Floats:
        """Return (n, columns) probabilities; those of a group sum to 1."""
        p: Floats = np.exp(scores - self.log_sum_exp(scores)[:, self.index])
        return p
