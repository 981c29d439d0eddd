"""From three kinds of evidence to one order.

The evidence for an article: the cosine of its best passage and of its title with what was asked, both
without their language's mean, and the share of the asked words that it holds.

    meaning = log(exp(10 passage) + 0.5 exp(10 title)) / 10
    score   = meaning + 0.7 words

The better of passage and title carries the score: a short request is like a title, a described problem
like a passage. Words count for little across languages, where few are shared, and decide between near
articles in the same one. Chosen on the development questions of the GNOME help pages and of Microsoft's
self-help articles (12,534 questions in 68 directions), mean hit@1 over five kinds of question: this 0.66,
best passage alone 0.60, title alone 0.53, words alone 0.37; reciprocal rank fusion 0.46, since words
that mean nothing across languages have half the say there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.search.boosts import NO_BOOSTS, Boosts
from kb_index.search.language_fusion import Floats, Rankings, merged

AGENT_THRESHOLD = 0.1
"""From this confidence on an agent, who can judge it, is shown an article."""

PORTAL_THRESHOLD = 0.6
"""From this confidence on a customer is shown an article."""


@dataclass(frozen=True, slots=True)
class DisplayThresholds:
    """The confidences from which on agents and customers are shown an article, in [0, 1]."""

    agent: float = AGENT_THRESHOLD
    portal: float = PORTAL_THRESHOLD


_SHARPNESS = 10.0
_LOG_TITLE_SHARE = np.float32(np.log(0.5))
_WORDS_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class ArticleScores:
    """What speaks for each of n articles; all arrays are (n,).

    `rows` are the numbers of the articles, ascending; `meaning` is the better of passage and title,
    smoothly, and `words` shares in [0, 1]. `scores` are comparable within one language; they are no
    probabilities.
    """

    rows: NDArray[np.int64]
    meaning: Floats
    words: Floats
    scores: Floats

    @classmethod
    def of(cls, rows: NDArray[np.int64], passage: Floats, title: Floats, words: Floats) -> ArticleScores:
        """Weigh the cosines of the best passage and of the title, in [-1, 1], and the shares of words."""
        meaning = np.logaddexp(_SHARPNESS * passage, _SHARPNESS * title + _LOG_TITLE_SHARE)
        meaning /= np.float32(_SHARPNESS)
        # Six decimals: what differs by rounding in the last bits is the same, and keeps its order.
        return cls(rows, meaning, words, (meaning + _WORDS_WEIGHT * words).round(6))


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """A family by its best article: its number, its place, and the calibrated probability that it answers.

    `score` is comparable within one answer only, over all languages, and may be negative.
    """

    number: int
    score: float
    confidence: float


def top_groups(
    evidence: ArticleScores,
    families: NDArray[np.int64],
    languages: NDArray[np.int64],
    k: int,
    *,
    native: NDArray[np.bool_],
    raised: Boosts = NO_BOOSTS,
) -> list[RankedGroup]:
    """Return the up to `k` best families of these articles, best first; of equal ones the one indexed first.

    For each article of the index, (n_articles,), `families` numbers its family and `languages` its language;
    `native` (n_languages,) says which is the language that was asked in. `raised` moves families up and
    down, yet changes none's confidence, and the one that would be first without it stays among the `k`.
    """
    rows, scores = evidence.rows, evidence.scores
    spoken, numbers = languages[rows], families[rows]
    order = np.lexsort((-scores, spoken))
    kept = order[first_positions((numbers * len(native) + spoken)[order])]
    lengths = np.bincount(spoken[kept], minlength=len(native))
    takes_part = lengths > 0
    result = merged(
        Rankings(
            evidence.meaning[kept],
            evidence.words[kept],
            scores[kept],
            lengths[takes_part],
            native[takes_part],
        )
    )
    best = np.lexsort((rows[kept], -result.places))
    numbers = numbers[kept[best]]
    firsts = first_positions(numbers)
    best, numbers = best[firsts], numbers[firsts]
    falling = np.minimum.accumulate(result.confidences[best])
    places = result.places[best] + raised.of(numbers)
    order = (-places).argsort(kind="stable")[:k]
    if len(order) and 0 not in order:
        order[-1] = 0
    return [
        RankedGroup(*family)
        for family in zip(
            numbers[order].tolist(), places[order].tolist(), falling[order].tolist(), strict=True
        )
    ]


def first_positions(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each different one of some hundred numbers stands first, ascending.

    >>> first_positions(np.array([7, 3, 7, 1, 3]))
    array([0, 1, 3])
    """
    order = numbers.argsort(kind="stable")
    ordered = numbers[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    firsts = order[is_first]
    firsts.sort()
    return firsts


def best_translation(languages: Sequence[str], order: Sequence[str], scores: Callable[[], Floats]) -> int:
    """Return which of a family's articles to show, given their languages and the reader's in `order`.

    Where the reader reads none of them, English is shown, else the article with the best score.

    >>> best_translation(["de", "en", "fi"], ["sv", "fi"], lambda: np.array([0.9, 0.5, 0.4], np.float32))
    2
    """
    for language in (*order, "en"):
        if language in languages:
            return languages.index(language)
    return int(np.argmax(scores())) if len(languages) > 1 else 0
