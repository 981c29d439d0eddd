"""Search by meaning: FAISS over L2-normalised vectors."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from kb_index.search.ivf import IvfIndex, IvfScores, build_ivf
from kb_index.search.similarity import ConcatenatedScores, ExactScores, QueryScores, inner_products
from models.errors import FolderError

FLAT, CLUSTERED = "flat", "clustered"

_MOST_FLAT = 50_000
_CLUSTERS_PER_ROOT = 8


@dataclass(frozen=True, slots=True)
class IndexType:
    """The kind, `flat` or `clustered`, why it was chosen, and into how many clusters (0 where flat)."""

    kind: str
    why: str
    clusters: int = 0

    def __str__(self) -> str:
        size = f"in {self.clusters:,} clusters" if self.clusters else "flat"
        return f"{size}, since {self.why}"


def choose_index_type(vectors: int, counted: int) -> IndexType:
    """Choose for so many vectors, of which those `counted` may say where clusters lie.

    >>> choose_index_type(8_300, 8_300).kind, choose_index_type(1_000_000, 1_000_000).clusters
    ('flat', 8000)
    """
    if vectors <= _MOST_FLAT:
        return IndexType(FLAT, f"comparing all of {vectors:,} is exact, and quick up to {_MOST_FLAT:,}")
    clusters = max(1, min(_CLUSTERS_PER_ROOT * isqrt(counted), counted))
    return IndexType(CLUSTERED, f"comparing all of {vectors:,} is slow, above {_MOST_FLAT:,}", clusters)


class VectorIndex(Protocol):
    """Vectors that can be searched."""

    def __len__(self) -> int: ...

    def compare(self, vector: NDArray[np.float32]) -> QueryScores:
        """Hold `vector`, (dim,) float32, against them."""
        ...


class FaissIndex:
    """Vectors under numbers, (n, dim) float32; read by any number of threads at once."""

    def __init__(
        self, index: faiss.IndexScalarQuantizer | faiss.IndexIVFScalarQuantizer, layout: IndexType
    ) -> None:
        self._index = index
        self.layout = layout
        self._held: IvfIndex | NDArray[np.float32]
        if isinstance(index, faiss.IndexIVFScalarQuantizer):
            self._held = IvfIndex(index)
        else:
            # Widened once: all products of a question then take one pass, and any of them can be looked up.
            self._held = index.reconstruct_n(0, index.ntotal)

    @classmethod
    def build(
        cls,
        vectors: NDArray[np.float32],
        counted: NDArray[np.bool_] | None = None,
        layout: IndexType | None = None,
    ) -> FaissIndex:
        """Index vectors (n, dim), numbered 0 to n - 1, as `layout` says or as suits their number.

        They are rounded to 16-bit floats: half the disk, and no product is off by more than 0.0001. Where
        there are many, those for which `counted`, (n,) bool, is false do not move which of the others are
        compared with what is asked.
        """
        if layout is None:
            layout = choose_index_type(len(vectors), len(vectors) if counted is None else int(counted.sum()))
        vectors = np.ascontiguousarray(vectors)
        if layout.kind == CLUSTERED:
            return cls(build_ivf(vectors, counted, layout.clusters), layout)
        index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.add(vectors)
        return cls(index, layout)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def compare(self, vector: NDArray[np.float32]) -> QueryScores:
        if isinstance(self._held, IvfIndex):
            return IvfScores(self._held, vector)
        return ExactScores(inner_products(self._held, vector))

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
    def load(cls, path: Path, layout: IndexType) -> FaissIndex:
        """Open a file that `save` wrote. IvfIndex stay on the disk: pages are read when needed, and shared.

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


class ExtendedIndex:
    """An index with vectors (m, dim) float32 added at its end; these are all compared with what is asked."""

    def __init__(self, base: FaissIndex, added: NDArray[np.float32]) -> None:
        self._base = base
        self._added = added

    def __len__(self) -> int:
        return len(self._base) + len(self._added)

    def compare(self, vector: NDArray[np.float32]) -> QueryScores:
        added = ExactScores(inner_products(self._added, vector))
        return ConcatenatedScores(self._base.compare(vector), added, len(self._base))


def as_half_precision(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors (n, dim) rounded as an index keeps them; numpy rounds one number in 10,000 otherwise."""
    quantizer = faiss.ScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16)
    stored: NDArray[np.float32] = quantizer.decode(quantizer.compute_codes(vectors))
    return stored
