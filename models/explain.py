"""Which words carried a prediction: the linear model's contributions, mapped back to the text."""

from __future__ import annotations

from collections.abc import Mapping
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

    def phrases(
        self,
        models: Mapping[str, FieldModel],
        values: Mapping[str, str],
        taken: Mapping[str, NDArray[np.float32]],
        most: int = 5,
    ) -> dict[str, list[Phrase]]:
        """Return for each field up to `most` words for or against its value, the strongest first.

        A contribution to one of several values counts against the mean of them all, so that a word
        which speaks for each alike has no weight. `taken` may hold, by field, the weights of the columns
        that the text's tokens have, (at least m, outputs), in their order.
        """
        found, n = self._found, len(values)
        pulls = np.empty((n, len(found.columns)))
        for i, (name, value) in enumerate(values.items()):
            model, weights = models[name], taken.get(name)
            if weights is None:
                weights = model.linear_.weights_of(found.columns)
            weights = weights[: len(found.columns)]
            pulls[i] = weights[:, model.classes_.index(value)]
            if model.field.kind != "tags":
                pulls[i] -= weights.mean(axis=1)
        per_place = (pulls * found.values)[:, found.which] * self._share
        size = len(self._text) + 1
        edges = _sums(found.starts, per_place, size) - _sums(found.ends, per_place, size)
        up_to = np.zeros((n, size + 1))
        np.cumsum(np.cumsum(edges, axis=1), axis=1, out=up_to[:, 1:])
        return dict(zip(values, self._words.strongest(up_to, most), strict=True))


def _sums(cells: NDArray[np.intp], weights: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Return for each of n rows of weights (n, m) what falls in each of `size` cells, (n, size)."""
    n = len(weights)
    apart = cells + size * np.arange(n)[:, None]
    sums = np.bincount(apart.ravel(), weights.ravel(), n * size)
    return sums.reshape(n, size).astype(np.float64, copy=False)  # it is: NumPy's types say integers


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

    def strongest(self, up_to: NDArray[np.float64], most: int) -> list[list[Phrase]]:
        """Return for each of n values its `most` weightiest words.

        For the value j the first i characters of the text weigh `up_to[j, i]`.
        """
        by_span = up_to[:, self._spans[:, 1]] - up_to[:, self._spans[:, 0]]
        weights = np.round(_sums(self._number, by_span, len(self._first)), 4)
        order = np.argsort(-abs(weights), axis=1, kind="stable")[:, :most]
        kept = np.take_along_axis(weights, order, axis=1)
        return [
            [
                Phrase(self._text[start:end], start, end, weight)
                for i, weight in zip(best, strongest, strict=True)
                if weight != 0
                for start, end in [self._first[i]]
            ]
            for best, strongest in zip(order.tolist(), kept.tolist(), strict=True)
        ]
