"""TF-IDF over tokens of one kind: fitted once, then from texts to sparse rows.

Kept apart from scikit-learn's vectoriser so that serving need not import scikit-learn (70 MB and over a
second), and so that a bundle holds plain data rather than another library's objects.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.counts import Counts
from models.mapped import plain_views


class TfidfBlock:
    """Rows of length 1 with (1 + ln count) (1 + ln((1 + n) / (1 + document frequency))) per token.

    Attributes
    ----------
    vocabulary_ : column by token; columns are in the tokens' alphabetical order
    idf_ : (width,) float32
    """

    def __init__(self, *, max_features: int) -> None:
        self._max_features = max_features

    def __getstate__(self) -> dict[str, Any]:
        """Hold the tokens as one text: joblib reads the sample's 125,000 in 0.05 s, one by one in 0.5 s."""
        state = dict(vars(self))
        if "vocabulary_" in state:
            state["vocabulary_"] = json.dumps(list(self.vocabulary_))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what `__getstate__` gave; in earlier bundles `vocabulary_` is as in use."""
        vocabulary = state.get("vocabulary_")
        if isinstance(vocabulary, str):
            tokens = json.loads(vocabulary)
            state = state | {"vocabulary_": dict(zip(tokens, range(len(tokens)), strict=True))}
        vars(self).update(plain_views(state))

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.vocabulary_)

    def fit(self, counts: Counts, *, least: int = 1) -> TfidfBlock:
        """Learn the most frequent tokens among those that occur in at least `least` of (n,) texts."""
        matrix = counts.matrix
        width = len(counts.tokens)
        documents = np.bincount(matrix.indices, minlength=width)
        occurrences = np.bincount(matrix.indices, matrix.data, minlength=width)
        kept = np.nonzero(documents >= least)[0]
        order = np.argsort(-occurrences[kept], kind="stable")  # of equals, the alphabetically first
        kept = np.sort(kept[order[: self._max_features]])
        self.vocabulary_ = {counts.tokens[place]: column for column, place in enumerate(kept.tolist())}
        share = (1 + matrix.shape[0]) / (1 + documents[kept])
        self.idf_: NDArray[np.float32] = (1 + np.log(share)).astype(np.float32)
        return self

    def columns(self, tokens: Sequence[str]) -> NDArray[np.intp]:
        """Return the column of each of (n,) tokens, -1 where it is not known."""
        return np.fromiter(map(self.vocabulary_.get, tokens, repeat(-1)), np.intp, len(tokens))

    def weighted(self, columns: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the values of one text's row in these (n,) columns, whose tokens occur so often in it."""
        values: NDArray[np.float32] = (1 + np.log(counts.astype(np.float32))) * self.idf_[columns]
        return values / np.sqrt((values**2).sum()) if len(values) else values

    def transform(self, counts: Counts) -> sparse.csr_matrix:
        """Return the (n, width) float32 rows of counted texts; without a known token a row is empty."""
        column = np.array([self.vocabulary_.get(token, -1) for token in counts.tokens], np.int32)
        columns = column[counts.matrix.indices]
        known = columns >= 0
        starts = np.concatenate([[0], np.cumsum(known)])[counts.matrix.indptr]
        return self._rows(columns[known], counts.matrix.data[known], starts)

    def _rows(
        self, columns: NDArray[np.int32], counts: NDArray[np.int32], starts: NDArray[np.int64]
    ) -> sparse.csr_matrix:
        """Return the weighted rows of counts, those of row i at `starts[i]` to `starts[i + 1]`."""
        values = (1 + np.log(counts.astype(np.float32))) * self.idf_[columns]
        lengths = np.sqrt(np.add.reduceat(np.append(values**2, np.float32(0)), starts[:-1]))
        per_row = np.diff(starts)
        values /= np.repeat(np.where(per_row > 0, lengths, 1), per_row)
        shape = (len(per_row), self.width)
        rows: sparse.csr_matrix = sparse.csr_matrix((values, columns, starts), shape=shape)
        rows.sort_indices()
        return rows
