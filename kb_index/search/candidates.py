"""The evidence for what was asked, gathered from the indexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kb_index.search.bm25 import Bm25Index
from kb_index.search.boosts import Boosts
from kb_index.search.catalogue import Catalogue, Rows
from kb_index.search.language_fusion import MARGIN_DEPTH
from kb_index.search.scoring import ArticleScores, RankedGroup, top_groups
from kb_index.search.similarity import Mask, QueryScores
from kb_index.search.vector_index import VectorIndex

# With 400 candidates of each kind instead of 50, 400 questions over 5,000 articles gave the same ten results.
_FIRST_CANDIDATES = 50
_CANDIDATES_PER_RESULT = 5
# Of each of several languages half as many are looked at, so that a search stays quick.
_FEWER_A_LANGUAGE = 2
_GROWTH = 4


@dataclass(frozen=True, slots=True)
class SearchScope:
    """The articles that take part in a search.

    `allowed` (n_articles,) says which they are, `rows` (n,) are their numbers, ascending. `languages` has the
    same as `allowed` for each language alone of which any takes part: each is looked through by itself, for
    the others' articles may all be nearer to the question.
    """

    allowed: Mask
    rows: Rows
    languages: Sequence[Mask]

    @classmethod
    def of(cls, catalogue: Catalogue, allowed: Mask) -> SearchScope:
        rows, numbers = np.flatnonzero(allowed), catalogue.kinds.language.codes
        present = np.flatnonzero(np.bincount(numbers[rows]))
        return cls(allowed, rows, [allowed & (numbers == number) for number in present])


@dataclass(frozen=True, slots=True)
class QueryFeatures:
    """What is looked for: by meaning and by words, and where.

    `vector` (dim,) is without its language's mean; `words` (n_articles,) says what share of the words
    each article holds; `among` which articles take part, `native` (n_languages,) which language was asked
    in, or true for all where that is not known. `raised` says which families those who ask have found more
    or less useful than their places let expect.
    """

    vector: NDArray[np.float32]
    words: NDArray[np.float32]
    among: SearchScope
    native: NDArray[np.bool_]
    raised: Boosts


@dataclass(frozen=True, slots=True)
class Retriever:
    """Looks an index's articles up by their passages, titles and words."""

    catalogue: Catalogue
    chunks: VectorIndex
    titles: VectorIndex
    lexical: Bm25Index

    def look_up(self, asked: QueryFeatures) -> CandidateSearch:
        """Hold what is asked against all passages and titles."""
        return CandidateSearch(
            self.catalogue, asked, self.chunks.compare(asked.vector), self.titles.compare(asked.vector)
        )


@dataclass(frozen=True, slots=True)
class CandidateSearch:
    """What speaks for the articles of an index, of one question."""

    catalogue: Catalogue
    asked: QueryFeatures
    passages: QueryScores
    titles: QueryScores

    def families(self, k: int) -> list[RankedGroup]:
        """Return the `k` best families, or all when there are fewer."""
        asked, among = self.asked, self.asked.among
        parts = among.languages
        n = max(_FIRST_CANDIDATES, _CANDIDATES_PER_RESULT * k)
        if len(parts) > 1:
            n //= _FEWER_A_LANGUAGE
        rows = among.rows
        if len(rows) > n * len(parts):  # of fewer, all would be among the nearest by their titles
            # Titles are looked through once: a passage holds its title, so that these add few.
            is_limited = len(rows) < len(among.allowed)
            by_title = self.titles.nearest(n * len(parts), among.allowed if is_limited else None).rows
            nearest = [self._nearest(part, n, max(k, MARGIN_DEPTH)) for part in parts]
            rows = distinct(np.concatenate([by_title, *nearest]))
        languages = self.catalogue.kinds.language.codes
        return top_groups(
            self.evidence(rows),
            self.catalogue.families,
            languages,
            k,
            native=asked.native,
            raised=asked.raised,
        )

    def _nearest(self, among: Mask, n: int, families: int) -> Rows:
        """Return articles of at least so many families, or all: the `n` nearest of each kind, or more."""
        owners = self.catalogue.chunk_owners
        passages, by_words = among[owners], np.flatnonzero(among & (self.asked.words > 0))
        most = int(np.count_nonzero(passages))
        for size in _growing(n, most):
            by_passage = owners[self.passages.nearest(size, passages).rows]
            rows = distinct(np.concatenate([by_passage, self._holding_most(by_words, size)]))
            if len(rows) >= families and len(distinct(self.catalogue.families[rows])) >= families:
                break
        return rows

    def _holding_most(self, rows: Rows, n: int) -> Rows:
        """Return of these articles the `n` that hold most of what is asked, and others that hold as much."""
        if len(rows) <= n:
            return rows
        words = self.asked.words[rows]
        most: Rows = rows[words >= np.partition(words, -n)[-n]]
        return most

    def evidence(self, rows: Rows) -> ArticleScores:
        """Return what speaks for these articles, given in ascending order."""
        chunks = self.catalogue.chunks_of(rows)
        passage = np.maximum.reduceat(self.passages.similarities(chunks.numbers), chunks.firsts)
        return ArticleScores.of(rows, passage, self.titles.similarities(rows), self.asked.words[rows])

    def best_chunks(self, rows: Rows) -> list[int]:
        """Return the number of each of these articles' best chunk; of equal ones the first."""
        chunks = self.catalogue.chunks_of(rows)
        similarities = self.passages.similarities(chunks.numbers)
        borders = pairwise([*chunks.firsts.tolist(), len(similarities)])
        return [int(chunks.numbers[start + similarities[start:end].argmax()]) for start, end in borders]


def _growing(n: int, most: int) -> Iterator[int]:
    while n < most:
        yield n
        n *= _GROWTH
    yield most


def distinct(rows: Rows) -> Rows:
    """Return the different ones of some hundred rows, ascending; `np.unique` takes longer for so few.

    >>> distinct(np.array([3, 1, 3]))
    array([1, 3])
    """
    ordered = np.sort(rows)
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]
