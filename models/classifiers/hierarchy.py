"""A child's probabilities: the sum over its parent's values of P(parent) P(child | parent)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifiers.column_groups import Floats, Groups
from models.classifiers.single_label import ChoiceModel


@dataclass(frozen=True, slots=True)
class Kinship:
    """Which values of a child go with which of its parent's: only those that were seen together.

    `parents` and `children` (pairs,) are their columns, the pairs of one parent's value beside each other
    in one of `groups`. The child's own columns are `place`.
    """

    parents: NDArray[np.intp]
    children: NDArray[np.intp]
    groups: Groups
    place: slice

    @classmethod
    def of(cls, child: ChoiceModel, first: int, parent: Mapping[str, int]) -> Kinship:
        """Return the pairs of a model's values, in columns from `first` on, with its parent's in `parent`.

        A parent's value that was seen with none of the child's allows all.
        """
        every = first + np.arange(len(child.classes_))
        allowed = [every[child.children_[value]] if value in child.children_ else every for value in parent]
        groups = Groups.of_sizes(map(len, allowed))
        parents = np.array(list(parent.values()))[groups.of]
        return cls(parents, np.concatenate(allowed), groups, slice(first, first + len(every)))

    def mix(self, probabilities: Floats, scores: Floats) -> None:
        """Set the child's (n, columns) probabilities from (n, columns) scores and from its parent's."""
        within = self.groups.softmax(scores[:, self.children])
        within *= probabilities[:, self.parents]
        n, first, size = len(scores), self.place.start, self.place.stop - self.place.start
        cells = (self.children - first) + size * np.arange(n)[:, None]
        probabilities[:, self.place] = np.bincount(cells.ravel(), within.ravel(), n * size).reshape(n, size)
