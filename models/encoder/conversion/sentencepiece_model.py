"""Tokenizer of the built-in encoder as a sentencepiece model with the ids of the network.

It answers as XLM-R's `tokenizer.json` does, in a quarter of its memory (62 MB against 282 MB) and
without its second of start-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from models.encoder.conversion.e5_weights import PackedWeights

_protobuf: Any = sentencepiece_model_pb2  # its classes are made as it is imported
_UNIGRAM = 1
_WARNING = 1


def compile_charsmap(replacements: Mapping[int, str]) -> bytes:
    """Return the "precompiled charsmap" that replaces each code point of the table by its text."""
    sentencepiece.set_min_log_level(_WARNING)  # it would write its progress to stderr
    rules = [(chr(code), text) for code, text in replacements.items()]
    normalizer = sentencepiece.SentencePieceNormalizer(norm_map=rules)
    spec = _protobuf.NormalizerSpec()
    spec.ParseFromString(normalizer.serialized_normalizer_spec())
    return bytes(spec.precompiled_charsmap)


def sentencepiece_model(model: PackedWeights) -> bytes:
    """Return the content of a `.model` file for `sentencepiece.SentencePieceProcessor`."""
    vocabulary = model.vocabulary
    control = {vocabulary.begin, vocabulary.end, vocabulary.pad, vocabulary.mask}
    kinds = _protobuf.ModelProto.SentencePiece
    proto = _protobuf.ModelProto()
    for number, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True)):
        kind = kinds.NORMAL
        if number == vocabulary.unknown:
            kind = kinds.UNKNOWN
        elif number in control:
            kind = kinds.CONTROL
        proto.pieces.add(piece=piece, score=score, type=kind)
    trainer = proto.trainer_spec
    trainer.model_type = _UNIGRAM
    trainer.vocab_size = len(vocabulary.pieces)
    trainer.bos_id, trainer.eos_id = vocabulary.begin, vocabulary.end
    trainer.pad_id, trainer.unk_id = vocabulary.pad, vocabulary.unknown
    trainer.bos_piece = vocabulary.pieces[vocabulary.begin]
    trainer.eos_piece = vocabulary.pieces[vocabulary.end]
    trainer.pad_piece = vocabulary.pieces[vocabulary.pad]
    trainer.unk_piece = vocabulary.pieces[vocabulary.unknown]
    normaliser = proto.normalizer_spec
    normaliser.name = "e5"
    normaliser.precompiled_charsmap = compile_charsmap(model.replacements)
    normaliser.add_dummy_prefix = True
    normaliser.remove_extra_whitespaces = True
    normaliser.escape_whitespaces = True
    return bytes(proto.SerializeToString())
