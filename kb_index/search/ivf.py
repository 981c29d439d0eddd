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


class IvfIndex:
    """Vectors in clusters; any number of threads may search them at once.

    Clusters are searched from the nearest centroid on, until 30,000 rows within the mask, or 100 for each
    result wanted, have been compared. Rows outside the mask are neither compared nor counted: a narrow filter
    makes the search reach further, and within a mask of 30,000 rows or fewer it is exact.
    """

    def __init__(self, index: faiss.IndexIVFScalarQuantizer) -> None:
        index.make_direct_map()
        self._index: Any = index
        self.centroids: Floats = index.quantizer.reconstruct_n(0, index.nlist)
        # FAISS keeps list number and place within it in the upper and lower half of one number.
        self._cluster_of = (faiss.vector_to_array(index.direct_map.array) >> 32).astype(np.int32)
        self._sizes = np.bincount(self._cluster_of, minlength=index.nlist)

    def top_k(self, vector: Floats, k: int, mask: Mask | None, centroid_scores: Floats) -> Rows:
        """Return the `k` nearest rows; `centroid_scores` are the products of `vector` with `centroids`."""
        if mask is not None and mask.all():
            mask = None  # the same rows, without asking the filter about each
        k = min(k, len(self._cluster_of) if mask is None else int(mask.sum()))
        if k == 0:
            return np.empty(0, np.int64)
        clusters = self._clusters_to_search(centroid_scores, k, mask)
        unused = np.zeros(len(clusters), np.float32)  # distances to the centroids, needed for residuals only
        similarities, rows = np.empty(k, np.float32), np.empty(k, np.int64)
        parameters = faiss.SearchParametersIVF()
        if mask is not None:
            bits = np.packbits(mask, bitorder="little")
            parameters.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        parameters.nprobe = len(clusters)
        pointer = faiss.swig_ptr
        # Starting a team of threads for one query costs several times the search, and more on a busy machine.
        faiss.omp_set_num_threads(1)
        self._index.search_preassigned_c(
            1,
            pointer(vector),
            k,
            pointer(clusters),
            pointer(unused),
            pointer(similarities),
            pointer(rows),
            False,
            parameters,
        )
        return rows[rows >= 0]

    def vectors(self, rows: Rows) -> Floats:
        """Return the vectors of these rows, (len(rows), dim)."""
        vectors: Floats = self._index.reconstruct_batch(rows)
        return vectors

    def _clusters_to_search(self, centroid_scores: Floats, k: int, mask: Mask | None) -> Rows:
        """Return the clusters to search, nearest first."""
        sizes = self._sizes
        if mask is not None:
            # By row numbers: indexed by the mask itself, half of a million rows take three times as long.
            sizes = np.bincount(self._cluster_of.take(np.flatnonzero(mask)), minlength=len(sizes))
        filled = np.flatnonzero(sizes)
        order = filled[np.argsort(-centroid_scores[filled], kind="stable")]
        enough = max(_MIN_COMPARED, _MIN_COMPARED_PER_RESULT * k)
        clusters: Rows = order[: np.searchsorted(np.cumsum(sizes[order]), enough) + 1]
        return clusters


class IvfScores:
    """Similarities of one query with the vectors of an IVF index."""

    def __init__(self, index: IvfIndex, vector: Floats) -> None:
        self._index = index
        self._vector = vector
        self._centroid_scores = inner_products(index.centroids, vector)

    def top_k(self, k: int, mask: Mask | None = None) -> Rows:
        return self._index.top_k(self._vector, k, mask, self._centroid_scores)

    def similarities(self, rows: Rows) -> Floats:
        if not len(rows):
            return np.empty(0, np.float32)
        return inner_products(self._index.vectors(rows), self._vector)
