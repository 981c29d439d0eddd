"""Hierarchical fields: a child's probabilities are the sum over its parent of P(parent) P(child | parent)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifiers.column_groups import ColumnGroups, Floats
from models.classifiers.single_label import SingleLabelModel


@dataclass(frozen=True, slots=True)
class ParentChildMask:
    """Pairs of a parent's and a child's value that occurred together in training.

    `parents` and `children` (pairs,) are their columns. The pairs of one parent's value stand beside each
    other and are one of `groups`. The child's own columns are `columns`.
    """

    parents: NDArray[np.intp]
    children: NDArray[np.intp]
    groups: ColumnGroups
    columns: slice

    @classmethod
    def from_model(cls, child: SingleLabelModel, first: int, parent: Mapping[str, int]) -> ParentChildMask:
        """Return the pairs of a child's model, whose columns begin at `first`.

        `parent` has the columns of the parent's values. One that occurred with none of the child's values
        allows all of them.
        """
        every = first + np.arange(len(child.classes))
        allowed = [every[child.children[value]] if value in child.children else every for value in parent]
        groups = ColumnGroups.from_sizes(map(len, allowed))
        parents = np.array(list(parent.values()))[groups.index]
        return cls(parents, np.concatenate(allowed), groups, slice(first, first + len(every)))

    def chain_probabilities(self, probabilities: Floats, scores: Floats) -> None:
        """Set the child's (n, columns) probabilities from its scores and its parent's probabilities."""
        within = self.groups.softmax(scores[:, self.children])
        within *= probabilities[:, self.parents]
        n, first, size = len(scores), self.columns.start, self.columns.stop - self.columns.start
        cells = (self.children - first) + size * np.arange(n)[:, None]
        probabilities[:, self.columns] = np.bincount(cells.ravel(), within.ravel(), n * size).reshape(n, size)
