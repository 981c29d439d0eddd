"""TF-IDF over tokens of one kind, read from plain arrays.

The weights are those of scikit-learn's `TfidfTransformer`, which training fits. Serving imports none of it,
which would take 70 MB and over a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from models.storage.state import State, StateReader

# 1 + ln((1 + n) / (1 + document frequency)), whatever n is.
_LEAST_IDF, _MOST_IDF = 0.99, 100.0


@dataclass(frozen=True, slots=True)
class TfidfVocabulary:
    """Columns of the known tokens, and the inverse document frequency (width,) float32 of each column."""

    columns: Mapping[str, int]
    idf: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.columns)

    def locate(self, tokens: Sequence[str]) -> NDArray[np.intp]:
        """Return the column of each of (n,) tokens, -1 where it is not known."""
        return np.fromiter(map(self.columns.get, tokens, repeat(-1)), np.intp, len(tokens))

    def weigh(self, columns: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the row of one text, of length 1: (1 + ln count) idf for each of its (n,) columns."""
        values: NDArray[np.float32] = (1 + np.log(counts.astype(np.float32))) * self.idf[columns]
        return values / np.sqrt((values**2).sum()) if len(values) else values

    def state(self) -> State:
        """Return the vocabulary as plain values and an array; the columns are the tokens' positions."""
        return {"tokens": list(self.columns), "idf": self.idf}

    @classmethod
    def from_state(cls, state: StateReader) -> TfidfVocabulary:
        """Return the vocabulary of which this is the state."""
        columns = state.numbered("tokens")
        idf = state.array("idf", np.float32, (len(columns),))
        state.require(bool(np.all((idf >= _LEAST_IDF) & (idf <= _MOST_IDF))), "idf to be weights of words")
        return cls(columns, idf)
