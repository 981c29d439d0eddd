"""Counting a history once gives the features that counting each part would."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.classifiers.features import Document, FeatureExtractor
from models.classifiers.tfidf import CountedCorpus, count_tokens
from models.text.tokenizer import character_ngrams, word_ngrams
from tests.toy import WordHashEncoder, topic_tickets

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


@pytest.mark.parametrize("part", [slice(0, 60), slice(30, 100)])
def test_a_part_of_a_counted_history_has_the_features_of_that_part_alone(part: slice) -> None:
    texts = [*TEXTS, *(ticket.text() for ticket in topic_tickets(100))]
    documents = [Document(text, {"language": "en"}) for text in texts]
    embeddings = WordHashEncoder().encode(texts)
    counted = CountedCorpus(texts)
    learnt, vectors = documents[part], embeddings[part]
    together = FeatureExtractor(np.empty((0, 48), np.float32)).fit(learnt, vectors, counted=counted)
    alone = FeatureExtractor(np.empty((0, 48), np.float32)).fit(learnt, vectors)
    assert together.words_.vocabulary_ == alone.words_.vocabulary_
    assert together.characters_.vocabulary_ == alone.characters_.vocabulary_
    np.testing.assert_array_equal(together.characters_.idf_, alone.characters_.idf_)
    rows = together.transform(documents, embeddings, text=together.transform_counted(documents, counted))
    expected = alone.transform(documents, embeddings)
    np.testing.assert_array_equal(rows.text.indices, expected.text.indices)
    np.testing.assert_allclose(rows.text.data, expected.text.data, atol=1e-6)
    np.testing.assert_array_equal(rows.embedding, expected.embedding)
