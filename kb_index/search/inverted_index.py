"""Which articles hold a term, and how often: the tables that BM25 reads."""

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


@lru_cache(maxsize=1 << 16)
def term_key(term: str) -> int:
    """Return the 64-bit number that stands for a term, the same in every process.

    Among ten million terms two share theirs with a probability of 0.000003; no table of words has to be
    kept in memory, nor read before the first question.
    """
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def term_keys(terms: Sequence[str]) -> Keys:
    return np.fromiter(map(term_key, terms), np.uint64, len(terms))


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Occurrences as three parallel arrays (n,): article `rows` holds term `keys` so many times, `counts`."""

    rows: NDArray[np.int64]
    keys: Keys
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermMatches:
    """The postings of the asked terms, in cells: one cell for each term and group of articles.

    `asked` and `groups` (n_cells,) say which term and group a cell is of, `lengths` (n_cells,) how many
    postings it has; `rows` and `counts` (n_postings,) follow cell after cell.
    """

    asked: NDArray[np.int64]
    groups: NDArray[np.int64]
    lengths: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.unsignedinteger]


class PostingsSegment(Protocol):
    """Some of the articles of an index."""

    def find(self, asked: Keys, wanted: NDArray[np.bool_]) -> TermMatches:
        """Return the postings of these different terms in the groups for which `wanted` is true."""
        ...


@dataclass(frozen=True)
class Postings:
    """Articles by term, in compressed rows.

    Cell i is the term `keys[i]` within the group `groups[i]` (both (n_cells,), ascending by key, then
    group); its postings are those from `starts[i]` to `starts[i + 1]` in `rows` and `counts`.
    """

    keys: Keys
    groups: NDArray[np.int64]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.unsignedinteger]

    @classmethod
    def build(cls, occurrences: TermCounts, groups: NDArray[np.int64]) -> Postings:
        """Sort occurrences by term; `groups` (n_articles,) numbers the group of each article."""
        own = groups[occurrences.rows]
        order = np.lexsort((occurrences.rows, own, occurrences.keys))
        keys, own = occurrences.keys[order], own[order]
        is_first = np.ones(len(keys), bool)
        is_first[1:] = (keys[1:] != keys[:-1]) | (own[1:] != own[:-1])
        firsts = np.flatnonzero(is_first)
        smallest = np.min_scalar_type(int(occurrences.counts.max(initial=0)))
        return cls(
            keys[firsts],
            own[firsts],
            np.append(firsts, len(keys)),
            occurrences.rows[order].astype(np.int32),
            occurrences.counts[order].astype(smallest),
        )

    def find(self, asked: Keys, wanted: NDArray[np.bool_]) -> TermMatches:
        lefts = np.searchsorted(self.keys, asked, "left")
        spread = np.searchsorted(self.keys, asked, "right") - lefts
        cells = np.repeat(lefts - np.cumsum(spread) + spread, spread) + np.arange(spread.sum())
        numbers = np.repeat(np.arange(len(asked)), spread)
        groups = self.groups[cells]
        keep = wanted[groups]
        cells, numbers, groups = cells[keep], numbers[keep], groups[keep]
        starts, ends = self.starts[cells], self.starts[cells + 1]
        # The cells of a term lie side by side: they are copied together, not posting by posting.
        breaks = np.flatnonzero(starts[1:] != ends[:-1])
        froms, tos = starts[np.append(0, breaks + 1)[: len(cells)]], ends[np.append(breaks, -1)[: len(cells)]]
        spans = [slice(a, b) for a, b in zip(froms.tolist(), tos.tolist(), strict=True)]
        rows = np.concatenate([self.rows[span] for span in spans] or [self.rows[:0]])
        counts = np.concatenate([self.counts[span] for span in spans] or [self.counts[:0]])
        return TermMatches(numbers, groups, ends - starts, rows, counts)

    def occurrences(self) -> TermCounts:
        """Return all that `build` was given, by term."""
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
    """The words of articles that were added since, in the order they came; each question reads them all.

    `low` (n,) are the last 16 bits of `keys`: one look at a table of these leaves few to compare.
    `groups` (n_articles,) are those of all articles of the index.
    """

    low: NDArray[np.uint16]
    keys: Keys
    rows: NDArray[np.int32]
    counts: NDArray[np.uint32]
    groups: NDArray[np.int64]

    def find(self, asked: Keys, wanted: NDArray[np.bool_]) -> TermMatches:
        table = np.zeros(int(_LOW_BITS) + 1, bool)
        table[asked & _LOW_BITS] = True
        at = np.flatnonzero(table[self.low])
        order = np.argsort(asked)
        places = np.minimum(np.searchsorted(asked[order], self.keys[at]), len(asked) - 1)
        numbers = order[places]
        keep = (asked[numbers] == self.keys[at]) & wanted[self.groups[self.rows[at]]]
        at, numbers = at[keep], numbers[keep]
        rows = self.rows[at]
        groups = self.groups[rows]
        by_cell = np.lexsort((rows, groups, numbers))
        rows, groups, numbers = rows[by_cell], groups[by_cell], numbers[by_cell]
        is_first = np.ones(len(rows), bool)
        is_first[1:] = (numbers[1:] != numbers[:-1]) | (groups[1:] != groups[:-1])
        firsts = np.flatnonzero(is_first)
        lengths = np.diff(np.append(firsts, len(rows)))
        return TermMatches(numbers[firsts], groups[firsts], lengths, rows, self.counts[at[by_cell]])


def low_bits(keys: Keys) -> NDArray[np.uint16]:
    return (keys & _LOW_BITS).astype(np.uint16)
