"""A sentence-transformers folder of BERT's architecture, run by onnxruntime."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer

from models.encoder import Encoder, open_encoder
from models.encoder.bert import BertEncoder
from models.encoder.bert_checkpoint import read_bert_checkpoint
from models.encoder.sentence_transformer import open_sentence_transformers
from models.errors import EncoderError


def opened(folder: Path) -> Encoder:
    return open_encoder(str(folder), folder / "unused")


def changed(folder: Path, name: str, **settings: Any) -> None:
    """Change settings in a JSON file of the folder; None takes one out."""
    content = {**json.loads((folder / name).read_text()), **settings}
    kept = {key: value for key, value in content.items() if value is not None}
    (folder / name).write_text(json.dumps(kept))


@pytest.fixture
def copied(minilm_folder: Path, tmp_path: Path) -> Path:
    """A copy of the model that a test may change."""
    return Path(shutil.copytree(minilm_folder, tmp_path / "elsewhere" / minilm_folder.name))


@pytest.fixture(scope="module")
def bert(minilm_folder: Path) -> Encoder:
    return opened(minilm_folder)


@pytest.fixture(scope="module")
def embeddings(bert: Encoder, all_texts: list[str]) -> NDArray[np.float32]:
    return bert.encode(all_texts)


def test_its_vectors_are_those_of_sentence_transformers(
    bert: Encoder, embeddings: NDArray[np.float32], minilm: Encoder, all_texts: list[str]
) -> None:
    assert isinstance(bert, BertEncoder)
    np.testing.assert_allclose(embeddings, minilm.encode(all_texts), atol=1e-5)


def test_a_folder_that_sentence_transformers_saves_today_is_read_too(
    minilm_folder: Path, tmp_path: Path, embeddings: NDArray[np.float32], all_texts: list[str]
) -> None:
    SentenceTransformer(str(minilm_folder)).save(str(tmp_path / "saved"))
    encoder = opened(tmp_path / "saved")
    assert isinstance(encoder, BertEncoder)
    np.testing.assert_allclose(encoder.encode(all_texts), embeddings, atol=1e-6)


def test_a_vector_does_not_depend_on_the_other_texts(
    bert: Encoder, embeddings: NDArray[np.float32], all_texts: list[str]
) -> None:
    for row, text in enumerate(all_texts):
        np.testing.assert_array_equal(bert.encode([text])[0], embeddings[row])
    assert bert.encode([]).shape == (0, bert.dim)


def test_its_prompts_and_where_it_cuts_are_those_of_the_folder(copied: Path, tickets: dict[str, Any]) -> None:
    changed(copied, "config_sentence_transformers.json", prompts={"query": "ask: ", "document": "tell: "})
    changed(copied, "sentence_bert_config.json", max_seq_length=12)
    encoder, original = opened(copied), open_sentence_transformers(str(copied))
    assert isinstance(encoder, BertEncoder)
    for kind in ("query", "passage"):
        np.testing.assert_allclose(
            encoder.encode(tickets["en"], kind), original.encode(tickets["en"], kind), atol=1e-5
        )
    assert not np.array_equal(
        encoder.encode(tickets["en"], "query"), encoder.encode(tickets["en"], "passage")
    )


def test_its_name_tells_weights_settings_and_ways_of_computing_apart_and_not_places(
    bert: Encoder, minilm: Encoder, copied: Path
) -> None:
    names = {bert.name, minilm.name}
    assert opened(copied).name == bert.name
    changed(copied, "sentence_bert_config.json", max_seq_length=12)
    names.add(opened(copied).name)
    weights = load_file(copied / "model.safetensors")
    weights["embeddings.LayerNorm.bias"][0] += 0.001
    save_file(weights, copied / "model.safetensors", metadata={"format": "pt"})
    names.add(opened(copied).name)
    assert len(names) == 4


def test_it_imports_no_torch(minilm_folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from models.encoder import open_encoder\n"
        f"encoder = open_encoder({str(minilm_folder)!r}, Path('unused'))\n"
        "assert encoder.encode(['hello', 'world']).shape == (2, 384)\n"
        "print(*(name for name in sys.modules if '.' not in name))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) & {"torch", "transformers", "sentence_transformers"} == set()


def in_half_precision(folder: Path) -> None:
    weights = {
        name: values.astype(np.float16) for name, values in load_file(folder / "model.safetensors").items()
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def with_a_layer_missing(folder: Path) -> None:
    changed(folder, "config.json", num_hidden_layers=7)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: changed(folder, "config.json", hidden_act="relu"),
        lambda folder: changed(folder, "config.json", model_type="distilbert"),
        lambda folder: changed(folder, "config.json", position_embedding_type="relative_key"),
        lambda folder: changed(folder, "1_Pooling/config.json", pooling_mode_max_tokens=True),
        lambda folder: changed(folder, "1_Pooling/config.json", include_prompt=False),
        lambda folder: changed(folder, "sentence_bert_config.json", do_lower_case=True),
        lambda folder: changed(folder, "sentence_bert_config.json", model_args={"revision": "other"}),
        lambda folder: changed(folder, "tokenizer_config.json", do_lower_case=False),
        lambda folder: changed(folder, "tokenizer_config.json", tokenizer_class="BertJapaneseTokenizer"),
        in_half_precision,
        with_a_layer_missing,
        lambda folder: (folder / "modules.json").write_text("[]"),
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "model.safetensors").write_bytes(b"cut short"),
    ],
)
def test_a_folder_that_is_not_quite_plain_is_left_to_sentence_transformers(
    copied: Path, change: Callable[[Path], object]
) -> None:
    assert read_bert_checkpoint(copied) is not None
    change(copied)
    assert read_bert_checkpoint(copied) is None


def test_such_a_folder_still_opens(copied: Path, bert: Encoder) -> None:
    changed(copied, "1_Pooling/config.json", pooling_mode_mean_tokens=False, pooling_mode_cls_token=True)
    encoder = opened(copied)
    assert not isinstance(encoder, BertEncoder)
    assert encoder.encode(["hello"]) @ bert.encode(["hello"]).T < 0.99


def test_what_the_tokenizer_library_cannot_read_is_an_encoder_error(copied: Path) -> None:
    content = json.loads((copied / "tokenizer.json").read_text())
    content["model"]["vocab"] = "none"
    (copied / "tokenizer.json").write_text(json.dumps(content))
    with pytest.raises(EncoderError, match="onnxruntime and tokenizers"):
        opened(copied)
