"""From cleaned texts and their embeddings to what the models read.

TF-IDF of words and word pairs, TF-IDF of character 2- to 5-grams and the attributes one-hot stand side by
side as sparse text columns; beside them the centred embedding, as it is and without its language. Each
block's rows have a fixed length, so its weight in a sum is its scale. A second encoder's embedding may join.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.classifiers.tfidf import CountedTexts, TfidfBlock
from models.language.codes import UNKNOWN
from models.storage.state import State, StateReader
from models.text.tokenizer import character_tokens, word_tokens

ATTRIBUTE_SCALE = 0.5
MAX_WORDS = 60_000
MAX_CHARACTER_NGRAMS = 120_000
# All weights of a field with many values must fit in memory several times over while it is learnt.
MAX_WEIGHTS = 12_000_000
FEWEST_FEATURES = 2_000
# From here on an n-gram that occurs once is dropped: it halves the vocabulary and costs nothing
# (Banking77 validation 0.920 with either).
RARE_NGRAMS_FROM = 5_000
# A language is familiar when this many training tickets are in it, or this share of few tickets.
FAMILIAR_FROM = 20
FAMILIAR_SHARE = 0.1
LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Document:
    """What a model sees of a ticket: its cleaned text and its attributes (language, channel, …)."""

    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where the known tokens of one text stand.

    `columns` (m,) are those of the different tokens, ascending, and `values` (m,) float32 what they have in
    the text's row. Each of n places has a token, `columns[which[i]]`, at the characters `starts[i]` to
    `ends[i]`; `counts` (m,) says how many places a token has.
    """

    columns: NDArray[np.intp]
    values: NDArray[np.float32]
    counts: NDArray[np.intp]
    which: NDArray[np.intp]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the models read of (n,) tickets.

    `text` is (n, width) sparse float32; `embedding` and `meaning` are (n, dim) float32 of length 1, the
    second without the directions in which languages differ; `second` (n, dim of the second encoder) or (n, 0)
    is of length 1 as well; `familiar` (n,) bool says which tickets are in a language that enough training
    tickets are in.
    """

    text: sparse.csr_matrix
    embedding: NDArray[np.float32]
    meaning: NDArray[np.float32]
    second: NDArray[np.float32]
    familiar: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.familiar)

    def take(self, positions: Sequence[int] | NDArray[np.intp] | NDArray[np.bool_]) -> Rows:
        """Return these rows, by number or by mask."""
        return Rows(
            self.text[positions],
            self.embedding[positions],
            self.meaning[positions],
            self.second[positions],
            self.familiar[positions],
        )

    def dense(self, scale: float, second: float) -> NDArray[np.float32]:
        """Return the embeddings with these lengths, side by side, (n, dims); a length of 0 leaves one out."""
        first = self.embedding * np.float32(scale)
        return np.hstack([first, self.second * np.float32(second)]) if second else first


def no_second(n: int) -> NDArray[np.float32]:
    """Return what stands for the second encoder's embeddings of (n,) texts where there is none."""
    return np.empty((n, 0), np.float32)


def unit_rows(matrix: NDArray[np.floating]) -> NDArray[np.float32]:
    """Scale each row of an (n, dim) matrix to length 1; a row of zeros stays."""
    length = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))
    length[length == 0] = 1
    scaled: NDArray[np.float32] = (matrix / length).astype(np.float32, copy=False)
    return scaled


class Features:
    """Learn vocabulary, embedding mean and familiar languages from tickets; turn tickets into rows.

    Parameters
    ----------
    directions : (r, dim) float32, orthonormal, in which languages differ
    values : how many values the field with the most of them has; the more, the fewer text columns

    Attributes
    ----------
    words_, characters_ : the blocks of text features, whose columns come first and second
    attributes_ : column of each (name, value) of an attribute, counted after the text's columns
    mean_, second_mean_ : (dim,) float32, what is subtracted from each encoder's embeddings
    languages_ : the familiar languages
    """

    def __init__(self, directions: NDArray[np.float32], *, values: int = 2) -> None:
        self.directions = directions
        most = max(FEWEST_FEATURES, MAX_WEIGHTS // max(values, 1))
        self.words_ = TfidfBlock(max_features=min(MAX_WORDS, most // 3))
        self.characters_ = TfidfBlock(max_features=min(MAX_CHARACTER_NGRAMS, most - most // 3))

    def state(self) -> State:
        """Return what was learnt as plain values and arrays."""
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
    def from_state(cls, state: StateReader) -> Features:
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

    def inputs(self, *, second: bool) -> int:
        """Return how many columns a model reads: the text's, the embedding's, perhaps the second one's."""
        return self.width + len(self.mean_) + (len(self.second_mean_) if second else 0)

    @property
    def width(self) -> int:
        """The number of text columns, those of attributes among them."""
        return self.words_.width + self.characters_.width + len(self.attributes_)

    def fit(
        self,
        documents: Sequence[Document],
        embeddings: NDArray[np.float32],
        second: NDArray[np.float32] | None = None,
        counted: CountedTexts | None = None,
    ) -> Features:
        """Learn from (n,) documents and their (n, dim) embeddings, perhaps a second encoder's too.

        `counted` may hold the documents' tokens.
        """
        texts = [document.text for document in documents]
        least = 2 if len(texts) >= RARE_NGRAMS_FROM else 1
        counted = counted or CountedTexts(texts)
        self.words_.fit(counted.words(texts), least=least)
        self.characters_.fit(counted.character_ngrams(texts), least=least)
        pairs = sorted({pair for document in documents for pair in document.attributes.items()})
        self.attributes_ = {pair: column for column, pair in enumerate(pairs)}
        self.mean_: NDArray[np.float32] = embeddings.mean(axis=0, dtype=np.float32)
        others = no_second(len(documents)) if second is None else second
        self.second_mean_: NDArray[np.float32] = others.mean(axis=0, dtype=np.float32)
        counts = Counter(document.attributes.get(LANGUAGE, UNKNOWN) for document in documents)
        enough = min(FAMILIAR_FROM, FAMILIAR_SHARE * len(documents))
        self.languages_ = {code for code, n in counts.items() if n >= enough} | {UNKNOWN}
        return self

    def transform(
        self,
        documents: Sequence[Document],
        embeddings: NDArray[np.float32],
        second: NDArray[np.float32] | None = None,
        text: sparse.csr_matrix | None = None,
    ) -> Rows:
        """Return the rows of (n,) documents and embeddings; `text` may hold their sparse part."""
        centred: NDArray[np.float32] = (embeddings - self.mean_).astype(np.float32, copy=False)
        without = centred - (centred @ self.directions.T) @ self.directions
        languages = [document.attributes.get(LANGUAGE, UNKNOWN) for document in documents]
        return Rows(
            text=self.rows_of(documents, [self.find(d.text) for d in documents]) if text is None else text,
            embedding=unit_rows(centred),
            meaning=unit_rows(without),
            second=no_second(len(documents)) if second is None else unit_rows(second - self.second_mean_),
            familiar=np.array([language in self.languages_ for language in languages], bool),
        )

    def find(self, text: str) -> Occurrences:
        """Return where the tokens that have columns stand in a text."""
        words, ngrams, width = word_tokens(text), character_tokens(text), self.words_.width
        of_ngrams = self.characters_.columns(ngrams.names)
        of_ngrams[of_ngrams >= 0] += width
        columns = np.concatenate([self.words_.columns(words.names), of_ngrams])
        known = columns >= 0
        different, which, counts = np.unique(columns[known], return_inverse=True, return_counts=True)
        in_words = np.searchsorted(different, width)
        of_words = self.words_.weighted(different[:in_words], counts[:in_words])
        of_characters = self.characters_.weighted(different[in_words:] - width, counts[in_words:])
        return Occurrences(
            different,
            np.concatenate([of_words, of_characters]),
            counts,
            which,
            np.concatenate([words.starts, ngrams.starts])[known],
            np.concatenate([words.ends, ngrams.ends])[known],
        )

    def rows_of(self, documents: Sequence[Document], found: Sequence[Occurrences]) -> sparse.csr_matrix:
        """Return the (n, width) sparse part of the rows of documents in whose texts these tokens stand."""
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

    def text_rows(self, documents: Sequence[Document], counted: CountedTexts) -> sparse.csr_matrix:
        """Return the (n, width) sparse part of the rows of documents whose texts were counted."""
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
