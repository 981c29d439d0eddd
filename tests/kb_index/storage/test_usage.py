"""Use recorded for stored articles moves near ones in the lists of those who used them, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_index.articles.article import Article
from kb_index.search.boosts import Boosts, UsageBoosts
from kb_index.search.knowledge_base import Hit, max_confidence
from kb_index.storage.article_store import ArticleStore
from kb_index.usage.events import Audience, Event, UsageCounts
from models.errors import InputError, NotReadyError, StorageError
from tests.kb_index.search.test_visibility import ARTICLES, FILTERS, WORDS, seen
from tests.kb_index.storage.test_snapshot import full_disk
from tests.kb_toy import AGENTS, ENCODER, EVERYONE, ask, build, ids

TODAY = datetime.now(UTC).date()
QUESTION = "paper jam"
# Two that answer equally well, and others with ordinary use, against which theirs is held.
TWINS = [Article(i, "Paper jam", "Open the rear cover and pull the paper out.", "en") for i in ("a", "b")]
OTHERS = [Article(f"o{n}", f"Topic {n}", f"All about subject{n}", "en") for n in range(20)]
GERMAN = Article("b-de", "Papierstau", "Klappe öffnen, Papier ziehen.", "de", translation_of="b")
HIDDEN = Article("b-fi", "Paperitukos", "Avaa kansi.", "fi", translation_of="b", visibility="internal")


def used(
    article: str, shown: int, opened: int, audience: Audience = "portal", day: date = TODAY
) -> list[Event]:
    return [
        Event(article, 1, "shown", day, audience, shown),
        Event(article, 1, "opened", day, audience, opened),
    ]


def ordinary(audience: Audience = "portal") -> list[Event]:
    return [e for n, other in enumerate(OTHERS) for e in used(other.id, 200, 20 if n % 2 else 60, audience)]


@pytest.fixture
def store(tmp_path: Path) -> ArticleStore:
    store = ArticleStore(tmp_path / "kb", ENCODER)
    store.put([*TWINS, *OTHERS, GERMAN, HIDDEN])
    return store


def found(store: ArticleStore, visibility: frozenset[str] = EVERYONE, **more: object) -> list[Hit]:
    return ask(store.knowledge_base(), QUESTION, **{"visibility": visibility, "language": "en", **more})


def opened(store: ArticleStore, article: str) -> float:
    counts = store.usage.counts("portal", TODAY).get(article)
    return 0.0 if counts is None else float(counts[:, 1].sum())


def test_use_goes_with_the_text_that_was_used(store: ArticleStore) -> None:
    store.record([*used("a", 300, 100), *used("b", 300, 100), *used("o1", 300, 100)])
    [first, second] = TWINS
    store.put([replace(first, title="Paper jams"), replace(second, title="Lunch", body="Soup on Mondays.")])
    assert 70 < opened(store, "a") < 100, "most of its words stayed"
    assert opened(store, "b") < 5, "nothing is known of what was written anew"
    assert opened(store, "o1") == pytest.approx(100)


def test_use_stays_where_only_labels_change_and_when_an_article_comes_back(store: ArticleStore) -> None:
    store.record(used("a", 300, 100))
    store.put([replace(TWINS[0], labels=("office",), url="https://help.example.com/a")])
    store.remove(["a"])
    store.put([TWINS[0]])
    assert opened(store, "a") == pytest.approx(100)


def test_articles_change_although_the_usage_counts_are_damaged(
    store: ArticleStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.record(used("a", 300, 100))
    (store.registry.root / "usage.json").write_text("no sums")
    assert store.put([replace(TWINS[0], title="Paper jams")]).changed == ("a",)
    assert "holds no usage counts" in caplog.text


def test_of_two_near_articles_the_more_useful_one_comes_first(store: ArticleStore) -> None:
    before = found(store)
    assert ids(before)[:2] == ["a", "b"]
    assert store.record([*ordinary(), *used("b", 300, 200), *used("a", 300, 40)]) == 20 * 240 + 840
    after = found(store)
    assert ids(after)[:2] == ["b", "a"]
    assert [hit.score for hit in after] == sorted((hit.score for hit in after), reverse=True)


def test_use_changes_no_confidence(store: ArticleStore) -> None:
    before = {hit.article.id: hit.confidence for hit in found(store, k=30)}
    store.record([*ordinary(), *used("b", 300, 200), *used("a", 300, 40)])
    after = {hit.article.id: hit.confidence for hit in found(store, k=30)}
    assert after == before
    assert max_confidence(found(store, k=1)) == max(before.values())


def test_a_far_article_is_not_lifted_over_the_right_one(store: ArticleStore) -> None:
    store.record([*ordinary(), *used("o3", 5_000, 5_000), *used("a", 5_000, 1)])
    assert ids(found(store))[:2] == ["b", "a"]


def test_what_one_scope_does_moves_nothing_in_the_others_lists(store: ArticleStore) -> None:
    store.record([*ordinary("agent"), *used("b", 300, 200, "agent"), *used("a", 300, 40, "agent")])
    assert ids(found(store, EVERYONE))[:2] == ["a", "b"]
    assert ids(found(store, AGENTS))[:2] == ["b", "a"]


def test_a_translation_shares_what_is_known_of_its_group(store: ArticleStore) -> None:
    store.record([*ordinary(), *used("b-de", 300, 200), *used("a", 300, 40)])
    assert ids(found(store))[:2] == ["b", "a"]


def test_customers_events_on_internal_articles_are_not_counted(store: ArticleStore) -> None:
    assert store.record(used("b-fi", 300, 200)) == 0
    assert store.record(used("b-fi", 300, 200, "agent")) == 500
    assert store.record(used("unknown", 3, 2, "agent")) == 0
    assert not store.usage.sums["portal"]


def test_what_was_public_and_is_internal_now_counts_no_longer_for_customers(store: ArticleStore) -> None:
    store.record([*ordinary(), *used("b-de", 300, 200), *used("a", 300, 100)])
    assert ids(found(store))[:2] == ["b", "a"]
    store.put([replace(GERMAN, visibility="internal")])
    assert ids(found(store))[:2] == ["a", "b"]


def test_every_process_sees_what_another_recorded_with_its_next_search(
    store: ArticleStore, tmp_path: Path
) -> None:
    reader = ArticleStore(tmp_path / "kb", ENCODER)
    assert ids(found(reader))[:2] == ["a", "b"]
    store.record(ordinary())
    store.record([*used("b", 300, 200), *used("a", 300, 40)])
    assert ids(found(reader))[:2] == ["b", "a"]
    assert reader.knowledge_base() is reader.knowledge_base()


def test_learning_can_be_switched_off_while_events_are_still_counted(
    store: ArticleStore, tmp_path: Path
) -> None:
    off = ArticleStore(tmp_path / "kb", ENCODER, learn_from_use=False)
    off.record([*ordinary(), *used("b", 300, 200), *used("a", 300, 40)])
    assert ids(found(off))[:2] == ["a", "b"]
    assert ids(found(store))[:2] == ["b", "a"]


def test_use_survives_changes_and_a_new_index_folder(store: ArticleStore) -> None:
    store.record([*ordinary(), *used("b", 300, 200), *used("a", 300, 40)])
    store.put([replace(TWINS[0], labels=("new",))])
    assert ids(found(store))[:2] == ["b", "a"]
    store.compact()
    assert ids(found(store))[:2] == ["b", "a"]


def test_old_use_fades(store: ArticleStore) -> None:
    long_ago = TODAY - timedelta(days=4_000)
    store.record(used("b", 300, 200, day=long_ago))
    assert not store.usage.sums["portal"]


def test_an_event_of_the_future_is_refused(store: ArticleStore) -> None:
    with pytest.raises(InputError, match="in the future"):
        store.record(used("a", 2, 1, day=TODAY + timedelta(days=2)))
    assert store.record(used("a", 2, 1, day=TODAY + timedelta(days=1))) == 3


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b'{"half',
        lambda content: b"",
        lambda content: content.replace(b'"a"', b'"\xff"'),
        lambda content: content.replace(b"[", b"{", 1),
        lambda content: content.replace(b'"agent"', b'"agend"'),
        lambda content: re.sub(rb"\[(\d+),(\d+),[\d.e+]+\]", rb"[\1,\2,1" + b"0" * 400 + b"]", content),
        lambda content: re.sub(rb"\[(\d+),", rb"[9\1,", content),
        lambda content: b"[" * 100_000,
    ],
)
def test_a_damaged_file_stops_no_search_and_the_events_are_counted_anew(
    store: ArticleStore, tmp_path: Path, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "kb" / "usage.json"
    store.record(used("a", 300, 100))
    path.write_bytes(damage(path.read_bytes()))
    assert ids(found(store))[:2] == ["a", "b"]
    assert "usage.json holds no usage counts" in caplog.text
    assert store.usage_was_lost
    store.record(used("b", 20, 10))
    store.reset_usage()
    assert not store.usage_was_lost
    assert store.usage.to_record()["agent"] == {}
    store.record(used("a", 300, 100))
    assert opened(store, "a") == pytest.approx(100)


def test_a_usage_file_that_cannot_be_read_stops_no_search(store: ArticleStore, tmp_path: Path) -> None:
    (tmp_path / "kb" / "usage.json").mkdir()
    assert "a" in ids(found(store))
    assert store.usage_was_lost


def test_on_a_full_disk_nothing_is_counted(store: ArticleStore) -> None:
    store.record(used("a", 2, 1))
    before = store.usage.to_record()
    with full_disk(50), pytest.raises(StorageError):
        store.record(used("b", 2, 1))
    assert store.usage.to_record() == before


def test_nothing_can_be_recorded_before_anything_is_indexed(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError):
        ArticleStore(tmp_path / "kb", ENCODER).record(used("a", 2, 1))


def events_on(articles: Iterable[Article], numbers: Sequence[int], audience: Audience) -> list[Event]:
    """Return much use of these articles, each used by as much more than the last as its number says."""
    return [
        e for a, n in zip(articles, numbers, strict=False) for e in used(a.id, 400, 10 + 35 * n, audience)
    ]


@given(
    articles=ARTICLES,
    question=WORDS,
    filters=FILTERS,
    public_use=st.lists(st.integers(0, 10), min_size=12, max_size=12),
    other_use=st.lists(st.integers(0, 10), min_size=12, max_size=12),
)
@settings(max_examples=60)
def test_a_customers_answer_depends_on_no_use_but_that_of_public_articles_by_customers(
    articles: list[Article],
    question: str,
    filters: dict[str, object],
    public_use: list[int],
    other_use: list[int],
) -> None:
    public = [article for article in articles if article.visibility == "public"]
    hidden = [article for article in articles if article.visibility == "internal"]
    if not public:
        return
    customers = UsageCounts().with_events(events_on(public, public_use, "portal"))
    forbidden = [*events_on(articles, other_use, "agent"), *events_on(hidden, other_use, "portal")]
    few, all_of_them = build(public), build(articles)
    expected = few.with_boosts(UsageBoosts.from_usage(customers, few.retriever.catalogue, TODAY))
    told = all_of_them.with_boosts(
        UsageBoosts.from_usage(customers.with_events(forbidden), all_of_them.retriever.catalogue, TODAY)
    )
    assert seen(ask(told, question, visibility=EVERYONE, **filters)) == seen(
        ask(expected, question, visibility=EVERYONE, **filters)
    )


@given(
    articles=ARTICLES,
    question=WORDS,
    k=st.integers(1, 4),
    by=st.lists(st.sampled_from([-0.03, 0.0, 0.03]), min_size=12, max_size=12),
)
@settings(max_examples=60)
def test_whether_anything_answers_does_not_depend_on_use(
    articles: list[Article], question: str, k: int, by: list[float]
) -> None:
    kb = build(articles)
    raised = Boosts(np.arange(12), np.array(by, np.float32))
    plain = ask(kb, question, k=k, language="en")
    moved = ask(kb.with_boosts(UsageBoosts(portal=raised)), question, k=k, language="en")
    assert max_confidence(moved) == max_confidence(plain)
    assert len(moved) == len(plain)
    assert [hit.score for hit in moved] == sorted((hit.score for hit in moved), reverse=True)
