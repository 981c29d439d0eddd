"""The articles of an index, their chunks, and which of them a reader may see."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.article import UNKNOWN_LANGUAGE, Article, normal_language
from kb_index.chunk import Chunk, chunk
from models.errors import InputError

Rows = NDArray[np.int64]

_ARTICLES = "articles.jsonl"
_CHUNKS = "chunks.npy"


class Catalogue:
    """Articles by row, the chunks of each, and the families of articles that translate each other.

    `chunk_starts` (n_articles + 1,) says where an article's chunks begin among all chunks.
    """

    def __init__(self, articles: Sequence[Article], chunks: Sequence[Sequence[Chunk]]) -> None:
        self.articles = tuple(articles)
        self.chunks = tuple(part for parts in chunks for part in parts)
        self.chunk_starts: Rows = np.cumsum([0, *(len(parts) for parts in chunks)], dtype=np.int64)
        self.families = _families(self.articles)
        self._by_family = np.argsort(self.families, kind="stable")
        self._family_starts = np.searchsorted(self.families[self._by_family], np.arange(self.n_families + 1))

    @classmethod
    def build(cls, articles: Sequence[Article]) -> Catalogue:
        """Cut articles into chunks.

        Raises:
            InputError: two articles have the same id.
        """
        seen: set[str] = set()
        for article in articles:
            if article.id in seen:
                raise InputError(
                    f"two articles have the id {article.id!r}: give each its own", fields={"id": "repeated"}
                )
            seen.add(article.id)
        return cls(articles, [chunk(article) for article in articles])

    @property
    def n_families(self) -> int:
        return int(self.families.max(initial=-1)) + 1

    @cached_property
    def rows_by_id(self) -> dict[str, int]:
        return {article.id: row for row, article in enumerate(self.articles)}

    @cached_property
    def chunk_owners(self) -> Rows:
        """The article's row for each chunk, (n_chunks,) int64."""
        return np.repeat(np.arange(len(self.articles)), np.diff(self.chunk_starts))

    def chunks_of(self, rows: Rows) -> Rows:
        """Return the numbers of all chunks of these articles, article after article."""
        lengths = self.chunk_starts[rows + 1] - self.chunk_starts[rows]
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        numbers: Rows = np.repeat(self.chunk_starts[rows], lengths) + offsets
        return numbers

    def members(self, family: int, allowed: NDArray[np.bool_]) -> Rows:
        """Return the rows of the allowed articles of a family."""
        rows: Rows = self._by_family[self._family_starts[family] : self._family_starts[family + 1]]
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
        keep = _among(self._visibilities, visibility)
        if wanted := tuple(collections):
            keep = keep & _among(self._collections, wanted)
        if wanted := tuple(languages):
            keep = keep & _among(self._languages, {_language(code) for code in wanted})
        if labelled := frozenset(labels):
            keep = keep & np.array([not labelled.isdisjoint(a.labels) for a in self.articles], bool)
        return keep

    @cached_property
    def _visibilities(self) -> NDArray[np.str_]:
        return np.array([article.visibility for article in self.articles], dtype=np.str_)

    @cached_property
    def _collections(self) -> NDArray[np.str_]:
        return np.array([article.collection for article in self.articles], dtype=np.str_)

    @cached_property
    def _languages(self) -> NDArray[np.str_]:
        return np.array([article.language for article in self.articles], dtype=np.str_)

    @cached_property
    def language_numbers(self) -> Rows:
        """A number for each article's language, (n_articles,) int64."""
        return np.unique(self._languages, return_inverse=True)[1].astype(np.int64)

    def native(self, language: str) -> NDArray[np.bool_]:
        """Say for each article whether it is in this language, (n_articles,) bool; `und` fits all."""
        same: NDArray[np.bool_] = self._languages == language
        return same | (language == UNKNOWN_LANGUAGE)

    def save(self, folder: Path) -> None:
        with (folder / _ARTICLES).open("w", encoding="utf-8") as stream:
            for article in self.articles:
                stream.write(json.dumps(article.to_record(), ensure_ascii=False) + "\n")
        owners = self.chunk_owners[:, None]
        offsets = np.array([astuple(part) for part in self.chunks], np.int64).reshape(len(self.chunks), 4)
        np.save(folder / _CHUNKS, np.hstack([owners, offsets]), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        with (folder / _ARTICLES).open(encoding="utf-8") as stream:
            articles = [Article.stored(json.loads(line)) for line in stream]
        chunks: list[list[Chunk]] = [[] for _ in articles]
        for owner, *offsets in np.load(folder / _CHUNKS, allow_pickle=False).tolist():
            chunks[owner].append(Chunk(*offsets))
        return cls(articles, chunks)


def _among(values: NDArray[np.str_], wanted: Iterable[str]) -> NDArray[np.bool_]:
    return np.isin(values, sorted(wanted)) if len(values) else np.zeros(0, bool)


def _language(code: str) -> str:
    try:
        return normal_language(code)
    except ValueError:
        raise InputError(
            f"{code!r:.80} is no language, expected a code such as en or de", fields={"languages": "unknown"}
        ) from None


def _families(articles: Sequence[Article]) -> Rows:
    """Give each article its family's number: with its original and the other translations of that.

    A public article's family is found over public articles only, so that what is internal cannot
    change which public articles are taken as one.
    """
    by_id = {article.id: article for article in articles}
    numbers: dict[str, int] = {}
    families = np.empty(len(articles), np.int64)
    for row, article in enumerate(articles):
        key, seen = article.id, {article.id}
        original = article.translation_of
        while original is not None and original not in seen:
            key = original
            seen.add(key)
            following = by_id.get(key)
            if following is None or (following.visibility == "internal" and article.visibility == "public"):
                break
            original = following.translation_of
        families[row] = numbers.setdefault(key, len(numbers))
    return families
