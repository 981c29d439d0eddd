"""Language subspace: the directions of an embedding that tell the language, not the meaning.

A multilingual encoder gives each language a region of its own. The means of the same sentences in 22
languages span these regions. Removing that subspace from an embedding leaves the meaning (Yang et al. 2021,
arXiv 2109.04727), and the language need not be known. Measured on MASSIVE, trained on English alone: mean
accuracy of de, fi and nb 0.607 with embeddings as they are, 0.639 without the subspace.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder

SENTENCES = "parallel_sentences.json"
# Below this share of the largest, a direction is the noise of 24 sentences; and meaning needs room.
_SMALLEST_SHARE = 0.05
_MOST_OF_THE_SPACE = 1 / 16


def parallel_sentences() -> dict[str, list[str]]:
    """Return the same sentences in each language, by language code."""
    text = files("models.encoder").joinpath(SENTENCES).read_text(encoding="utf-8")
    sentences: dict[str, list[str]] = json.loads(text)
    return sentences


def language_subspace(
    encoder: Encoder, sentences: Mapping[str, Sequence[str]] | None = None
) -> NDArray[np.float32]:
    """Return orthonormal directions (r, dim) float32 in which languages differ; (0, dim) for one language."""
    sentences = parallel_sentences() if sentences is None else sentences
    if len(sentences) < 2:
        return np.empty((0, encoder.dim), np.float32)
    encoded = encoder.encode([text for texts in sentences.values() for text in texts])
    ends = np.cumsum([len(texts) for texts in sentences.values()])
    means = np.stack([part.mean(axis=0) for part in np.split(encoded, ends[:-1])])
    _, sizes, directions = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    most = int(_MOST_OF_THE_SPACE * encoder.dim)
    kept: NDArray[np.float32] = directions[:most][sizes[:most] > _SMALLEST_SHARE * sizes[0]]
    return kept.astype(np.float32)
