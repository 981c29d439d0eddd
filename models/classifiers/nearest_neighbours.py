"""Nearest past tickets by the cosine of their language-neutral embeddings, and their votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import faiss
import numpy as np
from numpy.typing import NDArray

from models.classifiers.column_groups import ColumnGroups, Floats
from models.storage.state import State, StateReader

NEIGHBOURS = 30
# Tickets whose embeddings have at least this cosine read alike to whoever is shown both.
COPY_COSINE = 0.98
# From so many queries on, decoding the stored vectors once for a matrix product pays (five times as fast for
# 1,000 queries among 38,265); so many are decoded at a time.
_MANY = 32
_DECODED = 65_536
_SHARPNESS = 20.0


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The nearest past tickets of (n,) tickets, the nearest first.

    `positions` (n, k) are their numbers among the training tickets, `similarities` (n, k) their cosines.
    `weights` (n, k) are those of their votes: exp(20 cosine) as a share of the nearest one's, so that what is
    much nearer counts much more.
    """

    positions: NDArray[np.int64]
    similarities: NDArray[np.float32]
    weights: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        similarities = self.similarities.astype(float)
        weights = np.exp(_SHARPNESS * (similarities - similarities[:, :1]))
        object.__setattr__(self, "weights", weights)  # once for the votes on all fields

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | list[int]) -> Neighbourhood:
        """Return the neighbours of these tickets, by number or by mask."""
        return Neighbourhood(self.positions[rows], self.similarities[rows])


class NearestNeighbours:
    """Exact nearest-neighbour search over embeddings of length 1, kept in half precision.

    Half precision halves memory and file; the cosine moves by less than 0.001.
    """

    def __init__(self, index: faiss.IndexScalarQuantizer) -> None:
        self._index = index

    @classmethod
    def build(cls, embeddings: NDArray[np.float32]) -> NearestNeighbours:
        """Index (n, dim) embeddings of length 1."""
        index = _half_precision_index(embeddings.shape[1])
        index.add(np.ascontiguousarray(embeddings))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def nearest(self, embeddings: NDArray[np.float32], k: int = NEIGHBOURS) -> Neighbourhood:
        """Return the up to `k` nearest training tickets of each of (n, dim) embeddings of length 1."""
        # Starting a team of threads for one query costs several times the search.
        faiss.omp_set_num_threads(1 if len(embeddings) == 1 else 2)
        queries, k = np.ascontiguousarray(embeddings), min(k, self._index.ntotal)
        if len(embeddings) >= _MANY:
            return self._nearest_of_many(queries, k)
        similarities, positions = self._index.search(queries, k)
        return Neighbourhood(positions, similarities)

    def first_distinct(self, positions: Sequence[int], most: int) -> list[int]:
        """Return the first `most` of some training tickets; of copies of one ticket, the first alone."""
        found: list[int] = []
        kept = np.empty((0, self._index.d), np.float32)
        for position in positions:
            if len(found) == most:
                break
            vector = self._index.reconstruct(position)
            if not (kept @ vector >= COPY_COSINE).any():
                found.append(position)
                kept = np.vstack([kept, vector])
        return found

    def _nearest_of_many(self, queries: NDArray[np.float32], k: int) -> Neighbourhood:
        found = []
        for start in range(0, self._index.ntotal, _DECODED):
            stored = self._index.reconstruct_n(start, min(_DECODED, self._index.ntotal - start))
            similarities, positions = faiss.knn(
                queries, stored, min(k, len(stored)), metric=faiss.METRIC_INNER_PRODUCT
            )
            found.append(Neighbourhood(positions + start, similarities))
        similarities = np.hstack([part.similarities for part in found])
        best = np.argsort(-similarities, axis=1, kind="stable")[:, :k]
        positions = np.hstack([part.positions for part in found])
        return Neighbourhood(
            np.take_along_axis(positions, best, axis=1), np.take_along_axis(similarities, best, axis=1)
        )

    def state(self) -> State:
        """Return the stored vectors, (n, dim) float16."""
        codes = faiss.vector_to_array(self._index.codes)
        return {"vectors": codes.view(np.float16).reshape(self._index.ntotal, self._index.d)}

    @classmethod
    def from_state(cls, state: StateReader, dim: int) -> NearestNeighbours:
        """Return the search among `dim` dimensions of which this is the state."""
        vectors = state.array("vectors", np.float16, (None, dim))
        index = _half_precision_index(dim)
        index.add_sa_codes(vectors.view(np.uint8))
        return cls(index)


def _half_precision_index(dim: int) -> faiss.IndexScalarQuantizer:
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def vote_shares(neighbours: Neighbourhood, past: NDArray[np.integer], groups: ColumnGroups) -> Floats:
    """Return each value's share of the neighbours' votes, (n, columns); where none has a vote, all the same.

    `past` (training tickets, fields) has the columns of the values that each ticket has; one after the last
    where it has none. The columns of a field are one of `groups`.
    """
    n, columns = len(neighbours.positions), len(groups.index)
    cells = past[neighbours.positions] + (columns + 1) * np.arange(n)[:, None, None]
    weights = np.repeat(neighbours.weights.ravel(), past.shape[1])
    counted = np.bincount(cells.ravel(), weights, n * (columns + 1)).reshape(n, columns + 1)
    shares = counted[:, :columns].astype(float, copy=False)  # it is: NumPy's types say integers
    totals = groups.sums(shares)
    nobody = totals == 0
    shares += (nobody / groups.sizes)[:, groups.index]
    totals += nobody
    return shares / totals[:, groups.index]
