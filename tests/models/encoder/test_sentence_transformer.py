"""Encoders that sentence-transformers runs."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from models.encoder import Encoder, open_encoder
from models.encoder.sentence_transformer import open_sentence_transformers
from models.errors import EncoderError


def test_any_model_folder_can_be_the_encoder(minilm: Encoder) -> None:
    refund, paraphrase, crash = minilm.encode(["I want my money back", "please refund me", "the app crashes"])
    assert refund.shape == (minilm.dim,)
    assert refund @ paraphrase > refund @ crash + 0.3


def test_it_keeps_the_promises_of_every_encoder(minilm: Encoder, odd_texts: list[str]) -> None:
    embeddings = minilm.encode(odd_texts)
    assert embeddings.shape == (len(odd_texts), minilm.dim)
    assert embeddings.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(minilm.encode(odd_texts[4:5])[0], embeddings[4], atol=1e-5)
    assert minilm.encode([]).shape == (0, minilm.dim)


def test_a_model_without_prompts_gets_the_bare_text(minilm: Encoder) -> None:
    text = ["printer offline"]
    np.testing.assert_array_equal(minilm.encode(text, "query"), minilm.encode(text, "passage"))


def test_a_model_with_prompts_gets_its_own(minilm: Encoder, minilm_folder: Path, tmp_path: Path) -> None:
    prompted = Path(shutil.copytree(minilm_folder, tmp_path / minilm_folder.name))
    configuration = prompted / "config_sentence_transformers.json"
    content = json.loads(configuration.read_text())
    configuration.write_text(json.dumps({**content, "prompts": {"query": "ask: ", "document": "tell: "}}))
    encoder = open_sentence_transformers(str(prompted))
    asked, told = minilm.encode(["ask: printer offline", "tell: printer offline"])
    np.testing.assert_allclose(encoder.encode(["printer offline"], "query")[0], asked, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(["printer offline"], "passage")[0], told, atol=1e-5)
    assert encoder.name != minilm.name


def test_its_name_tells_weights_apart_and_not_places(
    minilm: Encoder, minilm_folder: Path, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(minilm_folder, tmp_path / "elsewhere" / minilm_folder.name))
    assert open_sentence_transformers(str(moved)).name == minilm.name
    weights = load_file(moved / "model.safetensors")
    weights["embeddings.LayerNorm.bias"][0] += 0.001
    save_file(weights, moved / "model.safetensors", metadata={"format": "pt"})
    assert open_sentence_transformers(str(moved)).name != minilm.name


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=f"no folder {tmp_path}/absent"):
        open_encoder(f"{tmp_path}/absent", tmp_path)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model here")
    with pytest.raises(EncoderError, match=f"looked for the folder {tmp_path}"):
        open_encoder(str(tmp_path), tmp_path / "encoder")


def test_a_name_that_cannot_be_looked_up_fails_at_once_and_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def model_info(_self: object, name: str, **_options: float) -> None:
        raise ConnectionError(f"no route to the hub for {name}")

    monkeypatch.setattr(huggingface_hub.HfApi, "model_info", model_info)
    with pytest.raises(EncoderError, match=r"looked for a folder 'no-such-model', .* no route to the hub"):
        open_encoder("no-such-model", tmp_path)


def test_a_missing_package_is_named(minilm_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match=r"pip install 'triage\[train\]'"):
        open_sentence_transformers(str(minilm_folder))
