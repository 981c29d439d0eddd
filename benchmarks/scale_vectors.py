"""Many vectors that lie to each other as those of real passages do, without encoding anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb_index.articles.loaders import load_articles
from kb_index.search.index_data import IndexData, MemoizingEncoder, index_articles
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.vector_index import FaissIndex
from models.encoder import Encoder

NEIGHBOURS = 20
BLOCK = 50_000


@dataclass(frozen=True)
class Real:
    """Passages and questions of real articles, without their languages' means, each (n, dim) float32."""

    passages: np.ndarray
    questions: np.ndarray


def real_vectors(source: Path, encoder: Encoder) -> Real:
    """Encode articles; their titles, encoded as questions, are what is asked."""
    articles = load_articles([source]).articles
    indexed = index_articles([(article, "") for article in articles], encoder, progress=True)
    data = IndexData.from_articles(indexed, encoder.dim)
    kb = KnowledgeBase.from_index_data(data, MemoizingEncoder(encoder, data))
    dense = kb.retriever.passages
    languages = [article.language for article in articles]
    owners = kb.retriever.catalogue.chunk_owners
    passages = kb.means.center_passages(
        data.embeddings.passages.astype(np.float32), [languages[row] for row in owners]
    )
    asked = zip(data.embeddings.title_queries.astype(np.float32), languages, strict=True)
    questions = np.array([kb.means.center_query(vector, language) for vector, language in asked])
    assert len(passages) == len(dense)
    return Real(passages, questions[[bool(article.title) for article in articles]])


class Growth:
    """Makes new vectors: a real one, moved by the difference of two others from its neighbourhood.

    `a + spread (b - c)`, normalised, with b and c among the 20 nearest to a: the new vector leaves a in
    a direction in which passages on its subject do differ, and as far as they do. Random noise would point
    out of the space that passages fill, so that all its children would lie nearer to a than to each other.
    """

    def __init__(self, real: np.ndarray, spread: float) -> None:
        self._real, self._spread = real, spread
        index = FaissIndex.build(real)
        found = (index.query(vector).top_k(NEIGHBOURS + 1) for vector in real)
        self._near = np.array([rows[rows != row][:NEIGHBOURS] for row, rows in enumerate(found)])

    @property
    def dim(self) -> int:
        return self._real.shape[1]

    def vectors(self, n: int, seed: int = 0) -> np.ndarray:
        """Return n of them, (n, dim) float32, L2-normalised."""
        return np.concatenate(list(self._blocks(n, np.random.default_rng(seed))))

    def _blocks(self, n: int, chance: np.random.Generator) -> Iterator[np.ndarray]:
        for start in range(0, n, BLOCK):
            parents = chance.integers(0, len(self._real), min(BLOCK, n - start))
            near = self._near[parents, chance.integers(0, self._near.shape[1], (2, len(parents)))]
            moved = self._real[near[0]] - self._real[near[1]]
            made = self._real[parents] + self._spread * moved
            yield made / np.linalg.norm(made, axis=1, keepdims=True)


def nearness(vectors: np.ndarray, asked: np.ndarray) -> str:
    """Return the quartiles of the cosines with the 1st, 10th and 50th nearest of `vectors`."""
    index = FaissIndex.build(vectors)
    scores = [index.query(vector) for vector in asked]
    found = np.array([query.similarities(query.top_k(50)) for query in scores])
    quartiles = np.percentile(found[:, [0, 9, 49]], [25, 50, 75], axis=0).T
    return ", ".join(
        f"{rank} {low:.2f} {middle:.2f} {high:.2f}"
        for rank, (low, middle, high) in zip(("1st", "10th", "50th"), quartiles, strict=True)
    )
