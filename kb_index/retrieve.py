"""The evidence for what was asked, gathered from the indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.catalogue import Catalogue, Rows
from kb_index.dense import DenseSearch
from kb_index.lexical import LexicalIndex
from kb_index.rank import JUDGED_BY, Evidence, Family, best_families

# With 400 candidates of each kind instead of 50, 400 questions over 5,000 articles gave the same ten results.
_FIRST_CANDIDATES = 50
_CANDIDATES_PER_RESULT = 5
_GROWTH = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: by meaning and by words, and where.

    `vector` (dim,) is without its language's mean; `words` (n_articles,) says what share of the words
    each article holds; `allowed` (n_articles,) which articles take part.
    """

    vector: NDArray[np.float32]
    words: NDArray[np.float32]
    allowed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Retriever:
    """Looks an index's articles up by their passages, titles and words."""

    catalogue: Catalogue
    chunks: DenseSearch
    titles: DenseSearch
    lexical: LexicalIndex

    def families(self, asked: Asked, k: int) -> list[Family]:
        """Return the `k` best families, or all when there are fewer."""
        wanted = max(k, JUDGED_BY)
        for n in _growing(max(_FIRST_CANDIDATES, _CANDIDATES_PER_RESULT * k), self._most(asked)):
            rows = self._candidates(asked, n)
            families = best_families(self.evidence(asked, rows), self.catalogue.families, wanted)
            if len(families) == wanted:
                break
        return families[:k]

    def evidence(self, asked: Asked, rows: Rows) -> Evidence:
        """Return what speaks for these articles."""
        starts = self.catalogue.chunk_starts
        chunks = self.catalogue.chunks_of(rows)
        lengths = starts[rows + 1] - starts[rows]
        firsts = np.cumsum(lengths) - lengths
        similarities = self.chunks.similarities(asked.vector, chunks)
        passage = np.maximum.reduceat(similarities, firsts)
        is_best = np.flatnonzero(similarities == np.repeat(passage, lengths))
        best = is_best[np.searchsorted(is_best, firsts)]
        titles = self.titles.similarities(asked.vector, rows)
        return Evidence(rows, chunks[best], passage, titles, asked.words[rows])

    def _most(self, asked: Asked) -> int:
        return int(np.diff(self.catalogue.chunk_starts)[asked.allowed].sum())

    def _candidates(self, asked: Asked, n: int) -> Rows:
        """Return the articles that are among the `n` best by passage, by title or by words."""
        some = None if asked.allowed.all() else asked.allowed
        owners = self.catalogue.chunk_owners
        by_passage = owners[self.chunks.search(asked.vector, n, None if some is None else some[owners]).rows]
        by_title = self.titles.search(asked.vector, n, some).rows
        by_words = np.flatnonzero(asked.words)
        if len(by_words) > n:
            least = np.partition(asked.words[by_words], -n)[-n]
            by_words = by_words[asked.words[by_words] >= least]
        return np.unique(np.concatenate([by_passage, by_title, by_words]))


def _growing(n: int, most: int) -> Iterator[int]:
    while n < most:
        yield n
        n *= _GROWTH
    yield most
