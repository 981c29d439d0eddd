"""Rankings of several languages become one."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from kb_index.search.language_fusion import Rankings, merged


def ranking(meaning: list[float], *, words: float = 0.0, native: bool = False) -> Rankings:
    values = np.array(meaning, np.float32)
    shares = np.full(len(values), words, np.float32)
    return Rankings(values, shares, values + shares, np.array([len(values)]), np.array([native]))


def both(first: Rankings, second: Rankings) -> Rankings:
    names = [field.name for field in fields(Rankings)]
    return Rankings(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in names))


CROWD = [0.60, 0.59, 0.58, 0.57, 0.56, *[0.4] * 15]
FOREIGN = [0.45, 0.25, 0.24, 0.23, 0.22, *[0.1] * 15]


def test_an_article_that_stands_out_in_another_language_comes_before_a_crowd_in_ones_own() -> None:
    result = merged(both(ranking(CROWD, words=0.4, native=True), ranking(FOREIGN)))
    assert int(np.argmax(result.places)) == len(CROWD)


def test_an_article_that_stands_out_in_ones_own_language_stays_first() -> None:
    result = merged(both(ranking([0.8, *CROWD[1:]], words=0.4, native=True), ranking(FOREIGN)))
    assert int(np.argmax(result.places)) == 0


def test_the_order_within_a_language_stays_as_it_was() -> None:
    places = merged(both(ranking(CROWD, native=True), ranking(FOREIGN))).places
    assert (np.diff(places[: len(CROWD)]) <= 0).all()
    assert (np.diff(places[len(CROWD) :]) <= 0).all()


def test_a_language_with_one_article_does_not_win_for_want_of_company() -> None:
    result = merged(both(ranking(CROWD, native=True), ranking([0.5])))
    assert int(np.argmax(result.places)) == 0


@pytest.mark.parametrize("native", [True, False])
def test_confidence_rises_with_what_stands_out(native: bool) -> None:
    standing = merged(ranking([0.8, *CROWD[1:]], native=native)).confidences[0]
    crowded = merged(ranking(CROWD, native=native)).confidences[0]
    assert 0 < crowded < 0.5 < standing < 1


def test_asked_words_that_are_missing_make_less_sure_in_ones_own_language_only() -> None:
    def sure(words: float, *, native: bool) -> float:
        return float(merged(ranking(CROWD, words=words, native=native)).confidences[0])

    assert sure(0.7, native=True) > sure(0.1, native=True)
    assert sure(0.7, native=False) == pytest.approx(sure(0.1, native=False))
