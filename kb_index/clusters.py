"""Vectors in clusters: of many, only those of the clusters nearest to what is asked are compared with it."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_TRAINED_ON = 40
_ROUNDS = 6
_COMPARED = 30_000
_COMPARED_PER_RESULT = 100


def make_clusters(
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
    # A second thread gains nothing where another program wants the second core: they wait for each other.
    faiss.omp_set_num_threads(1)
    index.train(vectors if counted is None else vectors[counted])
    index.add(vectors)
    return index


class Clusters:
    """Searches vectors in clusters; read by any number of threads at once.

    Clusters are looked through from the nearest centre on, until 30,000 rows that are allowed, or 100 for
    each result wanted, have been compared. What is not allowed is neither compared nor counted: a filter
    that lets little through makes the search look further, and at 30,000 rows or fewer it is exact.
    """

    def __init__(self, index: faiss.IndexIVFScalarQuantizer) -> None:
        index.make_direct_map()
        self._index: Any = index
        self._centres: NDArray[np.float32] = index.quantizer.reconstruct_n(0, index.nlist)
        # FAISS keeps list number and place within it in the upper and lower half of one number.
        self._cluster_of = (faiss.vector_to_array(index.direct_map.array) >> 32).astype(np.int32)
        self._sizes = np.bincount(self._cluster_of, minlength=index.nlist)

    def search(
        self,
        vector: NDArray[np.float32],
        n: int,
        allowed: NDArray[np.bool_] | None,
        selector: faiss.IDSelector | None,
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return inner products and rows, each (1, n), as FAISS does."""
        clusters = self._nearest(vector, n, allowed)
        centres = np.zeros(len(clusters), np.float32)  # not used for vectors that are no differences
        similarities, rows = np.empty((1, n), np.float32), np.empty((1, n), np.int64)
        parameters = faiss.SearchParametersIVF()
        parameters.sel = selector
        parameters.nprobe = len(clusters)
        pointer = faiss.swig_ptr
        self._index.search_preassigned_c(
            1,
            pointer(vector),
            n,
            pointer(clusters),
            pointer(centres),
            pointer(similarities),
            pointer(rows),
            False,
            parameters,
        )
        return similarities, rows

    def _nearest(
        self, vector: NDArray[np.float32], n: int, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        """Return the clusters to look through, nearest first."""
        sizes = self._sizes
        if allowed is not None:
            sizes = np.bincount(self._cluster_of[allowed], minlength=len(sizes))
        filled = np.flatnonzero(sizes)
        near = np.einsum("ij,j->i", self._centres, vector)[filled]
        order = filled[np.argsort(-near, kind="stable")]
        enough = max(_COMPARED, _COMPARED_PER_RESULT * n)
        clusters: NDArray[np.int64] = order[: np.searchsorted(np.cumsum(sizes[order]), enough) + 1]
        return clusters
