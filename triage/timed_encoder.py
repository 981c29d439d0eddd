"""An encoder that tells the clock of stages; apart from the stages, which the server's watcher imports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder, Kind
from triage.stages import stage


class TimedEncoder:
    """An encoder whose time counts as the stage `encoder`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dim = encoder.dim

    def encode(
        self, texts: Sequence[str], kind: Kind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        """Encode as the encoder does: (n, dim) float32, L2-normalised."""
        with stage("encoder"):
            return self._encoder.encode(texts, kind, progress=progress)
