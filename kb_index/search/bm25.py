"""BM25 over words and their 4-grams, in any language and script.

The 4-grams find inflected and compound words without a stemmer for each language. Measured as hit@1 on
questions in the language of the articles (GNOME help, Microsoft self-help, LibreOffice guides; 18 pairs of
set and language): whole words 0.53, Snowball stems 0.58, words cut after five letters 0.59, words and 4-grams
0.63. Counting the title three times adds 0.03.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.search.filters import Mask
from kb_index.search.inverted_index import (
    Keys,
    Postings,
    PostingsSegment,
    TermCounts,
    TermMatches,
    article_term_keys,
    term_keys,
)
from models.checkpoints import checkpoint
from models.text.scripts import UNSPACED

# Single characters and pairs stand for the words of scripts without spaces.
WORD = re.compile(rf"[^\W{UNSPACED}]+|[{UNSPACED}]+")
_STARTS_UNSPACED = re.compile(rf"[{UNSPACED}]")

Floats = NDArray[np.float32]

_GRAM = 4
_MAX_WORD_CHARS = 60
_TITLE_WEIGHT = 3
_MAX_QUERY_CHARS = 4_000
_MAX_QUERY_TERMS = 400
_FREQUENT_SHARE = 0.3
_MIN_ARTICLES = 20
_K1 = 1.5
_B = 0.75
_GROUP_KEYS = "kinds.json"
_ARTICLES = "articles.npy"

GroupKey = tuple[str, str]
"""Visibility and language of a group of articles with term statistics of its own."""


def fold(text: str) -> str:
    """Return text with compatibility characters normalised (NFKC) and case folded."""
    return unicodedata.normalize("NFKC", text).casefold()


def terms(text: str) -> list[str]:
    """Return the terms of a text, in order, with repetitions: words, their 4-grams, characters and pairs.

    >>> terms("Den VPN")
    ['den', '~_den', '~den_', 'vpn', '~_vpn', '~vpn_']
    >>> terms("重置密")
    ['重', '置', '密', '重置', '置密']
    """
    return [term for match in WORD.finditer(fold(text)) for term in _terms_of_word(match[0])]


def _terms_of_word(word: str) -> list[str]:
    if _STARTS_UNSPACED.match(word):
        return [*word, *(word[i : i + 2] for i in range(len(word) - 1))]
    bounded = f"_{word[:_MAX_WORD_CHARS]}_"
    grams = (f"~{bounded[i : i + _GRAM]}" for i in range(max(1, len(bounded) - _GRAM + 1)))
    return [word[:_MAX_WORD_CHARS], *grams]


class Bm25Index:
    """BM25 over articles, with term statistics of their own for each visibility and language.

    Internal articles thus leave no trace in a public score, not even in a word's rarity. And a language's
    everyday words count little even where the language is a small part of the index. BM25 as Lucene has it
    (Kamphuis et al. 2020, "Which BM25 do you mean?"), k1 = 1.5, b = 0.75. Only counts are stored: document
    frequencies and average lengths are computed for each query.

    `group_keys` are the visibility and language of each group; `groups` and `lengths` (n_articles,) hold each
    article's group and number of terms. Articles for which `live` is false count nowhere.
    """

    def __init__(
        self,
        segments: Sequence[PostingsSegment],
        group_keys: Sequence[GroupKey],
        groups: NDArray[np.int64],
        lengths: NDArray[np.int64],
        live: Mask,
    ) -> None:
        self.segments = tuple(segments)
        self.group_keys = tuple(group_keys)
        self.groups = groups
        self.lengths = lengths
        self._live = None if live.all() else live
        self._sizes = np.bincount(groups[live], minlength=len(group_keys))
        means = np.bincount(groups[live], lengths[live], len(group_keys)) / np.maximum(self._sizes, 1)
        relative = lengths / np.maximum(means, 1e-9)[groups]
        self._norms = (_K1 * (1 - _B + _B * relative)).astype(np.float32)

    @classmethod
    def build(cls, articles: Sequence[Article]) -> Bm25Index:
        counted = [count_terms(article) for article in articles]
        term_counts = TermCounts(
            np.repeat(np.arange(len(articles)), [len(keys) for keys, _ in counted]),
            np.concatenate([keys for keys, _ in counted] or [np.empty(0, np.uint64)]),
            np.concatenate([counts for _, counts in counted] or [np.empty(0, np.int64)]),
        )
        return cls.from_term_counts(articles, term_counts)

    @classmethod
    def from_term_counts(cls, articles: Sequence[Article], term_counts: TermCounts) -> Bm25Index:
        keys = list(dict.fromkeys((article.visibility, article.language) for article in articles))
        groups = np.array([keys.index((a.visibility, a.language)) for a in articles], np.int64)
        lengths = np.bincount(term_counts.rows, term_counts.counts, len(articles)).astype(np.int64)
        postings = Postings.build(term_counts, groups)
        return cls([postings], keys, groups, lengths, np.ones(len(articles), bool))

    def coverage(self, text: str, mask: Mask) -> Floats:
        """Return the share of the query's words that each article holds, (n_articles,) in [0, 1].

        It is the BM25 score divided by the highest that the query allows, rare words counting most, so that
        it is comparable between groups. It is 0 where `mask` (n_articles,) is false.
        """
        keys = term_keys(_query_terms(text))
        n_articles, wanted = len(self.groups), self._groups_within(mask)
        if not len(keys) or not wanted.any():
            return np.zeros(n_articles, np.float32)
        found = [segment.lookup(keys, wanted) for segment in self.segments]
        weights = _idf(self._document_frequencies(found, len(keys)), self._sizes)
        # One after the other: how a plain sum rounds depends on how many groups there are.
        most = np.cumsum(weights, axis=0)[-1]
        sums = np.zeros(n_articles)
        for matches in found:
            counts = matches.counts.astype(np.float32)
            counts /= counts + self._norms.take(matches.rows)
            counts *= np.repeat(weights[matches.terms, matches.groups].astype(np.float32), matches.lengths)
            sums += np.bincount(matches.rows, counts, n_articles)
        shares: Floats = (sums / most[self.groups]).astype(np.float32)
        shares[~mask] = 0.0
        return shares

    def frequent_terms(self, words: Set[str], mask: Mask) -> dict[GroupKey, frozenset[str]]:
        """Return the folded words that are too frequent in a group of articles to tell them apart.

        They are returned for each group with an article for which `mask` (n_articles,) is true.
        """
        listed = sorted(words)
        takes_part = self._groups_within(mask)
        wanted = takes_part & (self._sizes >= _MIN_ARTICLES)
        frequencies = np.zeros((len(listed), len(self.group_keys)), np.int64)
        if listed and wanted.any():
            keys = term_keys(listed)
            found = [segment.lookup(keys, wanted) for segment in self.segments]
            frequencies = self._document_frequencies(found, len(listed))
        is_frequent = frequencies > _FREQUENT_SHARE * self._sizes
        return {
            self.group_keys[group]: frozenset(listed[term] for term in np.flatnonzero(is_frequent[:, group]))
            for group in np.flatnonzero(takes_part)
        }

    def _groups_within(self, mask: Mask) -> Mask:
        """Return for each group whether the mask lets any of its articles through, (n_groups,)."""
        return np.bincount(self.groups[mask], minlength=len(self.group_keys)) > 0

    def _document_frequencies(self, found: Sequence[TermMatches], n_terms: int) -> NDArray[np.int64]:
        """Return the number of live articles of each group that hold each term, (n_terms, n_groups)."""
        frequencies = np.zeros((n_terms, len(self.group_keys)), np.int64)
        for matches in found:
            frequencies[matches.terms, matches.groups] += self._live_lengths(matches)
        return frequencies

    def _live_lengths(self, matches: TermMatches) -> NDArray[np.int64]:
        """Return the number of postings of live articles in each cell, (n_cells,)."""
        if self._live is None or not len(matches.lengths):
            return matches.lengths
        firsts = np.cumsum(matches.lengths) - matches.lengths
        lengths: NDArray[np.int64] = np.add.reduceat(self._live.take(matches.rows), firsts, dtype=np.int64)
        return lengths

    def term_counts(self) -> TermCounts:
        """Return the terms of all articles of an index without appended segments."""
        return self._only_segment.term_counts()

    def save(self, folder: Path) -> None:
        """Write an index without appended segments."""
        folder.mkdir()
        (folder / _GROUP_KEYS).write_text(json.dumps(self.group_keys), encoding="utf-8")
        np.save(folder / _ARTICLES, np.stack([self.groups, self.lengths]), allow_pickle=False)
        self._only_segment.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Bm25Index:
        """Open what `save` wrote, mapped into memory."""
        stored = json.loads((folder / _GROUP_KEYS).read_text("utf-8"))
        keys = [(visibility, language) for visibility, language in stored]
        groups, lengths = np.load(folder / _ARTICLES, allow_pickle=False)
        return cls([Postings.load(folder)], keys, groups, lengths, np.ones(len(groups), bool))

    @property
    def _only_segment(self) -> Postings:
        [postings] = self.segments
        if not isinstance(postings, Postings):
            raise TypeError("this index has segments that were appended")
        return postings


def count_terms(article: Article) -> tuple[Keys, NDArray[np.int64]]:
    """Return the keys of an article's distinct terms and their counts, both (n_terms,)."""
    text = fold("\n".join([article.title] * _TITLE_WEIGHT + [article.body]))
    # Most words of a long article are there several times. An iterator lets other threads run in between.
    words = Counter(match[0] for match in WORD.finditer(text))
    counted: dict[str, int] = {}
    checkpoint()
    for word, count in words.items():
        for term in _terms_of_word(word):
            counted[term] = counted.get(term, 0) + count
    return article_term_keys(list(counted)), np.fromiter(counted.values(), np.int64, len(counted))


def term_overlap(before: Article, after: Article) -> float:
    """Return the share of terms that two versions of an article have in common (Jaccard), in [0, 1].

    >>> term_overlap(Article("a", "", "one two three"), Article("a", "", "three two one"))
    1.0
    """
    (keys, counts), (other_keys, other_counts) = count_terms(before), count_terms(after)
    _, at, other_at = np.intersect1d(keys, other_keys, assume_unique=True, return_indices=True)
    common = int(np.minimum(counts[at], other_counts[other_at]).sum())
    union = int(counts.sum() + other_counts.sum()) - common
    return common / union if union else 1.0


def _query_terms(text: str) -> list[str]:
    return list(dict.fromkeys(terms(text[:_MAX_QUERY_CHARS])))[:_MAX_QUERY_TERMS]


def _idf(document_frequencies: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the inverse document frequency as Lucene's BM25 has it, which keeps a term's factor below 1.

    `document_frequencies` is (n_terms, n_groups), `sizes` (n_groups,) the number of articles of each group.
    """
    weights: NDArray[np.float64] = np.log1p(
        (sizes - document_frequencies + 0.5) / (document_frequencies + 0.5)
    )
    return weights
