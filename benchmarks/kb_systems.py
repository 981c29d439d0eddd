"""Search systems that are compared: BM25, the embedding alone, and the product's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import bm25s
import numpy as np

from kb_index.articles.article import Article
from kb_index.search.bm25 import WORD
from kb_index.search.catalogue import Catalogue
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.query import Query
from models.encoder import Encoder

K = 10


@dataclass(frozen=True)
class Answer:
    """The ids of the found articles, best first, and how sure the first is (of the baselines: its score)."""

    articles: list[str]
    confidence: float


class System(Protocol):
    def __init__(self, articles: Sequence[Article], encoder: Encoder) -> None: ...

    def answer(self, query: dict[str, Any], vector: np.ndarray) -> Answer: ...


class Words:
    """BM25 over whole words; Chinese by characters and pairs."""

    def __init__(self, articles: Sequence[Article], _: Encoder) -> None:
        self._ids = [article.id for article in articles]
        self._bm25 = bm25s.BM25(k1=1.5, b=0.75)
        self._bm25.index([_words(f"{a.title}\n{a.body}") for a in articles], show_progress=False)

    def answer(self, query: dict[str, Any], _: np.ndarray) -> Answer:
        known = self._bm25.get_tokens_ids(_words(query["text"]))
        return _best(self._ids, self._bm25.get_scores_from_ids(known) if known else np.zeros(len(self._ids)))


class Embedding:
    """The cosine of the best passage, as encoded."""

    def __init__(self, articles: Sequence[Article], encoder: Encoder) -> None:
        catalogue = Catalogue.build(articles)
        self._ids = [article.id for article in articles]
        self._passages = encoder.encode(catalogue.passages(), "passage")
        self._starts = catalogue.chunk_starts[:-1]

    def answer(self, _: dict[str, Any], vector: np.ndarray) -> Answer:
        return _best(self._ids, np.maximum.reduceat(self._passages @ vector, self._starts))


class Own:
    """The knowledge base of this project."""

    def __init__(self, articles: Sequence[Article], encoder: Encoder) -> None:
        self._kb = KnowledgeBase.build(articles, encoder)

    def answer(self, query: dict[str, Any], vector: np.ndarray) -> Answer:
        hits = self._kb.search(Query(query["text"], vector, k=K, language=query["language"]))
        return Answer([hit.article.id for hit in hits], hits[0].confidence if hits else 0.0)


SYSTEMS: dict[str, type[System]] = {"BM25": Words, "embedding": Embedding, "kb_index": Own}


def _words(text: str) -> list[str]:
    found: list[str] = []
    for word in WORD.findall(text.lower()):
        spaced = word < "\u0e00"
        found += [word] if spaced else [*word, *(word[i : i + 2] for i in range(len(word) - 1))]
    return found


def _best(ids: Sequence[str], scores: np.ndarray) -> Answer:
    order = np.argsort(-scores, kind="stable")[:K]
    return Answer([ids[row] for row in order], float(scores[order[0]]))
