"""ONNX graph of the built-in encoder, built from its packed weights with numpy and onnx alone.

The word embeddings stay in the 4-bit blocks of the packed file. Matrix products run in 8 bits:
weights with a scale per column, activations with one scale for a whole text, found as it runs.
A few activations of this network are 4 to 50 times as large as all others and would leave the
others few of the 8 bits, so they are treated apart: see `MASSIVE_NEURONS`, `OUTLIER_CHANNELS` and
`Int8Graph._ranges`. Mean pooling and normalisation are part of the graph.

Cosine to the network in 32-bit floats over 2,049 real tickets, questions and articles: mean 0.9997,
all but one of them above 0.999 and that one 0.9987. Products in 8 bits with nothing treated apart
give a mean of 0.9965 and 0.989 at worst.

Operators are chosen by their cost in onnxruntime 1.31: for 50 tokens the fused SkipLayerNormalization
and BiasGelu take 4.1 and 3.3 ms, LayerNormalization and Gelu with sums of their own 1.1 and 1.3 ms.

The weights are in a second file, laid out so that onnxruntime maps them into memory. Mapped weights
are read as they are needed and shared by all processes: a process takes 102 MB of its own, against
169 MB with the weights inside the ONNX file.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from models.encoder.conversion.e5_weights import BLOCK, PackedWeights

_ALIGNMENT = 4096
_INLINE_BYTES = 1024


class WeightFile:
    """A file of tensors, each at the start of a memory page. Small ones go into the ONNX file."""

    def __init__(self, path: Path) -> None:
        self.tensors: list[TensorProto] = []
        self._path = path
        self._stream = path.open("wb")

    def add(self, name: str, values: NDArray[Any]) -> str:
        """Store an array under `name` and return the name."""
        kind = helper.np_dtype_to_tensor_dtype(values.dtype)
        self.add_bytes(name, np.ascontiguousarray(values).tobytes(), kind, values.shape)
        return name

    def add_bytes(self, name: str, content: bytes, kind: int, shape: tuple[int, ...]) -> str:
        """Store a tensor of an ONNX type that numpy lacks, as the bytes ONNX wants."""
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        if len(content) < _INLINE_BYTES:
            tensor.raw_data = content
        else:
            self._stream.write(bytes(-self._stream.tell() % _ALIGNMENT))
            tensor.data_location = TensorProto.EXTERNAL
            place = {"location": self._path.name, "offset": self._stream.tell(), "length": len(content)}
            for key, value in place.items():
                tensor.external_data.add(key=key, value=str(value))
            self._stream.write(content)
        self.tensors.append(tensor)
        return name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


_CONTRIBUTED = {
    "BiasGelu",
    "DynamicQuantizeMatMul",
    "GatherBlockQuantized",
    "MultiHeadAttention",
}
_CONTRIBUTED_DOMAIN = "com.microsoft"
_OPSET, _CONTRIBUTED_OPSET, _IR_VERSION = 21, 1, 10

WEIGHTS_FILE = "weights.bin"

MASSIVE_NEURONS = (318, 1462, 354, 408, 778, 658, 1152, 413, 563, 1365, 960, 1371)
"""For each layer the feed-forward neuron that reaches the highest values, by far in most (67 in
layer 4, where no other exceeds 6). It is computed in floats beside the 8-bit products. Such neurons
are few and the same for all texts: Sun et al. 2024, "Massive activations in large language models",
arXiv 2402.17762."""

OUTLIER_CHANNELS = {15: 4.0, 35: 4.0}
"""Channels into the attention that are about 4 times as large as the others, with their divisors."""


def write_onnx_model(model: PackedWeights, path: Path, *, signed: bool) -> None:
    """Write a network from `input_ids` (1, tokens) int64 to `embedding` (1, hidden) float32.

    Its weights go into a second file, `weights.bin`. With `signed` they are signed bytes: twice as
    quick, right only where the processor multiplies signed by unsigned bytes without overflow. As
    unsigned bytes they mean the same and are right everywhere. Least cosine to 32-bit floats on an
    emulated Haswell, which overflows: 0.9955 signed, 0.9994 unsigned; with VNNI both 0.9994. Either
    way it is the same embedding space.
    """
    with WeightFile(path.with_name(WEIGHTS_FILE)) as weights:
        graph = Int8Graph(model, weights, signed=signed)
        content = graph.build("multilingual-e5-small").SerializeToString()
    path.write_bytes(content)


class Int8Graph:
    """Graph from `input_ids` (1, tokens) int64 to `embedding` (1, hidden) float32, mean pooling included.

    It is that of BERT (Devlin et al. 2019, arXiv 1810.04805), its products in 8 bits and its word embeddings
    in 4. Tensors are named as in `PackedWeights`: of layer 0, "l0.q.w" is (outputs, inputs) and "l0.q.b" its
    bias, likewise k, v, `ao` after the attention, `fi` into and `fo` out of the feed-forward part; "emb.ln",
    "l0.aln" and "l0.oln" are the normalisations.
    """

    def __init__(self, model: PackedWeights, weights: WeightFile, *, signed: bool) -> None:
        self.config = model.config
        self.values = model.values
        self.weights = weights
        self.words = model.blocks("emb.word")
        self.signed = signed
        self.nodes: list[onnx.NodeProto] = []

    def build(self, name: str) -> onnx.ModelProto:
        """Return the model; its weights are where `weights` put them."""
        x = self._embeddings()
        for layer in range(self.config.layers):
            x = self._feed_forward(layer, self._attention(layer, x))
        token_axis = self.weights.add("token_axis", np.array([1], np.int64))
        self._node("ReduceMean", [x, token_axis], "mean", keepdims=0)
        self._node("LpNormalization", ["mean"], "embedding", axis=-1, p=2)
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, self.config.hidden])],
            self.weights.tensors,
        )
        versions = {"": _OPSET, _CONTRIBUTED_DOMAIN: _CONTRIBUTED_OPSET}
        opsets = [helper.make_opsetid(domain, version) for domain, version in versions.items()]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)

    def _embeddings(self) -> str:
        words = self._words()
        zero = self.weights.add("zero", np.array([0], np.int64))
        places = self.weights.add("places", self.values("emb.pos") + self.values("emb.type")[0])
        self._node("Shape", ["input_ids"], "length", start=1, end=2)
        self._node("Slice", [places, zero, "length", zero], "place")
        self._node("Add", [words, "place"], "embedded")
        return self._normalise("embedded", "x", "emb.ln")

    def _words(self) -> str:
        rows, columns = self.config.vocabulary, self.config.hidden
        # codes 0..15 stand for weights -8..7, which INT4 stores as two's complement
        codes = (self.words.codes() - 8) & 15
        packed = (codes[:, 0::2] | codes[:, 1::2] << 4).tobytes()
        words = self.weights.add_bytes("words", packed, TensorProto.INT4, (rows, columns))
        scales = self.weights.add("word_scales", self.words.scales.astype(np.float32).reshape(rows, -1))
        blocks = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK}
        return self._node("GatherBlockQuantized", [words, "input_ids", scales], "word", **blocks)

    def _attention(self, layer: int, x: str) -> str:
        at = f"l{layer}."
        self._queries_keys_values(at, x)
        heads = self.config.heads
        self._node("MultiHeadAttention", [at + "q", at + "k", at + "v"], at + "context", num_heads=heads)
        self._dense(at + "ao", at + "context")
        self._node("Add", [at + "ao", x], at + "attended.sum")
        return self._normalise(at + "attended.sum", at + "attended", at + "aln")

    def _queries_keys_values(self, at: str, x: str) -> None:
        weights = np.concatenate([self.values(at + f"{part}.w") for part in "qkv"]).T
        bias = np.concatenate([self.values(at + f"{part}.b") for part in "qkv"])
        divisors = np.ones(self.config.hidden, np.float32)
        divisors[list(OUTLIER_CHANNELS)] = list(OUTLIER_CHANNELS.values())
        self._product(at + "qkv", self._divide(at + "qkv", x, divisors), weights * divisors[:, None], bias)
        self._node("Split", [at + "qkv"], [at + "q", at + "k", at + "v"], axis=-1, num_outputs=3)

    def _dense(self, name: str, x: str) -> None:
        self._product(name, x, self.values(name + ".w").T, self.values(name + ".b"))

    def _feed_forward(self, layer: int, x: str) -> str:
        at = f"l{layer}."
        wide, bias = self.values(at + "fi.w").T, self.values(at + "fi.b").copy()
        narrow = self.values(at + "fo.w").T
        add, neuron = self.weights.add, MASSIVE_NEURONS[layer]
        own = slice(neuron, neuron + 1)
        self._node("MatMul", [x, add(at + "massive.fi.w", wide[:, own])], at + "massive.fi")
        self._node("BiasGelu", [at + "massive.fi", add(at + "massive.b", bias[own])], at + "massive.gelu")
        self._node("MatMul", [at + "massive.gelu", add(at + "massive.fo.w", narrow[own])], at + "massive.fo")
        wide[:, own], bias[own] = 0, 0

        divisors = self._ranges(at + "aln")
        self._product(at + "fi", self._divide(at + "fi", x, divisors), wide * divisors[:, None], bias)
        self._node("Gelu", [at + "fi"], at + "gelu")
        self._product(at + "fo", at + "gelu", narrow, self.values(at + "fo.b"))
        self._node("Add", [at + "fo", at + "massive.fo"], at + "all.fo")
        self._node("Add", [at + "all.fo", x], at + "out.sum")
        return self._normalise(at + "out.sum", at + "out", at + "oln")

    def _ranges(self, norm: str) -> NDArray[np.float32]:
        """Return the range of each channel after a layer normalisation, relative to their geometric mean.

        A normalised value seldom exceeds 3. The activations are divided by the ranges and the weights,
        where each column has a scale of its own, multiplied by them: Xiao et al. 2023,
        "SmoothQuant", arXiv 2211.10438, with ranges from the normalisation, not from sample texts.
        """
        ranges = 3 * np.abs(self.values(norm + ".w")) + np.abs(self.values(norm + ".b"))
        return np.asarray(ranges / np.exp(np.log(ranges).mean()), np.float32)

    def _divide(self, output: str, x: str, divisors: NDArray[np.float32]) -> str:
        return self._node("Mul", [x, self.weights.add(output + ".factors", 1 / divisors)], output + ".in")

    def _product(self, output: str, x: str, weights: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        """Multiply `x` with `weights` (inputs, outputs), both in 8 bits, and add `bias`."""
        largest = np.abs(weights).max(axis=0)
        scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
        codes = np.rint(weights / scales)
        add, zero = self.weights.add, ""
        if self.signed:
            stored = add(output + ".w", codes.astype(np.int8))
        else:
            stored = add(output + ".w", (codes + 128).astype(np.uint8))
            zero = add(output + ".zero", np.full(len(scales), 128, np.uint8))
        inputs = [x, stored, add(output + ".scale", scales), zero, add(output + ".b", bias)]
        self._node("DynamicQuantizeMatMul", inputs, output)

    def _normalise(self, x: str, output: str, norm: str) -> str:
        stored = [self.weights.add(name, self.values(name)) for name in (norm + ".w", norm + ".b")]
        return self._node("LayerNormalization", [x, *stored], output, axis=-1, epsilon=self.config.epsilon)

    def _node(self, operator: str, inputs: list[str], output: str | list[str], **attributes: Any) -> str:
        outputs = [output] if isinstance(output, str) else output
        domain = _CONTRIBUTED_DOMAIN if operator in _CONTRIBUTED else ""
        name = f"{outputs[0]}:{operator}"
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs[0]
