"""Candidates: the articles of an index that are compared closely with a query, and how these are chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kb_index.search.bm25 import Bm25Index
from kb_index.search.boosts import Boosts
from kb_index.search.catalogue import Catalogue, Rows
from kb_index.search.filters import Mask
from kb_index.search.language_fusion import MARGIN_DEPTH, RankedGroup, top_groups
from kb_index.search.scoring import ArticleScores
from kb_index.search.similarity import Floats, QueryScores
from kb_index.search.vector_index import VectorIndex

# With 400 candidates of each kind instead of 50, 400 questions over 5,000 articles gave the same ten results.
_FIRST_CANDIDATES = 50
_CANDIDATES_PER_RESULT = 5
# Of each of several languages half as many are taken, so that a search stays quick.
_FEWER_A_LANGUAGE = 2
_GROWTH = 4


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Search scope: the articles that a query's filters let through.

    `mask` (n_articles,) is true for them, `rows` (n,) are their rows, ascending. `language_masks` has the
    mask of each language alone that any of them is in. Each language is searched by itself, since all
    articles of another may be nearer to the query.
    """

    mask: Mask
    rows: Rows
    language_masks: Sequence[Mask]

    @classmethod
    def from_mask(cls, catalogue: Catalogue, mask: Mask) -> SearchScope:
        rows, languages = np.flatnonzero(mask), catalogue.languages
        present = np.flatnonzero(np.bincount(languages[rows]))
        return cls(mask, rows, [mask & (languages == language) for language in present])


@dataclass(frozen=True, slots=True)
class QueryFeatures:
    """Everything about a query that articles are scored by, within a scope.

    `passages` and `titles` are the query's similarities with the indexed vectors, `lexical` (n_articles,) the
    share of its words that each article holds. `is_query_language` (n_languages,) is true for its language,
    or for all where that is unknown. `boosts` are those of the reader's audience.
    """

    passages: QueryScores
    titles: QueryScores
    lexical: Floats
    scope: SearchScope
    is_query_language: NDArray[np.bool_]
    boosts: Boosts


@dataclass(frozen=True, slots=True)
class Retriever:
    """The passages, titles and words of an index's articles, from which the best ones are retrieved."""

    catalogue: Catalogue
    passages: VectorIndex
    titles: VectorIndex
    lexical: Bm25Index

    def top_groups(self, query: QueryFeatures, k: int) -> list[RankedGroup]:
        """Return the `k` best translation groups in the query's scope, or all when there are fewer."""
        return top_groups(
            self.article_scores(query, self._candidates(query, k)),
            self.catalogue.groups,
            self.catalogue.languages,
            k,
            is_query_language=query.is_query_language,
            boosts=query.boosts,
        )

    def article_scores(self, query: QueryFeatures, rows: Rows) -> ArticleScores:
        """Return the scores of these articles, given in ascending order."""
        chunks = self.catalogue.chunks_of(rows)
        passage = np.maximum.reduceat(query.passages.similarities(chunks.chunk_ids), chunks.offsets)
        return ArticleScores.combine(rows, passage, query.titles.similarities(rows), query.lexical[rows])

    def best_chunks(self, query: QueryFeatures, rows: Rows) -> list[int]:
        """Return the id of each of these articles' best chunk; of equal ones the first."""
        chunks = self.catalogue.chunks_of(rows)
        similarities = query.passages.similarities(chunks.chunk_ids)
        borders = pairwise([*chunks.offsets.tolist(), len(similarities)])
        return [int(chunks.chunk_ids[start + similarities[start:end].argmax()]) for start, end in borders]

    def _candidates(self, query: QueryFeatures, k: int) -> Rows:
        """Return the rows of the articles that the `k` best groups are taken from, ascending."""
        scope = query.scope
        languages = len(scope.language_masks)
        n = max(_FIRST_CANDIDATES, _CANDIDATES_PER_RESULT * k)
        if languages > 1:
            n //= _FEWER_A_LANGUAGE
        if len(scope.rows) <= n * languages:
            return scope.rows  # all of them would be among the nearest by their titles
        # Titles are searched once for all languages: a passage holds its title, so that these add few.
        is_limited = len(scope.rows) < len(scope.mask)
        by_title = query.titles.top_k(n * languages, scope.mask if is_limited else None)
        nearest = [self._nearest(query, mask, n, max(k, MARGIN_DEPTH)) for mask in scope.language_masks]
        return distinct(np.concatenate([by_title, *nearest]))

    def _nearest(self, query: QueryFeatures, mask: Mask, n: int, groups: int) -> Rows:
        """Return articles of at least so many groups, or all: the `n` nearest of each kind, or more."""
        owners = self.catalogue.chunk_owners
        passage_mask, with_words = mask[owners], np.flatnonzero(mask & (query.lexical > 0))
        for size in _growing(n, int(np.count_nonzero(passage_mask))):
            by_passage = owners[query.passages.top_k(size, passage_mask)]
            rows = distinct(np.concatenate([by_passage, _top_lexical(query, with_words, size)]))
            if len(rows) >= groups and len(distinct(self.catalogue.groups[rows])) >= groups:
                break
        return rows


def _top_lexical(query: QueryFeatures, rows: Rows, n: int) -> Rows:
    """Return the `n` of these articles with the best lexical scores, and others with an equal one."""
    if len(rows) <= n:
        return rows
    lexical = query.lexical[rows]
    best: Rows = rows[lexical >= np.partition(lexical, -n)[-n]]
    return best


def _growing(n: int, limit: int) -> Iterator[int]:
    while n < limit:
        yield n
        n *= _GROWTH
    yield limit


def distinct(rows: Rows) -> Rows:
    """Return the distinct ones of some hundred rows, ascending; `np.unique` takes longer for so few.

    >>> distinct(np.array([3, 1, 3]))
    array([1, 3])
    """
    ordered = np.sort(rows)
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]
