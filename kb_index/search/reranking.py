"""The best articles once more, each read together with what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb_index.search.knowledge_base import Hit, KnowledgeBase, Query
from models.encoder.cross_encoder import CrossEncoder

RERANKED = 20
"""How many of the best articles are read again; where more are wanted, the others follow in their order."""


def search_and_rerank(kb: KnowledgeBase, query: Query, judge: CrossEncoder | None) -> list[Hit]:
    """Search as `KnowledgeBase.search`; with a judge, the best articles come in the order of its scores.

    Scores and confidences stay with the places: what the first article of a question is worth was
    calibrated without the judge, and a better order makes it no smaller.
    """
    if judge is None:
        return kb.search(query)
    hits = kb.search(replace(query, k=max(query.k, RERANKED)))
    return [*_reranked(query.text, hits[:RERANKED], judge), *hits[RERANKED:]][: query.k]


def _reranked(asked: str, hits: Sequence[Hit], judge: CrossEncoder) -> list[Hit]:
    if len(hits) < 2:
        return list(hits)
    passages = [f"{hit.article.title}\n{hit.passage}" for hit in hits]
    order = np.argsort(-judge.score(asked, passages), kind="stable")
    return [
        replace(hits[i], score=at_place.score, confidence=at_place.confidence)
        for i, at_place in zip(order.tolist(), hits, strict=True)
    ]
