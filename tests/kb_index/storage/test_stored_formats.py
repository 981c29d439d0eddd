"""A knowledge base that an earlier version stored opens at once: nothing has to be built again."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.search.filters import Filters
from kb_index.search.query import Query
from kb_index.search.scoring import DisplayThresholds
from kb_index.storage.article_store import ArticleStore
from kb_index.usage.events import COLUMN_OF
from models.encoder import TextKind
from tests.kb_toy import AGENTS, ARTICLES, WordEncoder, embedding

STORED = Path(__file__).with_name("index_format_3.tar.xz")
"""Written by commit 13b3fa0: eight articles, then two changes and a removal, thresholds, and events."""

DAY = date(2026, 11, 30)
BEST = {
    "paper jam in the printer": ("printer", 0.46, 0.9935),
    "coffee descaling": ("coffee", 0.4837, 0.9832),
    "VPN Client": ("reply-refund", 0.2765, 0.3254),
    "忘记密码": ("reply-refund", 0.2959, 0.4605),
}


class ShortEncoder(WordEncoder):
    """The toy encoder, cut to eight numbers a text, so that the stored files are small."""

    name = "words/8"
    dim = 8

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        return np.array([embedding(text, self.dim) for text in texts], np.float32).reshape(
            len(texts), self.dim
        )


@pytest.fixture
def store(tmp_path: Path) -> ArticleStore:
    with tarfile.open(STORED) as stored:
        stored.extractall(tmp_path, filter="data")
    return ArticleStore(tmp_path / "kb", ShortEncoder())


def best(store: ArticleStore) -> dict[str, tuple[str, float, float]]:
    encoder, kb = ShortEncoder(), store.knowledge_base()
    found = {}
    for text in BEST:
        query = Query(text, encoder.encode([text])[0], language="en", filters=Filters(visibility=AGENTS))
        hit = kb.search(query)[0]
        found[text] = (hit.article.id, hit.score, hit.confidence)
    return found


def test_a_knowledge_base_of_an_earlier_version_answers_as_it_did(store: ArticleStore) -> None:
    for text, (article, *numbers) in best(store).items():
        assert article == BEST[text][0]
        assert numbers == pytest.approx(BEST[text][1:], abs=2e-3)
    assert {article.id for article in store.articles()} == {a.id for a in ARTICLES} - {"vpn-fi"} | {"coffee"}
    assert store.get("vpn-fi") is None


def test_its_changes_are_compacted_and_further_ones_made(store: ArticleStore) -> None:
    before = best(store)
    store.compact()
    assert [hit[0] for hit in best(store).values()] == [hit[0] for hit in before.values()]
    added = store.put([Article("canteen", "Lunch", "The canteen opens at noon.", "en")])
    assert added.added == ("canteen",)
    assert store.get("canteen") is not None


def test_its_thresholds_and_events_are_kept(store: ArticleStore) -> None:
    assert store.thresholds == DisplayThresholds(agent=0.2, portal=0.7)
    customers, agents = (store.usage.counts(audience, DAY) for audience in ("portal", "agent"))
    assert customers["printer"][0, COLUMN_OF["shown"]] == pytest.approx(8)
    assert customers["printer"][0, COLUMN_OF["solved"]] == pytest.approx(2)
    assert agents["password"][2, COLUMN_OF["unhelpful"]] == pytest.approx(1)
