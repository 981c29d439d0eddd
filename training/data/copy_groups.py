"""Copy groups: tickets that are one ticket told again, which lie on one side of a split and count once.

A held-out ticket whose copy was trained on is easier than a ticket to come, and a hundred copies prove no
more than one of them. Exact copies have the same words. Near copies have nearly the same embedding and share
most words, and these words are too rare to be shared by chance: two people who both write "reset my password"
have told two tickets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kb_index.search.ivf import build_ivf
from models.text.tokenizer import smallest_word_spans
from training.data.token_counts import count_tokens

# Near copies have at least this cosine, this share of the rarity of the shorter ticket's words in common, and
# this much of it in nats: the sum of -log of the share of tickets that have a word. 30 are some six words.
COSINE = 0.95
SHARED = 0.8
_SHARED_RARITY = 30.0
# Long tickets are alike by chance so rarely that they tell how common copies are. Where more than this share
# of them have a near copy, the same is believed of short tickets.
_LONG, _FEWEST_LONG = 30.0, 50
_COPIES_ARE_COMMON, _SHARED_RARITY_THEN = 0.2, 8.0
# So many near copies may be tickets of one form. What most of them have is the form then, and a ticket whose
# other words have this rarity is told apart by these.
_FORM = 8
_RARITY_BESIDE_FORM = 12.0
# Machines fill numbers into a template. From so many words on, only they write the same ones around them.
_TEMPLATE_WORDS = 12
_NEAREST = 8
_ROWS_AT_ONCE = 512
_MOST_COMPARED_WITH_ALL = 8_000
_CLUSTERS, _CLUSTERS_SEARCHED = 256, 12


@dataclass(frozen=True, slots=True)
class CopyGroups:
    """Groups of copies: `first` (n,) are the positions of the first ticket of each one's group.

    `near` (n,) marks the tickets that are near copies of that ticket, not exact ones.
    """

    first: NDArray[np.intp]
    near: NDArray[np.bool_]


def copy_groups(texts: Sequence[str], embeddings: NDArray[np.float32]) -> CopyGroups:
    """Group (n,) cleaned texts with their (n, dim) embeddings.

    Each ticket joins the first of a group (leader clustering): tickets that each differ a little from the one
    before are no single group.
    """
    exact = _first_of_each([_wording(text) for text in texts])
    templates = [_template(text) for text in texts]
    alike = exact[_first_of_each([templates[i] for i in exact])]
    rows = np.unique(alike)
    words = _WordRarity.of([texts[i] for i in rows])
    leaders = _leaders(words, embeddings[rows], _SHARED_RARITY)
    if _are_common(leaders, words.total):
        leaders = _leaders(words, embeddings[rows], _SHARED_RARITY_THEN)
    for leader in np.nonzero(np.bincount(leaders, minlength=len(rows)) >= _FORM)[0]:
        members = np.nonzero(leaders == leader)[0]
        leaders[members] = members[_beside_form(words.take(members), embeddings[rows[members]])]
    first = rows[leaders][np.searchsorted(rows, alike)]
    return CopyGroups(first, first != exact)


def _are_common(leaders: NDArray[np.intp], total: NDArray[np.float64]) -> bool:
    """Tell whether near copies are common among long tickets."""
    has_copy = np.bincount(leaders, minlength=len(leaders))[leaders] > 1
    long = total >= _LONG
    return bool(long.sum() >= _FEWEST_LONG and has_copy[long].mean() > _COPIES_ARE_COMMON)


def _beside_form(words: _WordRarity, embeddings: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return each near copy's leader among them, by the words that fewer than half of them have."""
    rest = words.without_words_of_most()
    told_apart = np.nonzero(rest.total >= _RARITY_BESIDE_FORM)[0]
    leaders = np.zeros(len(rest.total), np.intp)
    if len(told_apart):
        leaders[told_apart] = told_apart[
            _leaders(rest.take(told_apart), embeddings[told_apart], _RARITY_BESIDE_FORM)
        ]
        formless = np.setdiff1d(np.arange(len(leaders)), told_apart)
        leaders[formless] = formless[:1]
    return leaders


@dataclass(frozen=True, slots=True)
class _WordRarity:
    """The words of (n,) tickets: `has` (n, words) is 0 or 1, `rarity` the same times -log of their share."""

    has: sparse.csr_matrix
    rarity: sparse.csr_matrix
    total: NDArray[np.float64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _WordRarity:
        has = count_tokens(texts, _comparable_words).matrix.astype(np.float64)
        has.data[:] = 1
        share = np.asarray(has.sum(axis=0)).ravel() / max(1, len(texts))
        rarity = has.multiply(-np.log(share)).tocsr()
        return cls(has, rarity, np.asarray(rarity.sum(axis=1)).ravel())

    def take(self, rows: NDArray[np.intp]) -> _WordRarity:
        return _WordRarity(self.has[rows], self.rarity[rows], self.total[rows])

    def without_words_of_most(self) -> _WordRarity:
        rare = np.asarray(self.has.sum(axis=0)).ravel() < self.has.shape[0] / 2
        rarity = self.rarity.multiply(rare).tocsr()
        return _WordRarity(self.has, rarity, np.asarray(rarity.sum(axis=1)).ravel())

    def near(self, these: NDArray[np.intp], others: NDArray[np.intp], least: float) -> NDArray[np.bool_]:
        """Tell of (n,) pairs of rows whether they share enough words."""
        shared = np.asarray(self.rarity[these].multiply(self.has[others]).sum(axis=1)).ravel()
        shorter = np.minimum(self.total[these], self.total[others])
        return (shared >= least) & (shared >= SHARED * shorter)


def _leaders(words: _WordRarity, embeddings: NDArray[np.float32], least: float) -> NDArray[np.intp]:
    """Return the (n,) row that leads each row's group: the most similar leader before it, else itself."""
    n = len(embeddings)
    leaders = np.arange(n)
    able = np.nonzero(words.total >= least)[0]
    index = _LeaderIndex(embeddings)
    for start in range(0, len(able), _ROWS_AT_ONCE):
        block = able[start : start + _ROWS_AT_ONCE]
        pairs = index.nearest(block)
        pairs = pairs[words.near(pairs[:, 0], pairs[:, 1], least)] if len(pairs) else pairs
        leaders[pairs[::-1, 0]] = pairs[::-1, 1]  # of several, the most similar, which comes first
        alone = block[leaders[block] == block]
        products = np.tril(embeddings[alone] @ embeddings[alone].T, -1)
        places = np.argwhere(products >= COSINE)
        within = alone[places[words.near(alone[places[:, 0]], alone[places[:, 1]], least)]]
        for row, other in within.tolist():  # ascending, so that it is known whether the other one leads
            if leaders[row] == row and leaders[other] == other:
                leaders[row] = other
        index.add(alone[leaders[alone] == alone])
    return leaders


class _LeaderIndex:
    """FAISS index of the leaders' embeddings, in clusters where there are many rows."""

    def __init__(self, embeddings: NDArray[np.float32]) -> None:
        self._embeddings = np.ascontiguousarray(embeddings)
        self._leaders = np.empty(0, np.intp)
        if len(embeddings) <= _MOST_COMPARED_WITH_ALL:
            self._index: Any = faiss.IndexFlatIP(embeddings.shape[1])
        else:
            self._index = build_ivf(self._embeddings, None, _CLUSTERS)
            self._index.reset()
            self._index.nprobe = _CLUSTERS_SEARCHED

    def add(self, rows: NDArray[np.intp]) -> None:
        self._leaders = np.append(self._leaders, rows)
        self._index.add(self._embeddings[rows])

    def nearest(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return pairs (row, leader), each row's by falling cosine."""
        if not len(self._leaders):
            return np.empty((0, 2), np.intp)
        cosines, places = self._index.search(self._embeddings[rows], min(_NEAREST, len(self._leaders)))
        row, column = np.nonzero((cosines >= COSINE) & (places >= 0))
        return np.column_stack([rows[row], self._leaders[places[row, column]]])


def _first_of_each(keys: Sequence[str]) -> NDArray[np.intp]:
    """Return the position of the first of (n,) keys that is the same; an empty one is like no other."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(key or f"\0{i}", i) for i, key in enumerate(keys)], np.intp)


def _template(text: str) -> str:
    """Return the words with each number as 0; nothing of a text so short that people may both write it."""
    words = _comparable_words(text)
    return " ".join(words) if len(words) >= _TEMPLATE_WORDS else ""


def _wording(text: str) -> str:
    """Return the words of a text, without capitals, punctuation and line breaks."""
    lowered = text.casefold()
    return " ".join(lowered[start:end] for start, end in smallest_word_spans(lowered))


def _comparable_words(text: str) -> list[str]:
    """Return the words of a text, each number as 0: tickets that differ in numbers alone are alike."""
    return ["0" if any(map(str.isdigit, word)) else word for word in _wording(text).split()]
