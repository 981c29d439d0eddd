"""Feature extraction: from cleaned texts and their embeddings to one feature matrix.

TF-IDF of words and word pairs, TF-IDF of character 2- to 5-grams and the attributes one-hot stand side by
side as sparse text columns; beside them the centred embedding, as it is and language-neutral. Each block's
rows have a fixed length, its weight in a sum. A second encoder's embedding may join.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.classifiers.logistic_regression import Hyperparameters
from models.classifiers.tfidf import CountedCorpus, TfidfBlock
from models.encoder.protocol import unit_vectors
from models.language.codes import UNKNOWN
from models.storage.state import State, StateReader
from models.text.tokenizer import character_tokens, word_tokens

ATTRIBUTE_SCALE = 0.5
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
LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Document:
    """A ticket as the models see it: its cleaned text and its attributes (language, channel, …)."""

    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenOccurrences:
    """The known tokens of one text and their positions in it.

    `columns` (m,) are those of the different tokens, ascending, and `values` (m,) float32 their values in the
    text's row. Each of n places has a token, `columns[which[i]]`, at the characters `starts[i]` to
    `ends[i]`; `counts` (m,) says how many places a token has.
    """

    columns: NDArray[np.intp]
    values: NDArray[np.float32]
    counts: NDArray[np.intp]
    which: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """Features of (n,) tickets.

    `text` is (n, width) sparse float32. `embedding` and `language_neutral` are (n, dim) float32 of length 1,
    the second without the directions in which languages differ. `second` is (n, dim of the second encoder) or
    (n, 0), also of length 1. `in_training_language` (n,) bool marks the tickets in a language that enough
    training tickets are in.
    """

    text: sparse.csr_matrix
    embedding: NDArray[np.float32]
    language_neutral: NDArray[np.float32]
    second: NDArray[np.float32]
    in_training_language: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.in_training_language)

    def take(self, positions: Sequence[int] | NDArray[np.intp] | NDArray[np.bool_]) -> FeatureMatrix:
        """Return these rows, by number or by mask."""
        return FeatureMatrix(
            self.text[positions],
            self.embedding[positions],
            self.language_neutral[positions],
            self.second[positions],
            self.in_training_language[positions],
        )

    def dense(self, weights: Hyperparameters) -> NDArray[np.float32]:
        """Return the embeddings with these lengths, side by side, (n, dims); one of 0 is left out."""
        first = self.embedding * np.float32(weights.embedding_weight)
        second = weights.second_embedding_weight
        return np.hstack([first, self.second * np.float32(second)]) if second else first


def empty_second(n: int) -> NDArray[np.float32]:
    """Return the (n, 0) embeddings of (n,) texts where there is no second encoder."""
    return np.empty((n, 0), np.float32)


class FeatureExtractor:
    """Fits vocabulary, embedding mean and training languages; turns tickets into a feature matrix.

    Parameters
    ----------
    directions : (r, dim) float32, orthonormal, in which languages differ
    values : how many values the field with the most of them has; the more, the fewer text columns

    Attributes
    ----------
    words_, characters_ : the blocks of text features, whose columns come first and second
    attributes_ : column of each (name, value) of an attribute, counted after the text's columns
    mean_, second_mean_ : (dim,) float32, subtracted from each encoder's embeddings
    languages_ : the training languages
    """

    def __init__(self, directions: NDArray[np.float32], *, values: int = 2) -> None:
        self.directions = directions
        most = max(FEWEST_FEATURES, MAX_WEIGHTS // max(values, 1))
        self.words_ = TfidfBlock(max_features=min(MAX_WORDS, most // 3))
        self.characters_ = TfidfBlock(max_features=min(MAX_CHARACTER_NGRAMS, most - most // 3))

    def state(self) -> State:
        """Return what was fitted as plain values and arrays."""
        return {
            "words": self.words_.state(),
            "characters": self.characters_.state(),
            "attributes": [{"name": name, "value": value} for name, value in self.attributes_],
            "languages": sorted(self.languages_),
            "language_directions": self.directions,
            "mean": self.mean_,
            "second_mean": self.second_mean_,
        }

    @classmethod
    def from_state(cls, state: StateReader) -> FeatureExtractor:
        """Return the features of which this is the state."""
        mean = state.array("mean", np.float32, (None,))
        features = cls(state.array("language_directions", np.float32, (None, len(mean))))
        features.words_ = TfidfBlock.from_state(state.part("words"))
        features.characters_ = TfidfBlock.from_state(state.part("characters"))
        pairs = [(pair.text("name"), pair.text("value")) for pair in state.parts("attributes")]
        features.attributes_ = {pair: column for column, pair in enumerate(pairs)}
        features.languages_ = set(state.texts("languages"))
        features.mean_, features.second_mean_ = mean, state.array("second_mean", np.float32, (None,))
        return features

    def inputs(self, weights: Hyperparameters) -> int:
        """Return how many columns a model reads: the text's, the embedding's, perhaps the second one's."""
        second = len(self.second_mean_) if weights.second_embedding_weight else 0
        return self.width + len(self.mean_) + second

    @property
    def width(self) -> int:
        """The number of text columns, those of attributes among them."""
        return self.words_.width + self.characters_.width + len(self.attributes_)

    def fit(
        self,
        documents: Sequence[Document],
        embeddings: NDArray[np.float32],
        second: NDArray[np.float32] | None = None,
        counted: CountedCorpus | None = None,
    ) -> FeatureExtractor:
        """Fit on (n,) documents and their (n, dim) embeddings, perhaps a second encoder's too.

        `counted` may hold the documents' tokens.
        """
        texts = [document.text for document in documents]
        least = 2 if len(texts) >= RARE_NGRAMS_FROM else 1
        counted = counted or CountedCorpus(texts)
        self.words_.fit(counted.words(texts), least=least)
        self.characters_.fit(counted.character_ngrams(texts), least=least)
        pairs = sorted({pair for document in documents for pair in document.attributes.items()})
        self.attributes_ = {pair: column for column, pair in enumerate(pairs)}
        self.mean_: NDArray[np.float32] = embeddings.mean(axis=0, dtype=np.float32)
        others = empty_second(len(documents)) if second is None else second
        self.second_mean_: NDArray[np.float32] = others.mean(axis=0, dtype=np.float32)
        counts = Counter(document.attributes.get(LANGUAGE, UNKNOWN) for document in documents)
        enough = min(LANGUAGE_TICKETS, LANGUAGE_SHARE * len(documents))
        self.languages_ = {code for code, n in counts.items() if n >= enough} | {UNKNOWN}
        return self

    def transform(
        self,
        documents: Sequence[Document],
        embeddings: NDArray[np.float32],
        second: NDArray[np.float32] | None = None,
        text: sparse.csr_matrix | None = None,
    ) -> FeatureMatrix:
        """Return the features of (n,) documents and embeddings; `text` may hold their sparse part."""
        centred: NDArray[np.float32] = (embeddings - self.mean_).astype(np.float32, copy=False)
        neutral = centred - (centred @ self.directions.T) @ self.directions
        languages = [document.attributes.get(LANGUAGE, UNKNOWN) for document in documents]
        return FeatureMatrix(
            text=self.transform_located(documents, [self.locate(d.text) for d in documents])
            if text is None
            else text,
            embedding=unit_vectors(centred),
            language_neutral=unit_vectors(neutral),
            second=empty_second(len(documents))
            if second is None
            else unit_vectors(second - self.second_mean_),
            in_training_language=np.array([language in self.languages_ for language in languages], bool),
        )

    def locate(self, text: str) -> TokenOccurrences:
        """Return the tokens of a text that have columns, with their positions."""
        words, ngrams, width = word_tokens(text), character_tokens(text), self.words_.width
        of_ngrams = self.characters_.columns(ngrams.names)
        of_ngrams[of_ngrams >= 0] += width
        columns = np.concatenate([self.words_.columns(words.names), of_ngrams])
        known = columns >= 0
        different, which, counts = np.unique(columns[known], return_inverse=True, return_counts=True)
        in_words = np.searchsorted(different, width)
        of_words = self.words_.weighted(different[:in_words], counts[:in_words])
        of_characters = self.characters_.weighted(different[in_words:] - width, counts[in_words:])
        return TokenOccurrences(
            different,
            np.concatenate([of_words, of_characters]),
            counts,
            which,
            np.concatenate([words.starts, ngrams.starts])[known],
            np.concatenate([words.ends, ngrams.ends])[known],
        )

    def transform_located(
        self, documents: Sequence[Document], found: Sequence[TokenOccurrences]
    ) -> sparse.csr_matrix:
        """Return the (n, width) text columns of documents whose tokens were located."""
        width = self.words_.width + self.characters_.width
        attributes = [self._attribute_columns(document) + width for document in documents]
        columns = [part for f, more in zip(found, attributes, strict=True) for part in (f.columns, more)]
        values = [
            part
            for f, more in zip(found, attributes, strict=True)
            for part in (f.values, np.full(len(more), ATTRIBUTE_SCALE, np.float32))
        ]
        starts = np.cumsum([0, *(len(f.columns) + len(m) for f, m in zip(found, attributes, strict=True))])
        no_values, no_columns = np.empty(0, np.float32), np.empty(0, np.intp)
        content = (np.concatenate([no_values, *values]), np.concatenate([no_columns, *columns]), starts)
        shape = (len(documents), width + len(self.attributes_))
        rows: sparse.csr_matrix = sparse.csr_matrix(content, shape=shape)
        return rows

    def transform_counted(self, documents: Sequence[Document], counted: CountedCorpus) -> sparse.csr_matrix:
        """Return the (n, width) text columns of documents whose tokens were counted."""
        texts = [document.text for document in documents]
        blocks = [
            self.words_.transform(counted.words(texts)),
            self.characters_.transform(counted.character_ngrams(texts)),
            self._attribute_rows(documents),
        ]
        rows: sparse.csr_matrix = sparse.hstack(blocks, format="csr", dtype=np.float32)
        return rows

    def _attribute_rows(self, documents: Sequence[Document]) -> sparse.csr_matrix:
        known = [self._attribute_columns(document) for document in documents]
        starts = np.cumsum([0, *map(len, known)])
        values = np.full(starts[-1], ATTRIBUTE_SCALE, np.float32)
        shape = (len(documents), len(self.attributes_))
        columns = np.concatenate([np.empty(0, np.intp), *known])
        rows: sparse.csr_matrix = sparse.csr_matrix((values, columns, starts), shape=shape)
        return rows

    def _attribute_columns(self, document: Document) -> NDArray[np.intp]:
        """Return the columns of a document's attributes, ascending, counted after the text's."""
        known = (self.attributes_.get(pair) for pair in document.attributes.items())
        return np.array(sorted(column for column in known if column is not None), np.intp)
