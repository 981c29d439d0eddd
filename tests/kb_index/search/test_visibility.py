"""Internal articles stay internal: a customer's answer is the one they would get without them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kb_index.articles.article import Article
from kb_index.search.knowledge_base import Hit, KnowledgeBase
from kb_index.storage.article_store import ArticleStore
from tests.kb_toy import AGENTS, ENCODER, EVERYONE, ask, build, ids

VOCABULARY = ["secret", "payroll", "password", "server", "vpn", "reset", "paper", "密码", "lock"]
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
ARTICLE = st.builds(
    Article,
    id=st.just(""),
    title=WORDS,
    body=WORDS,
    language=st.sampled_from(["en", "de", "und"]),
    translation_of=st.sampled_from([None, "0", "1", "2", "9"]),
    visibility=st.sampled_from(["public", "internal"]),
    labels=st.sampled_from([(), ("a",), ("a", "b")]),
    collection=st.sampled_from(["article", "reply"]),
)
ARTICLES = st.lists(ARTICLE, max_size=12).map(
    lambda found: [replace(article, id=str(number)) for number, article in enumerate(found)]
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "languages": st.sampled_from([("en",), ("de", "en")]),
        "collections": st.sampled_from([frozenset({"article"}), frozenset({"reply"})]),
        "labels": st.sampled_from([frozenset({"a"}), frozenset({"b"})]),
        "k": st.sampled_from([1, 3, 20]),
        "language": st.sampled_from(["en", "de", "fi", "und"]),
    },
)


def seen(hits: list[Hit]) -> list[tuple[object, ...]]:
    """Return all that a reader sees, numbers to six digits."""
    return [(h.article, round(h.score, 6), round(h.confidence, 6), h.snippet, h.foreign) for h in hits]


@given(articles=ARTICLES, question=WORDS, filters=FILTERS)
@settings(max_examples=60)
def test_a_customers_answer_does_not_depend_on_internal_articles(
    articles: list[Article], question: str, filters: dict[str, object]
) -> None:
    public = [article for article in articles if article.visibility == "public"]
    whole = ask(build(articles), question, visibility=EVERYONE, **filters)
    assert all(hit.article.visibility == "public" for hit in whole)
    if public:
        assert seen(whole) == seen(ask(build(public), question, visibility=EVERYONE, **filters))
    else:
        assert whole == []


def test_internal_articles_take_no_place_from_public_ones() -> None:
    secrets = [
        Article(f"secret-{n}", "Payroll password", "payroll password " * 30, "en", visibility="internal")
        for n in range(300)
    ]
    kb = build([*secrets, Article("public", "Cafeteria", "Lunch from noon. No payroll here.", "en")])
    assert ids(ask(kb, "payroll password", language="en", k=1, visibility=EVERYONE)) == ["public"]
    assert ids(ask(kb, "payroll password", language="en", k=1, visibility=AGENTS)) != ["public"]


def test_only_public_articles_are_searched_unless_more_is_asked_for() -> None:
    kb = build([Article("a", "Payroll", "Payroll", "en", visibility="internal")])
    assert ask(kb, "payroll") == []
    assert ids(ask(kb, "payroll", visibility=AGENTS)) == ["a"]


def test_an_internal_translation_is_not_shown_in_place_of_the_public_original() -> None:
    kb = build(
        [
            Article("en", "Payroll", "Public text", "en"),
            Article("de", "Gehalt", "Interner Text", "de", translation_of="en", visibility="internal"),
        ]
    )
    [hit] = ask(kb, "payroll", language="de", visibility=EVERYONE)
    assert (hit.article.id, hit.foreign) == ("en", True)
    [hit] = ask(kb, "payroll", language="de", visibility=AGENTS)
    assert hit.article.id == "de"


def test_a_filter_holds_in_a_large_index_of_other_articles() -> None:
    others = [Article(f"o{n}", "VPN lock", "vpn lock " * 20, "en", labels=("x",)) for n in range(300)]
    kb: KnowledgeBase = build(
        [*others, Article("mine", "Lunch", "The lock of the fridge", "fi", labels=("y",))]
    )
    assert ids(ask(kb, "vpn lock", k=5, labels=frozenset({"y"}))) == ["mine"]
    assert ids(ask(kb, "vpn lock", k=5, languages=("fi",))) == ["mine"]


CHANGE = st.one_of(
    st.lists(st.tuples(st.integers(0, 11), ARTICLE), min_size=1, max_size=4),  # put
    st.lists(st.integers(0, 11), min_size=1, max_size=4),  # remove
    st.just("compact"),
)


def changed(store: ArticleStore, change: object, *, only_public: bool) -> None:
    """Make a change; with `only_public`, as it looks to somebody for whom internal articles do not exist."""
    if change == "compact":
        store.compact()
        return
    assert isinstance(change, list)
    puts = {item[0]: item[1] for item in change if isinstance(item, tuple)}
    articles = [replace(article, id=str(number)) for number, article in puts.items()]
    gone = [str(item) for item in change if isinstance(item, int)]
    if only_public:
        # Before the others come in, since for everybody else it happens with them at once.
        store.remove([article.id for article in articles if article.visibility == "internal"])
        articles = [article for article in articles if article.visibility == "public"]
    store.put(articles)
    store.remove(gone)


@given(
    articles=ARTICLES,
    changes=st.lists(CHANGE, max_size=4),
    questions=st.lists(WORDS, min_size=1, max_size=3),
    filters=FILTERS,
)
@settings(max_examples=25)
def test_nor_does_it_after_any_changes(
    articles: list[Article], changes: list[object], questions: list[str], filters: dict[str, object]
) -> None:
    with TemporaryDirectory() as folder:
        whole = ArticleStore(Path(folder) / "whole", ENCODER)
        public = ArticleStore(Path(folder) / "public", ENCODER)
        for store in (whole, public):
            store.put([a for a in articles if store is whole or a.visibility == "public"])
            store.compact()
        for change in [None, *changes]:
            if change is not None:
                changed(whole, change, only_public=False)
                changed(public, change, only_public=True)
            for question in questions:
                told = ask(whole.knowledge_base(), question, visibility=EVERYONE, **filters)
                expected = ask(public.knowledge_base(), question, visibility=EVERYONE, **filters)
                assert seen(told) == seen(expected)
        whole.close()
        public.close()
