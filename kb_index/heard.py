"""What the words of a text find before its meaning is known: the part of a search that needs no encoder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.retrieve import Retriever
from kb_index.snippet import AskedWords


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles take part, as in `Query`."""

    visibility: frozenset[str] = frozenset({"public"})
    collections: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What the words of a text find, which takes no embedding, in one state of the articles.

    `allowed` (n_articles,) says which articles the filters let through, `words` (n_articles,) what share of
    the text's words each holds.
    """

    retriever: Retriever
    text: str
    filters: Filters
    allowed: NDArray[np.bool_]
    words: NDArray[np.float32]
    asked: AskedWords
