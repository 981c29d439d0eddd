"""Encoders: texts to vectors, by the built-in model or any sentence-transformers model."""

from __future__ import annotations

import logging
from pathlib import Path

from models.encoder.model_source import english_source, export_folder, packaged_english
from models.encoder.protocol import Encoder, TextKind

__all__ = ["BUILT_IN", "Encoder", "TextKind", "english_source", "open_encoder", "packaged_english"]

BUILT_IN = "built-in"
_log = logging.getLogger(__name__)


def open_encoder(spec: str, folder: Path, *, threads: int = 2, export: bool = False) -> Encoder:
    """Open the encoder that `spec` names: "built-in", or a sentence-transformers model by name or folder.

    The built-in one is unpacked into `folder` on first use. Any other is run by onnxruntime where it was
    exported, beside `folder`; with `export` it is exported first, unless it was. A model that is not or
    cannot be exported is run by sentence-transformers. onnxruntime encodes `threads` texts at a time.

    Raises:
        EncoderError: the encoder, or a package that it needs, is missing or does not load.
        FolderError: `folder` or the export was changed after it was written, or holds something else.
        StorageError: the encoder cannot be unpacked or exported for lack of space or permission.
    """
    if spec == BUILT_IN:
        from models.encoder.e5 import E5Encoder

        return E5Encoder(folder, threads=threads)
    path = export_folder(spec, folder)
    if export and not path.exists():
        _export(spec, path)
    from models.encoder.exported import open_exported

    exported = open_exported(path, threads=threads)
    if exported is not None:
        return exported
    from models.encoder.sentence_transformer import open_sentence_transformers

    return open_sentence_transformers(spec, path)


def _export(spec: str, path: Path) -> None:
    try:
        from models.encoder.onnx_export import export_encoder  # imports torch: seconds
    except ImportError as error:
        _log.warning(
            "the encoder %s is not exported to ONNX, for lack of a package (%s): pip install 'triage[train]'",
            spec,
            error,
        )
    else:
        export_encoder(spec, path)
