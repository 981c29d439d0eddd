"""Token counts: each token as often as it occurs, whatever part of a history is asked for."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from models.text.tokenizer import character_ngrams, word_ngrams
from training.data.token_counts import CountedCorpus, count_tokens

TEXTS = ["Reset my password", "密码 reset", "", "reset my reset", "!!! ???", "Reset my password"]


def counters(counts):
    return [
        Counter(dict(zip([counts.tokens[i] for i in row.indices], row.data.tolist(), strict=True)))
        for row in counts.matrix
    ]


@given(st.lists(st.text(max_size=80), max_size=5))
def test_each_token_is_counted_as_often_as_it_occurs(texts: list[str]) -> None:
    counted = CountedCorpus(texts)
    assert counters(counted.words(texts)) == [Counter(word_ngrams(text)) for text in texts]
    assert counters(counted.character_ngrams(texts)) == [Counter(character_ngrams(t)) for t in texts]


def test_tokens_are_in_alphabetical_order_so_that_equals_are_always_kept_alike() -> None:
    assert count_tokens(["b a c", "a"], word_ngrams).tokens == ["a", "a c", "b", "b a", "c"]


def test_texts_may_be_asked_for_in_any_order_and_repeatedly() -> None:
    counted = CountedCorpus(TEXTS)
    asked = [TEXTS[3], TEXTS[0], TEXTS[0]]
    assert counters(counted.words(asked)) == [Counter(word_ngrams(text)) for text in asked]
