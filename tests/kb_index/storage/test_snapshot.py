"""An index on disk is the one that was built, or is refused."""

from __future__ import annotations

import json
import resource
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kb_index.articles.article import Article
from kb_index.search.index_data import IndexData, index_articles
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.storage.snapshot import Snapshot
from models.errors import FolderError, MismatchError, StorageError
from tests.kb_toy import AGENTS, ARTICLES, ENCODER, ask, build

QUESTIONS = ("paper jam", "VPN Schloss", "忘记密码", "refund to my bank")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "kb" / "one"
    save(folder)
    return folder


def save(folder: Path, articles: Iterable[Article] = ARTICLES) -> None:
    entries = index_articles([(article, "") for article in articles], ENCODER)
    Snapshot.write(folder, IndexData.from_articles(entries, ENCODER.dim), ENCODER)


def load(folder: Path) -> KnowledgeBase:
    return Snapshot.load(folder, encoder_name=ENCODER.name).kb


def answers(kb: KnowledgeBase) -> list[object]:
    return [ask(kb, question, visibility=AGENTS, language="de") for question in QUESTIONS]


def test_what_was_saved_answers_as_what_was_built(saved: Path) -> None:
    kb = load(saved)
    assert len(kb) == len(build())
    assert answers(kb) == answers(build())


def test_the_same_articles_give_the_same_files(saved: Path, tmp_path: Path) -> None:
    save(tmp_path / "two")
    assert (tmp_path / "two" / "manifest.json").read_text() == (saved / "manifest.json").read_text()


@pytest.mark.parametrize("articles", [[], [Article("a", "!", "")]], ids=["no article", "no words"])
def test_an_index_with_nothing_to_find_can_be_stored(tmp_path: Path, articles: list[Article]) -> None:
    save(tmp_path / "index", articles)
    kb = load(tmp_path / "index")
    assert len(kb) == len(articles)
    assert len(ask(kb, "printer")) == len(articles)


def test_an_index_of_another_encoder_says_to_index_again(saved: Path) -> None:
    with pytest.raises(MismatchError, match="triage index --rebuild") as caught:
        Snapshot.load(saved, encoder_name="another")
    assert "'words/64'" in caught.value.message
    assert "'another'" in caught.value.message


def test_every_changed_or_cut_or_missing_file_is_noticed(saved: Path) -> None:
    files = [path for path in saved.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        content = path.read_bytes()
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        for damaged in (changed, content[:-1], None):
            if damaged is None:
                path.unlink()
            else:
                path.write_bytes(damaged)
            if path.name == "manifest.json" and damaged == changed:
                path.write_bytes(content)  # one changed byte may still be valid JSON
                continue
            with pytest.raises(FolderError):
                load(saved)
            path.write_bytes(content)
    assert answers(load(saved)) == answers(build())


def test_an_index_of_another_version_says_to_build_it_again(saved: Path) -> None:
    manifest = saved / "manifest.json"
    described = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(described | {"format_version": 1}), "utf-8")
    with pytest.raises(FolderError, match=r"version 1, this program reads 3: .*triage index --rebuild"):
        load(saved)


def test_a_folder_that_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="holds no"):
        load(tmp_path)


@contextmanager
def full_disk(most_bytes: int) -> Iterator[None]:
    """Let no file grow beyond `most_bytes`, as on a disk without space."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("most_bytes", [100, 1_500, 4_000, 20_000])
def test_a_full_disk_leaves_the_old_index_in_place(saved: Path, most_bytes: int) -> None:
    manifest = (saved / "manifest.json").read_bytes()
    bigger = [Article(f"a{n}", f"Title {n}", f"Body number {n} of many", "en") for n in range(400)]
    with full_disk(most_bytes), pytest.raises(StorageError, match="could not write"):
        save(saved, bigger)
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
    assert (saved / "manifest.json").read_bytes() == manifest
    assert answers(load(saved)) == answers(build())


def test_saving_over_an_index_replaces_it(saved: Path) -> None:
    open_index = load(saved)
    before = answers(open_index)
    save(saved, [Article("new", "New", "New")])
    assert len(load(saved)) == 1
    assert answers(open_index) == before, "an index that is in use must not change under its readers"
