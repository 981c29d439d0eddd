"""What the words of a text find before its meaning is known: the part of a search that needs no encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.search.bm25 import Kind
from kb_index.search.candidates import Retriever, SearchScope
from kb_index.search.snippets import Highlighter


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles take part, as in `Query`."""

    visibility: frozenset[str] = frozenset({"public"})
    collections: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LexicalMatches:
    """What the words of a text find, which takes no embedding, in one state of the articles.

    `among` are the articles that the filters let through, `words` (n_articles,) says what share of the text's
    words each holds, and `matchers` find the words again in articles of each visibility and language.
    """

    retriever: Retriever
    text: str
    filters: Filters
    among: SearchScope
    words: NDArray[np.float32]
    matchers: Mapping[Kind, Highlighter]
