"""Words count as BM25 says, and only among articles of their own kind."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_index.articles.article import Article
from kb_index.search import inverted_index
from kb_index.search.bm25 import Bm25Index, terms
from kb_index.search.inverted_index import term_key

WORDS = ["printer", "paper", "jam", "toner", "the", "of", "重置密码", "Drucker", "Verbindung"]
BODY = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
QUESTION = st.lists(st.sampled_from([*WORDS, "unheard"]), max_size=8).map(" ".join)


def articles_of(bodies: list[str], language: str = "en") -> list[Article]:
    return [Article(f"{language}{n}", body.split()[0], body, language) for n, body in enumerate(bodies)]


def reference(articles: list[Article], question: str) -> np.ndarray:
    """Return what the bm25s library gives each article, as a share of the most that is possible."""
    bm25 = bm25s.BM25(method="lucene", k1=1.5, b=0.75, dtype="float64")
    vocabulary: dict[str, int] = {}
    documents = [
        [vocabulary.setdefault(term, len(vocabulary)) for term in terms("\n".join([a.title] * 3 + [a.body]))]
        for a in articles
    ]
    bm25.index((documents, vocabulary), create_empty_token=False, show_progress=False)
    asked = list(dict.fromkeys(terms(question)))
    holding = np.array([sum(vocabulary.get(term) in document for document in documents) for term in asked])
    most = np.log(1 + (len(articles) - holding + 0.5) / (holding + 0.5)).sum()
    known = bm25.get_tokens_ids(asked)
    return bm25.get_scores_from_ids(known) / most if known else np.zeros(len(articles))


@given(bodies=st.lists(BODY, min_size=1, max_size=12), question=QUESTION)
@settings(max_examples=60)
def test_scores_are_those_of_lucenes_bm25(bodies: list[str], question: str) -> None:
    articles = articles_of(bodies)
    found = Bm25Index.build(articles).coverage(question, np.ones(len(articles), bool))
    assert found == pytest.approx(reference(articles, question), abs=1e-6)


@given(english=st.lists(BODY, max_size=8), german=st.lists(BODY, min_size=1, max_size=8), question=QUESTION)
@settings(max_examples=60)
def test_articles_of_another_group_move_no_score(
    english: list[str], german: list[str], question: str
) -> None:
    own = articles_of(german, "de")
    mixed = [*articles_of(english), *own]
    alone = Bm25Index.build(own).coverage(question, np.ones(len(own), bool))
    beside = Bm25Index.build(mixed).coverage(question, np.ones(len(mixed), bool))
    assert beside[len(english) :].tolist() == alone.tolist()


def test_what_is_not_allowed_scores_nothing() -> None:
    index = Bm25Index.build(articles_of(["paper jam", "paper"]))
    assert index.coverage("paper", np.array([False, True]))[0] == 0
    assert index.coverage("paper", np.zeros(2, bool)).tolist() == [0, 0]


def test_a_word_that_stands_nearly_everywhere_is_frequent_in_its_own_group_only() -> None:
    often = [Article(f"a{n}", "Title", "the paper" if n < 3 else "the", "en") for n in range(30)]
    index = Bm25Index.build([*often, *articles_of(["paper"] * 30, "de")])
    words = {"the", "paper", "unheard"}
    english, german = ("public", "en"), ("public", "de")
    is_german = np.arange(60) >= 30
    assert index.frequent_terms(words, np.ones(60, bool)) == {english: {"the"}, german: {"paper"}}
    assert index.frequent_terms(words, is_german) == {german: {"paper"}}
    assert index.frequent_terms(frozenset(), is_german) == {german: set()}


def test_a_stored_index_counts_the_same(tmp_path: Path) -> None:
    index = Bm25Index.build([*articles_of(["paper jam", "toner 重置"]), *articles_of(["Papier"], "de")])
    index.save(tmp_path / "words")
    loaded = Bm25Index.load(tmp_path / "words")
    everything = np.ones(3, bool)
    for question in ("paper", "重置 Papier", "unheard", "", "\ud800 paper"):
        assert loaded.coverage(question, everything).tolist() == index.coverage(question, everything).tolist()


def test_a_term_has_the_same_key_on_every_machine() -> None:
    # A stored index holds keys: another number here would make every index of earlier builds unreadable.
    assert term_key("printer") == 9_989_319_004_639_447_964


def test_no_word_of_a_query_is_kept_so_that_no_time_tells_who_searched_for_it_before() -> None:
    index = Bm25Index.build(articles_of(["paper jam"]))
    before = inverted_index._article_term_key.cache_info()
    index.coverage("paper unheardofword", np.ones(1, bool))
    assert inverted_index._article_term_key.cache_info() == before
