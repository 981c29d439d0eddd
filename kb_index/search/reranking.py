"""Reranking: a cross-encoder reads the best articles together with the query, and orders them anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb_index.search.knowledge_base import Hit, KnowledgeBase
from kb_index.search.query import Query
from models.encoder.cross_encoder import CrossEncoder

RERANK_DEPTH = 20
"""Number of the best articles that are reranked; where more are wanted, the others follow in their order."""


def search_and_rerank(kb: KnowledgeBase, query: Query, cross_encoder: CrossEncoder | None) -> list[Hit]:
    """Search as `KnowledgeBase.search`; with a cross-encoder, the best articles are sorted by its scores.

    Scores and confidences stay with the ranks: the confidence of the first article was calibrated without the
    cross-encoder, and a better order makes it no smaller.
    """
    if cross_encoder is None:
        return kb.search(query)
    hits = kb.search(replace(query, k=max(query.k, RERANK_DEPTH)))
    return [*_reranked(query.text, hits[:RERANK_DEPTH], cross_encoder), *hits[RERANK_DEPTH:]][: query.k]


def _reranked(text: str, hits: Sequence[Hit], cross_encoder: CrossEncoder) -> list[Hit]:
    if len(hits) < 2:
        return list(hits)
    passages = [f"{hit.article.title}\n{hit.passage}" for hit in hits]
    order = np.argsort(-cross_encoder.score(text, passages), kind="stable")
    return [
        replace(hits[i], score=at_rank.score, confidence=at_rank.confidence)
        for i, at_rank in zip(order.tolist(), hits, strict=True)
    ]
