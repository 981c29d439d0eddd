"""Linear model: scores of sparse text features and a dense embedding, read from plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.storage.state import State, StateReader

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """Hyperparameters of a field's model, chosen on validation tickets.

    The embedding has the length `embedding_weight` beside text rows of length 1 a block, the second
    encoder's embedding `second_embedding_weight`, 0 where it has no part. `C` is the weight of the training
    loss against the squared weights, as in scikit-learn. With an `estimator` (module:Class), a classifier of
    the user's own is fitted instead of a logistic regression.
    """

    embedding_weight: float = 2.0
    C: float = 3.0
    second_embedding_weight: float = 0.0
    estimator: str | None = None

    def state(self) -> State:
        """Return them as plain values."""
        return {
            "embedding_weight": self.embedding_weight,
            "second_embedding_weight": self.second_embedding_weight,
            "C": self.C,
            "estimator": self.estimator,
        }

    @classmethod
    def from_state(cls, state: StateReader) -> Hyperparameters:
        """Return those of which this is the state."""
        return cls(
            embedding_weight=state.number("embedding_weight"),
            C=state.positive("C"),
            second_embedding_weight=state.number("second_embedding_weight"),
            estimator=state.text_or_none("estimator"),
        )


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights (inputs, outputs) and intercepts (outputs,) of a fitted linear classifier, float32.

    Its scores are log-probabilities up to a constant, or log-odds of each output by itself. The inputs are
    the text's columns and, after them, those of the embeddings.
    """

    weights: Matrix
    intercepts: Matrix

    def text_scores(self, text: sparse.csr_matrix) -> Matrix:
        """Return what (n, width) text rows add to the scores, (n, outputs)."""
        scores: Matrix = text @ self.weights[: text.shape[1]]
        return scores

    def scores(self, text: sparse.csr_matrix, dense: Matrix) -> Matrix:
        """Return (n, outputs) scores of (n, width) text rows and (n, dim) embeddings."""
        scores = self.text_scores(text)
        scores += dense @ self.weights[text.shape[1] :]
        scores += self.intercepts
        return scores

    def state(self) -> State:
        """Return weights and intercepts as arrays."""
        return {"weights": self.weights, "intercepts": self.intercepts}

    @classmethod
    def from_state(cls, state: StateReader, *, inputs: int, outputs: int) -> LinearModel:
        """Return the model, with so many inputs and outputs, of which this is the state."""
        return cls(
            state.array("weights", np.float32, (inputs, outputs)),
            state.array("intercepts", np.float32, (outputs,)),
        )
