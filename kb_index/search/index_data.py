"""What an index is made from: articles, their chunks, and everything that costs time to compute."""

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
from models.encoder import Encoder, TextKind

Half = NDArray[np.float16]
Vectors = dict[tuple[TextKind, str], Half]

_SOURCES = "sources.json"
_FURTHER = "further.npz"


@dataclass(frozen=True, slots=True)
class IndexedArticle:
    """One article with what was computed of it.

    `passages` (n_chunks, dim), `title` (dim,) and `question` (dim,), the title encoded as a query, are
    as the encoder gave them. `keys` and `counts` (n_terms,) are its words. `source` says where the
    article came from; "" when it was put in by itself.
    """

    article: Article
    source: str
    chunks: tuple[Chunk, ...]
    passages: Half
    title: Half
    question: Half
    keys: Keys
    counts: NDArray[np.int64]

    def vectors(self) -> Vectors:
        """Return what was encoded of the article, by kind and text."""
        return vectors_by_text(self.article, self.chunks, self.passages, self.title, self.question)


def vectors_by_text(
    article: Article, chunks: Sequence[Chunk], passages: Half, title: Half, question: Half
) -> Vectors:
    """Return an article's vectors by kind and text; the arguments are as in `IndexedArticle`."""
    vectors: Vectors = {("passage", article.title): title, ("query", article.title): question}
    for part, vector in zip(chunks, passages, strict=True):
        vectors["passage", part.passage(article)] = vector
    return vectors


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors of a whole index as the encoder gave them, each (n, dim) float16."""

    passages: Half
    titles: Half
    questions: Half

    def save(self, folder: Path) -> None:
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Embeddings:
        """Map what `save` wrote into memory."""
        return cls(
            *(
                np.load(folder / f"{field.name}.npy", mmap_mode="r", allow_pickle=False)
                for field in fields(cls)
            )
        )


@dataclass(frozen=True, slots=True)
class IndexData:
    """The entries of a whole index, column by column."""

    articles: Sequence[Article]
    sources: Sequence[str]
    chunks: Sequence[Sequence[Chunk]]
    vectors: Embeddings
    occurrences: TermCounts
    further: Mapping[str, NDArray[np.float32]]
    """What else was encoded for the index, such as sentences of each language, under `kind:text`."""

    @classmethod
    def of(cls, entries: Sequence[IndexedArticle], dim: int) -> IndexData:
        sizes = [len(entry.keys) for entry in entries]
        occurrences = TermCounts(
            np.repeat(np.arange(len(entries)), sizes),
            np.concatenate([entry.keys for entry in entries] or [np.empty(0, np.uint64)]),
            np.concatenate([entry.counts for entry in entries] or [np.empty(0, np.int64)]),
        )
        return cls(
            [entry.article for entry in entries],
            [entry.source for entry in entries],
            [entry.chunks for entry in entries],
            Embeddings(
                np.concatenate([entry.passages for entry in entries] or [np.empty((0, dim), np.float16)]),
                np.array([entry.title for entry in entries], np.float16).reshape(len(entries), dim),
                np.array([entry.question for entry in entries], np.float16).reshape(len(entries), dim),
            ),
            occurrences,
            {},
        )

    def changed(self, keep: NDArray[np.bool_], added: Sequence[IndexedArticle]) -> IndexData:
        """Return the material of the articles for which `keep` (n_articles,) is true, and of those added."""
        new = IndexData.of(added, self.vectors.titles.shape[1])
        rows = np.flatnonzero(keep).tolist()
        owners = np.repeat(np.arange(len(keep)), [len(parts) for parts in self.chunks])
        renumbered = np.cumsum(keep) - 1
        old = self.occurrences
        kept = keep[old.rows]
        return IndexData(
            [*(self.articles[row] for row in rows), *new.articles],
            [*(self.sources[row] for row in rows), *new.sources],
            [*(self.chunks[row] for row in rows), *new.chunks],
            Embeddings(
                np.concatenate([self.vectors.passages[keep[owners]], new.vectors.passages]),
                np.concatenate([self.vectors.titles[rows], new.vectors.titles]),
                np.concatenate([self.vectors.questions[rows], new.vectors.questions]),
            ),
            TermCounts(
                np.concatenate([renumbered[old.rows[kept]], new.occurrences.rows + len(rows)]),
                np.concatenate([old.keys[kept], new.occurrences.keys]),
                np.concatenate([old.counts[kept], new.occurrences.counts]),
            ),
            self.further,
        )

    def save(self, folder: Path) -> None:
        """Write what the searched index does not hold itself."""
        names = {source: number for number, source in enumerate(dict.fromkeys(self.sources))}
        described = {"names": list(names), "of": [names[source] for source in self.sources]}
        (folder / _SOURCES).write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        self.vectors.save(folder)
        texts = np.array(json.dumps(list(self.further)))
        vectors = np.array(list(self.further.values()), np.float32)
        with (folder / _FURTHER).open("wb") as stream:
            np.savez(stream, allow_pickle=False, texts=texts, vectors=vectors)


def read_extra_embeddings(folder: Path) -> dict[str, NDArray[np.float32]]:
    """Return what else was encoded, as `save` wrote it."""
    with np.load(folder / _FURTHER, allow_pickle=False) as stored:
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
    """Compute the entries of articles, given with their sources.

    Texts that `known` has are not encoded again.
    """
    given = list(articles)
    cut = [tuple(chunk(article)) for article, _ in given]
    vectors: Vectors = dict(known or {})
    texts: dict[TextKind, list[str]] = {"passage": [], "query": []}
    for (article, _), chunks in zip(given, cut, strict=True):
        texts["passage"] += [*(part.passage(article) for part in chunks), article.title]
        texts["query"].append(article.title)
    for kind, wanted in texts.items():
        missing = [text for text in dict.fromkeys(wanted) if (kind, text) not in vectors]
        if missing:
            encoded = encoder.encode(missing, kind, progress=progress).astype(np.float16)
            vectors.update({(kind, text): row for text, row in zip(missing, encoded, strict=True)})
    entries = []
    for (article, source), chunks in zip(given, cut, strict=True):
        passages = np.stack([vectors["passage", part.passage(article)] for part in chunks])
        title, question = vectors["passage", article.title], vectors["query", article.title]
        entries.append(
            IndexedArticle(article, source, chunks, passages, title, question, *count_terms(article))
        )
    return entries


class MemoizingEncoder:
    """An encoder that gives stored vectors where it can, and remembers the others in `further`."""

    def __init__(self, encoder: Encoder, material: IndexData) -> None:
        self._encoder = encoder
        self.further = dict(material.further)
        self._titles = {article.title: row for row, article in enumerate(material.articles)}
        self._questions = material.vectors.questions

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
            if not (kind == "query" and text in self._titles) and f"{kind}:{text}" not in self.further
        ]
        if missing:
            new = self._encoder.encode(missing, kind, progress=progress)
            self.further |= {f"{kind}:{text}": row for text, row in zip(missing, new, strict=True)}
        rows = [
            self._questions[self._titles[text]]
            if kind == "query" and text in self._titles
            else self.further[f"{kind}:{text}"]
            for text in texts
        ]
        return np.array(rows, np.float32).reshape(len(texts), self.dim)
