"""Solver of the logistic regressions, by L-BFGS.

Written here because sparse text and a dense embedding want different products (sparse, and BLAS), single
precision and both cores: for 8,000 tickets and 77 values it takes 7 s where scikit-learn's solver takes 29 s
for the same objective.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cholesky, solve_triangular
from scipy.special import expit
from threadpoolctl import ThreadpoolController

from training.estimators.lbfgs import Matrix, lbfgs

# Cells of the score matrix that one block of rows may have, so that 5,000 values do not fill the memory.
_BLOCK_CELLS = 4_000_000
_MIN_BLOCKS = 2
# Up to so many rows it is quicker to search among combinations of them.
DUAL_UP_TO = 4_000
_JITTER = 1e-4
# Of so few rows, starting BLAS's threads takes longer than their products do.
_FEW = 1_000
# A column that more than this share of the rows have is quicker dense, through BLAS: in the Gram matrix, and
# in the solver.
_COMMON_IN_GRAM, _COMMON = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class _Block:
    """Some rows; `targets` are the number of each one's output if exclusive, else (n, outputs) float32."""

    text: sparse.csr_matrix
    transposed: sparse.csr_matrix
    dense: Matrix
    targets: NDArray[Any]


def fit_primal(rows: sparse.csr_matrix, targets: NDArray[np.bool_], C: float, *, exclusive: bool) -> Matrix:
    """Return (columns + 1, outputs) weights; the last row are the intercepts."""
    is_dense = np.bincount(rows.indices, minlength=rows.shape[1]) > _COMMON * rows.shape[0]
    ones = np.ones((rows.shape[0], 1), np.float32)
    found = _minimise(
        rows[:, ~is_dense], np.hstack([rows[:, is_dense].toarray(), ones]), targets, C, exclusive=exclusive
    )
    weights = np.empty((rows.shape[1] + 1, targets.shape[1]), np.float32)
    weights[:-1][~is_dense] = found[: (~is_dense).sum()]
    weights[:-1][is_dense] = found[(~is_dense).sum() : -1]
    weights[-1] = found[-1]
    return weights


def fit_dual(rows: sparse.csr_matrix, targets: NDArray[np.bool_], C: float, *, exclusive: bool) -> Matrix:
    """Do as `fit_primal`, among combinations of the rows: 0.3 s, not 10 s, for 600 rows and 40 outputs."""
    dual = dual_coefficients(gram_matrix(rows) + 1, targets, C, exclusive=exclusive)
    return np.vstack([rows.T @ dual, dual.sum(axis=0)])


def dual_coefficients(
    products: NDArray[np.float64], targets: NDArray[np.bool_], C: float, *, exclusive: bool
) -> Matrix:
    """Return the (n, outputs) coefficients of the training rows in the best weights.

    `products` (n, n) are the rows' inner products. With K = L L' the rows of L stand for the rows themselves:
    n numbers each rather than 100,000.
    """
    steadied = products + _JITTER * np.eye(len(products))  # equal rows make it singular
    with few_blas_threads(len(products)):
        root = cholesky(steadied, lower=True, overwrite_a=True)
    nothing = sparse.csr_matrix(np.empty((len(root), 0), np.float32))
    found = _minimise(nothing, root.astype(np.float32), targets, C, exclusive=exclusive)
    dual: Matrix = solve_triangular(root, found.astype(float), lower=True, trans="T").astype(np.float32)
    return dual


def _minimise(
    text: sparse.csr_matrix, dense: Matrix, targets: NDArray[np.bool_], C: float, *, exclusive: bool
) -> Matrix:
    """Return the (sparse columns + dense columns, outputs) weights with the smallest penalised loss."""
    n, outputs = targets.shape
    parts = np.array_split(np.arange(n), max(_MIN_BLOCKS, n * outputs // _BLOCK_CELLS))
    aims = targets.argmax(axis=1) if exclusive else targets.astype(np.float32)
    blocks = [_Block(text[p], text[p].T.tocsr(), dense[p], aims[p]) for p in parts if len(p)]
    loss = _softmax_loss if exclusive else _sigmoid_loss
    # BLAS with threads of its own would make four of these two.
    with _one_blas_thread(), ThreadPoolExecutor(2) as pool:
        objective = partial(_objective, blocks=blocks, n=n, penalty=1.0 / (C * n), loss=loss, pool=pool)
        return lbfgs(objective, np.zeros((text.shape[1] + dense.shape[1], outputs), np.float32))


_Loss = Callable[[Matrix, NDArray[Any]], tuple[float, Matrix]]


def _objective(
    weights: Matrix,
    *,
    blocks: Sequence[_Block],
    n: int,
    penalty: float,
    loss: _Loss,
    pool: ThreadPoolExecutor,
) -> tuple[float, Matrix]:
    part: Callable[[_Block], tuple[float, Matrix]] = partial(_part, weights=weights, n=n, loss=loss)
    value, gradient = 0.0, weights * np.float32(penalty)
    for part_value, part_gradient in pool.map(part, blocks):
        value += part_value
        gradient += part_gradient
    return value + 0.5 * penalty * float(np.vdot(weights, weights)), gradient


def _part(block: _Block, weights: Matrix, n: int, loss: _Loss) -> tuple[float, Matrix]:
    """Return what a block adds to the mean loss of n rows, and to its gradient."""
    width = block.text.shape[1]
    scores = block.text @ weights[:width]
    scores += block.dense @ weights[width:]
    value, residual = loss(scores, block.targets)
    gradient = np.empty_like(weights)
    gradient[:width] = block.transposed @ residual
    np.matmul(block.dense.T, residual, out=gradient[width:])
    gradient /= np.float32(n)
    return value / n, gradient


def _softmax_loss(scores: Matrix, right: NDArray[np.intp]) -> tuple[float, Matrix]:
    """Return the cross-entropy and its derivative by the scores, which are overwritten."""
    rows = np.arange(len(right))
    scores -= scores.max(axis=1, keepdims=True)
    score = scores[rows, right]
    np.exp(scores, out=scores)
    total = scores.sum(axis=1, keepdims=True)
    scores /= total
    scores[rows, right] -= 1
    return float((np.log(total[:, 0]) - score).sum(dtype=float)), scores


def _sigmoid_loss(scores: Matrix, targets: Matrix) -> tuple[float, Matrix]:
    loss = float((np.logaddexp(0, scores) - targets * scores).sum(dtype=float))
    return loss, expit(scores) - targets


def gram_matrix(rows: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return the (n, n) inner products of sparse rows, in double precision.

    In single precision those of thousands of nearly equal tickets are not positive definite.

    The sparse product's time is the sum of the squared column counts, nearly all of it for a few columns:
    3,750 IT tickets take 5.6 s of one core with all columns sparse, 1.2 s so.
    """
    common = np.bincount(rows.indices, minlength=rows.shape[1]) > _COMMON_IN_GRAM * rows.shape[0]
    dense, rest = rows[:, common].toarray().astype(float), rows[:, ~common].astype(float)
    with few_blas_threads(rows.shape[0]):
        products: NDArray[np.float64] = (rest @ rest.T).toarray()
        products += dense @ dense.T
    return products


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()  # finding BLAS takes 10 ms


def _one_blas_thread() -> AbstractContextManager[Any]:
    """Return a context in which matrix products use the calling thread alone."""
    limit: AbstractContextManager[Any] = _blas().limit(limits=1, user_api="blas")
    return limit


def few_blas_threads(rows: int) -> AbstractContextManager[Any]:
    """Return a context in which products of few rows use the calling thread alone."""
    return _one_blas_thread() if rows < _FEW else nullcontext()
