"""Scores of articles for one query, and the thresholds from which they are shown.

Three scores are combined: the cosines of the article's best passage and of its title with the query, all
without their language's mean, and the share of the query's words that it holds.

    dense = log(exp(10 passage) + 0.5 exp(10 title)) / 10
    score = dense + 0.7 lexical

The better of passage and title carries the dense score: a short request is like a title, a described problem
like a passage. Words count for little across languages, where few are shared, and decide between near
articles of the same language. Chosen on the development questions of the GNOME help pages and of Microsoft's
self-help articles (12,534 questions in 68 directions), mean hit@1 over five kinds of question: this 0.66,
best passage alone 0.60, title alone 0.53, words alone 0.37; reciprocal rank fusion 0.46, since it gives half
the say to words, which mean nothing across languages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.search.similarity import Floats

AGENT_THRESHOLD = 0.1
"""An agent, who can judge it, is shown an article at or above this confidence."""

PORTAL_THRESHOLD = 0.6
"""A customer is shown an article at or above this confidence."""

_SHARPNESS = 10.0
_LOG_TITLE_SHARE = np.float32(np.log(0.5))
_LEXICAL_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class DisplayThresholds:
    """Confidences at or above which agents and customers are shown an article, in [0, 1]."""

    agent: float = AGENT_THRESHOLD
    portal: float = PORTAL_THRESHOLD


@dataclass(frozen=True, slots=True)
class ArticleScores:
    """Scores of n articles for one query; all arrays are (n,).

    `rows` are the articles' rows; `dense` is a soft maximum of the passage's and the title's similarity,
    `lexical` the share of the query's words in [0, 1]. `scores` combine both. They are comparable within one
    language, and are no probabilities.
    """

    rows: NDArray[np.int64]
    dense: Floats
    lexical: Floats
    scores: Floats

    @classmethod
    def combine(
        cls, rows: NDArray[np.int64], passage: Floats, title: Floats, lexical: Floats
    ) -> ArticleScores:
        """Combine the similarities of best passage and title, in [-1, 1], with the lexical score."""
        dense = np.logaddexp(_SHARPNESS * passage, _SHARPNESS * title + _LOG_TITLE_SHARE)
        dense /= np.float32(_SHARPNESS)
        # Six decimals: scores that differ by rounding in the last bits are equal, and keep their order.
        return cls(rows, dense, lexical, (dense + _LEXICAL_WEIGHT * lexical).round(6))

    def take(self, places: NDArray[np.int64]) -> ArticleScores:
        """Return the scores of the articles at these places, in this order."""
        return ArticleScores(self.rows[places], self.dense[places], self.lexical[places], self.scores[places])


def best_translation(
    languages: Sequence[str], reader_languages: Sequence[str], scores: Callable[[], Floats]
) -> int:
    """Return the place of the translation to show, given the languages of all.

    It is in the first language that the reader reads, else in English, else the one with the best score.

    >>> best_translation(["de", "en", "fi"], ["sv", "fi"], lambda: np.array([0.9, 0.5, 0.4], np.float32))
    2
    """
    for language in (*reader_languages, "en"):
        if language in languages:
            return languages.index(language)
    return int(np.argmax(scores())) if len(languages) > 1 else 0
