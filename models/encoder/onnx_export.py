"""Export of a sentence-transformers model to ONNX, once, by PyTorch's own exporter.

The whole way from tokens to the normalised embedding is exported, pooling included, and the result compared
with sentence-transformers. Served by onnxruntime, all-MiniLM-L6-v2 takes a process 91 MB of its own.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnxscript  # noqa: F401  # the exporter's own, imported by it only when it runs
import torch
from tqdm import tqdm
from transformers import AttentionInterface

from models.encoder.conversion.install import remove_leftovers
from models.encoder.exported import (
    FAILURE,
    FORMAT_VERSION,
    KIND,
    MODEL_FILE,
    TOKENIZER_FILE,
    ExportedEncoder,
)
from models.encoder.protocol import TextKind
from models.encoder.sentence_transformer import SentenceTransformerEncoder, open_sentence_transformers
from models.storage.artifact import new_folder
from models.storage.filelock import exclusive_lock

_OPSET = 20
_TOLERANCE = 1e-5
_FUSED = "onnx_multi_head"
_OUTPUT = "sentence_embedding"
# They exercise what tokenizers and models differ in: case, accents, scripts, signs, one token, and the cut.
_SAMPLES = [
    "",
    "a",
    "I can't sign in after the PASSWORD reset: Error 0x80070005!",
    "Kaffeemühle läuft nicht mehr — bitte Ersatz für Größe 12",
    "Žāvētājs nestrādā, lūdzu palīdziet",
    "打印机坏了，请问怎么修理？",
    "Принтер не печатает после обновления",
    "لا أستطيع تسجيل الدخول",
    "thanks 😀 ½ ﬁ a\u0301",
    "the printer smokes and nobody knows why " * 400,
]
_log = logging.getLogger(__name__)


class ExportError(Exception):
    """A model cannot be run by onnxruntime as sentence-transformers runs it."""


def export_encoder(spec: str, folder: Path) -> None:
    """Export a model into `folder`, or leave a note there of why that failed.

    Of several processes that find no export, one exports and the others wait for it.

    Raises:
        EncoderError: the model does not load, or a package is missing.
        StorageError: the disk is full or the place cannot be written.
    """
    with exclusive_lock(folder.parent / f".{folder.name}.lock"):
        if folder.exists():
            return
        remove_leftovers(folder)
        bar_format = "{desc} |{bar:20}| {elapsed}"
        _log.info("exporting %s", folder.name)
        is_logged = _log.isEnabledFor(logging.INFO)
        with tqdm(total=2, desc=f"exporting {folder.name}", bar_format=bar_format, disable=is_logged) as bar:
            encoder = open_sentence_transformers(spec, folder)
            bar.update()
            metadata: dict[str, Any] = {"name": encoder.name, "prompts": dict(encoder.prompts)}
            with new_folder(folder, kind=KIND, format_version=FORMAT_VERSION, metadata=metadata) as working:
                try:
                    _export(encoder, metadata, working)
                except ExportError as error:
                    metadata[FAILURE] = str(error)
                    for path in working.iterdir():
                        path.unlink()
            bar.update()


def _export(encoder: SentenceTransformerEncoder, metadata: dict[str, Any], folder: Path) -> None:
    """Write model and tokenizer, with the attention of onnxruntime where it is that of the model.

    Raises:
        ExportError: the model cannot be exported, or its vectors would differ by more than 1e-5.
    """
    model = encoder.model.eval().float().cpu()
    for attention in (_FUSED, None):
        try:
            metadata["max_tokens"] = int(model.max_seq_length)
            _write_tokenizer(model, metadata["max_tokens"], folder)
            with _quiet(), _attention(model, attention):
                _write_network(model, folder)
            _compare(ExportedEncoder(folder, metadata), encoder)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # models and exporter raise anything
            if attention is None:
                raise ExportError(f"{type(error).__name__}: {error}"[:500]) from error
        else:
            return


class _SentenceEmbedding(torch.nn.Module):
    """All modules of a model, for one text without padding: so there is no attention mask."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.steps = torch.nn.ModuleList(list(model))

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        features: dict[str, Any] = {"input_ids": input_ids}
        for step in self.steps:
            features = step(features)
        return torch.nn.functional.normalize(features[_OUTPUT], dim=-1)


def _write_network(model: Any, folder: Path) -> None:
    example = torch.tensor([model.tokenizer("a text of some length to show")["input_ids"]])
    program = torch.onnx.export(
        _SentenceEmbedding(model),
        (example,),
        input_names=["input_ids"],
        output_names=[_OUTPUT],
        dynamic_shapes={"input_ids": {1: torch.export.Dim.DYNAMIC}},
        opset_version=_OPSET,
        dynamo=True,
        verbose=False,
    )
    if program is None:
        raise ExportError("the exporter gave no program")
    program.save(folder / MODEL_FILE, external_data=True)


def _write_tokenizer(model: Any, max_tokens: int, folder: Path) -> None:
    tokenizer = model.tokenizer.backend_tokenizer
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    (folder / TOKENIZER_FILE).write_text(tokenizer.to_str(), encoding="utf-8")


def _compare(exported: ExportedEncoder, original: SentenceTransformerEncoder) -> None:
    kinds: tuple[TextKind, ...] = ("query", "passage")
    for kind in kinds:
        difference = np.abs(exported.encode(_SAMPLES, kind) - original.encode(_SAMPLES, kind)).max()
        if not difference <= _TOLERANCE:
            raise ExportError(f"its vectors differ by {difference:.1e} from those of sentence-transformers")


def _fused_attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    **_options: Any,
) -> tuple[torch.Tensor, None]:
    """Attention of all tokens to all as the one operator that onnxruntime has for it.

    With it a text of 10, 50 and 256 tokens takes all-MiniLM-L6-v2 2.7, 7.5 and 30.7 ms; with the operators
    that the exporter makes of PyTorch's attention 2.8, 7.9 and 35 ms.
    """
    if attention_mask is not None or getattr(module, "is_causal", False) or query.shape != key.shape:
        raise ExportError("its attention is not that of all tokens to all")
    batch, heads, tokens, size = query.shape
    flat = [each.transpose(1, 2).reshape(batch, tokens, heads * size) for each in (query, key, value)]
    attributes: dict[str, Any] = {"num_heads": heads, "scale": float(scaling or size**-0.5)}
    context: torch.Tensor = torch.onnx.ops.symbolic(
        "com.microsoft::MultiHeadAttention",
        flat,
        attributes,
        dtype=query.dtype,
        shape=flat[0].shape,
        version=1,
    )
    return context.reshape(batch, tokens, heads, size), None


@contextmanager
def _attention(model: Any, name: str | None) -> Iterator[None]:
    if name is None:
        yield
        return
    AttentionInterface.register(_FUSED, _fused_attention)
    network = model[0].auto_model
    before = network.config._attn_implementation
    network.set_attn_implementation(name)
    try:
        yield
    finally:
        network.set_attn_implementation(before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's remarks from the terminal."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
