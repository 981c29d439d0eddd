"""Vectors held against one question: the nearest of any of them, and how near any of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TopK:
    """The nearest rows and their inner products with what was asked, nearest first."""

    rows: Rows
    similarities: Floats


class QueryScores(Protocol):
    """The n vectors of an index, held against one question."""

    def nearest(self, k: int, among: Mask | None = None) -> TopK:
        """Return the up to `k` nearest rows among those that `among`, (n,) bool, is true for.

        What is not among these takes no place.
        """
        ...

    def similarities(self, rows: Rows) -> Floats:
        """Return the inner products of what was asked with these rows, (len(rows),)."""
        ...


@dataclass(frozen=True, slots=True)
class ExactScores:
    """The inner products of a question with everything, (n,), computed once."""

    products: Floats

    def nearest(self, k: int, among: Mask | None = None) -> TopK:
        rows = np.arange(len(self.products)) if among is None else np.flatnonzero(among)
        near = self.products[rows]
        if k < len(rows):
            least = np.partition(near, -k)[-k] if k else np.inf
            kept = near >= least
            rows, near = rows[kept], near[kept]
        order = np.lexsort((rows, -near))[:k]
        return TopK(rows[order], near[order])

    def similarities(self, rows: Rows) -> Floats:
        return self.products[rows]


@dataclass(frozen=True, slots=True)
class ConcatenatedScores:
    """Some vectors, and others that stand behind them and were all compared."""

    base: QueryScores
    added: ExactScores
    border: int

    def nearest(self, k: int, among: Mask | None = None) -> TopK:
        parts = (None, None) if among is None else (among[: self.border], among[self.border :])
        found, added = self.base.nearest(k, parts[0]), self.added.nearest(k, parts[1])
        rows = np.concatenate([found.rows, added.rows + self.border])
        near = np.concatenate([found.similarities, added.similarities])
        order = np.lexsort((rows, -near))[:k]
        return TopK(rows[order], near[order])

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
    # Not by BLAS: it would share some hundred rows out to threads, and round by where a row stands. Nor by
    # numpy.einsum, which takes a quarter longer for 20,000 vectors.
    multiply = faiss.fvec_inner_products_ny  # type: ignore[attr-defined]  # missing in faiss's own stubs
    multiply(pointer(products), pointer(vector), pointer(vectors), vectors.shape[1], len(vectors))
    return products
