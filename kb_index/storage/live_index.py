"""An index folder and the changes since, searched as one."""

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
from kb_index.search.index_data import IndexData, IndexedArticle, Vectors, vectors_by_text
from kb_index.search.inverted_index import AppendedPostings, Postings, low_bits
from kb_index.search.knowledge_base import KnowledgeBase, center_titles
from kb_index.search.vector_index import ExtendedIndex, FaissIndex, as_half_precision
from kb_index.storage.change_log import Updates
from kb_index.storage.snapshot import Snapshot

Item = TypeVar("Item")

_FIRST_ROWS = 64


class AppendOnlyArray:
    """An array that grows at its end; what `view` gave is never written to again.

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
    """Two sequences as one, of the second only what it holds now: it may grow at its end."""

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


_FEWEST_CHANGES = 100
_MOST_CHANGES = 20_000


@dataclass(frozen=True, slots=True)
class LiveState:
    """The state after change `sequence`: of a folder's articles those in `keep` (n,), and those added."""

    base: Snapshot
    keep: NDArray[np.bool_]
    added: Sequence[IndexedArticle]
    sequence: int

    def material(self) -> IndexData:
        return self.base.material().changed(self.keep, self.added)


class LiveIndex:
    """Keeps a searchable state up to date; one thread at a time applies changes.

    A changed article gets a new row behind all others, and its old row is dead. Rows are never written
    again, so that a state which a search still reads stays as it was. The words' statistics are those of
    the live articles, as if the index were built anew; the means of the languages stay those of the folder.
    """

    def __init__(self, base: Snapshot) -> None:
        self.base = base
        self.kb = base.kb
        self.applied = base.sequence
        self._entries: list[IndexedArticle] = []
        retriever = base.kb.retriever
        dim = base.kb.means.dim
        self._n_base = len(retriever.catalogue.articles)
        self._articles: list[Article] = []
        self._chunks: list[Chunk] = []
        self._passages, self._titles = AppendOnlyArray(np.float32, dim), AppendOnlyArray(np.float32, dim)
        self._owners, self._starts = AppendOnlyArray(np.int64), AppendOnlyArray(np.int64)
        self._keys, self._low = AppendOnlyArray(np.uint64), AppendOnlyArray(np.uint16)
        self._rows, self._counts = AppendOnlyArray(np.int32), AppendOnlyArray(np.uint32)

    @cached_property
    def _tree(self) -> TranslationGraph:
        return TranslationGraph(self.base.kb.retriever.catalogue.articles)

    @cached_property
    def _base_ids(self) -> list[str]:
        return sorted(article.id for article in self.base.kb.retriever.catalogue.articles)

    def apply(self, news: Updates) -> None:
        """Make `kb` a new state in which all changes of `news` are visible at once."""
        changes = [change for change in news.changes if change.number > self.applied]
        self.applied = max(self.applied, news.last)
        if not changes:
            return
        dead = [self._tree.row_of[c.article_id] for c in changes if c.article_id in self._tree.row_of]
        entries = [change.entry for change in changes if change.entry is not None]
        first = self._n_base + len(self._articles)
        added = {first + number: entry.article for number, entry in enumerate(entries)}
        families = self._tree.change([change.article_id for change in changes], added)
        old = self.kb.retriever
        live = np.append(old.catalogue.live, np.ones(len(entries), bool))
        live[dead] = False
        self._append(first, entries)
        base = self.base.kb.retriever
        catalogue = Catalogue(
            articles=ChainedSequence(base.catalogue.articles, self._articles),
            chunks=ChainedSequence(base.catalogue.chunks, self._chunks),
            chunk_starts=np.append(base.catalogue.chunk_starts, self._starts.view()),
            chunk_owners=np.append(base.catalogue.chunk_owners, self._owners.view()),
            family=families,
            kinds=old.catalogue.kinds.extended([entry.article for entry in entries]),
            live=live,
        )
        retriever = Retriever(
            catalogue,
            ExtendedIndex(cast(FaissIndex, base.chunks), self._passages.view()),
            ExtendedIndex(cast(FaissIndex, base.titles), self._titles.view()),
            self._lexical(old.lexical, entries, live),
        )
        self.kb = KnowledgeBase(retriever, self.base.kb.means, self.base.kb.encoder_name)

    def _append(self, first: int, entries: Sequence[IndexedArticle]) -> None:
        means = self.base.kb.means
        for row, entry in enumerate(entries, first):
            self._entries.append(entry)
            self._articles.append(entry.article)
            self._chunks.extend(entry.chunks)
            languages = [entry.article.language] * len(entry.chunks)
            passages = means.center_passages(entry.passages.astype(np.float32), languages)
            title = center_titles(means, entry.title.astype(np.float32)[None, :], [entry.article])
            self._passages.extend(as_half_precision(passages))
            self._titles.extend(as_half_precision(title))
            self._owners.extend(np.full(len(entry.chunks), row))
            n_chunks = len(self.base.kb.retriever.catalogue.chunks) + len(self._chunks)
            self._starts.extend(np.array([n_chunks]))
            self._keys.extend(entry.keys)
            self._low.extend(low_bits(entry.keys))
            self._rows.extend(np.full(len(entry.keys), row))
            self._counts.extend(entry.counts)

    def _lexical(
        self, old: Bm25Index, entries: Sequence[IndexedArticle], live: NDArray[np.bool_]
    ) -> Bm25Index:
        kinds = list(old.kinds)
        numbers = []
        for entry in entries:
            kind = (entry.article.visibility, entry.article.language)
            if kind not in kinds:
                kinds.append(kind)
            numbers.append(kinds.index(kind))
        groups = np.append(old.groups, np.array(numbers, np.int64))
        lengths = np.append(old.lengths, np.array([e.counts.sum() for e in entries], np.int64))
        added = AppendedPostings(
            self._low.view(), self._keys.view(), self._rows.view(), self._counts.view(), groups
        )
        return Bm25Index([cast(Postings, old.parts[0]), added], kinds, groups, lengths, live)

    def row_of(self, article_id: str) -> int | None:
        return self._tree.row_of.get(article_id)

    def article(self, row: int) -> Article:
        return self.kb.retriever.catalogue.articles[row]

    def source(self, row: int) -> str:
        return self.base.sources[row] if row < self._n_base else self._entries[row - self._n_base].source

    def ids_of(self, source: str) -> list[str]:
        """Return the ids of the articles that came from a source."""
        return [article_id for article_id, row in self._tree.row_of.items() if self.source(row) == source]

    def ids(self, after: str) -> Iterator[str]:
        """Yield the ids that come after `after`, sorted."""
        base = islice(self._base_ids, bisect_right(self._base_ids, after), None)
        changed = sorted({entry.article.id for entry in self._entries if entry.article.id > after})
        last = None
        for article_id in merge(base, changed):
            if article_id != last and article_id in self._tree.row_of:
                yield article_id
            last = article_id

    def vectors(self, row: int) -> Vectors:
        """Return what was encoded of an article, by kind and text."""
        if row >= self._n_base:
            return self._entries[row - self._n_base].vectors()
        catalogue, vectors = self.base.kb.retriever.catalogue, self.base.vectors
        chunks = slice(int(catalogue.chunk_starts[row]), int(catalogue.chunk_starts[row + 1]))
        return vectors_by_text(
            catalogue.articles[row],
            catalogue.chunks[chunks],
            vectors.passages[chunks],
            vectors.titles[row],
            vectors.questions[row],
        )

    def now(self) -> LiveState:
        """Return what is alive at this moment, from which a new folder can be written later."""
        live = self.kb.retriever.catalogue.live
        added = [entry for entry, lives in zip(self._entries, live[self._n_base :], strict=True) if lives]
        return LiveState(self.base, live[: self._n_base], added, self.applied)

    @property
    def needs_compaction(self) -> bool:
        """Whether the folder should be written anew.

        So it should when the passages that were added or have died are a fifth of its own; and when there are
        articles in a language whose mean it does not know. Where any are public, these alone count for that.
        """
        then, now = self.base.kb.retriever.catalogue, self.kb.retriever.catalogue
        dead = ~now.live[: self._n_base]
        changed = len(self._chunks) + int(np.diff(then.chunk_starts)[dead].sum())
        if changed > min(max(_FEWEST_CHANGES, len(then.chunks) // 5), _MOST_CHANGES):
            return True
        public, known = now.live_languages("public"), then.live_languages("public")
        if public or known:
            return not public <= known
        return not now.live_languages("internal") <= then.live_languages("internal")
