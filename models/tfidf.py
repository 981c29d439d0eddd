"""TF-IDF over tokens of one kind: fitted once, then from texts to sparse rows.

Kept apart from scikit-learn's vectoriser so that serving need not import scikit-learn (70 MB and over a
second), and so that a bundle holds plain data rather than another library's objects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


class TfidfBlock:
    """Rows of length 1 with (1 + ln count) (1 + ln((1 + n) / (1 + document frequency))) per token.

    Attributes
    ----------
    vocabulary_ : column by token; columns are in the tokens' alphabetical order
    idf_ : (width,) float32
    """

    def __init__(self, tokens: Callable[[str], list[str]], *, max_features: int) -> None:
        self._tokens = tokens
        self._max_features = max_features

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.vocabulary_)

    def fit(self, texts: Sequence[str], *, least: int = 1) -> TfidfBlock:
        """Learn the most frequent tokens among those that occur in at least `least` of (n,) texts."""
        occurrences: Counter[str] = Counter()
        documents: Counter[str] = Counter()
        for text in texts:
            tokens = self._tokens(text)
            occurrences.update(tokens)
            documents.update(set(tokens))
        kept = [token for token, count in documents.items() if count >= least]
        kept = sorted(kept, key=lambda token: (-occurrences[token], token))[: self._max_features]
        self.vocabulary_ = {token: column for column, token in enumerate(sorted(kept))}
        frequency = np.array([documents[token] for token in self.vocabulary_], float)
        self.idf_: NDArray[np.float32] = (1 + np.log((1 + len(texts)) / (1 + frequency))).astype(np.float32)
        return self

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return (n, width) float32 rows; the row of a text without a known token is empty."""
        columns: list[int] = []
        counts: list[int] = []
        starts = [0]
        for text in texts:
            for token, count in Counter(self._tokens(text)).items():
                column = self.vocabulary_.get(token)
                if column is not None:
                    columns.append(column)
                    counts.append(count)
            starts.append(len(columns))
        values = (1 + np.log(np.array(counts, np.float32))) * self.idf_[np.array(columns, np.intp)]
        lengths = np.sqrt(np.add.reduceat(np.append(values**2, 0), starts[:-1]) if texts else np.empty(0))
        per_row = np.diff(starts)
        values /= np.repeat(np.where(per_row > 0, lengths, 1), per_row)
        rows = sparse.csr_matrix((values, columns, starts), shape=(len(texts), self.width), dtype=np.float32)
        rows.sort_indices()
        return rows
