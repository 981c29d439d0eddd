"""A real cross-encoder, made from a package's weights, orders the best articles; off unless it is set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder

from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.query import Query
from kb_index.search.reranking import search_and_rerank
from models.encoder import packaged_english
from models.encoder.cross_encoder import open_cross_encoder
from models.errors import EncoderError
from tests.kb_toy import ENCODER, build
from triage.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """all-MiniLM-L6-v2 with one output, whose weights are drawn and not learnt: an order, not a good one."""
    packaged = packaged_english()
    if packaged is None:
        pytest.skip("the extra `english` is not installed")
    torch.manual_seed(0)
    target = tmp_path_factory.mktemp("cross") / "model"
    CrossEncoder(str(packaged), num_labels=1).save_pretrained(str(target))
    return target


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return build()


def asked(text: str, k: int = 10) -> Query:
    return Query(text, ENCODER.encode([text])[0], k=k, language="en")


def test_the_best_articles_come_in_its_order_and_confidences_stay_with_the_places(
    folder: Path, kb: KnowledgeBase
) -> None:
    query = asked("paper jam in the printer")
    before = kb.search(query)
    after = search_and_rerank(kb, query, open_cross_encoder(str(folder)))
    scores = CrossEncoder(str(folder)).predict(
        [(query.text, f"{hit.article.title}\n{hit.passage}") for hit in after]
    )
    assert len(after) > 2
    assert (np.diff(scores) <= 0).all()
    assert {hit.article.id for hit in after} == {hit.article.id for hit in before}
    assert [hit.confidence for hit in after] == [hit.confidence for hit in before]
    assert [hit.score for hit in after] == [hit.score for hit in before]


def test_a_short_answer_is_the_beginning_of_a_long_one(folder: Path, kb: KnowledgeBase) -> None:
    judge = open_cross_encoder(str(folder))
    long = search_and_rerank(kb, asked("paper jam in the printer"), judge)
    short = search_and_rerank(kb, asked("paper jam in the printer", k=1), judge)
    assert [hit.article.id for hit in short] == [long[0].article.id]


def test_odd_texts_are_scored(folder: Path, odd_texts: list[str]) -> None:
    scores = open_cross_encoder(str(folder)).score("printer", odd_texts)
    assert scores.shape == (len(odd_texts),)
    assert np.isfinite(scores).all()


def test_it_is_off_by_default(kb: KnowledgeBase, tmp_path: Path) -> None:
    assert Settings(home=tmp_path).cross_encoder == "off"
    query = asked("paper jam in the printer")
    assert search_and_rerank(kb, query, None) == kb.search(query)


def test_a_model_with_several_outputs_is_refused(folder: Path, tmp_path: Path) -> None:
    CrossEncoder(str(packaged_english()), num_labels=3).save_pretrained(str(tmp_path / "three"))
    with pytest.raises(EncoderError, match="it has 3 outputs, expected 1"):
        open_cross_encoder(str(tmp_path / "three"))
    with pytest.raises(EncoderError, match="no folder"):
        open_cross_encoder(str(tmp_path / "absent"))
