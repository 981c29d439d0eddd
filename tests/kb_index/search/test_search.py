"""A search finds the right article and shows it in the reader's language."""

from __future__ import annotations

import threading
from string import ascii_lowercase

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_index.articles.article import Article
from kb_index.search import language_fusion
from kb_index.search.bm25 import Bm25Index
from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.query import Query
from models.errors import InputError
from tests.kb_toy import AGENTS, ARTICLES, DIM, ask, build, ids
from triage.pipeline.search_responses import search_response


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return build()


def test_the_article_that_says_it_comes_first(kb: KnowledgeBase) -> None:
    assert len(kb) == len(ARTICLES)
    assert ids(ask(kb, "paper jam in the printer", language="en"))[0] == "printer"
    assert ids(ask(kb, "forgot my password", language="en"))[0] == "password"


def test_inflected_and_compound_words_are_found() -> None:
    articles = [
        Article("a", "Druckerpatronen wechseln", "Öffnen Sie die Klappe.", "de"),
        Article("b", "Urlaub beantragen", "Wählen Sie den Tag.", "de"),
    ]
    everything = np.ones(2, bool)
    index = Bm25Index.build(articles)
    assert index.coverage("Patrone leer", everything).argmax() == 0
    assert index.coverage("Urlaubsantrag", everything).argmax() == 1
    assert index.coverage("DRUCKERPATRONEN WECHSELN", everything)[0] > 0.5
    assert index.coverage("xyz", everything).tolist() == [0, 0]


def test_chinese_is_found_by_characters(kb: KnowledgeBase) -> None:
    hit = ask(kb, "忘记密码怎么办", language="zh")[0]
    assert hit.article.id == "mima-zh"
    assert "忘记密码" in [hit.snippet.text[start:end] for start, end in hit.snippet.highlights]


def test_k_limits_the_answer_and_can_ask_for_all(kb: KnowledgeBase) -> None:
    assert len(ask(kb, "password", k=2)) == 2
    everything = ask(kb, "password", k=1000, visibility=AGENTS)
    assert sorted(ids(everything)) == sorted({a.translation_of or a.id for a in ARTICLES})
    assert ask(kb, "password", k=0) == []


def test_scores_and_confidences_fall_with_the_rank(kb: KnowledgeBase) -> None:
    hits = ask(kb, "reset the password of the payroll server", visibility=AGENTS)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.confidence for hit in hits] == sorted((hit.confidence for hit in hits), reverse=True)
    assert all(0 <= hit.confidence <= 1 for hit in hits)


def test_confidence_does_not_depend_on_how_many_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    # The toy's unrelated articles are all below the floor.
    floors = np.array([-1.0, 0.0], np.float32)[:, None, None]
    monkeypatch.setattr(language_fusion, "_FLOORS", floors)
    letters = ascii_lowercase * 2
    words = [letters[n] + letters[n + 7] + letters[n + 3] for n in range(26)]
    articles = [
        Article(f"{word}-{language}", word, f"{word} {language}", language, translation_of=word)
        for word in words
        for language in ("en", "de", "fi", "lv", "nb", "sv", "fr", "es")
    ]
    kb = build(articles)
    found = [ask(kb, "something else", language="fi", k=k)[0].confidence for k in (1, 10, 40)]
    assert found == pytest.approx([found[-1]] * 3, rel=0.05)


def test_a_right_answer_is_surer_than_none(kb: KnowledgeBase) -> None:
    right = ask(kb, "The printer does not print", language="en")[0]
    nothing = ask(kb, "Where is the canteen and what does lunch cost?", language="en")[0]
    assert right.confidence > nothing.confidence + 0.2


@pytest.mark.parametrize(
    ("language", "readers", "shown", "foreign"),
    [
        ("fi", (), "vpn-fi", False),
        ("de", ("fi",), "vpn-de", False),
        ("sv", ("fi", "de"), "vpn-fi", True),
        ("sv", (), "vpn-en", True),
        ("und", (), "vpn-en", False),
        ("und", ("de",), "vpn-de", False),
        ("de-AT", (), "vpn-de", False),
        ("no language", ("also none",), "vpn-en", False),
    ],
)
def test_of_translations_the_readers_own_is_shown_once(
    kb: KnowledgeBase, language: str, readers: tuple[str, ...], shown: str, foreign: bool
) -> None:
    hits = ask(kb, "VPN Client", language=language, reader_languages=readers)
    assert [i for i in ids(hits) if i.startswith("vpn")] == [shown]
    assert (hits[0].article.id, hits[0].foreign) == (shown, foreign)


def test_the_best_translation_is_shown_where_the_reader_reads_none_and_there_is_no_english() -> None:
    kb = build(
        [
            Article("a-de", "Drucker", "Papier einlegen", "de"),
            Article("a-fi", "Tulostin", "printer tulostin printer", "fi", translation_of="a-de"),
        ]
    )
    assert ids(ask(kb, "printer", language="sv")) == ["a-fi"]


def test_an_article_in_a_language_that_nobody_knows_is_found_and_marked() -> None:
    kb = build(
        [
            Article("a", "Printer", "paper jam in the printer", "xx"),
            Article("b", "VPN", "install the client", "en"),
        ]
    )
    for language in ("en", "xx", "und"):
        hit = ask(kb, "paper jam in the printer", language=language)[0]
        assert (hit.article.id, hit.foreign) == ("a", language == "en")
    assert ids(ask(kb, "paper jam in the printer", languages=("xx",))) == ["a"]


def test_translations_of_a_translation_are_one_group_even_in_a_circle() -> None:
    chain = [
        Article("a", "One word", "", "en", translation_of="c"),
        Article("b", "One word", "", "de", translation_of="a"),
        Article("c", "One word", "", "fi", translation_of="b"),
    ]
    assert len(ask(build(chain), "word")) == 3
    straight = [Article("a", "One word", "", "en"), *chain[1:]]
    assert len(ask(build(straight), "word")) == 1


def test_filters_keep_only_what_was_asked_for(kb: KnowledgeBase) -> None:
    def found(**filters: object) -> set[str]:
        return set(ids(ask(kb, "password VPN money", k=100, **{"visibility": AGENTS, **filters})))

    assert found(languages=("de", "FI"), language="de") == {"vpn-de"}
    assert found(labels=frozenset({"accounts", "hardware"})) == {"password", "admin-password", "printer"}
    assert found(collections=frozenset({"reply"})) == {"reply-refund"}
    assert found(visibility=frozenset({"internal"})) == {"admin-password", "reply-refund"}
    assert found(visibility=frozenset()) == set()
    assert found(labels=frozenset({"unknown"})) == set()
    with pytest.raises(InputError, match="klingon language"):
        found(languages=("klingon language",))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "?!… --- 😡😡",
        "😡 printer 👩‍👩‍👧‍👦",
        "x" * 100_000,
        "paper " * 20_000,
        "لا أستطيع تسجيل الدخول",
    ],
    ids=["empty", "blank", "signs", "emoji", "one long word", "long", "another script"],
)
def test_odd_questions_are_answered_calmly(kb: KnowledgeBase, text: str) -> None:
    hits = ask(kb, text, language="en")
    if not any(character.isalnum() for character in text):
        assert hits == []
    if "paper" in text or "printer" in text:
        assert hits[0].article.id == "printer"


@given(text=st.text(max_size=80), language=st.text(max_size=8), k=st.integers(-1, 12))
@settings(max_examples=60)
def test_any_text_gives_a_sensible_result(kb: KnowledgeBase, text: str, language: str, k: int) -> None:
    hits = ask(kb, text, language=language, k=k, visibility=AGENTS)
    assert len(hits) <= max(0, k)
    assert len({hit.article.translation_of or hit.article.id for hit in hits}) == len(hits)
    for hit in hits:
        assert np.isfinite(hit.score)
        assert 0 <= hit.confidence <= 1
        assert all(0 <= start < end <= len(hit.snippet.text) for start, end in hit.snippet.highlights)


def test_an_embedding_of_another_encoder_is_refused_in_words(kb: KnowledgeBase) -> None:
    with pytest.raises(InputError, match=r"shape \(3,\), expected \(64,\)"):
        kb.search(Query("password", np.zeros(3, np.float32)))


def test_an_embedding_without_numbers_leaves_the_words(kb: KnowledgeBase) -> None:
    hits = kb.search(Query("paper jam toner", np.full(DIM, np.nan, np.float32), language="en"))
    assert ids(hits)[0] == "printer"


def test_a_search_file_says_what_a_portal_would_show(kb: KnowledgeBase) -> None:
    public = ask(kb, "paper jam in the printer", language="en", visibility=AGENTS)
    internal = ask(kb, "admin password of the payroll server", language="en", visibility=AGENTS)
    assert internal[0].article.visibility == "internal"
    assert public[0].confidence > 0.2 < internal[0].confidence
    assert search_response("a", public, 0.2).answerable
    only_internal = search_response("b", internal[:1], 0.2)
    assert not only_internal.answerable
    assert only_internal.confidence == round(internal[0].confidence, 4)
    assert not search_response("c", [], 0.0001).answerable


def test_no_articles_give_no_answers() -> None:
    kb = build([])
    assert len(kb) == 0
    assert ask(kb, "printer") == []


def test_one_article_can_be_found_and_judged() -> None:
    kb = build([ARTICLES[3]])
    [right] = ask(kb, "The printer does not print", language="en")
    [wrong] = ask(kb, "lunch menu", language="en")
    assert right.confidence > wrong.confidence


def test_two_articles_with_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="two articles have the id 'printer'"):
        build([ARTICLES[3], ARTICLES[3]])


def test_many_threads_get_the_same_answers(kb: KnowledgeBase) -> None:
    questions = ["paper jam", "forgot my password", "VPN tunnel", "密码"] * 10
    alone = [ask(kb, question, visibility=AGENTS) for question in questions]
    together: dict[int, object] = {}

    def work(start: int) -> None:
        for at in range(start, len(questions), 4):
            together[at] = ask(kb, questions[at], visibility=AGENTS)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[at] for at in range(len(questions))] == alone


@pytest.mark.parametrize("text", ["VPN tunnel", "forgot my password", "密码", "?!"])
def test_prefetched_lexical_matches_change_no_answer(kb: KnowledgeBase, text: str) -> None:
    matches = kb.prefetch_lexical(text, Filters(visibility=AGENTS))
    assert ask(kb, text, visibility=AGENTS, matches=matches) == ask(kb, text, visibility=AGENTS)


def test_prefetched_matches_of_agents_open_no_internal_article_to_customers(kb: KnowledgeBase) -> None:
    text = "administrator password of the payroll server"
    matches = kb.prefetch_lexical(text, Filters(visibility=AGENTS))
    assert "admin-password" in ids(ask(kb, text, visibility=AGENTS, matches=matches))
    assert "admin-password" not in ids(ask(kb, text, matches=matches))


def test_an_article_that_came_since_is_found_all_the_same(kb: KnowledgeBase) -> None:
    text = "the coffee machine leaks"
    matches = kb.prefetch_lexical(text, Filters())
    later = build([*ARTICLES, Article("coffee", "The coffee machine leaks", "Close the tank.", "en")])
    assert ids(ask(later, text, matches=matches))[0] == "coffee"
    assert ask(later, text, matches=matches) == ask(later, text)
