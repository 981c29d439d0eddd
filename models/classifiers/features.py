"""Feature extraction: from cleaned texts and their embeddings to one feature matrix.

TF-IDF of words and word pairs, TF-IDF of character 2- to 5-grams and the attributes one-hot stand side by
side as sparse text columns; beside them the centred embedding, as it is and language-neutral. Each block's
rows have a fixed length, its weight in a sum. A second encoder's embedding may join.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.checkpoints import checkpoint
from models.classifiers.linear_model import Hyperparameters
from models.classifiers.tfidf import TfidfVocabulary
from models.encoder.protocol import unit_vectors
from models.language.codes import UNKNOWN
from models.storage.state import State, StateReader
from models.text.tokenizer import character_tokens, word_tokens

ATTRIBUTE_WEIGHT = 0.5
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

    def rows(self, weights: Hyperparameters) -> sparse.csr_matrix:
        """Return text and embeddings side by side, (n, width + dims) sparse, as estimators take them."""
        rows: sparse.csr_matrix = sparse.hstack([self.text, self.dense(weights)], format="csr")
        return rows


def empty_second(n: int) -> NDArray[np.float32]:
    """Return the (n, 0) embeddings of (n,) texts where there is no second encoder."""
    return np.empty((n, 0), np.float32)


@dataclass(frozen=True, slots=True)
class FeatureExtractor:
    """Turns tickets into a feature matrix.

    `words` and `characters` are the vocabularies of the text columns, which come first and second;
    `attributes` has the column of each (name, value) of an attribute, counted after them. `mean` and
    `second_mean` (dim,) float32 are subtracted from each encoder's embeddings, and the language-neutral
    embedding has none of `directions` (r, dim) float32, orthonormal, in which languages differ. `languages`
    are the training languages.
    """

    words: TfidfVocabulary
    characters: TfidfVocabulary
    attributes: Mapping[tuple[str, str], int]
    directions: NDArray[np.float32]
    mean: NDArray[np.float32]
    second_mean: NDArray[np.float32]
    languages: Set[str]

    @property
    def width(self) -> int:
        """The number of text columns, those of attributes among them."""
        return len(self.words) + len(self.characters) + len(self.attributes)

    def inputs(self, weights: Hyperparameters) -> int:
        """Return how many columns a model reads: the text's, the embedding's, perhaps the second one's."""
        second = len(self.second_mean) if weights.second_embedding_weight else 0
        return self.width + len(self.mean) + second

    def transform(
        self,
        documents: Sequence[Document],
        embeddings: NDArray[np.float32],
        second: NDArray[np.float32] | None = None,
        text: sparse.csr_matrix | None = None,
    ) -> FeatureMatrix:
        """Return the features of (n,) documents and embeddings; `text` may hold their sparse part."""
        centred: NDArray[np.float32] = (embeddings - self.mean).astype(np.float32, copy=False)
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
            else unit_vectors(second - self.second_mean),
            in_training_language=np.array([language in self.languages for language in languages], bool),
        )

    def locate(self, text: str) -> TokenOccurrences:
        """Return the tokens of a text that have columns, with their positions."""
        words, width = word_tokens(text), len(self.words)
        checkpoint()
        ngrams = character_tokens(text)
        of_ngrams = self.characters.locate(ngrams.names)
        of_ngrams[of_ngrams >= 0] += width
        columns = np.concatenate([self.words.locate(words.names), of_ngrams])
        known = columns >= 0
        different, which, counts = np.unique(columns[known], return_inverse=True, return_counts=True)
        in_words = np.searchsorted(different, width)
        of_words = self.words.weigh(different[:in_words], counts[:in_words])
        of_characters = self.characters.weigh(different[in_words:] - width, counts[in_words:])
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
        width = len(self.words) + len(self.characters)
        attributes = [self._attribute_columns(document) + width for document in documents]
        columns = [part for f, more in zip(found, attributes, strict=True) for part in (f.columns, more)]
        values = [
            part
            for f, more in zip(found, attributes, strict=True)
            for part in (f.values, np.full(len(more), ATTRIBUTE_WEIGHT, np.float32))
        ]
        starts = np.cumsum([0, *(len(f.columns) + len(m) for f, m in zip(found, attributes, strict=True))])
        no_values, no_columns = np.empty(0, np.float32), np.empty(0, np.intp)
        content = (np.concatenate([no_values, *values]), np.concatenate([no_columns, *columns]), starts)
        shape = (len(documents), width + len(self.attributes))
        rows: sparse.csr_matrix = sparse.csr_matrix(content, shape=shape)
        return rows

    def attribute_rows(self, documents: Sequence[Document]) -> sparse.csr_matrix:
        """Return the (n, attributes) columns of documents' attributes."""
        known = [self._attribute_columns(document) for document in documents]
        starts = np.cumsum([0, *map(len, known)])
        values = np.full(starts[-1], ATTRIBUTE_WEIGHT, np.float32)
        shape = (len(documents), len(self.attributes))
        columns = np.concatenate([np.empty(0, np.intp), *known])
        rows: sparse.csr_matrix = sparse.csr_matrix((values, columns, starts), shape=shape)
        return rows

    def _attribute_columns(self, document: Document) -> NDArray[np.intp]:
        """Return the columns of a document's attributes, ascending, counted after the text's."""
        known = (self.attributes.get(pair) for pair in document.attributes.items())
        return np.array(sorted(column for column in known if column is not None), np.intp)

    def state(self) -> State:
        """Return the extractor as plain values and arrays."""
        return {
            "words": self.words.state(),
            "characters": self.characters.state(),
            "attributes": [{"name": name, "value": value} for name, value in self.attributes],
            "languages": sorted(self.languages),
            "language_directions": self.directions,
            "mean": self.mean,
            "second_mean": self.second_mean,
        }

    @classmethod
    def from_state(cls, state: StateReader) -> FeatureExtractor:
        """Return the extractor of which this is the state."""
        mean = state.array("mean", np.float32, (None,))
        pairs = [(pair.text("name"), pair.text("value")) for pair in state.parts("attributes")]
        return cls(
            words=TfidfVocabulary.from_state(state.part("words")),
            characters=TfidfVocabulary.from_state(state.part("characters")),
            attributes={pair: column for column, pair in enumerate(pairs)},
            directions=state.array("language_directions", np.float32, (None, len(mean))),
            mean=mean,
            second_mean=state.array("second_mean", np.float32, (None,)),
            languages=frozenset(state.texts("languages")),
        )
