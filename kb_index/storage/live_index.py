"""Live index: a snapshot and the changes since, searched as one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Any, Generic, TypeVar, cast, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from kb_index.articles.article import Article
from kb_index.articles.chunking import Chunk
from kb_index.articles.translations import TranslationGraph
from kb_index.search.bm25 import Bm25Index
from kb_index.search.candidates import Retriever
from kb_index.search.catalogue import Catalogue
from kb_index.search.index_data import IndexData, IndexedArticle, TextVectors, vectors_by_text
from kb_index.search.inverted_index import AppendedPostings, Postings, low_bits
from kb_index.search.knowledge_base import KnowledgeBase, center_titles
from kb_index.search.vector_index import ExtendedIndex, FaissIndex, as_half_precision
from kb_index.storage.change_log import Updates
from kb_index.storage.snapshot import Snapshot

Item = TypeVar("Item")

_FIRST_ROWS = 64


class AppendOnlyArray:
    """An append-only array; a `view` is never written to again.

    One thread appends; any number read views.
    """

    def __init__(self, dtype: DTypeLike, *width: int) -> None:
        self._array: NDArray[Any] = np.empty((_FIRST_ROWS, *width), dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, values: NDArray[Any]) -> None:
        needed = self._length + len(values)
        if needed > len(self._array):
            larger = np.empty((max(needed, 2 * len(self._array)), *self._array.shape[1:]), self._array.dtype)
            larger[: self._length] = self._array[: self._length]
            self._array = larger
        self._array[self._length : needed] = values
        self._length = needed

    def view(self) -> NDArray[Any]:
        return self._array[: self._length]


class ChainedSequence(Sequence[Item], Generic[Item]):
    """Two sequences as one, with the present items of the second, which may grow at its end."""

    def __init__(self, first: Sequence[Item], second: Sequence[Item]) -> None:
        self._first, self._second = first, second
        self._border = len(first)
        self._length = self._border + len(second)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Item: ...

    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...

    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(self._length))]
        number = range(self._length)[at]
        return self._first[number] if number < self._border else self._second[number - self._border]


_MIN_CHANGES = 100
_MAX_CHANGES = 20_000


@dataclass(frozen=True, slots=True)
class LiveState:
    """The state after change `sequence`: the snapshot's articles in `keep` (n,), and those added."""

    snapshot: Snapshot
    keep: NDArray[np.bool_]
    added: Sequence[IndexedArticle]
    sequence: int

    def index_data(self) -> IndexData:
        return self.snapshot.index_data().changed(self.keep, self.added)


class LiveIndex:
    """A searchable state that is kept up to date; one thread at a time applies changes.

    A changed article gets a new row behind all others, and its old row is dead. Rows are never written again,
    so that a state which a search still reads stays as it was. Term statistics are those of the live
    articles, as if the index were built anew; the languages' means stay those of the snapshot.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.kb = snapshot.kb
        self.applied = snapshot.sequence
        self._added: list[IndexedArticle] = []
        retriever = snapshot.kb.retriever
        dim = snapshot.kb.means.dim
        self._n_snapshot = len(retriever.catalogue.articles)
        self._articles: list[Article] = []
        self._chunks: list[Chunk] = []
        self._passages, self._titles = AppendOnlyArray(np.float32, dim), AppendOnlyArray(np.float32, dim)
        self._owners, self._starts = AppendOnlyArray(np.int64), AppendOnlyArray(np.int64)
        self._keys, self._low = AppendOnlyArray(np.uint64), AppendOnlyArray(np.uint16)
        self._rows, self._counts = AppendOnlyArray(np.int32), AppendOnlyArray(np.uint32)

    @cached_property
    def _translations(self) -> TranslationGraph:
        return TranslationGraph(self.snapshot.kb.retriever.catalogue.articles)

    @cached_property
    def _snapshot_ids(self) -> list[str]:
        return sorted(article.id for article in self.snapshot.kb.retriever.catalogue.articles)

    def apply(self, updates: Updates) -> None:
        """Make `kb` a new state in which all changes of `updates` are visible at once."""
        changes = [change for change in updates.changes if change.number > self.applied]
        self.applied = max(self.applied, updates.last)
        if not changes:
            return
        row_of = self._translations.row_of
        dead = [row_of[change.article_id] for change in changes if change.article_id in row_of]
        new = [change.indexed for change in changes if change.indexed is not None]
        first = self._n_snapshot + len(self._articles)
        rows = {first + number: indexed.article for number, indexed in enumerate(new)}
        groups = self._translations.update([change.article_id for change in changes], rows)
        old = self.kb.retriever
        live = np.append(old.catalogue.live, np.ones(len(new), bool))
        live[dead] = False
        self._append(first, new)
        base = self.snapshot.kb.retriever
        catalogue = Catalogue(
            articles=ChainedSequence(base.catalogue.articles, self._articles),
            chunks=ChainedSequence(base.catalogue.chunks, self._chunks),
            chunk_starts=np.append(base.catalogue.chunk_starts, self._starts.view()),
            chunk_owners=np.append(base.catalogue.chunk_owners, self._owners.view()),
            translations=groups,
            columns=old.catalogue.columns.extended([indexed.article for indexed in new]),
            live=live,
        )
        retriever = Retriever(
            catalogue,
            ExtendedIndex(cast(FaissIndex, base.passages), self._passages.view()),
            ExtendedIndex(cast(FaissIndex, base.titles), self._titles.view()),
            self._lexical(old.lexical, new, live),
        )
        self.kb = KnowledgeBase(retriever, self.snapshot.kb.means, self.snapshot.kb.encoder_name)

    def _append(self, first: int, new: Sequence[IndexedArticle]) -> None:
        means = self.snapshot.kb.means
        for row, indexed in enumerate(new, first):
            self._added.append(indexed)
            self._articles.append(indexed.article)
            self._chunks.extend(indexed.chunks)
            languages = [indexed.article.language] * len(indexed.chunks)
            passages = means.center_passages(indexed.passages.astype(np.float32), languages)
            title = center_titles(means, indexed.title.astype(np.float32)[None, :], [indexed.article])
            self._passages.extend(as_half_precision(passages))
            self._titles.extend(as_half_precision(title))
            self._owners.extend(np.full(len(indexed.chunks), row))
            n_chunks = len(self.snapshot.kb.retriever.catalogue.chunks) + len(self._chunks)
            self._starts.extend(np.array([n_chunks]))
            self._keys.extend(indexed.keys)
            self._low.extend(low_bits(indexed.keys))
            self._rows.extend(np.full(len(indexed.keys), row))
            self._counts.extend(indexed.counts)

    def _lexical(self, old: Bm25Index, new: Sequence[IndexedArticle], live: NDArray[np.bool_]) -> Bm25Index:
        group_keys = list(old.group_keys)
        numbers = []
        for indexed in new:
            key = (indexed.article.visibility, indexed.article.language)
            if key not in group_keys:
                group_keys.append(key)
            numbers.append(group_keys.index(key))
        groups = np.append(old.groups, np.array(numbers, np.int64))
        lengths = np.append(old.lengths, np.array([indexed.counts.sum() for indexed in new], np.int64))
        appended = AppendedPostings(
            self._low.view(), self._keys.view(), self._rows.view(), self._counts.view(), groups
        )
        return Bm25Index([cast(Postings, old.segments[0]), appended], group_keys, groups, lengths, live)

    def row_of(self, article_id: str) -> int | None:
        return self._translations.row_of.get(article_id)

    def article(self, row: int) -> Article:
        return self.kb.retriever.catalogue.articles[row]

    def source(self, row: int) -> str:
        return (
            self.snapshot.sources[row]
            if row < self._n_snapshot
            else self._added[row - self._n_snapshot].source
        )

    def ids_of(self, source: str) -> list[str]:
        """Return the ids of the articles that came from a source."""
        return [
            article_id for article_id, row in self._translations.row_of.items() if self.source(row) == source
        ]

    def ids(self, after: str) -> Iterator[str]:
        """Yield the ids that come after `after`, sorted."""
        base = islice(self._snapshot_ids, bisect_right(self._snapshot_ids, after), None)
        changed = sorted({new.article.id for new in self._added if new.article.id > after})
        last = None
        for article_id in merge(base, changed):
            if article_id != last and article_id in self._translations.row_of:
                yield article_id
            last = article_id

    def vectors(self, row: int) -> TextVectors:
        """Return the vectors of an article by kind and text."""
        if row >= self._n_snapshot:
            return self._added[row - self._n_snapshot].vectors()
        catalogue, embeddings = self.snapshot.kb.retriever.catalogue, self.snapshot.embeddings
        chunks = slice(int(catalogue.chunk_starts[row]), int(catalogue.chunk_starts[row + 1]))
        return vectors_by_text(
            catalogue.articles[row],
            catalogue.chunks[chunks],
            embeddings.passages[chunks],
            embeddings.titles[row],
            embeddings.title_queries[row],
        )

    def state(self) -> LiveState:
        """Return the present state, from which a new snapshot can be written later."""
        live = self.kb.retriever.catalogue.live
        added = [new for new, lives in zip(self._added, live[self._n_snapshot :], strict=True) if lives]
        return LiveState(self.snapshot, live[: self._n_snapshot], added, self.applied)

    @property
    def needs_compaction(self) -> bool:
        """True where a new snapshot should be written.

        That is so when the passages added or removed are a fifth of the snapshot's, and when there are
        articles in a language whose mean it does not have. Where any articles are public, these alone count
        for that.
        """
        then, now = self.snapshot.kb.retriever.catalogue, self.kb.retriever.catalogue
        dead = ~now.live[: self._n_snapshot]
        changed = len(self._chunks) + int(np.diff(then.chunk_starts)[dead].sum())
        if changed > min(max(_MIN_CHANGES, len(then.chunks) // 5), _MAX_CHANGES):
            return True
        public, known = now.live_languages("public"), then.live_languages("public")
        if public or known:
            return not public <= known
        return not now.live_languages("internal") <= then.live_languages("internal")
