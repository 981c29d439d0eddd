"""The nearest past tickets by meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 30
# From so many queries on, decoding the stored vectors once for a matrix product pays (five times as fast for
# 1,000 queries among 38,265); so many are decoded at a time.
_MANY = 32
_DECODED = 65_536
_SHARPNESS = 20.0


@dataclass(frozen=True, slots=True)
class Near:
    """For each of n tickets its nearest past ones, nearest first.

    `positions` (n, k) are their numbers among the training tickets, `cosines` (n, k) in [-1, 1]. The votes
    of each ticket's neighbours weigh `weights` (n, k): exp(20 cosine), as a share of the nearest one's, so
    that what is much nearer counts much more.
    """

    positions: NDArray[np.int64]
    cosines: NDArray[np.float32]
    weights: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        top = self.cosines.max(axis=1, keepdims=True, initial=-1.0)
        weights = np.exp(_SHARPNESS * (self.cosines.astype(float) - top))
        object.__setattr__(self, "weights", weights)  # once for all the fields that are voted on

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | list[int]) -> Near:
        """Return the neighbours of these tickets, by number or by mask."""
        return Near(self.positions[rows], self.cosines[rows])


class Neighbours:
    """Exact nearest-neighbour search over embeddings of length 1, kept in half precision.

    Half precision halves memory and file; the cosine moves by less than 0.001.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, meanings: NDArray[np.float32]) -> Neighbours:
        """Index (n, dim) embeddings of length 1."""
        quantizer = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexScalarQuantizer(meanings.shape[1], quantizer, faiss.METRIC_INNER_PRODUCT)
        index.add(np.ascontiguousarray(meanings))
        return cls(index)

    def nearest(self, meanings: NDArray[np.float32], k: int = NEIGHBOURS) -> Near:
        """Return the up to `k` nearest training tickets of each of (n, dim) embeddings of length 1."""
        # Starting a team of threads for one query costs several times the search.
        faiss.omp_set_num_threads(1 if len(meanings) == 1 else 2)
        queries, k = np.ascontiguousarray(meanings), min(k, self._index.ntotal)
        if len(meanings) >= _MANY:
            return self._nearest_of_many(queries, k)
        cosines, positions = self._index.search(queries, k)
        return Near(positions, cosines)

    def _nearest_of_many(self, queries: NDArray[np.float32], k: int) -> Near:
        found = []
        for start in range(0, self._index.ntotal, _DECODED):
            stored = self._index.reconstruct_n(start, min(_DECODED, self._index.ntotal - start))
            cosines, positions = faiss.knn(
                queries, stored, min(k, len(stored)), metric=faiss.METRIC_INNER_PRODUCT
            )
            found.append(Near(positions + start, cosines))
        cosines = np.hstack([near.cosines for near in found])
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        positions = np.hstack([near.positions for near in found])
        return Near(np.take_along_axis(positions, best, axis=1), np.take_along_axis(cosines, best, axis=1))

    def save(self, folder: Path) -> None:
        """Write the index into `folder`."""
        faiss.write_index(self._index, str(folder / "neighbours.faiss"))

    @classmethod
    def load(cls, folder: Path) -> Neighbours:
        """Read what `save` wrote; the caller has verified the folder."""
        return cls(faiss.read_index(str(folder / "neighbours.faiss"), faiss.IO_FLAG_MMAP))


def votes(near: Near, classes: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    """Return (n, count) shares of the neighbours' votes for each class; all even where none has a vote.

    `classes` (training tickets,) is each one's class, -1 where it has none.
    """
    voted = classes[near.positions]
    weight = np.where(voted >= 0, near.weights, 0.0)
    cells = np.arange(len(voted))[:, None] * count + np.maximum(voted, 0)
    shares = np.bincount(cells.ravel(), weight.ravel(), len(voted) * count).reshape(-1, count)
    total = shares.sum(axis=1, keepdims=True)
    return np.where(total > 0, shares / np.where(total > 0, total, 1), 1 / count)
