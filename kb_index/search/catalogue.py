"""Catalogue of an index: its articles by row, their chunks, translations and filter columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.articles.chunking import Chunk, chunk
from kb_index.articles.translations import TranslationGroups
from kb_index.search.filters import FilterColumns, Filters, Mask
from models.errors import InputError
from models.language.codes import UNKNOWN

Rows = NDArray[np.int64]

_ARTICLES = "articles.jsonl"
_CHUNKS = "chunks.npy"


@dataclass(frozen=True, slots=True)
class ChunkRanges:
    """The chunks of some articles: `chunk_ids`, article after article, and `offsets`, where each begins."""

    chunk_ids: Rows
    offsets: Rows


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Articles by row, with the chunks of each and the groups of articles that translate each other.

    `chunk_starts` (n_articles + 1,) holds the first chunk of each article, `chunk_owners` (n_chunks,) the row
    of each chunk's article. Rows for which `live` (n_articles,) is false were removed or replaced; no search
    finds them.
    """

    articles: Sequence[Article]
    chunks: Sequence[Chunk]
    chunk_starts: Rows
    chunk_owners: Rows
    translations: TranslationGroups
    columns: FilterColumns
    live: Mask

    @classmethod
    def from_chunks(cls, articles: Sequence[Article], chunks: Sequence[Sequence[Chunk]]) -> Catalogue:
        lengths = [len(parts) for parts in chunks]
        return cls(
            articles=tuple(articles),
            chunks=tuple(chain.from_iterable(chunks)),
            chunk_starts=np.cumsum([0, *lengths], dtype=np.int64),
            chunk_owners=np.repeat(np.arange(len(articles)), lengths),
            translations=TranslationGroups.from_articles(articles),
            columns=FilterColumns.from_articles(articles),
            live=np.ones(len(articles), bool),
        )

    @classmethod
    def build(cls, articles: Sequence[Article]) -> Catalogue:
        """Cut articles into chunks.

        Raises:
            InputError: two articles have the same id.
        """
        require_unique_ids(articles)
        return cls.from_chunks(articles, [chunk(article) for article in articles])

    @property
    def groups(self) -> Rows:
        """The number of each article's translation group, (n_articles,)."""
        return self.translations.numbers

    @property
    def languages(self) -> Rows:
        """The number of each article's language, (n_articles,), an index of the language column's values."""
        return self.columns.language.codes

    def chunks_of(self, rows: Rows) -> ChunkRanges:
        """Return the chunks of these articles."""
        starts = self.chunk_starts[rows]
        lengths = self.chunk_starts[rows + 1] - starts
        ends = lengths.cumsum()
        offsets = ends - lengths
        return ChunkRanges(np.arange(ends[-1]) + (starts - offsets).repeat(lengths), offsets)

    def members(self, group: int, mask: Mask) -> Rows:
        """Return the rows of a translation group for which `mask` (n_articles,) is true."""
        rows = self.translations.members(group)
        members: Rows = rows[mask[rows]]
        return members

    def passages(self) -> list[str]:
        """Return the text of each chunk as it is encoded."""
        return [
            part.passage(self.articles[row]) for row, part in zip(self.chunk_owners, self.chunks, strict=True)
        ]

    def filter_mask(self, filters: Filters) -> Mask:
        """Return for each article whether it is live and the filters let it through, (n_articles,).

        Raises:
            InputError: `languages` has something that is no language code.
        """
        return self.live & self.columns.mask(filters)

    def live_languages(self, visibility: str) -> frozenset[str]:
        """Return the languages of the live articles with this visibility."""
        rows = self.live & self.columns.visibility.mask(visibility.__eq__)
        return frozenset(self.columns.language.values[code] for code in np.unique(self.languages[rows]))

    def is_query_language(self, language: str) -> Mask:
        """Return for each language of the articles whether it is this one, (n_languages,); all for `und`."""
        return np.array([language in (own, UNKNOWN) for own in self.columns.language.values], bool)

    def save(self, folder: Path) -> None:
        with (folder / _ARTICLES).open("w", encoding="utf-8") as stream:
            for article in self.articles:
                stream.write(json.dumps(article.to_record(), ensure_ascii=False) + "\n")
        table = np.hstack([self.chunk_owners[:, None], chunk_table(self.chunks)])
        np.save(folder / _CHUNKS, table, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        with (folder / _ARTICLES).open(encoding="utf-8") as stream:
            articles = [Article.from_stored(json.loads(line)) for line in stream]
        chunks: list[list[Chunk]] = [[] for _ in articles]
        for owner, *offsets in np.load(folder / _CHUNKS, allow_pickle=False).tolist():
            chunks[owner].append(Chunk(*offsets))
        return cls.from_chunks(articles, chunks)


def require_unique_ids(articles: Sequence[Article]) -> None:
    """Raise an InputError where two articles have the same id."""
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            raise InputError(
                f"two articles have the id {article.id!r}: give each its own", fields={"id": "repeated"}
            )
        seen.add(article.id)


def chunk_table(chunks: Sequence[Chunk]) -> Rows:
    """Return the four offsets of each chunk, (n_chunks, 4)."""
    return np.array([astuple(part) for part in chunks], np.int64).reshape(len(chunks), 4)
