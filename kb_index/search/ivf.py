"""IVF index: of many vectors, only those in the clusters nearest to a query are compared with it."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np

from kb_index.search.filters import Mask
from kb_index.search.similarity import Floats, Rows, inner_products

_TRAIN_PER_CLUSTER = 40
_TRAIN_ROUNDS = 6
_MIN_COMPARED = 30_000
_MIN_COMPARED_PER_RESULT = 100


def build_ivf(vectors: Floats, train_mask: Mask | None, clusters: int) -> faiss.IndexIVFScalarQuantizer:
    """Return vectors (n, dim) in clusters, by spherical k-means over those in `train_mask` (n,).

    They are kept as 16-bit floats, not as residuals from their cluster's centroid: all products are those of
    a flat index.
    """
    dim = vectors.shape[1]
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim),
        dim,
        clusters,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )
    index.cp.niter = _TRAIN_ROUNDS
    index.cp.max_points_per_centroid = _TRAIN_PER_CLUSTER
    index.cp.min_points_per_centroid = 1  # FAISS would warn on stderr where there are fewer than it likes
    # A second thread gains nothing where another program wants the second core: they wait for each other.
    faiss.omp_set_num_threads(1)
    index.train(vectors if train_mask is None else vectors[train_mask])
    index.add(vectors)
    return index


class IvfScores:
    """Similarities of one query with the vectors in clusters; any number of threads may search them at once.

    FAISS searches the clusters from the nearest centroid on, until 30,000 rows within the mask, or 100 for
    each result wanted, have been compared. Rows outside the mask are neither compared nor counted: a narrow
    filter makes the search reach further, and within a mask of 30,000 rows or fewer it is exact.
    """

    def __init__(self, index: faiss.IndexIVFScalarQuantizer, vector: Floats) -> None:
        self._index: Any = index
        self._vector = vector

    def top_k(self, k: int, mask: Mask | None = None) -> Rows:
        if mask is not None and mask.all():
            mask = None  # the same rows, without asking the filter about each
        k = min(k, self._index.ntotal if mask is None else int(mask.sum()))
        if k == 0:
            return np.empty(0, np.int64)
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = self._index.nlist
        parameters.max_codes = max(_MIN_COMPARED, _MIN_COMPARED_PER_RESULT * k)
        if mask is not None:
            bits = np.packbits(mask, bitorder="little")
            parameters.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        # Starting a team of threads for one query costs several times the search, and more on a busy machine.
        faiss.omp_set_num_threads(1)
        _, [rows] = self._index.search(self._vector[None, :], k, params=parameters)
        found: Rows = rows[rows >= 0]
        return found

    def similarities(self, rows: Rows) -> Floats:
        if not len(rows):
            return np.empty(0, np.float32)
        return inner_products(self._index.reconstruct_batch(rows), self._vector)
