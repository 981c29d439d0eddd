"""Articles can be changed at any time: searches see all of a change or nothing, and nothing is done twice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.storage.article_store import ArticleStore
from kb_index.storage.change_set import SyncResult
from kb_index.storage.snapshot import Snapshot
from models.encoder import TextKind
from models.errors import FolderError, InputError, MismatchError, NotReadyError, StorageError
from tests.kb_index.storage.test_snapshot import full_disk
from tests.kb_toy import AGENTS, ARTICLES, ENCODER, WordEncoder, ask, build, ids

QUESTIONS = ("paper jam", "VPN Schloss", "忘记密码", "refund to my bank")
PRINTER = ARTICLES[3]


class CountingEncoder(WordEncoder):
    """Counts the texts that it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        self.texts += texts
        return super().encode(texts, kind)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "kb"


@pytest.fixture
def store(root: Path) -> ArticleStore:
    store = ArticleStore(root, ENCODER)
    store.put(ARTICLES)
    return store


def found(store: ArticleStore, text: str, **more: object) -> list[str]:
    return ids(ask(store.knowledge_base(), text, **{"visibility": AGENTS, "k": 100, **more}))


def everything(store: ArticleStore) -> list[str]:
    return [article.id for article in store.articles(limit=10_000)]


def many(count: int, prefix: str = "a") -> list[Article]:
    return [Article(f"{prefix}{n}", f"Title {n}", f"Body {n} about topic{n}", "en") for n in range(count)]


def test_an_article_is_found_once_it_was_put_in_and_never_after_it_was_removed(store: ArticleStore) -> None:
    new = Article("scanner", "Scan a page", "Lay the page on the glass of the scanner.", "en")
    assert store.put([new]) == SyncResult(added=("scanner",))
    assert found(store, "page on the scanner glass")[0] == "scanner"
    assert store.get("scanner") == new
    assert store.remove(["scanner", "unknown"]) == SyncResult(removed=("scanner",))
    assert "scanner" not in found(store, "page on the scanner glass")
    assert store.get("scanner") is None
    assert store.remove(["scanner"]) == SyncResult()
    store.put([new])
    assert found(store, "page on the scanner glass")[0] == "scanner"


def test_a_replaced_article_is_found_by_its_new_words_only(store: ArticleStore) -> None:
    changed = replace(PRINTER, title="Order toner", body="The web shop delivers cartridges tomorrow.")
    assert store.put([changed]) == SyncResult(changed=("printer",))
    [hit, *_] = ask(store.knowledge_base(), "cartridges from the shop", language="en")
    assert (hit.article, hit.snippet.text) == (changed, changed.body)
    assert "paper" not in " ".join(
        h.snippet.text for h in ask(store.knowledge_base(), "paper jam", language="en")
    )
    assert len(store.knowledge_base()) == len(ARTICLES)


def scores(kb: KnowledgeBase) -> list[object]:
    return [
        sorted(
            (h.article.id, round(h.score, 3), round(h.confidence, 2), h.snippet.text, h.foreign)
            for h in ask(kb, question, visibility=AGENTS, language="de", k=100)
        )
        for question in QUESTIONS
    ]


def test_changed_and_compacted_articles_are_found_as_if_the_index_were_built_anew(root: Path) -> None:
    store = ArticleStore(root, ENCODER)
    store.put(ARTICLES[:5])
    store.put([replace(ARTICLES[1], body="alt"), *many(3)])
    store.put(ARTICLES[5:])
    store.remove([article.id for article in many(3)])
    store.put([ARTICLES[1]])
    words = [
        [(h.article.id, h.snippet) for h in ask(store.knowledge_base(), q, visibility=AGENTS, k=100)]
        for q in QUESTIONS
    ]
    assert [sorted(i for i, _ in w) for w in words] == [
        sorted(ids(ask(build(), q, visibility=AGENTS, k=100))) for q in QUESTIONS
    ]
    store.compact()
    assert scores(store.knowledge_base()) == scores(build())
    assert scores(ArticleStore(root, ENCODER).knowledge_base()) == scores(build())


def test_words_count_as_if_the_index_were_built_anew(store: ArticleStore) -> None:
    store.put([replace(PRINTER, body="Papier"), *many(3)])
    store.remove(["password", "a1"])
    articles = store.articles(limit=100)
    anew = build(articles).retriever.lexical
    retriever = store.knowledge_base().retriever
    allowed = retriever.catalogue.filter_mask(Filters(visibility=AGENTS))
    for question in (*QUESTIONS, "Papier topic1 the password of the VPN"):
        now = retriever.lexical.coverage(question, allowed)
        shares = {retriever.catalogue.articles[row].id: now[row] for row in np.flatnonzero(allowed)}
        fresh = anew.coverage(question, np.ones(len(articles), bool))
        assert shares == {article.id: share for article, share in zip(articles, fresh, strict=True)}


def test_translations_join_and_leave_a_group_as_articles_come_and_go(store: ArticleStore) -> None:
    def vpn() -> list[str]:
        return [i for i in found(store, "VPN Client", language="sv") if i.startswith("vpn")]

    assert vpn() == ["vpn-en"]
    swedish = Article("vpn-sv", "Anslut till VPN", "Öppna VPN Client", "sv", translation_of="vpn-fi")
    store.put([swedish])
    assert vpn() == ["vpn-sv"]
    store.put([replace(swedish, translation_of=None)])
    assert sorted(vpn()) == ["vpn-en", "vpn-sv"]
    store.remove(["vpn-en", "vpn-sv"])
    [hit] = ask(store.knowledge_base(), "VPN Client", language="fi", k=1)
    assert hit.article.id == "vpn-fi"
    assert len(vpn()) == 1, "translations of a removed article are still one group"
    store.put([replace(ARTICLES[1], translation_of="vpn-fi"), replace(ARTICLES[2], translation_of="vpn-de")])
    assert sorted(vpn()) == ["vpn-de", "vpn-fi"], "a circle is no group"


def test_two_translations_into_one_language_are_shown_as_one(store: ArticleStore) -> None:
    store.put([replace(ARTICLES[1], id="vpn-de-2")])
    assert len([i for i in found(store, "VPN Verbinden", language="de") if i.startswith("vpn")]) == 1


def test_only_changed_text_is_encoded(root: Path) -> None:
    encoder = CountingEncoder()
    store = ArticleStore(root, encoder)
    long = Article("long", "Long", "\n".join(f"## Part {n}\n" + f"word{n} " * 120 for n in range(5)), "en")
    store.put([*ARTICLES, long])
    encoder.texts.clear()
    store.put([*ARTICLES, long])
    store.put([replace(PRINTER, labels=("office",), url="https://example.com")])
    store.put([replace(PRINTER, visibility="internal", language="de")])
    store.compact()
    assert encoder.texts == []
    store.put([replace(long, body=long.body.replace("word3", "other"))])
    assert 1 <= len(encoder.texts) <= 2
    assert all("other" in text for text in encoder.texts)


def test_an_article_that_comes_from_another_source_than_before_is_named(store: ArticleStore) -> None:
    faq = many(2, "faq")
    assert store.sync({"faq": faq}).taken == {}
    synced = store.sync({"manual": [faq[0], replace(faq[1], body="Another body")]})
    assert synced.taken == {"faq0": "faq", "faq1": "faq"}
    assert store.sync({"manual": faq}).taken == {}


def test_a_source_can_be_synced_again_and_again(store: ArticleStore) -> None:
    faq, manual = many(4, "faq"), many(3, "manual")
    assert store.sync({"faq": faq, "manual": manual}) == SyncResult(
        added=tuple(a.id for a in [*faq, *manual])
    )
    assert store.sync({"faq": faq}) == SyncResult(unchanged=4)
    changed = [replace(faq[0], body="New body"), *faq[2:], Article("faq9", "Nine", "Nine")]
    assert store.sync({"faq": changed}) == SyncResult(("faq9",), ("faq0",), ("faq1",), 2)
    assert {"manual0", "printer", "faq9"} <= set(everything(store))
    assert store.sync({"manual": [faq[2]]}).removed == ("manual0", "manual1", "manual2")
    assert set(store.sync({"faq": []}).removed) == {"faq0", "faq3", "faq9"}, "faq2 belongs to the manual now"
    assert sorted(everything(store)) == sorted([*(a.id for a in ARTICLES), "faq2"])
    store.compact()
    assert store.sync({"manual": []}).removed == ("faq2",)


def test_two_articles_with_one_id_in_a_batch_are_refused_and_nothing_is_changed(store: ArticleStore) -> None:
    with pytest.raises(InputError, match="two articles have the id 'x'"):
        store.put([Article("x", "One", ""), Article("x", "Two", "")])
    with pytest.raises(InputError, match="two articles have the id 'x'"):
        store.sync({"a": [Article("x", "One", "")], "b": [Article("x", "Two", "")]})
    assert everything(store) == sorted(article.id for article in ARTICLES)


def test_articles_are_listed_page_by_page(store: ArticleStore) -> None:
    store.put(many(7))
    store.remove(["a3", "printer"])
    expected = sorted({a.id for a in [*ARTICLES, *many(7)]} - {"a3", "printer"})
    pages, after = [], ""
    while page := store.articles(after=after, limit=4):
        pages += [article.id for article in page]
        after = page[-1].id
    assert pages == expected


def test_many_changes_are_written_into_a_new_folder_and_old_ones_are_removed(root: Path) -> None:
    store, reader = ArticleStore(root, ENCODER), ArticleStore(root, ENCODER)
    for start in range(0, 600, 60):
        store.put(many(600)[start : start + 60])
        assert everything(reader) == everything(store)
    assert len(store.registry.history()) > 3
    assert len([path for path in root.iterdir() if path.is_dir()]) == 2
    assert len(reader.knowledge_base()) == 600
    assert len(ArticleStore(root, ENCODER).knowledge_base()) == 600


def test_the_first_article_in_a_language_makes_its_mean_known(store: ArticleStore) -> None:
    def languages() -> set[str]:
        return set(store.knowledge_base().means.passage)

    store.put([Article("secret-lv", "Noslēpums", "Iekšējs teksts", "lv", visibility="internal")])
    assert "lv" not in languages(), "internal articles have no say in it"
    store.put([Article("printeris", "Printeris", "Printeris nedrukā", "lv")])
    assert "lv" in languages()


def test_a_state_that_is_in_use_never_changes(store: ArticleStore) -> None:
    before = store.knowledge_base()
    answers = [ask(before, question, visibility=AGENTS) for question in QUESTIONS]
    store.put(many(300))
    store.remove(["printer"])
    store.compact()
    assert [ask(before, question, visibility=AGENTS) for question in QUESTIONS] == answers
    assert len(before) == len(ARTICLES)


def test_another_store_sees_each_change_at_its_next_search(root: Path, store: ArticleStore) -> None:
    other = ArticleStore(root, ENCODER)
    assert found(other, "paper jam")[0] == "printer"
    store.remove(["printer"])
    assert "printer" not in found(other, "paper jam")
    other.put([PRINTER])
    assert found(store, "paper jam")[0] == "printer"
    store.rebuild({"": [ARTICLES[4]]})
    assert everything(other) == ["password"]
    store.put([PRINTER])
    assert everything(other) == ["password", "printer"]


def test_searches_go_on_while_the_folder_that_another_process_wrote_is_loaded(
    root: Path, store: ArticleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(many(3))
    other = ArticleStore(root, ENCODER, auto_compact=False)
    assert everything(other)
    store.compact()
    go_on, load = threading.Event(), Snapshot.load

    def slow_load(folder: Path, *, encoder_name: str) -> Snapshot:
        assert go_on.wait(30)
        return load(folder, encoder_name=encoder_name)

    monkeypatch.setattr(Snapshot, "load", slow_load)
    searched = threading.Event()
    compacting = threading.Thread(target=lambda: other.compact(only_when_due=True))
    searching = threading.Thread(target=lambda: (everything(other), searched.set()))
    compacting.start()
    time.sleep(0.1)  # it waits for the folder now
    searching.start()
    try:
        assert searched.wait(10)
    finally:
        go_on.set()
        compacting.join()
        searching.join()
    assert other.get("a1") is not None


def test_a_rebuilt_store_holds_only_what_it_was_given_whatever_was_there(root: Path) -> None:
    ArticleStore(root, ENCODER).put(ARTICLES)
    other_encoder = CountingEncoder()
    other_encoder.name = "other"
    store = ArticleStore(root, other_encoder)
    with pytest.raises(MismatchError, match="triage index --rebuild"):
        store.knowledge_base()
    with pytest.raises(MismatchError, match="triage index --rebuild"):
        store.put(many(1))
    store.rebuild({"faq": many(3)})
    assert everything(store) == ["a0", "a1", "a2"]
    assert store.sync({"faq": many(2)}) == SyncResult(removed=("a2",), unchanged=2)
    with pytest.raises(MismatchError):
        ArticleStore(root, ENCODER).knowledge_base()


def test_nothing_indexed_says_what_to_do(root: Path) -> None:
    with pytest.raises(NotReadyError, match="run `triage index --articles"):
        ArticleStore(root, ENCODER).knowledge_base()


def test_a_damaged_file_of_changes_is_refused_and_can_be_rebuilt(root: Path) -> None:
    store = ArticleStore(root, ENCODER)
    store.put(ARTICLES)
    store.close()
    (root / "changes.sqlite3").write_bytes(b"no database " * 1000)
    for ending in ("-wal", "-shm"):
        Path(f"{root / 'changes.sqlite3'}{ending}").unlink(missing_ok=True)
    damaged = ArticleStore(root, ENCODER)
    with pytest.raises(FolderError, match="is damaged"):
        damaged.knowledge_base()
    damaged.rebuild({"": ARTICLES})
    assert len(damaged.knowledge_base()) == len(ARTICLES)
    assert len(ArticleStore(root, ENCODER).knowledge_base()) == len(ARTICLES)


def test_a_folder_that_is_older_than_the_changes_is_refused_in_words(root: Path) -> None:
    store = ArticleStore(root, ENCODER)
    store.put(ARTICLES)
    backup = root.with_name("backup")
    shutil.copytree(store.registry.current(), backup)
    for batch in ("b", "c"):
        store.put(many(300, batch))
    store.close()
    shutil.copytree(backup, store.registry.path("restored"))
    store.registry.make_current("restored")
    with pytest.raises(FolderError, match="restored is older than the changes"):
        store.knowledge_base()


def test_a_full_disk_loses_nothing_and_the_change_is_refused(store: ArticleStore) -> None:
    before = everything(store)
    with full_disk(20_000), pytest.raises(StorageError):
        store.put(many(400, "full"))
    assert everything(store) == before
    store.put(many(400, "full"))
    assert len(everything(store)) == len(before) + 400


def test_what_was_left_half_written_is_cleaned_up(root: Path, store: ArticleStore) -> None:
    (root / ".20260101T000000-abc").mkdir()
    (root / ".20260101T000000-abc" / "chunks.npy").write_bytes(b"half")
    (root / ".current-xyz").write_text("half")
    (root / "20200101T000000").mkdir()
    store.compact()
    left = sorted(path.name for path in root.iterdir() if path.name.startswith((".", "2020")))
    assert left == []
    assert everything(store) == sorted(article.id for article in ARTICLES)


def test_writers_beside_each_other_lose_nothing(root: Path) -> None:
    stores = [ArticleStore(root, ENCODER) for _ in range(3)]
    stores[0].put(ARTICLES)
    failed: list[Exception] = []

    def write(store: ArticleStore, prefix: str) -> None:
        try:
            for number in range(12):
                store.put(many(8, f"{prefix}-{number}-"))
            store.remove([f"{prefix}-{number}-0" for number in range(12)])
        except Exception as error:  # noqa: BLE001  (shown by the assertion below)
            failed.append(error)

    threads = [threading.Thread(target=write, args=(stores[n % 3], p)) for n, p in enumerate("xyzw")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    expected = {f"{p}-{n}-{i}" for p in "xyzw" for n in range(12) for i in range(1, 8)}
    for store in [*stores, ArticleStore(root, ENCODER)]:
        assert set(everything(store)) == expected | {article.id for article in ARTICLES}
        assert len(store.knowledge_base()) == len(expected) + len(ARTICLES)


BATCH = 20
READING = """
import sys
from pathlib import Path
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.storage.article_store import ArticleStore
from tests.kb_index.storage.test_article_store import ENCODER, watch
print("reading", flush=True)
print(watch(ArticleStore(Path(sys.argv[1]), ENCODER), lambda: Path(sys.argv[2]).exists()))
"""


def generation(number: int) -> list[Article]:
    """Return a batch of which all articles say the same number."""
    return [
        Article(f"g{n}", f"Generation {number}", f"topic of generation {number}", "en") for n in range(BATCH)
    ]


def watch(store: ArticleStore, is_over: Callable[[], bool]) -> int:
    """Search until it is over, and return how many different batches were seen.

    Raises:
        AssertionError: half a batch was seen.
    """
    seen: list[str] = []
    while not is_over():
        hits = ask(store.knowledge_base(), "topic of generation", k=50, language="en")
        titles = {hit.article.title for hit in hits}
        assert len(titles) <= 1, titles
        assert len(hits) in (0, BATCH), len(hits)
        if titles and titles != set(seen[-1:]):
            seen += titles
    numbers = [int(title.split()[1]) for title in seen]
    assert numbers == sorted(numbers), "an older state was seen after a newer one"
    return len(seen)


def test_searches_beside_changes_see_whole_batches_and_never_fail(root: Path, tmp_path: Path) -> None:
    store = ArticleStore(root, ENCODER)
    store.put(generation(0))
    over = tmp_path / "over"
    process = subprocess.Popen(
        [sys.executable, "-c", READING, str(root), str(over)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    results: list[int | Exception] = []

    def read() -> None:
        try:
            results.append(watch(store, over.exists))
        except Exception as error:  # noqa: BLE001  (shown by the assertion below)
            results.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(1, 40):
        if number % 5 == 0:
            store.remove([f"g{n}" for n in range(BATCH)])
        else:
            store.put(generation(number))
    over.touch()
    for thread in threads:
        thread.join()
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(store.registry.history()) > 3, "folders were written meanwhile"
    assert all(isinstance(result, int) and result > 1 for result in results), results
    assert int(out) > 1
