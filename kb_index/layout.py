"""How the vectors of an index are laid out, by how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

FLAT, CLUSTERED = "flat", "clustered"

_MOST_FLAT = 50_000
_CLUSTERS_PER_ROOT = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """The kind, `flat` or `clustered`, why it was chosen, and into how many clusters (0 where flat)."""

    kind: str
    why: str
    clusters: int = 0

    def __str__(self) -> str:
        size = f"in {self.clusters:,} clusters" if self.clusters else "flat"
        return f"{size}, since {self.why}"


def choose_layout(vectors: int, counted: int) -> Layout:
    """Choose for so many vectors, of which those `counted` may say where clusters lie.

    >>> choose_layout(8_300, 8_300).kind, choose_layout(1_000_000, 1_000_000).clusters
    ('flat', 8000)
    """
    if vectors <= _MOST_FLAT:
        return Layout(FLAT, f"comparing all of {vectors:,} is exact, and quick up to {_MOST_FLAT:,}")
    clusters = max(1, min(_CLUSTERS_PER_ROOT * isqrt(counted), counted))
    return Layout(CLUSTERED, f"comparing all of {vectors:,} is slow, above {_MOST_FLAT:,}", clusters)
