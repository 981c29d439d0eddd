"""Encoder protocol: the interface of every sentence encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

_NAMES: dict[TextKind, tuple[str, ...]] = {"query": ("query",), "passage": ("passage", "document")}


def resolve_prompts(named: Mapping[str, str]) -> dict[TextKind, str]:
    """Return the prompt of each kind of text; empty where the model has none.

    >>> resolve_prompts({"query": "ask: ", "document": "tell: "})
    {'query': 'ask: ', 'passage': 'tell: '}
    """
    return {
        kind: next((named[name] for name in names if named.get(name)), "") for kind, names in _NAMES.items()
    }


TextKind = Literal["query", "passage"]
"""`query` for queries and texts to classify, `passage` for texts that are searched."""


_SHORTEST = 1e-6


def unit_vectors(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Scale the last axis to length 1, float32; a vector without a direction becomes zero."""
    lengths = np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
    scaled = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > _SHORTEST)
    result: NDArray[np.float32] = scaled.astype(np.float32, copy=False)
    return result


class Encoder(Protocol):
    """Encoder of texts as vectors whose inner product is their similarity in meaning."""

    @property
    def name(self) -> str:
        """The embedding space: vectors of two encoders may be compared only when their names agree."""
        ...

    @property
    def dim(self) -> int:
        """The number of columns of an embedding."""
        ...

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        """Encode texts as (n, dim) float32, each row L2-normalised.

        A text's row does not depend on the other texts. An empty text gets a row too. With
        `progress`, a bar appears on stderr when encoding takes more than two seconds.
        """
        ...
