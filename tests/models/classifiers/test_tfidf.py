"""Rows of TF-IDF, compared with scikit-learn's."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from models.classifiers.tfidf import TfidfBlock, count_tokens
from models.storage.state import read_state, write_state
from models.text.tokenizer import character_ngrams, word_ngrams

TEXTS = [
    "The printer on floor 3 does not print",
    "Drucker druckt nicht, der Drucker ist tot",
    "打印机坏了 打印机",
    "",
    "print print print",
    "!!! ??? ...",
]


@pytest.mark.parametrize("tokens", [word_ngrams, character_ngrams])
@pytest.mark.parametrize("least", [1, 2])
def test_rows_are_those_of_scikit_learn(tokens, least):
    ours = TfidfBlock(max_features=1000).fit(count_tokens(TEXTS, tokens), least=least)
    theirs = TfidfVectorizer(
        analyzer=tokens, sublinear_tf=True, min_df=least, max_features=1000, dtype=np.float32
    ).fit(TEXTS)
    new = [*TEXTS, "a printer that was never seen", "新的打印机"]
    assert list(ours.vocabulary_) == list(theirs.get_feature_names_out())
    expected = theirs.transform(new).toarray()
    np.testing.assert_allclose(ours.transform(count_tokens(new, tokens)).toarray(), expected, atol=1e-6)


def test_only_the_most_frequent_tokens_are_kept():
    block = TfidfBlock(max_features=2).fit(count_tokens(["vpn vpn", "vpn mail", "mail key"], word_ngrams))
    assert set(block.vocabulary_) == {"mail", "vpn"}


def test_texts_without_tokens_make_an_empty_block():
    block = TfidfBlock(max_features=10).fit(count_tokens(["", "  "], word_ngrams))
    assert block.transform(count_tokens(["anything", ""], word_ngrams)).shape == (2, 0)


def test_no_texts_make_no_rows():
    block = TfidfBlock(max_features=10).fit(count_tokens(["one"], word_ngrams))
    assert block.transform(count_tokens([], word_ngrams)).shape == (0, 1)


def test_a_stored_block_makes_the_same_rows(tmp_path):
    block = TfidfBlock(max_features=100).fit(
        count_tokens([*TEXTS, "half a pair \ud83d, a\nline"], character_ngrams)
    )
    write_state(tmp_path, block.state())
    again = TfidfBlock.from_state(read_state(tmp_path))
    assert list(again.vocabulary_.items()) == list(block.vocabulary_.items())
    new = count_tokens(TEXTS, character_ngrams)
    assert (again.transform(new) != block.transform(new)).nnz == 0
