"""Translation groups: articles that translate each other, kept up to date as articles change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TranslationGroups:
    """The number of each article's translation group, `numbers` (n_articles,).

    `order` lists the rows by group, and `starts` where each group begins, as they were when the index was
    built. `moved` has the rows that came into a group since.
    """

    numbers: Rows
    order: Rows
    starts: Rows
    moved: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def from_articles(cls, articles: Sequence[Article]) -> TranslationGroups:
        return TranslationGraph(articles).groups

    def members(self, group: int) -> Rows:
        """Return the rows of a group, ascending, also of articles that were removed since."""
        rows = self.order[0:0]
        if group < len(self.starts) - 1:
            rows = self.order[self.starts[group] : self.starts[group + 1]]
            rows = rows[self.numbers[rows] == group]
        if group in self.moved:
            rows = np.union1d(rows, np.array(self.moved[group], np.int64))
        return rows


class TranslationGraph:
    """The links from translations to originals, from which the groups are found anew after a change.

    An article belongs to a group with its original and the other translations of that. A public article's
    group is found over public articles only, so that internal ones cannot change which public articles are
    taken as translations of each other.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = dict(enumerate(articles))
        self.row_of = {article.id: row for row, article in self._articles.items()}
        self._translations: dict[str, set[int]] = {}
        for row, article in self._articles.items():
            if article.translation_of is not None:
                self._translations.setdefault(article.translation_of, set()).add(row)
        self._group_of: dict[str, int] = {}
        numbers = np.array([self._number(article) for article in articles], np.int64)
        order = np.argsort(numbers, kind="stable")
        starts = np.searchsorted(numbers[order], np.arange(len(self._group_of) + 1))
        self.groups = TranslationGroups(numbers, order, starts)

    def update(self, removed: Iterable[str], added: Mapping[int, Article]) -> TranslationGroups:
        """Remove articles by id, then add others under new rows, which follow the last one."""
        changed = set(removed) | {article.id for article in added.values()}
        for article_id in changed:
            row = self.row_of.pop(article_id, None)
            original = self._articles.pop(row).translation_of if row is not None else None
            if original is not None and row is not None:
                self._translations[original].discard(row)
        for row, article in added.items():
            self._articles[row] = article
            self.row_of[article.id] = row
            if article.translation_of is not None:
                self._translations.setdefault(article.translation_of, set()).add(row)
        numbers = np.append(self.groups.numbers, np.zeros(len(added), np.int64))
        moved = dict(self.groups.moved)
        for row in set(added) | self._descendants(changed):
            number = self._number(self._articles[row])
            if row in added or number != numbers[row]:
                numbers[row] = number
                moved[number] = (*moved.get(number, ()), row)
        moved = {n: tuple(row for row in rows if numbers[row] == n) for n, rows in moved.items()}
        self.groups = TranslationGroups(numbers, self.groups.order, self.groups.starts, moved)
        return self.groups

    def _number(self, article: Article) -> int:
        key, seen = article.id, {article.id}
        original = article.translation_of
        while original is not None and original not in seen:
            key = original
            seen.add(key)
            row = self.row_of.get(key)
            following = None if row is None else self._articles[row]
            if following is None or (following.visibility == "internal" and article.visibility == "public"):
                break
            original = following.translation_of
        return self._group_of.setdefault(key, len(self._group_of))

    def _descendants(self, ids: Iterable[str]) -> set[int]:
        found: set[int] = set()
        waiting = list(ids)
        while waiting:
            for row in self._translations.get(waiting.pop(), ()):
                if row not in found:
                    found.add(row)
                    waiting.append(self._articles[row].id)
        return found
