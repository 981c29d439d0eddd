"""Query: a text to search for, with its filters, and the part of a search that needs no embedding of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb_index.search.bm25 import GroupKey
from kb_index.search.candidates import Retriever, SearchScope
from kb_index.search.filters import Filters
from kb_index.search.similarity import Floats
from kb_index.search.snippets import Highlighter
from models.language.codes import UNKNOWN

_PUBLIC = Filters()


@dataclass(frozen=True, slots=True)
class LexicalMatches:
    """Prefetched lexical part of a search, valid for one text, its filters and one state of the articles.

    `scores` (n_articles,) is the share of the text's words that each article holds. `highlighters` find these
    words again in articles of each visibility and language.
    """

    retriever: Retriever
    text: str
    filters: Filters
    scope: SearchScope
    scores: Floats
    highlighters: Mapping[GroupKey, Highlighter]


@dataclass(frozen=True, slots=True)
class Query:
    """A text to search for, the reader's languages, and the filters.

    `embedding` is that of `text` as a "query", (dim,) float32. `language` is the language of the text,
    `reader_languages` are others that the reader reads, first choice first. `matches` may hold the result of
    `KnowledgeBase.prefetch_lexical`.
    """

    text: str
    embedding: NDArray[np.float32]
    k: int = 10
    language: str = UNKNOWN
    reader_languages: tuple[str, ...] = ()
    filters: Filters = _PUBLIC
    matches: LexicalMatches | None = field(default=None, compare=False, repr=False)
