"""Cross-encoders: score how well a passage answers a query, reading both together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.encoder.sentence_transformer import load_model
from models.text.unicode import without_surrogates
from models.wording import counted


class CrossEncoder(Protocol):
    """Scorer of passages for a query."""

    def score(self, query: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return (n,) scores, the higher the better, comparable within one call."""
        ...


class SentenceTransformersCrossEncoder:
    """A loaded `sentence_transformers.CrossEncoder` with a single output."""

    def __init__(self, model: Any) -> None:
        if model.num_labels != 1:
            raise ValueError(f"it has {counted(model.num_labels, 'output')}, expected 1")
        self._model = model

    def score(self, query: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return (n,) scores, the higher the better."""
        pairs = [(without_surrogates(query), without_surrogates(passage)) for passage in passages]
        found: NDArray[np.float32] = self._model.predict(pairs, show_progress_bar=False)
        return np.nan_to_num(np.asarray(found, np.float32).reshape(len(pairs)))


def open_cross_encoder(spec: str) -> CrossEncoder:
    """Load a model from a folder, or by name: from the hub's local cache, else from the hub.

    Raises:
        EncoderError: there is no such folder or name, it does not load, or a package is missing.
    """

    def load(source: str, _label: str) -> CrossEncoder:
        import sentence_transformers  # imports torch: seconds

        return SentenceTransformersCrossEncoder(sentence_transformers.CrossEncoder(source))

    return load_model(spec, "cross-encoder", load)
