"""Write the built-in encoder as an ordinary sentence-transformers folder, for training and evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from models.encoder.conversion.e5_weights import PackedWeights, Vocabulary, read_packed
from models.encoder.conversion.install import MAX_TOKENS, packed_file
from models.encoder.conversion.sentencepiece_model import compile_charsmap
from models.storage.artifact import new_folder

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


def write_sentence_transformers_folder(folder: Path) -> None:
    """Write 241 MB that `sentence_transformers.SentenceTransformer(folder)` opens, in 16-bit floats.

    Its prompts are named "query", "passage" and "document". The folder is complete or absent, and
    an existing one is replaced.

    Raises:
        EncoderError: the package that carries the weights is missing or not the expected one.
        StorageError: the disk is full or the place cannot be written.
    """
    model = read_packed(packed_file())
    with new_folder(folder, kind="sentence-transformers", format_version=1) as working:
        save_file(_state(model), working / "model.safetensors", metadata={"format": "pt"})
        _write_tokenizer(model, working / "tokenizer.json")
        for name, content in _configurations(model).items():
            path = working / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def _tensor_name(name: str) -> str:
    """Return what BERT's files call a tensor of `PackedWeights`.

    >>> _tensor_name("l3.fi.w")
    'encoder.layer.3.intermediate.dense.weight'
    """
    if name in _EMBEDDINGS:
        return _EMBEDDINGS[name]
    layer, part, values = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if values == 'w' else 'bias'}"


def _state(model: PackedWeights) -> dict[str, NDArray[np.float16]]:
    state = {
        _tensor_name(name): np.ascontiguousarray(model.values(name), np.float16) for name in model.tensors
    }
    # mean pooling does not use the pooler, but BertModel warns when it is missing
    hidden = model.config.hidden
    state["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float16)
    state["pooler.dense.bias"] = np.zeros(hidden, np.float16)
    return state


def _write_tokenizer(model: PackedWeights, path: Path) -> None:
    vocabulary = model.vocabulary
    begin, end = vocabulary.pieces[vocabulary.begin], vocabulary.pieces[vocabulary.end]
    pieces = list(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    charsmap = normalizers.Precompiled(compile_charsmap(model.replacements))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), charsmap, normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, vocabulary.begin), (end, vocabulary.end)],
    )
    special = _special_tokens(vocabulary)
    mask = special.pop("mask_token")
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in special.values()]
    )
    tokenizer.add_special_tokens([AddedToken(mask, special=True, normalized=False, lstrip=True)])
    tokenizer.save(str(path))


def _special_tokens(vocabulary: Vocabulary) -> dict[str, str]:
    pieces = vocabulary.pieces
    return {
        "bos_token": pieces[vocabulary.begin],
        "eos_token": pieces[vocabulary.end],
        "cls_token": pieces[vocabulary.begin],
        "sep_token": pieces[vocabulary.end],
        "unk_token": pieces[vocabulary.unknown],
        "pad_token": pieces[vocabulary.pad],
        "mask_token": pieces[vocabulary.mask],
    }


def _configurations(model: PackedWeights) -> dict[str, Any]:
    """Return the small JSON files of the folder by their names."""
    config = model.config
    special = _special_tokens(model.vocabulary)
    types = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": config.hidden,
            "intermediate_size": config.feed_forward,
            "layer_norm_eps": config.epsilon,
            "max_position_embeddings": config.positions,
            "num_attention_heads": config.heads,
            "num_hidden_layers": config.layers,
            "pad_token_id": model.vocabulary.pad,
            "type_vocab_size": config.segments,
            "vocab_size": config.vocabulary,
            "torch_dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
            **special,
        },
        "special_tokens_map.json": special,
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(types.items())
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": config.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "similarity_fn_name": "cosine",
            "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
            "default_prompt_name": None,
        },
    }
