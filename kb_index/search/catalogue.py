"""The articles of an index, their chunks, and which of them a reader may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.articles.chunking import Chunk, chunk
from kb_index.articles.translations import TranslationGroups
from models.errors import InputError
from models.language.codes import UNKNOWN, normalize_code

Rows = NDArray[np.int64]

_ARTICLES = "articles.jsonl"
_CHUNKS = "chunks.npy"


@dataclass(frozen=True, slots=True)
class FilterColumn:
    """One property of all articles: its different `values`, and in `codes` (n_articles,) which each has."""

    values: Sequence[Any]
    codes: Rows

    @classmethod
    def of(cls, values: Iterable[Hashable]) -> FilterColumn:
        numbers: dict[Hashable, int] = {}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return cls(list(numbers), np.array(codes, np.int64))

    def where(self, keep: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """Say for each article whether `keep` holds for its value, (n_articles,) bool."""
        kept: NDArray[np.bool_] = np.array([keep(value) for value in self.values], bool)[self.codes]
        return kept

    def extended(self, values: Sequence[Hashable]) -> FilterColumn:
        """Return the column with further articles at its end."""
        numbers = {value: code for code, value in enumerate(self.values)}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return FilterColumn(list(numbers), np.append(self.codes, np.array(codes, np.int64)))


@dataclass(frozen=True, slots=True)
class FilterColumns:
    """What the filters go by."""

    visibility: FilterColumn
    collection: FilterColumn
    language: FilterColumn
    labels: FilterColumn

    @classmethod
    def of(cls, articles: Sequence[Article]) -> FilterColumns:
        return cls(*(FilterColumn.of(getattr(a, field.name) for a in articles) for field in fields(cls)))

    def extended(self, articles: Sequence[Article]) -> FilterColumns:
        return FilterColumns(
            *(
                getattr(self, field.name).extended([getattr(a, field.name) for a in articles])
                for field in fields(self)
            )
        )


@dataclass(frozen=True, slots=True)
class ChunkRanges:
    """The chunks of some articles: `numbers`, article after article, and `firsts`, where each begins."""

    numbers: Rows
    firsts: Rows


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Articles by row, the chunks of each, and the families of articles that translate each other.

    `chunk_starts` (n_articles + 1,) says where an article's chunks begin among all chunks, `chunk_owners`
    (n_chunks,) the article's row for each chunk. Rows for which `live` (n_articles,) is false were removed
    or replaced: nothing finds them.
    """

    articles: Sequence[Article]
    chunks: Sequence[Chunk]
    chunk_starts: Rows
    chunk_owners: Rows
    family: TranslationGroups
    kinds: FilterColumns
    live: NDArray[np.bool_]

    @classmethod
    def of(cls, articles: Sequence[Article], chunks: Sequence[Sequence[Chunk]]) -> Catalogue:
        lengths = [len(parts) for parts in chunks]
        return cls(
            articles=tuple(articles),
            chunks=tuple(chain.from_iterable(chunks)),
            chunk_starts=np.cumsum([0, *lengths], dtype=np.int64),
            chunk_owners=np.repeat(np.arange(len(articles)), lengths),
            family=TranslationGroups.of(articles),
            kinds=FilterColumns.of(articles),
            live=np.ones(len(articles), bool),
        )

    @classmethod
    def build(cls, articles: Sequence[Article]) -> Catalogue:
        """Cut articles into chunks.

        Raises:
            InputError: two articles have the same id.
        """
        require_unique_ids(articles)
        return cls.of(articles, [chunk(article) for article in articles])

    @property
    def families(self) -> Rows:
        """The number of each article's family, (n_articles,) int64."""
        return self.family.numbers

    def chunks_of(self, rows: Rows) -> ChunkRanges:
        """Return the chunks of these articles."""
        starts = self.chunk_starts[rows]
        lengths = self.chunk_starts[rows + 1] - starts
        ends = lengths.cumsum()
        firsts = ends - lengths
        return ChunkRanges(np.arange(ends[-1]) + (starts - firsts).repeat(lengths), firsts)

    def members(self, family: int, allowed: NDArray[np.bool_]) -> Rows:
        """Return the rows of the allowed articles of a family."""
        rows = self.family.members(family)
        members: Rows = rows[allowed[rows]]
        return members

    def passages(self) -> list[str]:
        """Return what each chunk is encoded as."""
        return [
            part.passage(self.articles[row]) for row, part in zip(self.chunk_owners, self.chunks, strict=True)
        ]

    def allowed(
        self,
        *,
        visibility: Iterable[str],
        collections: Iterable[str] = (),
        labels: Iterable[str] = (),
        languages: Iterable[str] = (),
    ) -> NDArray[np.bool_]:
        """Say for each article whether it may be found, (n_articles,) bool.

        `visibility` always limits; each of the others only when it names something. Of several labels
        one suffices.
        """
        keep = self.live & self.kinds.visibility.where(frozenset(visibility).__contains__)
        if wanted := frozenset(collections):
            keep &= self.kinds.collection.where(wanted.__contains__)
        if wanted := frozenset(map(_language, languages)):
            keep &= self.kinds.language.where(wanted.__contains__)
        if wanted := frozenset(labels):
            keep &= self.kinds.labels.where(lambda own: not wanted.isdisjoint(own))
        return keep

    def live_languages(self, visibility: str) -> frozenset[str]:
        """Return the languages of the live articles with this visibility."""
        rows = self.live & self.kinds.visibility.where(visibility.__eq__)
        return frozenset(
            self.kinds.language.values[code] for code in np.unique(self.kinds.language.codes[rows])
        )

    def native(self, language: str) -> NDArray[np.bool_]:
        """Say for each language of the articles whether it is this one, (n_languages,) bool; `und` is all."""
        return np.array([language in (own, UNKNOWN) for own in self.kinds.language.values], bool)

    def save(self, folder: Path) -> None:
        with (folder / _ARTICLES).open("w", encoding="utf-8") as stream:
            for article in self.articles:
                stream.write(json.dumps(article.to_record(), ensure_ascii=False) + "\n")
        table = np.hstack([self.chunk_owners[:, None], chunk_table(self.chunks)])
        np.save(folder / _CHUNKS, table, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        with (folder / _ARTICLES).open(encoding="utf-8") as stream:
            articles = [Article.stored(json.loads(line)) for line in stream]
        chunks: list[list[Chunk]] = [[] for _ in articles]
        for owner, *offsets in np.load(folder / _CHUNKS, allow_pickle=False).tolist():
            chunks[owner].append(Chunk(*offsets))
        return cls.of(articles, chunks)


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


def _language(code: str) -> str:
    try:
        return normalize_code(code)
    except ValueError:
        raise InputError(
            f"{code!r:.80} is no language, expected a code such as en or de", fields={"languages": "unknown"}
        ) from None
