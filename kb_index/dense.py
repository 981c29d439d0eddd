"""Search by meaning: FAISS over L2-normalised vectors."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from kb_index.clusters import Clusters, make_clusters
from kb_index.layout import CLUSTERED, Layout, choose_layout
from models.errors import FolderError


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest rows and their inner products with what was asked, nearest first."""

    rows: NDArray[np.int64]
    similarities: NDArray[np.float32]


class DenseSearch(Protocol):
    """Vectors that can be searched."""

    def __len__(self) -> int: ...

    def search(
        self, vector: NDArray[np.float32], n: int, allowed: NDArray[np.bool_] | None = None
    ) -> Neighbours:
        """Return the up to `n` nearest rows among those that `allowed`, (len,) bool, is true for.

        What is not allowed takes no place among the `n`.
        """
        ...

    def similarities(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inner products of `vector` with these rows, (len(rows),) float32."""
        ...


class DenseIndex:
    """Vectors under numbers, (n, dim) float32; read by any number of threads at once."""

    def __init__(
        self, index: faiss.IndexScalarQuantizer | faiss.IndexIVFScalarQuantizer, layout: Layout
    ) -> None:
        self._index = index
        self.layout = layout
        self._clusters = Clusters(index) if isinstance(index, faiss.IndexIVFScalarQuantizer) else None

    @classmethod
    def build(
        cls,
        vectors: NDArray[np.float32],
        counted: NDArray[np.bool_] | None = None,
        layout: Layout | None = None,
    ) -> DenseIndex:
        """Index vectors (n, dim), numbered 0 to n - 1, as `layout` says or as suits their number.

        They are kept as 16-bit floats: half the memory, half the time (0.4 ms for 8,300 vectors of 384
        numbers), and no product is off by more than 0.0001. Where there are many, those for which `counted`,
        (n,) bool, is false do not move which of the others are compared with what is asked.
        """
        if layout is None:
            layout = choose_layout(len(vectors), len(vectors) if counted is None else int(counted.sum()))
        vectors = np.ascontiguousarray(vectors)
        if layout.kind == CLUSTERED:
            return cls(make_clusters(vectors, counted, layout.clusters), layout)
        index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.add(vectors)
        return cls(index, layout)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: NDArray[np.float32], n: int, allowed: NDArray[np.bool_] | None = None
    ) -> Neighbours:
        selector = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        n = min(n, len(self) if allowed is None else int(allowed.sum()))
        if n == 0:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        # Starting a team of threads for one query costs several times the search, and more on a busy machine.
        faiss.omp_set_num_threads(1)
        if self._clusters is not None:
            similarities, rows = self._clusters.search(vector, n, allowed, selector)
        else:
            parameters = faiss.SearchParameters()
            parameters.sel = selector
            similarities, rows = self._index.search(vector[None, :], n, params=parameters)
        found = rows[0] >= 0
        return Neighbours(rows[0][found], similarities[0][found])

    def similarities(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        if not len(rows):
            return np.empty(0, np.float32)
        vectors: NDArray[np.float32] = self._index.reconstruct_batch(rows)
        return _inner_products(vectors, vector)

    def save(self, path: Path) -> None:
        """Write to `path`.

        Raises:
            OSError: the file cannot be written.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            # FAISS says neither which error it was nor by an OSError that there was one.
            raise OSError(
                errno.EIO, f"{path.name} could not be written, the disk may be full", str(path)
            ) from error

    @classmethod
    def load(cls, path: Path, layout: Layout) -> DenseIndex:
        """Map a file that `save` wrote into memory; its pages are read when needed, and shared by processes.

        Raises:
            FolderError: it holds another kind of index.
        """
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        if not isinstance(index, faiss.IndexScalarQuantizer | faiss.IndexIVFScalarQuantizer):
            raise FolderError(
                f"{path} holds a {type(index).__name__}, expected 16-bit vectors, flat or in clusters: "
                "build the index again"
            )
        return cls(index, layout)


class ExtendedDense:
    """An index with vectors (m, dim) float32 added at its end; these are all compared with what is asked."""

    def __init__(self, base: DenseIndex, added: NDArray[np.float32]) -> None:
        self._base = base
        self._added = added

    def __len__(self) -> int:
        return len(self._base) + len(self._added)

    def search(
        self, vector: NDArray[np.float32], n: int, allowed: NDArray[np.bool_] | None = None
    ) -> Neighbours:
        border = len(self._base)
        found = self._base.search(vector, n, None if allowed is None else allowed[:border])
        added = np.arange(len(self._added)) if allowed is None else np.flatnonzero(allowed[border:])
        rows = np.concatenate([found.rows, added + border])
        products = _inner_products(self._added, vector)[added]
        similarities = np.concatenate([found.similarities, products])
        nearest = np.lexsort((rows, -similarities))[:n]
        return Neighbours(rows[nearest], similarities[nearest])

    def similarities(self, vector: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        border = len(self._base)
        is_added = rows >= border
        similarities = np.empty(len(rows), np.float32)
        similarities[~is_added] = self._base.similarities(vector, rows[~is_added])
        similarities[is_added] = _inner_products(self._added[rows[is_added] - border], vector)
        return similarities


def as_stored(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors rounded as an index keeps them."""
    return vectors.astype(np.float16).astype(np.float32)


def _inner_products(vectors: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    # Not by BLAS: it would share some hundred rows out to threads, and round by where a row stands.
    products: NDArray[np.float32] = np.einsum("ij,j->i", vectors, vector)
    return products
