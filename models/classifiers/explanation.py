"""Explanation of a prediction: the linear model's contributions, mapped back to the words of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.checkpoints import checkpoint
from models.classifiers.features import TokenOccurrences
from models.classifiers.joint_model import JointModel
from models.text.tokenizer import word_spans


@dataclass(frozen=True, slots=True)
class Contribution:
    """A word of the text, its position, and how far it moved the score towards the value."""

    text: str
    start: int
    end: int
    weight: float


class Explainer:
    """Explanation of the predictions of several fields for one text.

    Each word pair and character n-gram shares its contribution among its places in the text and,
    there, among its characters; a word has what its characters have, and its repetitions are added up
    under its first place. The embedding's part belongs to no single word and is left out.

    Parameters
    ----------
    tokens : the text's tokens with their positions
    """

    def __init__(self, text: str, tokens: TokenOccurrences, joint_model: JointModel) -> None:
        self._text, self._tokens, self._joint_model = text, tokens, joint_model
        self._prepared: _Words | None = None

    def prepare(self) -> None:
        """Compute what needs no prediction; it takes memory for each word and each field's values."""
        self._prepared = self._weighed()

    def explain(self, columns: Sequence[int], most: int = 5) -> list[list[Contribution]]:
        """Return up to `most` words for or against each of (n,) values, the strongest first.

        `columns` are those of the values in the joint model.
        """
        words = self._prepared or self._weighed()
        weights = np.round(words.contributions[:, columns].T, 4)
        order = np.argsort(-abs(weights), axis=1, kind="stable")[:, :most]
        kept = np.take_along_axis(weights, order, axis=1)
        return [
            [
                self._contribution(words.places[i], weight)
                for i, weight in zip(best, strongest, strict=True)
                if weight
            ]
            for best, strongest in zip(order.tolist(), kept.tolist(), strict=True)
        ]

    def _contribution(self, place: tuple[int, int], weight: float) -> Contribution:
        return Contribution(self._text[slice(*place)], *place, weight)

    def _weighed(self) -> _Words:
        spans = word_spans(self._text)
        words = [self._text[start:end].lower() for start, end in spans]
        first: dict[str, tuple[int, int]] = {}
        for word, span in zip(words, spans, strict=True):
            first.setdefault(word, span)
        number = {word: i for i, word in enumerate(first)}
        of_span = np.array([number[word] for word in words], np.intp)
        checkpoint()
        shares = _shares(self._tokens, np.array(spans, np.intp).reshape(-1, 2), of_span, len(first))
        return _Words(list(first.values()), self._joint_model.contributions(shares, self._tokens.columns))


@dataclass(frozen=True, slots=True)
class _Words:
    """The different words of a text: their first positions, and what they add to each value's score.

    `contributions` is (words, the joint model's columns).
    """

    places: list[tuple[int, int]]
    contributions: NDArray[np.float64]


def _shares(
    found: TokenOccurrences, spans: NDArray[np.intp], of_span: NDArray[np.intp], words: int
) -> sparse.csr_matrix:
    """Return each word's share of the (m,) tokens' values, (words, m).

    The word `of_span[i]` stands at the characters `spans[i]`; characters between words belong to none.
    """
    # Each place of a token lies within one word, or within some that follow each other.
    first = np.searchsorted(spans[:, 1], found.starts, side="right")
    count = np.searchsorted(spans[:, 0], found.ends, side="left") - first
    place = np.repeat(np.arange(len(first)), count)
    span = np.arange(len(place)) + np.repeat(first - np.cumsum(count) + count, count)
    token = found.which[place]
    starts, ends = found.starts[place], found.ends[place]
    inside = np.minimum(ends, spans[span, 1]) - np.maximum(starts, spans[span, 0])
    share = inside / ((ends - starts) * found.counts[token]) * found.values[token]
    return sparse.csr_matrix((share, (of_span[span], token)), shape=(words, len(found.columns)))
