"""Features fitted in training are those that serving makes of the same texts."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from models.classifiers.features import Document, FeatureExtractor
from models.storage.state import read_state, write_state
from models.text.tokenizer import character_ngrams, word_ngrams
from tests.toy import WordHashEncoder, topic_tickets
from training.data.token_counts import CountedCorpus, count_tokens
from training.fitting.features import FittedFeatures, TfidfColumns, fit_features

TEXTS = [
    "The printer on floor 3 does not print",
    "Drucker druckt nicht, der Drucker ist tot",
    "打印机坏了 打印机",
    "",
    "print print print",
    "!!! ??? ...",
]
NEW = ["a printer that was never seen", "新的打印机", "half a pair \ud83d, a\nline"]


def columns(texts, tokens, *, max_features=1000, min_df=1, among=()):
    """Return the columns fitted on texts, and the rows of these and others in the same corpus."""
    counts = count_tokens([*texts, *among], tokens)
    fitted = TfidfColumns(counts.rows(np.arange(len(texts))), max_features=max_features, min_df=min_df)
    return fitted, fitted.transform(counts)


@pytest.mark.parametrize("tokens", [word_ngrams, character_ngrams])
@pytest.mark.parametrize("min_df", [1, 2])
def test_rows_are_those_of_scikit_learns_vectorizer(tokens, min_df):
    ours, rows = columns(TEXTS, tokens, min_df=min_df, among=NEW)
    theirs = TfidfVectorizer(
        analyzer=tokens, sublinear_tf=True, min_df=min_df, max_features=1000, dtype=np.float32
    ).fit(TEXTS)
    assert list(ours.vocabulary.columns) == list(theirs.get_feature_names_out())
    np.testing.assert_allclose(rows.toarray(), theirs.transform([*TEXTS, *NEW]).toarray(), atol=1e-6)


def test_only_the_most_frequent_tokens_are_kept():
    fitted, _ = columns(["vpn vpn", "vpn mail", "mail key"], word_ngrams, max_features=2)
    assert set(fitted.vocabulary.columns) == {"mail", "vpn"}


def test_texts_without_tokens_have_no_columns():
    _, rows = columns(["", "  "], word_ngrams, among=["anything"])
    assert rows.shape == (3, 0)


def fitted(texts: list[str], part: slice = slice(None), *, alone: bool = False) -> FittedFeatures:
    documents = [Document(text, {"language": "en"}) for text in texts]
    embeddings, second = WordHashEncoder().encode(texts), np.empty((len(texts), 0), np.float32)
    return fit_features(
        documents[part],
        embeddings[part],
        second[part],
        corpus=CountedCorpus(texts[part] if alone else texts),
        directions=np.empty((0, 48), np.float32),
        values=2,
    )


def test_serving_makes_of_a_text_the_row_that_training_made(tmp_path):
    texts = [*TEXTS, *NEW, *(ticket.text() for ticket in topic_tickets(50))]
    documents = [Document(text, {"language": "en"}) for text in texts]
    features, embeddings = fitted(texts, slice(4, 30)), WordHashEncoder().encode(texts)
    write_state(tmp_path, features.extractor.state())
    serving = FeatureExtractor.from_state(read_state(tmp_path))
    trained = features.transform(documents, embeddings, np.empty((len(texts), 0), np.float32))
    served = serving.transform(documents, embeddings)
    assert trained.text.shape == served.text.shape
    np.testing.assert_allclose(trained.text.toarray(), served.text.toarray(), atol=1e-6)
    np.testing.assert_array_equal(trained.embedding, served.embedding)
    np.testing.assert_array_equal(trained.language_neutral, served.language_neutral)


@pytest.mark.parametrize("part", [slice(0, 60), slice(30, 100)])
def test_a_part_of_a_counted_history_has_the_features_of_that_part_alone(part: slice) -> None:
    texts = [*TEXTS, *(ticket.text() for ticket in topic_tickets(100))]
    together, alone = fitted(texts, part).extractor, fitted(texts, part, alone=True).extractor
    assert together.words.columns == alone.words.columns
    assert together.characters.columns == alone.characters.columns
    np.testing.assert_array_equal(together.characters.idf, alone.characters.idf)
