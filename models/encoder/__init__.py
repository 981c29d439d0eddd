"""From text to vectors: the built-in encoder, or any sentence-transformers model."""

from __future__ import annotations

from pathlib import Path

from models.encoder.interface import Encoder, Kind

__all__ = ["BUILT_IN", "Encoder", "Kind", "open_encoder"]

BUILT_IN = "built-in"


def open_encoder(spec: str, folder: Path, *, threads: int = 2) -> Encoder:
    """Open the encoder that `spec` names: "built-in", or a sentence-transformers model by name or folder.

    The built-in one is unpacked into `folder` on first use, and encodes `threads` texts at a time;
    a sentence-transformers model uses neither.

    Raises:
        EncoderError: the encoder, or a package that it needs, is missing or does not load.
        FolderError: `folder` was changed after it was written, or holds something else.
        StorageError: the encoder cannot be unpacked for lack of space or permission.
    """
    if spec == BUILT_IN:
        from models.encoder.onnx_encoder import OnnxEncoder

        return OnnxEncoder(folder, threads=threads)
    from models.encoder.st_encoder import open_sentence_transformers

    return open_sentence_transformers(spec)
