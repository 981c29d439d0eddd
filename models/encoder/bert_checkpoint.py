"""Read a sentence-transformers folder that is a plain BERT encoder, with numpy alone.

Plain is what onnxruntime computes here just as sentence-transformers does: BERT's own layers and WordPiece
tokens, weights in 32-bit floats, the mean of all tokens. all-MiniLM-L6-v2 is one such model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder.conversion.bert_graph import BertConfig

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_NOT_FOUND_OR_ODD = (OSError, ValueError, KeyError, TypeError, AttributeError)
_SETTINGS_OF_TOKENS = {
    "do_lower_case": "lowercase",
    "strip_accents": "strip_accents",
    "tokenize_chinese_chars": "handle_chinese_chars",
}


@dataclass(frozen=True, slots=True)
class BertCheckpoint:
    """Parts of a plain BERT encoder.

    `tokenizer` is its `tokenizer.json`, texts are cut at `max_tokens`, and `digest` tells models apart whose
    vectors differ. `tensors` are by the names of the file, float32, and stay on disk until they are used.
    """

    network: BertConfig
    tensors: Mapping[str, NDArray[np.float32]]
    tokenizer: str
    max_tokens: int
    prompts: Mapping[str, str]
    digest: str

    def values(self, name: str) -> NDArray[np.float32]:
        """Return a tensor by its name in a `BertGraph`."""
        return self.tensors[tensor_name(name)]


def tensor_name(name: str) -> str:
    """Return what BERT's files call a tensor of a `BertGraph`.

    >>> tensor_name("l3.fi.w")
    'encoder.layer.3.intermediate.dense.weight'
    """
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, values = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if values == 'w' else 'bias'}"


def read_bert_checkpoint(folder: Path) -> BertCheckpoint | None:
    """Return the encoder, or None where the folder holds anything that is not known to be plain."""
    try:
        return _read(folder)
    except _NOT_FOUND_OR_ODD:
        return None


def _read(folder: Path) -> BertCheckpoint | None:
    digest = hashlib.sha256()

    def read(name: str) -> dict[str, Any]:
        content = (folder / name).read_bytes()
        digest.update(name.encode() + content)
        found: dict[str, Any] = json.loads(content)
        return found

    modules: Any = read("modules.json")
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    if modules[0]["path"] or not _is_mean(read(f"{modules[1]['path']}/config.json")):
        return None
    config, cut, words = read("config.json"), read("sentence_bert_config.json"), read("tokenizer_config.json")
    tokenizer = read("tokenizer.json")
    if not (_is_bert(config) and _reads_plain_text(cut) and _is_word_piece(words, tokenizer)):
        return None
    network = _network(config)
    prompts: dict[str, str] = {}
    if (folder / "config_sentence_transformers.json").exists():
        prompts = read("config_sentence_transformers.json").get("prompts") or {}
    path = folder / "model.safetensors"
    tensors = _map_tensors(path)
    if not _fits(network, tensors):
        return None
    with path.open("rb") as weights:
        digest.update(hashlib.file_digest(weights, "sha256").digest())
    longest = [cut.get("max_seq_length") or words["model_max_length"], network.positions]
    return BertCheckpoint(
        network, tensors, json.dumps(tokenizer), min(longest), prompts, digest.hexdigest()[:16]
    )


def _is_mean(pooling: Mapping[str, Any]) -> bool:
    modes = {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on}
    is_mean = modes == {"pooling_mode_mean_tokens"} or (not modes and pooling["pooling_mode"] == "mean")
    return is_mean and bool(pooling.get("include_prompt", True))


def _is_bert(config: Mapping[str, Any]) -> bool:
    usual = {"hidden_act": "gelu", "is_decoder": False, "position_embedding_type": "absolute"}
    return config["model_type"] == "bert" and all(config.get(n, value) == value for n, value in usual.items())


def _reads_plain_text(cut: Mapping[str, Any]) -> bool:
    modality = {"text": {"method": "forward", "method_output_name": "last_hidden_state"}}
    expected = {
        "do_lower_case": False,
        "transformer_task": "feature-extraction",
        "modality_config": modality,
        "module_output_name": "token_embeddings",
    }
    return all(name == "max_seq_length" or expected.get(name) == value for name, value in cut.items())


def _is_word_piece(settings: Mapping[str, Any], tokenizer: Mapping[str, Any]) -> bool:
    """Say whether the two files agree on how texts become pieces: libraries read one or the other."""
    normaliser = tokenizer["normalizer"]
    return (
        settings["tokenizer_class"] in {"BertTokenizer", "BertTokenizerFast"}
        and tokenizer["model"]["type"] == "WordPiece"
        and normaliser["type"] == "BertNormalizer"
        and all(settings[ours] == normaliser[theirs] for ours, theirs in _SETTINGS_OF_TOKENS.items())
    )


def _network(config: Mapping[str, Any]) -> BertConfig:
    return BertConfig(
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        feed_forward=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        segments=config["type_vocab_size"],
        epsilon=config["layer_norm_eps"],
    )


def _map_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """Map the tensors of a safetensors file that are in 32-bit floats."""
    content = np.memmap(path, np.uint8, "r")
    start = 8 + int(content[:8].view("<u8")[0])
    header: dict[str, Any] = json.loads(content[8:start].tobytes())
    tensors = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            tensors[name] = content[start + first : start + last].view("<f4").reshape(entry["shape"])
    return tensors


def _fits(network: BertConfig, tensors: Mapping[str, NDArray[np.float32]]) -> bool:
    hidden, wide = network.hidden, network.feed_forward
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (network.vocabulary, hidden),
        "emb.pos": (network.positions, hidden),
        "emb.type": (network.segments, hidden),
        "emb.ln.w": (hidden,),
        "emb.ln.b": (hidden,),
    }
    for layer in range(network.layers):
        for part in _PARTS:
            outputs, inputs = {"fi": (wide, hidden), "fo": (hidden, wide)}.get(part, (hidden, hidden))
            shapes[f"l{layer}.{part}.w"] = (outputs,) if part.endswith("ln") else (outputs, inputs)
            shapes[f"l{layer}.{part}.b"] = (outputs,)
    return all(tensors[tensor_name(name)].shape == shape for name, shape in shapes.items())
