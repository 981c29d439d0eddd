"""Which words carried a prediction: the linear model's contributions, mapped back to the text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.classifier import FieldModel
from models.features import Features
from models.tokens import Token, character_tokens, word_spans, word_tokens


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word of the text, where it stands, and how far it moved the score towards the value."""

    text: str
    start: int
    end: int
    weight: float


class Explainer:
    """Explains the predictions of several fields for one text.

    Each word pair and character n-gram shares its contribution among its places in the text and,
    there, among its characters; a word has what its characters have. The embedding's part belongs
    to no single word and is left out.

    Parameters
    ----------
    row : (1, width) the text's features
    """

    def __init__(self, features: Features, text: str, row: sparse.csr_matrix) -> None:
        self._text = text
        self._spans = word_spans(text)
        self._values = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
        places: list[tuple[int, int, int]] = []
        offset = 0
        for block, tokens in ((features.words_, word_tokens), (features.characters_, character_tokens)):
            if block is not None:
                places += _places(block.vocabulary_, tokens(text), offset)
                offset += len(block.vocabulary_)
        columns = np.array(places, np.intp).reshape(-1, 3)
        self._features, self._starts, self._ends = columns[:, 0], columns[:, 1], columns[:, 2]
        self._unique, inverse, counts = np.unique(self._features, return_inverse=True, return_counts=True)
        self._inverse = inverse
        # What one character of one occurrence gets of the feature's contribution.
        self._share = 1.0 / (counts[inverse] * (self._ends - self._starts)) if len(columns) else np.empty(0)

    def phrases(self, model: FieldModel, value: str, most: int = 5) -> list[Phrase]:
        """Return up to `most` words for or against `value`, the strongest first.

        A contribution to one of several values counts against the mean of them all, so that a word
        which speaks for each alike has no weight.
        """
        if not len(self._unique):
            return []
        weights = model.machines_.weights_[self._unique]
        pull = weights[:, model.classes_.index(value)].astype(float)
        if model.field.kind != "tags":
            pull -= weights.mean(axis=1)
        values = np.array([self._values.get(int(feature), 0.0) for feature in self._unique])
        per_place = (pull * values)[self._inverse] * self._share
        edges = np.zeros(len(self._text) + 1)
        np.add.at(edges, self._starts, per_place)
        np.subtract.at(edges, self._ends, per_place)
        up_to = np.concatenate([[0.0], np.cumsum(np.cumsum(edges))])
        found = _by_word(self._text, self._spans, up_to)
        strongest = sorted(found, key=lambda phrase: -abs(phrase.weight))[:most]
        return [phrase for phrase in strongest if phrase.weight != 0]


def _places(
    vocabulary: Mapping[str, int], tokens: Iterable[Token], offset: int
) -> list[tuple[int, int, int]]:
    return [
        (offset + vocabulary[token.name], token.start, token.end)
        for token in tokens
        if token.end > token.start and token.name in vocabulary
    ]


def _by_word(text: str, spans: list[tuple[int, int]], up_to: NDArray[np.float64]) -> list[Phrase]:
    """Add up a word's repetitions under its first place."""
    first: dict[str, tuple[int, int]] = {}
    weight: dict[str, float] = {}
    for start, end in spans:
        key = text[start:end].lower()
        first.setdefault(key, (start, end))
        weight[key] = weight.get(key, 0.0) + float(up_to[end] - up_to[start])
    return [Phrase(text[s:e], s, e, round(weight[key], 4)) for key, (s, e) in first.items()]
