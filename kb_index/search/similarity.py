"""Similarities of one query with the vectors of an index, and the k nearest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from kb_index.search.filters import Mask

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class QueryScores(Protocol):
    """Similarities of one query with the n vectors of an index."""

    def top_k(self, k: int, mask: Mask | None = None) -> Rows:
        """Return the up to `k` nearest rows for which `mask` (n,) is true, nearest first.

        Rows outside the mask take no place from those inside.
        """
        ...

    def similarities(self, rows: Rows) -> Floats:
        """Return the inner products of the query with these rows, (len(rows),)."""
        ...


@dataclass(frozen=True, slots=True)
class ExactScores:
    """Similarities of a query with all vectors, (n,), computed at once."""

    products: Floats

    def top_k(self, k: int, mask: Mask | None = None) -> Rows:
        rows = np.arange(len(self.products)) if mask is None else np.flatnonzero(mask)
        near = self.products[rows]
        if k < len(rows):
            least = np.partition(near, -k)[-k] if k else np.inf
            kept = near >= least
            rows, near = rows[kept], near[kept]
        return rows[np.lexsort((rows, -near))[:k]]

    def similarities(self, rows: Rows) -> Floats:
        return self.products[rows]


@dataclass(frozen=True, slots=True)
class ConcatenatedScores:
    """Scores of a base index, followed by exact scores of the vectors added since, from row `border` on."""

    base: QueryScores
    added: ExactScores
    border: int

    def top_k(self, k: int, mask: Mask | None = None) -> Rows:
        base_mask, added_mask = (None, None) if mask is None else (mask[: self.border], mask[self.border :])
        rows = np.concatenate([self.base.top_k(k, base_mask), self.added.top_k(k, added_mask) + self.border])
        nearest: Rows = rows[np.lexsort((rows, -self.similarities(rows)))[:k]]
        return nearest

    def similarities(self, rows: Rows) -> Floats:
        is_added = rows >= self.border
        near = np.empty(len(rows), np.float32)
        near[~is_added] = self.base.similarities(rows[~is_added])
        near[is_added] = self.added.similarities(rows[is_added] - self.border)
        return near


def inner_products(vectors: Floats, vector: Floats) -> Floats:
    """Return the inner products of `vectors` (n, dim), C-contiguous, with `vector` (dim,)."""
    products = np.empty(len(vectors), np.float32)
    pointer = faiss.swig_ptr
    # Not by BLAS: it shares some hundred rows out to threads, and its rounding depends on a row's place. Nor
    # by numpy.einsum, which takes a quarter longer for 20,000 vectors.
    multiply = faiss.fvec_inner_products_ny  # type: ignore[attr-defined]  # missing in faiss's own stubs
    multiply(pointer(products), pointer(vector), pointer(vectors), vectors.shape[1], len(vectors))
    return products
