"""Exported encoders: sentence-transformers models that onnxruntime runs, without torch.

`models.encoder.onnx_export` writes the folders that are read here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.encoder.onnx_session import EmbeddingSession
from models.encoder.protocol import TextKind
from models.errors import EncoderError
from models.storage.artifact import verify_folder
from models.text.unicode import without_surrogates

KIND, FORMAT_VERSION = "exported encoder", 1
MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"
FAILURE = "failure"

_CHARS_PER_TOKEN = 64
"""A text is cut to so many characters for each token before it is tokenised, which costs 1 ms for 3,000."""

# For 256 tokens the sum fused into the normalisation takes all-MiniLM-L6-v2 from 31 ms to 36.
_SLOW_FUSIONS = ("SkipLayerNormFusion",)
_log = logging.getLogger(__name__)


class ExportedEncoder:
    """A model as `export_encoder` wrote it; its vectors are those of sentence-transformers but for rounding.

    `metadata` has its `name`, which is that of the same model run by sentence-transformers, the `prompts` of
    both kinds of text, and `max_tokens`, where its tokenizer cuts. `threads` texts are encoded in parallel.
    May be used by several threads at once.
    """

    def __init__(self, folder: Path, metadata: Mapping[str, Any], *, threads: int = 2) -> None:
        self._name: str = metadata["name"]
        self._prompts: Mapping[TextKind, str] = metadata["prompts"]
        self._longest: int = metadata["max_tokens"] * _CHARS_PER_TOKEN
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session = EmbeddingSession(folder / MODEL_FILE, threads=threads, disabled=_SLOW_FUSIONS)
        except Exception as error:  # both libraries raise bare exceptions
            raise EncoderError(
                f"the encoder in {folder} does not load ({error}): check that onnxruntime and tokenizers "
                "have the versions this program asks for"
            ) from error

    @property
    def name(self) -> str:
        return self._name

    @property
    def dim(self) -> int:
        return self._session.dim

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        """Encode texts as (n, dim) float32, each row L2-normalised."""
        return self._session.embed(texts, partial(self._tokens, kind), progress=progress)

    def _tokens(self, kind: TextKind, text: str) -> list[int]:
        cut = without_surrogates(text.strip()[: self._longest])
        ids: list[int] = self._tokenizer.encode(self._prompts[kind] + cut).ids
        return ids


def open_exported(path: Path, *, threads: int) -> ExportedEncoder | None:
    """Open a model's export; None where there is none, or where exporting failed.

    Raises:
        EncoderError: it does not load.
        FolderError: it was changed after it was written.
    """
    if not path.exists():
        return None
    advice = f"delete {path} and run `triage train` again"
    metadata = verify_folder(path, kind=KIND, format_version=FORMAT_VERSION, advice=advice).metadata
    if FAILURE in metadata:
        _log.warning(
            "the encoder %s is run by sentence-transformers: it cannot be exported to ONNX (%s). To try "
            "again, delete %s",
            path.name,
            metadata[FAILURE],
            path,
        )
        return None
    return ExportedEncoder(path, metadata, threads=threads)
