"""Embeddings without their language."""

import numpy as np

from models.classifiers.features import Document
from models.encoder.language_neutral import language_subspace, parallel_sentences
from tests.toy import WordHashEncoder, fit_toy_features


class LanguageTaggedEncoder(WordHashEncoder):
    """Meaning by words, plus a direction that says the language: sentences here are lists of one tag."""

    dim = 64

    def encode(self, texts, kind="query", *, progress=False):
        rows = super().encode(texts, kind)
        for row, text in zip(rows, texts, strict=True):
            row[0] += 3.0 * text.startswith("fi")
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_what_tells_languages_apart_is_taken_out():
    encoder = LanguageTaggedEncoder()
    words = ["printer", "login", "invoice", "battery", "door", "key"]
    sentences = {"en": [f"en {w}" for w in words], "fi": [f"fi {w}" for w in words]}
    directions = language_subspace(encoder, sentences)
    documents = [Document(text) for texts in sentences.values() for text in texts]
    _, rows = fit_toy_features(documents, encoder.encode([d.text for d in documents]), directions)
    apart = [r[:6].mean(axis=0) - r[6:].mean(axis=0) for r in (rows.embedding, rows.language_neutral)]
    assert np.linalg.norm(apart[1]) < 0.1 * np.linalg.norm(apart[0])


def test_one_language_has_no_directions():
    assert language_subspace(WordHashEncoder(), {"en": ["a b"]}).shape == (0, 48)


def test_every_language_says_the_same_sentences():
    assert len({len(texts) for texts in parallel_sentences().values()}) == 1


def test_a_language_is_a_training_language_when_enough_tickets_are_in_it():
    encoder = WordHashEncoder()
    documents = [Document(f"w{i}", {"language": "en" if i < 95 else "fi"}) for i in range(100)]
    features, _ = fit_toy_features(documents, encoder.encode([d.text for d in documents]))
    asked = [Document("w", {"language": code}) for code in ("en", "fi", "und")] + [Document("w")]
    rows = features.transform(asked, encoder.encode(["w"] * 4))
    assert rows.in_training_language.tolist() == [True, False, True, True]
