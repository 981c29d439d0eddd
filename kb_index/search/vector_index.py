"""Vector indexes: FAISS over L2-normalised vectors, flat or in clusters (IVF)."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np

from kb_index.search.filters import Mask
from kb_index.search.ivf import IvfScores, build_ivf
from kb_index.search.similarity import ConcatenatedScores, ExactScores, Floats, QueryScores, inner_products
from models.errors import FolderError

FLAT, CLUSTERED = "flat", "clustered"

_MAX_FLAT = 50_000
_CLUSTERS_PER_ROOT = 8


@dataclass(frozen=True, slots=True)
class IndexType:
    """Type of a vector index, `flat` or `clustered`, the reason, and the number of clusters."""

    kind: str
    why: str
    clusters: int = 0

    def __str__(self) -> str:
        size = f"in {self.clusters:,} clusters" if self.clusters else "flat"
        return f"{size}, since {self.why}"


def choose_index_type(vectors: int, trainable: int) -> IndexType:
    """Choose the type for so many vectors, of which `trainable` may be used to place clusters.

    >>> choose_index_type(8_300, 8_300).kind, choose_index_type(1_000_000, 1_000_000).clusters
    ('flat', 8000)
    """
    if vectors <= _MAX_FLAT:
        return IndexType(FLAT, f"comparing all of {vectors:,} is exact, and quick up to {_MAX_FLAT:,}")
    clusters = max(1, min(_CLUSTERS_PER_ROOT * isqrt(trainable), trainable))
    return IndexType(CLUSTERED, f"comparing all of {vectors:,} is slow, above {_MAX_FLAT:,}", clusters)


class VectorIndex(Protocol):
    """Vectors that can be searched."""

    def __len__(self) -> int: ...

    def query(self, vector: Floats) -> QueryScores:
        """Return the similarities of a query `vector` (dim,) with the vectors."""
        ...


class FaissIndex:
    """Vectors (n, dim) float32 by row; any number of threads may read it at once."""

    def __init__(
        self, index: faiss.IndexScalarQuantizer | faiss.IndexIVFScalarQuantizer, index_type: IndexType
    ) -> None:
        self._index = index
        self.index_type = index_type
        self._vectors: Floats = np.empty((0, index.d), np.float32)
        if isinstance(index, faiss.IndexIVFScalarQuantizer):
            index.make_direct_map()  # by which vectors are looked up by their row
        else:
            # Widened to 32 bits once: all products of a query then take one pass, and each can be looked up.
            self._vectors = index.reconstruct_n(0, index.ntotal)

    @classmethod
    def build(
        cls, vectors: Floats, train_mask: Mask | None = None, index_type: IndexType | None = None
    ) -> FaissIndex:
        """Index vectors (n, dim) under the rows 0 to n - 1, as `index_type` says or as suits their number.

        They are rounded to 16-bit floats: half the disk, and no product is off by more than 0.0001. In
        clusters, only the vectors for which `train_mask` (n,) is true decide where these lie, so that the
        others do not change which of them are compared with a query.
        """
        if index_type is None:
            trainable = len(vectors) if train_mask is None else int(train_mask.sum())
            index_type = choose_index_type(len(vectors), trainable)
        vectors = np.ascontiguousarray(vectors)
        if index_type.kind == CLUSTERED:
            return cls(build_ivf(vectors, train_mask, index_type.clusters), index_type)
        index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        index.add(vectors)
        return cls(index, index_type)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def query(self, vector: Floats) -> QueryScores:
        if isinstance(self._index, faiss.IndexIVFScalarQuantizer):
            return IvfScores(self._index, vector)
        return ExactScores(inner_products(self._vectors, vector))

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
    def load(cls, path: Path, index_type: IndexType) -> FaissIndex:
        """Open a file that `save` wrote. Clusters stay on the disk: pages are read when needed, and shared.

        Raises:
            FolderError: it holds another kind of index.
        """
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        if not isinstance(index, faiss.IndexScalarQuantizer | faiss.IndexIVFScalarQuantizer):
            raise FolderError(
                f"{path} holds a {type(index).__name__}, expected 16-bit vectors, flat or in clusters: "
                "build the index again"
            )
        return cls(index, index_type)


class ExtendedIndex:
    """An index with added vectors (m, dim) float32 at its end, which are compared with every query."""

    def __init__(self, base: FaissIndex, added: Floats) -> None:
        self._base = base
        self._added = added

    def __len__(self) -> int:
        return len(self._base) + len(self._added)

    def query(self, vector: Floats) -> QueryScores:
        added = ExactScores(inner_products(self._added, vector))
        return ConcatenatedScores(self._base.query(vector), added, len(self._base))


def as_half_precision(vectors: Floats) -> Floats:
    """Return vectors (n, dim) rounded as an index keeps them; numpy rounds one number in 10,000 otherwise."""
    quantizer = faiss.ScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16)
    stored: Floats = quantizer.decode(quantizer.compute_codes(vectors))
    return stored
