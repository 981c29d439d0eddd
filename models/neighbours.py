"""The nearest past tickets by meaning, and whether a ticket is unlike all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from models.features import unit_rows

NEIGHBOURS = 5
# A ticket counts as novel when it is farther from its neighbours than this share of the held-out tickets.
NOVEL_FROM = 0.99


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Row `position` of the training tickets and its cosine, in [-1, 1], after centring."""

    position: int
    score: float


@dataclass(frozen=True, slots=True)
class Novelty:
    """`score` in [0, 1]: the share of known, held-out tickets that were closer to the past than this one."""

    is_novel: bool
    score: float


class Neighbours:
    """Exact nearest-neighbour search over centred embeddings, kept in half precision.

    Half precision halves memory and file; the cosine moves by less than 0.001.
    """

    def __init__(self, index: faiss.Index, mean: NDArray[np.float32], known: NDArray[np.float32]) -> None:
        self._index = index
        self._mean = mean
        self._known = known

    @classmethod
    def build(cls, embeddings: NDArray[np.float32], mean: NDArray[np.float32]) -> Neighbours:
        """Index (n, dim) embeddings around the (dim,) mean."""
        quantizer = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexScalarQuantizer(embeddings.shape[1], quantizer, faiss.METRIC_INNER_PRODUCT)
        index.add(unit_rows(embeddings - mean))
        return cls(index, mean, np.empty(0, np.float32))

    def learn_novelty(self, distances: NDArray[np.float32]) -> None:
        """Remember how far tickets of known kinds, which were not indexed, lie from their neighbours."""
        self._known = np.sort(distances)

    def distances(self, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far each of (n, dim) tickets lies from its neighbours: 1 minus their mean cosine."""
        return np.array([_distance(row) for row in self.nearest(embeddings)], np.float32)

    def nearest(self, embeddings: NDArray[np.float32], k: int = NEIGHBOURS) -> list[list[Neighbour]]:
        """Return the up to `k` nearest training tickets of each of (n, dim) embeddings, nearest first."""
        if self._index.ntotal == 0:
            return [[] for _ in embeddings]
        scores, positions = self._index.search(unit_rows(embeddings - self._mean), min(k, self._index.ntotal))
        return [
            [Neighbour(int(p), float(s)) for p, s in zip(row_positions, row_scores, strict=True)]
            for row_positions, row_scores in zip(positions, scores, strict=True)
        ]

    def novelty(self, nearest: Sequence[Sequence[Neighbour]]) -> list[Novelty]:
        """Judge tickets by their nearest neighbours; with nothing held out nothing is novel."""
        if len(self._known) == 0:
            return [Novelty(False, 0.0) for _ in nearest]
        closer = np.searchsorted(self._known, [_distance(row) for row in nearest], side="right")
        shares = closer / (len(self._known) + 1.0)
        return [Novelty(bool(share >= NOVEL_FROM), round(float(share), 4)) for share in shares]

    def save(self, folder: Path) -> None:
        """Write the index, the mean and the known distances into `folder`."""
        faiss.write_index(self._index, str(folder / "neighbours.faiss"))
        np.savez(folder / "neighbours.npz", mean=self._mean, known=self._known)

    @classmethod
    def load(cls, folder: Path) -> Neighbours:
        """Read what `save` wrote; the caller has verified the folder."""
        index = faiss.read_index(str(folder / "neighbours.faiss"), faiss.IO_FLAG_MMAP)
        with np.load(folder / "neighbours.npz") as arrays:
            return cls(index, arrays["mean"], arrays["known"])


def _distance(nearest: Sequence[Neighbour]) -> float:
    return 1.0 - sum(n.score for n in nearest) / len(nearest) if nearest else 1.0
