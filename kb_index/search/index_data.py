"""Index data: articles, their chunks, and everything of them that takes time to compute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.articles.chunking import Chunk, chunk
from kb_index.search.bm25 import count_terms
from kb_index.search.inverted_index import Keys, TermCounts
from models.checkpoints import stepwise
from models.encoder import Encoder, TextKind

Half = NDArray[np.float16]
TextVectors = dict[tuple[TextKind, str], Half]
"""Vectors (dim,) by kind and text."""

_SOURCES = "sources.json"
_FILES = {"passages": "passages.npy", "titles": "titles.npy", "title_queries": "questions.npy"}
_EXTRA_EMBEDDINGS = "further.npz"


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """An article with everything that was computed of it.

    `passages` (n_chunks, dim), `title` (dim,) and `title_query` (dim,), the title encoded as a query, are as
    the encoder gave them. `keys` and `counts` (n_terms,) are its terms. `source` names the file or folder
    that the article came from; it is "" when the article was put in by itself.
    """

    article: Article
    source: str
    chunks: tuple[Chunk, ...]
    passages: Half
    title: Half
    title_query: Half
    keys: Keys
    counts: NDArray[np.int64]

    def vectors(self) -> TextVectors:
        """Return the vectors of the article by kind and text."""
        return vectors_by_text(self.article, self.chunks, self.passages, self.title, self.title_query)


def vectors_by_text(
    article: Article, chunks: Sequence[Chunk], passages: Half, title: Half, title_query: Half
) -> TextVectors:
    """Return an article's vectors by kind and text; the arguments are as in `IndexedArticle`."""
    vectors: TextVectors = {("passage", article.title): title, ("query", article.title): title_query}
    for part, vector in zip(chunks, passages, strict=True):
        vectors["passage", part.passage(article)] = vector
    return vectors


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors of a whole index as the encoder gave them, each (n, dim) float16."""

    passages: Half
    titles: Half
    title_queries: Half

    def save(self, folder: Path) -> None:
        for field in fields(self):
            np.save(folder / _FILES[field.name], getattr(self, field.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Embeddings:
        """Map what `save` wrote into memory."""
        return cls(
            *(
                np.load(folder / _FILES[field.name], mmap_mode="r", allow_pickle=False)
                for field in fields(cls)
            )
        )


@dataclass(frozen=True, slots=True)
class IndexData:
    """The data of a whole index, column by column as in `IndexedArticle`."""

    articles: Sequence[Article]
    sources: Sequence[str]
    chunks: Sequence[Sequence[Chunk]]
    embeddings: Embeddings
    term_counts: TermCounts
    extra_embeddings: Mapping[str, NDArray[np.float32]]
    """Other texts that were encoded for the index, such as sentences of each language, under `kind:text`."""

    @classmethod
    def from_articles(cls, indexed: Sequence[IndexedArticle], dim: int) -> IndexData:
        sizes = [len(item.keys) for item in indexed]
        term_counts = TermCounts(
            np.repeat(np.arange(len(indexed)), sizes),
            np.concatenate([item.keys for item in indexed] or [np.empty(0, np.uint64)]),
            np.concatenate([item.counts for item in indexed] or [np.empty(0, np.int64)]),
        )
        return cls(
            [item.article for item in indexed],
            [item.source for item in indexed],
            [item.chunks for item in indexed],
            Embeddings(
                np.concatenate([item.passages for item in indexed] or [np.empty((0, dim), np.float16)]),
                np.array([item.title for item in indexed], np.float16).reshape(len(indexed), dim),
                np.array([item.title_query for item in indexed], np.float16).reshape(len(indexed), dim),
            ),
            term_counts,
            {},
        )

    def changed(self, keep: NDArray[np.bool_], added: Sequence[IndexedArticle]) -> IndexData:
        """Return the data of the articles for which `keep` (n_articles,) is true, and of those added."""
        new = IndexData.from_articles(added, self.embeddings.titles.shape[1])
        rows = np.flatnonzero(keep).tolist()
        owners = np.repeat(np.arange(len(keep)), [len(parts) for parts in self.chunks])
        renumbered = np.cumsum(keep) - 1
        old = self.term_counts
        kept = keep[old.rows]
        mine, others = self.embeddings, new.embeddings
        return IndexData(
            [*(self.articles[row] for row in rows), *new.articles],
            [*(self.sources[row] for row in rows), *new.sources],
            [*(self.chunks[row] for row in rows), *new.chunks],
            Embeddings(
                np.concatenate([mine.passages[keep[owners]], others.passages]),
                np.concatenate([mine.titles[rows], others.titles]),
                np.concatenate([mine.title_queries[rows], others.title_queries]),
            ),
            TermCounts(
                np.concatenate([renumbered[old.rows[kept]], new.term_counts.rows + len(rows)]),
                np.concatenate([old.keys[kept], new.term_counts.keys]),
                np.concatenate([old.counts[kept], new.term_counts.counts]),
            ),
            self.extra_embeddings,
        )

    def save(self, folder: Path) -> None:
        """Write everything that the searched index does not hold itself."""
        names = {source: number for number, source in enumerate(dict.fromkeys(self.sources))}
        described = {"names": list(names), "of": [names[source] for source in self.sources]}
        (folder / _SOURCES).write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        self.embeddings.save(folder)
        texts = np.array(json.dumps(list(self.extra_embeddings)))
        vectors = np.array(list(self.extra_embeddings.values()), np.float32)
        with (folder / _EXTRA_EMBEDDINGS).open("wb") as stream:
            np.savez(stream, allow_pickle=False, texts=texts, vectors=vectors)


def read_extra_embeddings(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Return the extra embeddings as `save` wrote them."""
    with np.load(folder / _EXTRA_EMBEDDINGS, allow_pickle=False) as stored:
        return dict(zip(json.loads(str(stored["texts"])), stored["vectors"], strict=True))


def read_sources(folder: Path) -> list[str]:
    """Return each article's source, as `save` wrote them."""
    described = json.loads((folder / _SOURCES).read_text(encoding="utf-8"))
    return [described["names"][number] for number in described["of"]]


def index_articles(
    articles: Iterable[tuple[Article, str]],
    encoder: Encoder,
    *,
    known: Mapping[tuple[TextKind, str], Half] | None = None,
    progress: bool = False,
) -> list[IndexedArticle]:
    """Cut, encode and count articles, given with their sources.

    Texts that `known` has are not encoded again.
    """
    given = list(articles)
    cut = [tuple(chunk(article)) for article, _ in given]
    vectors: TextVectors = dict(known or {})
    texts: dict[TextKind, list[str]] = {"passage": [], "query": []}
    for (article, _), chunks in zip(given, cut, strict=True):
        texts["passage"] += [*(part.passage(article) for part in stepwise(chunks)), article.title]
        texts["query"].append(article.title)
    for kind, wanted in texts.items():
        missing = [text for text in dict.fromkeys(wanted) if (kind, text) not in vectors]
        if missing:
            encoded = encoder.encode(missing, kind, progress=progress).astype(np.float16)
            vectors.update({(kind, text): row for text, row in zip(missing, encoded, strict=True)})
    indexed = []
    for (article, source), chunks in zip(given, cut, strict=True):
        passages = np.stack([vectors["passage", part.passage(article)] for part in stepwise(chunks)])
        title, title_query = vectors["passage", article.title], vectors["query", article.title]
        indexed.append(
            IndexedArticle(article, source, chunks, passages, title, title_query, *count_terms(article))
        )
    return indexed


class MemoizingEncoder:
    """An encoder that returns stored vectors where it can, and keeps the others in `extra_embeddings`."""

    def __init__(self, encoder: Encoder, data: IndexData) -> None:
        self._encoder = encoder
        self.extra_embeddings = dict(data.extra_embeddings)
        self._titles = {article.title: row for row, article in enumerate(data.articles)}
        self._title_queries = data.embeddings.title_queries

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dim(self) -> int:
        return self._encoder.dim

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        """Encode texts as (n, dim) float32, each row L2-normalised up to its rounding to 16 bits."""
        missing = [
            text
            for text in dict.fromkeys(texts)
            if not (kind == "query" and text in self._titles)
            and f"{kind}:{text}" not in self.extra_embeddings
        ]
        if missing:
            new = self._encoder.encode(missing, kind, progress=progress)
            self.extra_embeddings |= {f"{kind}:{text}": row for text, row in zip(missing, new, strict=True)}
        rows = [
            self._title_queries[self._titles[text]]
            if kind == "query" and text in self._titles
            else self.extra_embeddings[f"{kind}:{text}"]
            for text in texts
        ]
        return np.array(rows, np.float32).reshape(len(texts), self.dim)
