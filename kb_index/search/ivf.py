"""Vectors in clusters: of many, only those of the clusters nearest to what is asked are compared with it."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from kb_index.search.similarity import Floats, Mask, Rows, TopK, inner_products

_TRAINED_ON = 40
_ROUNDS = 6
_COMPARED = 30_000
_COMPARED_PER_RESULT = 100


def build_ivf(
    vectors: NDArray[np.float32], counted: NDArray[np.bool_] | None, clusters: int
) -> faiss.IndexIVFScalarQuantizer:
    """Return vectors (n, dim) in clusters by spherical k-means over those that are `counted`, (n,) bool.

    They are kept as 16-bit floats, not as differences from their cluster's centre: all products are those
    of an index without clusters.
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
    index.cp.niter = _ROUNDS
    index.cp.max_points_per_centroid = _TRAINED_ON
    index.cp.min_points_per_centroid = 1  # FAISS would warn on stderr where there are fewer than it likes
    # A second thread gains nothing where another program wants the second core: they wait for each other.
    faiss.omp_set_num_threads(1)
    index.train(vectors if counted is None else vectors[counted])
    index.add(vectors)
    return index


class IvfIndex:
    """Searches vectors in clusters; read by any number of threads at once.

    IvfIndex are looked through from the nearest centre on, until 30,000 rows that are allowed, or 100 for
    each result wanted, have been compared. What is not allowed is neither compared nor counted: a filter
    that lets little through makes the search look further, and at 30,000 rows or fewer it is exact.
    """

    def __init__(self, index: faiss.IndexIVFScalarQuantizer) -> None:
        index.make_direct_map()
        self._index: Any = index
        self.centres: Floats = index.quantizer.reconstruct_n(0, index.nlist)
        # FAISS keeps list number and place within it in the upper and lower half of one number.
        self._cluster_of = (faiss.vector_to_array(index.direct_map.array) >> 32).astype(np.int32)
        self._sizes = np.bincount(self._cluster_of, minlength=index.nlist)

    def search(self, vector: Floats, k: int, among: Mask | None, near: Floats) -> TopK:
        """Return the `k` nearest rows; `near` are the products of `vector` with the `centres`."""
        if among is not None and among.all():
            among = None  # the same rows, without asking the filter about each
        k = min(k, len(self._cluster_of) if among is None else int(among.sum()))
        if k == 0:
            return TopK(np.empty(0, np.int64), np.empty(0, np.float32))
        clusters = self._nearest(near, k, among)
        centres = np.zeros(len(clusters), np.float32)  # not used for vectors that are no differences
        similarities, rows = np.empty(k, np.float32), np.empty(k, np.int64)
        parameters = faiss.SearchParametersIVF()
        if among is not None:
            bits = np.packbits(among, bitorder="little")
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
            pointer(centres),
            pointer(similarities),
            pointer(rows),
            False,
            parameters,
        )
        found = rows >= 0
        return TopK(rows[found], similarities[found])

    def vectors(self, rows: Rows) -> Floats:
        """Return the vectors of these rows, (len(rows), dim)."""
        vectors: Floats = self._index.reconstruct_batch(rows)
        return vectors

    def _nearest(self, near: Floats, k: int, among: Mask | None) -> Rows:
        """Return the clusters to look through, nearest first."""
        sizes = self._sizes
        if among is not None:
            # By their numbers: picked by the mask, half of a million rows take three times as long.
            sizes = np.bincount(self._cluster_of.take(np.flatnonzero(among)), minlength=len(sizes))
        filled = np.flatnonzero(sizes)
        order = filled[np.argsort(-near[filled], kind="stable")]
        enough = max(_COMPARED, _COMPARED_PER_RESULT * k)
        clusters: Rows = order[: np.searchsorted(np.cumsum(sizes[order]), enough) + 1]
        return clusters


class IvfScores:
    """Vectors in clusters, held against one question."""

    def __init__(self, clusters: IvfIndex, vector: Floats) -> None:
        self._clusters = clusters
        self._vector = vector
        self._near = inner_products(clusters.centres, vector)

    def nearest(self, k: int, among: Mask | None = None) -> TopK:
        return self._clusters.search(self._vector, k, among, self._near)

    def similarities(self, rows: Rows) -> Floats:
        if not len(rows):
            return np.empty(0, np.float32)
        return inner_products(self._clusters.vectors(rows), self._vector)
