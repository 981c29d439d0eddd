"""Rankings of several languages become one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from kb_index.search.language_fusion import fuse
from kb_index.search.scoring import ArticleScores


@dataclass(frozen=True)
class Ranking:
    """One language's articles by their dense scores, all with the same lexical score."""

    dense: list[float]
    lexical: float = 0.0
    own: bool = False


def fused(*rankings: Ranking) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    dense = np.array([score for ranking in rankings for score in ranking.dense], np.float32)
    lengths = np.array([len(ranking.dense) for ranking in rankings])
    lexical = np.repeat(np.array([ranking.lexical for ranking in rankings], np.float32), lengths)
    scores = ArticleScores(np.arange(len(dense)), dense, lexical, dense + lexical)
    return fuse(scores, lengths, np.array([ranking.own for ranking in rankings]))


CROWD = [0.60, 0.59, 0.58, 0.57, 0.56, *[0.4] * 15]
FOREIGN = [0.45, 0.25, 0.24, 0.23, 0.22, *[0.1] * 15]


def test_an_article_that_stands_out_in_another_language_comes_before_a_crowd_in_ones_own() -> None:
    scores, _ = fused(Ranking(CROWD, lexical=0.4, own=True), Ranking(FOREIGN))
    assert int(np.argmax(scores)) == len(CROWD)


def test_an_article_that_stands_out_in_ones_own_language_stays_first() -> None:
    scores, _ = fused(Ranking([0.8, *CROWD[1:]], lexical=0.4, own=True), Ranking(FOREIGN))
    assert int(np.argmax(scores)) == 0


def test_the_order_within_a_language_stays_as_it_was() -> None:
    scores, _ = fused(Ranking(CROWD, own=True), Ranking(FOREIGN))
    assert (np.diff(scores[: len(CROWD)]) <= 0).all()
    assert (np.diff(scores[len(CROWD) :]) <= 0).all()


def test_a_language_with_one_article_does_not_win_for_want_of_company() -> None:
    scores, _ = fused(Ranking(CROWD, own=True), Ranking([0.5]))
    assert int(np.argmax(scores)) == 0


@pytest.mark.parametrize("own", [True, False])
def test_confidence_rises_with_what_stands_out(own: bool) -> None:
    _, standing = fused(Ranking([0.8, *CROWD[1:]], own=own))
    _, crowded = fused(Ranking(CROWD, own=own))
    assert 0 < crowded[0] < 0.5 < standing[0] < 1


def test_missing_query_words_lower_the_confidence_in_ones_own_language_only() -> None:
    def confidence(lexical: float, *, own: bool) -> float:
        _, confidences = fused(Ranking(CROWD, lexical=lexical, own=own))
        return float(confidences[0])

    assert confidence(0.7, own=True) > confidence(0.1, own=True)
    assert confidence(0.7, own=False) == pytest.approx(confidence(0.1, own=False))
