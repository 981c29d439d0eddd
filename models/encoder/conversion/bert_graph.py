"""A BERT encoder as an ONNX graph, the mean over its tokens included.

Devlin et al. 2019, "BERT", arXiv 1810.04805.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper


@dataclass(frozen=True, slots=True)
class BertConfig:
    """The sizes of the transformer; `epsilon` is that of its normalisations."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    segments: int
    epsilon: float


_CONTRIBUTED = {
    "BiasGelu",
    "DynamicQuantizeMatMul",
    "FusedMatMul",
    "GatherBlockQuantized",
    "MultiHeadAttention",
}
_CONTRIBUTED_DOMAIN = "com.microsoft"
_OPSET, _CONTRIBUTED_OPSET, _IR_VERSION = 21, 1, 10


class Weights(Protocol):
    """Store of a graph's arrays; `tensors` describe them to ONNX."""

    tensors: list[TensorProto]

    def add(self, name: str, values: NDArray[Any]) -> str:
        """Store an array under `name` and return the name."""
        ...


class BertGraph:
    """A network from `input_ids` (1, tokens) int64 to `embedding` (1, hidden) float32, in 32-bit floats.

    `values` returns a tensor by its name: "emb.word", "emb.pos" and "emb.type" are (rows, hidden); of layer
    0, "l0.q.w" is (outputs, inputs) and "l0.q.b" its bias, likewise k, v, `ao` after the attention, `fi`
    into and `fo` out of the feed-forward part; "emb.ln", "l0.aln" and "l0.oln" are the normalisations.
    Subclasses compute products otherwise.
    """

    def __init__(
        self, network: BertConfig, values: Callable[[str], NDArray[np.float32]], weights: Weights
    ) -> None:
        self.network = network
        self.values = values
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []

    def build(self, name: str) -> onnx.ModelProto:
        """Return the model; its weights are where `weights` put them."""
        x = self._embeddings()
        for layer in range(self.network.layers):
            x = self._feed_forward(layer, self._attention(layer, x))
        token_axis = self.weights.add("token_axis", np.array([1], np.int64))
        self._node("ReduceMean", [x, token_axis], "mean", keepdims=0)
        self._node("LpNormalization", ["mean"], "embedding", axis=-1, p=2)
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, self.network.hidden])],
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
        """Look up the tokens; returns what holds (1, tokens, hidden)."""
        words = self.weights.add("words", self.values("emb.word"))
        return self._node("Gather", [words, "input_ids"], "word", axis=0)

    def _attention(self, layer: int, x: str) -> str:
        at = f"l{layer}."
        self._queries_keys_values(at, x)
        heads = self.network.heads
        self._node("MultiHeadAttention", [at + "q", at + "k", at + "v"], at + "context", num_heads=heads)
        self._dense(at + "ao", at + "context")
        self._node("Add", [at + "ao", x], at + "attended.sum")
        return self._normalise(at + "attended.sum", at + "attended", at + "aln")

    def _queries_keys_values(self, at: str, x: str) -> None:
        for part in "qkv":
            self._dense(at + part, x)

    def _feed_forward(self, layer: int, x: str) -> str:
        at = f"l{layer}."
        self._dense(at + "fi", x)
        self._node("Gelu", [at + "fi"], at + "gelu")
        self._dense(at + "fo", at + "gelu")
        self._node("Add", [at + "fo", x], at + "out.sum")
        return self._normalise(at + "out.sum", at + "out", at + "oln")

    def _dense(self, name: str, x: str) -> None:
        """Compute `name`: `x` times its weights, which are used as they are stored, plus its bias."""
        stored = self.weights.add(name + ".w", self.values(name + ".w"))
        self._node("FusedMatMul", [x, stored], name + ".product", transB=1)
        self._node("Add", [name + ".product", self.weights.add(name + ".b", self.values(name + ".b"))], name)

    def _normalise(self, x: str, output: str, norm: str) -> str:
        stored = [self.weights.add(name, self.values(name)) for name in (norm + ".w", norm + ".b")]
        return self._node("LayerNormalization", [x, *stored], output, axis=-1, epsilon=self.network.epsilon)

    def _node(self, operator: str, inputs: list[str], output: str | list[str], **attributes: Any) -> str:
        outputs = [output] if isinstance(output, str) else output
        domain = _CONTRIBUTED_DOMAIN if operator in _CONTRIBUTED else ""
        name = f"{outputs[0]}:{operator}"
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs[0]
