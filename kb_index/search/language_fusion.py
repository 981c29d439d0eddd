"""Fusion of the rankings of several languages into one, with the confidence of each article.

Queries are nearer to articles of their own language than to the right one in another, by embedding, even
without the languages' means, and by words all the more. Scores therefore order the articles of one language
only. Languages are ordered by the margin of their best article over the next four:

    fused score of the best = dense - mean dense of the next + 0.2 (lexical - mean lexical of the next)

The other articles of the language follow it at their distance in score. Where the query's own language has
the answer, its best article stands out. Where it has none, several related ones are about equally near, and a
best article that stands out in another language goes before them. On the development half of Microsoft's
self-help articles in four languages at once, hit@1 of the right page in another language, its own translation
taken out of the index: 0.13 by score, 0.33 by dense score alone, 0.40 standardised by language, 0.52 so; with
nothing taken out 0.81 by score, 0.82 so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.search.boosts import NO_BOOSTS, Boosts
from kb_index.search.scoring import ArticleScores
from kb_index.search.similarity import Floats

MARGIN_DEPTH = 20
"""Number of a language's best groups that its first is judged by; fewer only where there are no more."""

_N_NEXT = 4
_NEXT = slice(1, 1 + _N_NEXT)
_LEXICAL_SHARE = 0.2

# The confidence rests on how far an article's dense score rises above that of the ranks 9 to 20, which do not
# answer, and on how far it leads. Its height says little: between two sets of articles the same cosine
# differs by 0.1. The lexical score counts only in the query's own language. Shares of the four chosen so that
# real questions without an answer (HINT3, withheld Microsoft pages) stand apart; weight and intercept fitted
# to the first results of the development parts of seven sets, each asked a second time with the right article
# withheld.
_N_BACKGROUND = 12
_BACKGROUND = slice(MARGIN_DEPTH - _N_BACKGROUND, MARGIN_DEPTH)
_BACKGROUND_SHARE = 0.8
_LEAD_SHARE = 0.6
_OWN_LANGUAGE_LEXICAL_SHARE = 0.2
_WEIGHT = 9.4
_INTERCEPT = -3.33
_OWN_LANGUAGE_INTERCEPT = -4.86
# Among few articles none comes near the query. With this floor the confidence is right also for sets of 3 to
# 100 articles, drawn from the same development data (mean confidence within 0.05 of the share right).
_MIN_BACKGROUND = 0.15
_FLOORS = np.array([_MIN_BACKGROUND, 0.0], np.float32)[:, None, None]


@dataclass(frozen=True, slots=True)
class RankedGroup:
    """A translation group in the ranking: its number, score, and calibrated probability of an answer.

    `score` is comparable within one ranking only, over all languages, and may be negative.
    """

    number: int
    score: float
    confidence: float


def top_groups(
    scores: ArticleScores,
    groups: NDArray[np.int64],
    languages: NDArray[np.int64],
    k: int,
    *,
    is_query_language: NDArray[np.bool_],
    boosts: Boosts = NO_BOOSTS,
) -> list[RankedGroup]:
    """Return the up to `k` best translation groups of these articles, best first; equal ones as indexed.

    `groups` and `languages` (n_articles,) number the group and the language of each article of the index;
    `is_query_language` is (n_languages,). Boosts move groups up and down, yet change no confidence, and the
    group that is first without them stays among the `k`.
    """
    own_languages, numbers = languages[scores.rows], groups[scores.rows]
    order = np.lexsort((-scores.scores, own_languages))
    kept = order[first_positions((numbers * len(is_query_language) + own_languages)[order])]
    lengths = np.bincount(own_languages[kept], minlength=len(is_query_language))
    takes_part = lengths > 0
    fused, confidences = fuse(scores.take(kept), lengths[takes_part], is_query_language[takes_part])
    best = np.lexsort((scores.rows[kept], -fused))
    numbers = numbers[kept[best]]
    firsts = first_positions(numbers)
    best, numbers = best[firsts], numbers[firsts]
    falling = np.minimum.accumulate(confidences[best])
    boosted = fused[best] + boosts.of(numbers)
    order = (-boosted).argsort(kind="stable")[:k]
    if len(order) and 0 not in order:
        order[-1] = 0
    return [
        RankedGroup(*group)
        for group in zip(
            numbers[order].tolist(), boosted[order].tolist(), falling[order].tolist(), strict=True
        )
    ]


def fuse(
    ranked: ArticleScores, lengths: NDArray[np.int64], is_query_language: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return the fused scores and the confidences in [0, 1] of n articles, both (n,).

    `ranked` holds the articles of one language after another, each ranking with the best score first and one
    article of each translation group. `lengths` (n_languages,) says how many articles each has, one or more,
    and `is_query_language` whether the query is in it; where the query's language is unknown, all are.
    """
    firsts = lengths.cumsum() - lengths
    of = np.arange(len(lengths)).repeat(lengths)
    both = np.array((ranked.dense, ranked.lexical))
    tops = _top_scores(both, of, np.arange(len(of)) - firsts[of], len(lengths))
    dense_tops, scores = tops[0], ranked.scores

    margins, lexical_margins = both[:, firsts] - tops[:, :, _NEXT].sum(axis=2) / np.float32(_N_NEXT)
    best = scores[firsts]
    # Six decimals: scores that differ by rounding in the last bits are equal, and keep their order.
    fused = ((margins + _LEXICAL_SHARE * lexical_margins)[of] + scores - best[of]).round(6)

    rivals = best[of]
    seconds = scores[np.minimum(firsts + 1, len(scores) - 1)]
    rivals[firsts] = np.where(lengths > 1, seconds, dense_tops[:, 1])
    background = _BACKGROUND_SHARE * (dense_tops[:, _BACKGROUND].sum(axis=1) / np.float32(_N_BACKGROUND))
    evidence = ranked.dense - background[of] + _LEAD_SHARE * (scores - rivals)
    lexical_share = np.where(is_query_language, np.float32(_OWN_LANGUAGE_LEXICAL_SHARE), np.float32(0))
    evidence += lexical_share[of] * ranked.lexical
    logits = np.where(is_query_language, _OWN_LANGUAGE_INTERCEPT, _INTERCEPT)[of] + _WEIGHT * evidence
    return fused, (1 / (1 + np.exp(-logits))).astype(np.float32)


def first_positions(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first position of each distinct one of some hundred numbers, ascending.

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


def _top_scores(values: Floats, of: NDArray[np.int64], ranks: NDArray[np.int64], languages: int) -> Floats:
    """Return the highest of each kind of `values` (2, n) in each language, (2, languages, MARGIN_DEPTH).

    They come highest first, no dense score below the floor. `of` and `ranks` (n,) hold the language of a
    value and its place among that language's values. Where a language has too few articles, those of the
    other languages stand in, so that it does not stand out for lack of company.
    """
    width = max(int(ranks.max()) + 1, MARGIN_DEPTH)
    table = np.full((len(values), languages, width), np.inf, np.float32)
    table[:, of, ranks] = -values
    table.sort()
    tops = -table[:, :, :MARGIN_DEPTH]
    missing = tops == -np.inf
    tops = np.maximum(tops, _FLOORS)
    filled: Floats = np.where(missing, tops.max(axis=1, keepdims=True), tops)
    return filled
