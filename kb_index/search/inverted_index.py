"""Inverted index: the articles that hold each term, and the counts, as BM25 reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

_LOW_BITS = np.uint64(0xFFFF)


def term_key(term: str) -> int:
    """Return the 64-bit hash of a term, the same in every process.

    Among ten million terms two share theirs with a probability of 0.000003. No vocabulary has to be kept in
    memory, nor read before the first query.
    """
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def term_keys(terms: Sequence[str]) -> Keys:
    """Return the key of each term of a query, (n_terms,).

    None is kept in memory: the time of a search would tell which words others have searched for.
    """
    return np.fromiter(map(term_key, terms), np.uint64, len(terms))


_article_term_key = lru_cache(maxsize=1 << 16)(term_key)


def article_term_keys(terms: Sequence[str]) -> Keys:
    """Return the key of each term of an article, (n_terms,); those of frequent ones are kept in memory."""
    return np.fromiter(map(_article_term_key, terms), np.uint64, len(terms))


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Counts of terms in articles, as three parallel arrays (n,): article row, term key, count."""

    rows: NDArray[np.int64]
    keys: Keys
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermMatches:
    """Postings of the terms of a query, in cells: one cell for each term and group of articles.

    `terms` and `groups` (n_cells,) number the term and the group of each cell, `lengths` (n_cells,) are its
    numbers of postings; `rows` and `counts` (n_postings,) follow cell after cell.
    """

    terms: NDArray[np.int64]
    groups: NDArray[np.int64]
    lengths: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.unsignedinteger]


class PostingsSegment(Protocol):
    """Postings of some of the articles of an index."""

    def lookup(self, keys: Keys, wanted: NDArray[np.bool_]) -> TermMatches:
        """Return the postings of distinct terms in the groups for which `wanted` (n_groups,) is true."""
        ...


@dataclass(frozen=True)
class Postings:
    """Postings in compressed rows.

    Cell i belongs to the term `keys[i]` and the group `groups[i]` (both (n_cells,), ascending by key, then
    group). Its postings stand from `starts[i]` to `starts[i + 1]` in `rows` and `counts`.
    """

    keys: Keys
    groups: NDArray[np.int64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.unsignedinteger]

    @classmethod
    def build(cls, term_counts: TermCounts, groups: NDArray[np.int64]) -> Postings:
        """Sort counts by term; `groups` (n_articles,) numbers the group of each article."""
        own = groups[term_counts.rows]
        order = np.lexsort((term_counts.rows, own, term_counts.keys))
        keys, own = term_counts.keys[order], own[order]
        is_first = np.ones(len(keys), bool)
        is_first[1:] = (keys[1:] != keys[:-1]) | (own[1:] != own[:-1])
        firsts = np.flatnonzero(is_first)
        smallest = np.min_scalar_type(int(term_counts.counts.max(initial=0)))
        return cls(
            keys[firsts],
            own[firsts],
            np.append(firsts, len(keys)),
            term_counts.rows[order].astype(np.int32),
            term_counts.counts[order].astype(smallest),
        )

    def lookup(self, keys: Keys, wanted: NDArray[np.bool_]) -> TermMatches:
        lefts = np.searchsorted(self.keys, keys, "left")
        spread = np.searchsorted(self.keys, keys, "right") - lefts
        cells = np.repeat(lefts - np.cumsum(spread) + spread, spread) + np.arange(spread.sum())
        terms = np.repeat(np.arange(len(keys)), spread)
        groups = self.groups[cells]
        keep = wanted[groups]
        cells, terms, groups = cells[keep], terms[keep], groups[keep]
        starts, ends = self.starts[cells], self.starts[cells + 1]
        # The cells of a term lie next to each other: they are copied together, not posting by posting.
        breaks = np.flatnonzero(starts[1:] != ends[:-1])
        froms, tos = starts[np.append(0, breaks + 1)[: len(cells)]], ends[np.append(breaks, -1)[: len(cells)]]
        spans = [slice(a, b) for a, b in zip(froms.tolist(), tos.tolist(), strict=True)]
        rows = np.concatenate([self.rows[span] for span in spans] or [self.rows[:0]])
        counts = np.concatenate([self.counts[span] for span in spans] or [self.counts[:0]])
        return TermMatches(terms, groups, ends - starts, rows, counts)

    def term_counts(self) -> TermCounts:
        """Return the counts that it was built from, by term."""
        lengths = np.diff(self.starts)
        return TermCounts(
            self.rows.astype(np.int64), np.repeat(self.keys, lengths), self.counts.astype(np.int64)
        )

    def save(self, folder: Path) -> None:
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Map what `save` wrote into memory."""
        # Plain views: slicing a memmap object costs several times as much.
        return cls(
            *(
                np.asarray(np.load(folder / f"{field.name}.npy", mmap_mode="r", allow_pickle=False))
                for field in fields(cls)
            )
        )


@dataclass(frozen=True)
class AppendedPostings:
    """Terms of the articles added since, in the order of their coming; every query reads all of them.

    `low` (n,) are the last 16 bits of `keys`: a look into a table of these leaves few keys to compare.
    `groups` (n_articles,) are those of all articles of the index.
    """

    low: NDArray[np.uint16]
    keys: Keys
    rows: NDArray[np.int32]
    counts: NDArray[np.uint32]
    groups: NDArray[np.int64]

    def lookup(self, keys: Keys, wanted: NDArray[np.bool_]) -> TermMatches:
        table = np.zeros(int(_LOW_BITS) + 1, bool)
        table[keys & _LOW_BITS] = True
        at = np.flatnonzero(table[self.low])
        order = np.argsort(keys)
        places = np.minimum(np.searchsorted(keys[order], self.keys[at]), len(keys) - 1)
        terms = order[places]
        keep = (keys[terms] == self.keys[at]) & wanted[self.groups[self.rows[at]]]
        at, terms = at[keep], terms[keep]
        rows = self.rows[at]
        groups = self.groups[rows]
        by_cell = np.lexsort((rows, groups, terms))
        rows, groups, terms = rows[by_cell], groups[by_cell], terms[by_cell]
        is_first = np.ones(len(rows), bool)
        is_first[1:] = (terms[1:] != terms[:-1]) | (groups[1:] != groups[:-1])
        firsts = np.flatnonzero(is_first)
        lengths = np.diff(np.append(firsts, len(rows)))
        return TermMatches(terms[firsts], groups[firsts], lengths, rows, self.counts[at[by_cell]])


def low_bits(keys: Keys) -> NDArray[np.uint16]:
    return (keys & _LOW_BITS).astype(np.uint16)
