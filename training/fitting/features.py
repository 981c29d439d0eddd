"""Fitting of the features: vocabularies, inverse document frequencies, means and training languages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from models.classifiers.features import LANGUAGE, Document, FeatureExtractor, FeatureMatrix
from models.classifiers.tfidf import TfidfVocabulary
from models.language.codes import UNKNOWN
from training.data.learning_privacy import tokens_of_many
from training.data.token_counts import CountedCorpus, TokenCounts

MAX_WORDS = 60_000
MAX_CHARACTER_NGRAMS = 120_000
# All weights of a field with many values must fit in memory several times over while it is fitted.
MAX_WEIGHTS = 12_000_000
FEWEST_FEATURES = 2_000
# From here on an n-gram that occurs once is dropped: it halves the vocabulary and costs nothing
# (Banking77 validation 0.920 with either).
RARE_NGRAMS_FROM = 5_000
# A training language has this many training tickets, or this share of few tickets.
LANGUAGE_TICKETS = 20
LANGUAGE_SHARE = 0.1


class TfidfColumns:
    """TF-IDF columns of the most frequent tokens, fitted on the counts of (n,) texts.

    Of the tokens in at least `min_df` texts, and of those that are `allowed` (tokens,) bool, the
    `max_features` most frequent are kept; of equals, the alphabetically first.
    """

    def __init__(
        self,
        counts: TokenCounts,
        *,
        max_features: int,
        min_df: int,
        allowed: NDArray[np.bool_] | None = None,
    ) -> None:
        occurrences, width = counts.matrix, len(counts.tokens)
        documents = np.bincount(occurrences.indices, minlength=width)
        frequency = np.bincount(occurrences.indices, occurrences.data, minlength=width)
        kept = np.nonzero((documents >= min_df) & (True if allowed is None else allowed))[0]
        order = np.argsort(-frequency[kept], kind="stable")
        self._kept = np.sort(kept[order[:max_features]])
        self._tfidf, idf = TfidfTransformer(sublinear_tf=True), np.empty(0, np.float32)
        if len(self._kept):
            idf = self._tfidf.fit(self._selected(counts)).idf_
        columns = {counts.tokens[token]: column for column, token in enumerate(self._kept.tolist())}
        self.vocabulary = TfidfVocabulary(columns, idf)

    def transform(self, counts: TokenCounts) -> sparse.csr_matrix:
        """Return the (n, width) float32 rows of texts that were counted in the same corpus."""
        rows = self._selected(counts)
        if 0 in rows.shape:  # scikit-learn takes no empty matrix
            return rows
        return sparse.csr_matrix(self._tfidf.transform(rows, copy=False))

    def _selected(self, counts: TokenCounts) -> sparse.csr_matrix:
        return counts.matrix[:, self._kept].astype(np.float32)


@dataclass(frozen=True, slots=True)
class FittedFeatures:
    """Features fitted on some documents of a corpus, and their transformation for all of its documents."""

    extractor: FeatureExtractor
    corpus: CountedCorpus
    words: TfidfColumns
    characters: TfidfColumns

    def transform(
        self, documents: Sequence[Document], embeddings: NDArray[np.float32], second: NDArray[np.float32]
    ) -> FeatureMatrix:
        """Return the features of (n,) documents of the corpus, with both encoders' embeddings."""
        texts = [document.text for document in documents]
        blocks = [
            self.words.transform(self.corpus.words(texts)),
            self.characters.transform(self.corpus.character_ngrams(texts)),
            self.extractor.attribute_rows(documents),
        ]
        text = sparse.hstack(blocks, format="csr", dtype=np.float32)
        return self.extractor.transform(documents, embeddings, second, text)


def fit_features(
    documents: Sequence[Document],
    embeddings: NDArray[np.float32],
    second: NDArray[np.float32],
    *,
    corpus: CountedCorpus,
    directions: NDArray[np.float32],
    values: int,
    sources: NDArray[np.intp] | None = None,
    fewest_sources: int = 1,
) -> FittedFeatures:
    """Fit on (n,) documents of a corpus and both encoders' (n, dim) embeddings.

    `directions` (r, dim) are those in which languages differ. `values` is the number of values of the field
    with the most of them; the more, the fewer text columns. Tokens and attributes that fewer than
    `fewest_sources` of the documents' (n,) `sources` have are left out.
    """
    texts = [document.text for document in documents]
    min_df = 2 if len(texts) >= RARE_NGRAMS_FROM else 1
    most = max(FEWEST_FEATURES, MAX_WEIGHTS // max(values, 1))
    sources = np.arange(len(documents)) if sources is None else sources

    def fit(counts: TokenCounts, max_features: int) -> TfidfColumns:
        allowed = tokens_of_many(counts, sources, fewest_sources)
        return TfidfColumns(counts, max_features=max_features, min_df=min_df, allowed=allowed)

    words = fit(corpus.words(texts), min(MAX_WORDS, most // 3))
    characters = fit(corpus.character_ngrams(texts), min(MAX_CHARACTER_NGRAMS, most - most // 3))
    having: dict[tuple[str, str], set[int]] = defaultdict(set)
    for document, source in zip(documents, sources.tolist(), strict=True):
        for pair in document.attributes.items():
            having[pair].add(source)
    pairs = sorted(
        pair for pair, found in having.items() if len(found) >= fewest_sources or pair[0] == LANGUAGE
    )
    counts = Counter(document.attributes.get(LANGUAGE, UNKNOWN) for document in documents)
    enough = min(LANGUAGE_TICKETS, LANGUAGE_SHARE * len(documents))
    extractor = FeatureExtractor(
        words=words.vocabulary,
        characters=characters.vocabulary,
        attributes={pair: column for column, pair in enumerate(pairs)},
        directions=directions,
        mean=embeddings.mean(axis=0, dtype=np.float32),
        second_mean=second.mean(axis=0, dtype=np.float32),
        languages=frozenset(code for code, n in counts.items() if n >= enough) | {UNKNOWN},
    )
    return FittedFeatures(extractor, corpus, words, characters)
