"""Logistic regression over sparse text features and a dense embedding, fitted by L-BFGS.

Written here because the two blocks want different products (sparse, and BLAS), single precision and both
cores: for 8,000 tickets and 77 values it takes 7 s where scikit-learn's solver takes 29 s for the same
objective. Against one-against-rest linear support vector machines on the same features, held-out parts of
training sets: Banking77 0.9385 (machines 0.932), 10 tickets a class 0.816 (0.793).
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
from scipy.special import expit

from models.classifiers.lbfgs import Matrix, lbfgs
from models.storage.state import State, StateReader

# Cells of the score matrix that one block of rows may have, so that 5,000 values do not fill the memory.
_BLOCK_CELLS = 4_000_000
_MIN_BLOCKS = 2
# Up to so many tickets it is quicker to look among combinations of them.
_REDUCED_UP_TO = 4_000
_JITTER = 1e-4
# Of so few rows, starting BLAS's threads takes longer than their products do.
FEW = 1_000
# A column that more than this share of the tickets have is quicker dense, through BLAS.
_COMMON = 0.05


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """Hyperparameters of a field's model, chosen on validation tickets.

    The embedding has the length `embedding_weight` beside text rows of length 1 a block, the second
    encoder's embedding `second_embedding_weight`, 0 where it has no part. `C` is the weight of the training
    loss against the squared weights, as in scikit-learn.
    """

    embedding_weight: float = 2.0
    C: float = 3.0
    second_embedding_weight: float = 0.0

    def state(self) -> State:
        """Return them as plain values."""
        return {
            "embedding_weight": self.embedding_weight,
            "second_embedding_weight": self.second_embedding_weight,
            "C": self.C,
        }

    @classmethod
    def from_state(cls, state: StateReader) -> Hyperparameters:
        """Return those of which this is the state."""
        return cls(
            embedding_weight=state.number("embedding_weight"),
            C=state.positive("C"),
            second_embedding_weight=state.number("second_embedding_weight"),
        )


@dataclass(frozen=True, slots=True)
class _Block:
    """Some rows; `targets` are the number of each one's output if exclusive, else (n, outputs) float32."""

    text: sparse.csr_matrix
    transposed: sparse.csr_matrix
    dense: Matrix
    targets: NDArray[Any]


class LinearModel:
    """Scores of (n, outputs) whose softmax (`exclusive`), or else whose sigmoids, are probabilities.

    Attributes
    ----------
    weights_ : (text width + dim, outputs) float32
    intercepts_ : (outputs,) float32
    """

    def __init__(self, C: float, *, exclusive: bool) -> None:
        self.C = C
        self.exclusive = exclusive

    def state(self) -> State:
        """Return what was fitted as arrays."""
        return {"weights": self.weights_, "intercepts": self.intercepts_}

    @classmethod
    def from_state(
        cls, state: StateReader, *, C: float, exclusive: bool, inputs: int, outputs: int
    ) -> LinearModel:
        """Return the model, with so many inputs and outputs, of which this is the state."""
        model = cls(C, exclusive=exclusive)
        model.weights_ = state.array("weights", np.float32, (inputs, outputs))
        model.intercepts_ = state.array("intercepts", np.float32, (outputs,))
        return model

    def fit(self, text: sparse.csr_matrix, dense: Matrix, targets: NDArray[np.bool_]) -> LinearModel:
        """Fit on (n, width) text rows, (n, dim) embeddings and (n, outputs) targets.

        Each row of `exclusive` targets has one. The same input always gives the same weights.
        """
        dense_and_one = np.hstack([dense, np.ones((len(dense), 1), np.float32)])
        fit = self._fit_reduced if len(targets) <= _REDUCED_UP_TO else self._minimise
        found = fit(text, dense_and_one, targets)
        self.weights_, self.intercepts_ = found[:-1], found[-1]
        return self

    def weights_of(self, columns: NDArray[np.integer]) -> Matrix:
        """Return the weights (m, outputs) of these (m,) columns."""
        weights: Matrix = self.weights_[columns]
        return weights

    def text_scores(self, text: sparse.csr_matrix) -> Matrix:
        """Return what (n, width) text rows add to the scores, (n, outputs)."""
        scores: Matrix = text @ self.weights_[: text.shape[1]]
        return scores

    def scores(self, text: sparse.csr_matrix, dense: Matrix) -> Matrix:
        """Return (n, outputs) scores of (n, width) text rows and (n, dim) embeddings."""
        scores = self.text_scores(text)
        scores += dense @ self.weights_[text.shape[1] :]
        scores += self.intercepts_
        return scores

    def _minimise(self, text: sparse.csr_matrix, dense: Matrix, targets: NDArray[np.bool_]) -> Matrix:
        """Return (text columns + dense columns, outputs) weights."""
        n, outputs = targets.shape
        width = text.shape[1] + dense.shape[1]
        parts = np.array_split(np.arange(n), max(_MIN_BLOCKS, n * outputs // _BLOCK_CELLS))
        aims = targets.argmax(axis=1) if self.exclusive else targets.astype(np.float32)
        blocks = [_Block(text[p], text[p].T.tocsr(), dense[p], aims[p]) for p in parts if len(p)]
        penalty = 1.0 / (self.C * n)
        # BLAS with threads of its own would make four of these two.
        with one_blas_thread(), ThreadPoolExecutor(2) as pool:
            objective = partial(self._objective, blocks=blocks, n=n, penalty=penalty, pool=pool)
            return lbfgs(objective, np.zeros((width, outputs), np.float32))

    def _fit_reduced(self, text: sparse.csr_matrix, dense: Matrix, targets: NDArray[np.bool_]) -> Matrix:
        """Do as `_minimise`, among combinations of the rows: 0.3 s, not 10 s, for 600 and 40 values."""
        coefficients = self.dual_coefficients(gram_matrix(text) + dense.astype(float) @ dense.T, targets)
        return np.vstack([text.T @ coefficients, dense.T @ coefficients])

    def dual_coefficients(self, products: NDArray[np.float64], targets: NDArray[np.bool_]) -> Matrix:
        """Return the (n, outputs) coefficients of the training rows in the best weights.

        `products` (n, n) are the rows' inner products, with 1 added for the intercept; a new row's scores are
        its products with the training rows times the coefficients. With K = L L' the rows of L stand for the
        rows themselves: n numbers each rather than 100,000.
        """
        from scipy.linalg import cholesky, solve_triangular  # only training needs it

        steadied = products + _JITTER * np.eye(len(products))  # equal tickets make it singular
        with one_blas_thread() if len(products) < FEW else nullcontext():
            root = cholesky(steadied, lower=True, overwrite_a=True)
        nothing = sparse.csr_matrix(np.empty((len(root), 0), np.float32))
        found = self._minimise(nothing, root.astype(np.float32), targets)
        coefficients: Matrix = solve_triangular(root, found.astype(float), lower=True, trans="T").astype(
            np.float32
        )
        return coefficients

    def _objective(
        self, weights: Matrix, *, blocks: Sequence[_Block], n: int, penalty: float, pool: ThreadPoolExecutor
    ) -> tuple[float, Matrix]:
        part: Callable[[_Block], tuple[float, Matrix]] = partial(self._part, weights=weights, n=n)
        loss, gradient = 0.0, weights * np.float32(penalty)
        for part_loss, part_gradient in pool.map(part, blocks):
            loss += part_loss
            gradient += part_gradient
        return loss + 0.5 * penalty * float(np.vdot(weights, weights)), gradient

    def _part(self, block: _Block, weights: Matrix, n: int) -> tuple[float, Matrix]:
        """Return what a block adds to the mean loss of n rows, and to its gradient."""
        width = block.text.shape[1]
        scores = block.text @ weights[:width]
        scores += block.dense @ weights[width:]
        loss, residual = (_softmax_loss if self.exclusive else _sigmoid_loss)(scores, block.targets)
        gradient = np.empty_like(weights)
        gradient[:width] = block.transposed @ residual
        np.matmul(block.dense.T, residual, out=gradient[width:])
        gradient /= np.float32(n)
        return loss / n, gradient


@cache
def _blas() -> Any:
    from threadpoolctl import ThreadpoolController  # only training needs it, and finding BLAS takes 10 ms

    return ThreadpoolController()


def one_blas_thread() -> AbstractContextManager[Any]:
    """Return a context in which matrix products use the calling thread alone."""
    limit: AbstractContextManager[Any] = _blas().limit(limits=1, user_api="blas")
    return limit


def gram_matrix(rows: sparse.csr_matrix) -> NDArray[np.float64]:
    """Return the (n, n) inner products of sparse rows, in double precision.

    In single precision those of thousands of nearly equal tickets are not positive definite.

    The sparse product's time is the sum of the squared column counts, nearly all of it for a few columns:
    3,750 IT tickets take 5.6 s of one core with all columns sparse, 1.2 s so.
    """
    common = np.bincount(rows.indices, minlength=rows.shape[1]) > _COMMON * rows.shape[0]
    dense, rest = rows[:, common].toarray().astype(float), rows[:, ~common].astype(float)
    products: NDArray[np.float64] = (rest @ rest.T).toarray()
    products += dense @ dense.T
    return products


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


def one_hot(labels: Sequence[str], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Return the (n, classes) targets of single labels."""
    column = {name: i for i, name in enumerate(classes)}
    targets = np.zeros((len(labels), len(classes)), bool)
    targets[np.arange(len(labels)), [column[label] for label in labels]] = True
    return targets
