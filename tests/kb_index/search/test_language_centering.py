"""A query is compared by its meaning, not by its language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.language_centering import LanguageMeans
from kb_index.search.query import Query
from models.encoder import TextKind
from models.encoder.language_neutral import parallel_sentences
from models.encoder.protocol import unit_vectors
from tests.kb_toy import DIM, WordEncoder, ids

MEANINGS = {"drucker": "printer", "papier": "paper"}
GERMAN_WORDS = {*MEANINGS, *" ".join(parallel_sentences()["de"]).casefold().split(), "firma", "tag"}

GERMAN = [Article(f"de-{n}", f"Firma Tag {n}", f"Tag Firma {n}", "de") for n in range(30)]
ENGLISH = [Article(f"en-{n}", f"firm day {n}", f"day firm {n}", "en") for n in range(30)]
WANTED = Article("printer", "printer paper", "printer paper", "en")


class AccentEncoder(WordEncoder):
    """Puts the texts of each language into a corner of their own, as multilingual encoders do.

    The last two numbers of a vector say how German and how English it is.
    """

    name = "accent"
    dim = DIM + 2

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = text.casefold().split()
            row[:DIM] = super().encode([" ".join(MEANINGS.get(word, word) for word in words)])[0]
            row[DIM if any(word in GERMAN_WORDS for word in words) else DIM + 1] = 2
        return unit_vectors(rows)


ENCODER = AccentEncoder()


def encode(article: Article) -> NDArray[np.float32]:
    return ENCODER.encode([f"{article.title}\n{article.body}"], "passage")[0]


def means(articles: Sequence[Article]) -> LanguageMeans:
    languages = [article.language for article in articles]
    passages = np.array([encode(article) for article in articles])
    titles = ENCODER.encode([article.title for article in articles], "passage")
    return LanguageMeans.estimate(ENCODER, articles, passages, languages, titles)


def test_there_are_as_many_sentences_in_each_language_and_none_twice() -> None:
    sentences = parallel_sentences()
    assert {"en", "de", "fi", "lv", "nb", "sv", "zh"} <= set(sentences)
    for language, texts in sentences.items():
        assert len(texts) == len(set(texts)) == len(sentences["en"]), language


@pytest.mark.parametrize("articles", [[*GERMAN, *ENGLISH], ENGLISH], ids=["indexed", "not indexed"])
def test_little_of_its_language_stays_in_a_question(articles: list[Article]) -> None:
    asked = ENCODER.encode(["drucker papier"])[0]
    centred = means(articles).center_query(asked, "de")
    assert asked[DIM] > 0.8
    assert np.abs(centred[DIM:]).max() < 0.4
    assert np.linalg.norm(centred) == pytest.approx(1, abs=1e-4)


def test_little_of_their_language_stays_in_passages_and_titles() -> None:
    found = means([*GERMAN, *ENGLISH])
    german = np.array([encode(article) for article in GERMAN])
    for centred in (found.center_passages(german, ["de"] * 30), found.center_titles(german, ["de"] * 30)):
        assert np.abs(centred[:, DIM:]).mean() < 0.15


def test_a_language_nobody_listed_is_centred_on_all() -> None:
    found = means(ENGLISH)
    asked = ENCODER.encode(["habari"])[0]
    assert (found.center_query(asked, "sw") == found.center_query(asked, "und")).all()


def test_a_question_finds_the_right_article_in_another_language_past_wrong_ones_in_its_own() -> None:
    kb = KnowledgeBase.build([*GERMAN, *ENGLISH, WANTED], ENCODER)
    question = "drucker papier"
    vector = ENCODER.encode([question])[0]
    as_encoded = np.array([encode(article) for article in (*GERMAN, WANTED)]) @ vector
    assert as_encoded.argmax() < len(GERMAN), "as encoded, the question stays in its corner"
    assert ids(kb.search(Query(question, vector, language="de")))[0] == "printer"
