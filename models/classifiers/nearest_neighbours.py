"""The nearest past tickets by meaning."""

from __future__ import annotations

from dataclasses import dataclass, field

import faiss
import numpy as np
from numpy.typing import NDArray

from models.classifiers.column_groups import Floats, Groups
from models.storage.state import State, StateReader

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
        cosines = self.cosines.astype(float)
        weights = np.exp(_SHARPNESS * (cosines - cosines[:, :1]))
        object.__setattr__(self, "weights", weights)  # once for all the fields that are voted on

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | list[int]) -> Near:
        """Return the neighbours of these tickets, by number or by mask."""
        return Near(self.positions[rows], self.cosines[rows])


class Neighbours:
    """Exact nearest-neighbour search over embeddings of length 1, kept in half precision.

    Half precision halves memory and file; the cosine moves by less than 0.001.
    """

    def __init__(self, index: faiss.IndexScalarQuantizer) -> None:
        self._index = index

    @classmethod
    def build(cls, meanings: NDArray[np.float32]) -> Neighbours:
        """Index (n, dim) embeddings of length 1."""
        index = _half_precision_index(meanings.shape[1])
        index.add(np.ascontiguousarray(meanings))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

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

    def state(self) -> State:
        """Return the stored vectors, (n, dim) float16."""
        codes = faiss.vector_to_array(self._index.codes)
        return {"vectors": codes.view(np.float16).reshape(self._index.ntotal, self._index.d)}

    @classmethod
    def from_state(cls, state: StateReader, dim: int) -> Neighbours:
        """Return the search among `dim` dimensions of which this is the state."""
        vectors = state.array("vectors", np.float16, (None, dim))
        index = _half_precision_index(dim)
        index.add_sa_codes(vectors.view(np.uint8))
        return cls(index)


def _half_precision_index(dim: int) -> faiss.IndexScalarQuantizer:
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def votes(near: Near, past: NDArray[np.integer], groups: Groups) -> Floats:
    """Return each value's share of the neighbours' votes, (n, columns); where none has a vote, all the same.

    `past` (training tickets, fields) has the columns of the values that each ticket has; one after the last
    where it has none. The columns of a field are one of `groups`.
    """
    n, columns = len(near.positions), len(groups.of)
    cells = past[near.positions] + (columns + 1) * np.arange(n)[:, None, None]
    weights = np.repeat(near.weights.ravel(), past.shape[1])
    counted = np.bincount(cells.ravel(), weights, n * (columns + 1)).reshape(n, columns + 1)
    shares = counted[:, :columns].astype(float, copy=False)  # it is: NumPy's types say integers
    totals = groups.sums(shares)
    nobody = totals == 0
    shares += (nobody / groups.sizes)[:, groups.of]
    totals += nobody
    return shares / totals[:, groups.of]
