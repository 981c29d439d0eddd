"""Filters of a search, and the columns of article properties that they are applied to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from models.errors import InputError
from models.language.codes import normalize_code

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that an article must meet to take part in a search.

    `visibility` always limits. `collections`, `labels` and `languages` limit only where they name something;
    of several labels one suffices.
    """

    visibility: frozenset[str] = frozenset({"public"})
    collections: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterColumn:
    """One property of all articles: the distinct `values`, and `codes` (n_articles,) that index them."""

    values: Sequence[Any]
    codes: NDArray[np.int64]

    @classmethod
    def from_values(cls, values: Iterable[Hashable]) -> FilterColumn:
        numbers: dict[Hashable, int] = {}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return cls(list(numbers), np.array(codes, np.int64))

    def mask(self, keep: Callable[[Any], bool]) -> Mask:
        """Return for each article whether `keep` holds for its value, (n_articles,)."""
        kept: Mask = np.array([keep(value) for value in self.values], bool)[self.codes]
        return kept

    def extended(self, values: Sequence[Hashable]) -> FilterColumn:
        """Return the column with further articles at its end."""
        numbers = {value: code for code, value in enumerate(self.values)}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return FilterColumn(list(numbers), np.append(self.codes, np.array(codes, np.int64)))


@dataclass(frozen=True, slots=True)
class FilterColumns:
    """The properties of all articles that filters look at."""

    visibility: FilterColumn
    collection: FilterColumn
    language: FilterColumn
    labels: FilterColumn

    @classmethod
    def from_articles(cls, articles: Sequence[Article]) -> FilterColumns:
        return cls(
            *(FilterColumn.from_values(getattr(a, field.name) for a in articles) for field in fields(cls))
        )

    def extended(self, articles: Sequence[Article]) -> FilterColumns:
        return FilterColumns(
            *(
                getattr(self, field.name).extended([getattr(a, field.name) for a in articles])
                for field in fields(self)
            )
        )

    def mask(self, filters: Filters) -> Mask:
        """Return for each article whether the filters let it through, (n_articles,).

        Raises:
            InputError: `languages` has something that is no language code.
        """
        keep = self.visibility.mask(filters.visibility.__contains__)
        if filters.collections:
            keep &= self.collection.mask(filters.collections.__contains__)
        if wanted := frozenset(map(_language, filters.languages)):
            keep &= self.language.mask(wanted.__contains__)
        if filters.labels:
            keep &= self.labels.mask(lambda own: not filters.labels.isdisjoint(own))
        return keep


def _language(code: str) -> str:
    try:
        return normalize_code(code)
    except ValueError:
        raise InputError(
            f"{code!r:.80} is no language, expected a code such as en or de", fields={"languages": "unknown"}
        ) from None
