"""Which words carried a prediction: the linear model's contributions, mapped back to the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.classifier import FieldModel
from models.features import Occurrences
from models.tokens import word_spans


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
    found : where the text's tokens stand
    """

    def __init__(self, text: str, found: Occurrences) -> None:
        self._text = text
        self._words = _Words(text)
        self._found = found
        # What one character of one occurrence gets of the feature's contribution.
        self._share = 1.0 / (found.counts[found.which] * (found.ends - found.starts))

    def phrases(self, model: FieldModel, value: str, most: int = 5) -> list[Phrase]:
        """Return up to `most` words for or against `value`, the strongest first.

        A contribution to one of several values counts against the mean of them all, so that a word
        which speaks for each alike has no weight.
        """
        found = self._found
        weights = np.asarray(model.linear_.weights_)[found.columns]
        pull = weights[:, model.classes_.index(value)].astype(float)
        if model.field.kind != "tags":
            pull -= weights.mean(axis=1)
        per_place = (pull * found.values)[found.which] * self._share
        size = len(self._text) + 1
        edges = np.bincount(found.starts, per_place, size) - np.bincount(found.ends, per_place, size)
        return self._words.strongest(np.concatenate([[0.0], np.cumsum(np.cumsum(edges))]), most)


class _Words:
    """The different words of a text; a word's repetitions are added up under its first place."""

    def __init__(self, text: str) -> None:
        self._text = text
        spans = word_spans(text)
        numbers: dict[str, int] = {}
        self._first: list[tuple[int, int]] = []
        self._number = np.empty(len(spans), np.intp)
        for i, (start, end) in enumerate(spans):
            number = numbers.setdefault(text[start:end].lower(), len(numbers))
            if number == len(self._first):
                self._first.append((start, end))
            self._number[i] = number
        self._spans = np.array(spans, np.intp).reshape(-1, 2)

    def strongest(self, up_to: NDArray[np.float64], most: int) -> list[Phrase]:
        """Return the `most` weightiest words; the first i characters of the text weigh `up_to[i]`."""
        by_span = up_to[self._spans[:, 1]] - up_to[self._spans[:, 0]]
        weights = np.round(np.bincount(self._number, by_span, len(self._first)), 4)
        order = np.argsort(-abs(weights), kind="stable")[:most]
        return [
            Phrase(self._text[start:end], start, end, float(weights[i]))
            for i in order
            if weights[i] != 0
            for start, end in [self._first[i]]
        ]
