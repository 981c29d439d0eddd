"""The parts the built-in encoder is unpacked with."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from tokenizers.normalizers import Precompiled

from models.encoder.conversion.e5_weights import QuantizedBlocks, read_packed
from models.encoder.conversion.install import packed_file
from models.encoder.conversion.sentencepiece_model import compile_charsmap
from models.errors import StorageError
from models.storage.filelock import exclusive_lock
from models.text.unicode import without_surrogates


@pytest.fixture(scope="module")
def replacements() -> Mapping[int, str]:
    return read_packed(packed_file()).replacements


@pytest.fixture(scope="module")
def normaliser(replacements: Mapping[int, str]) -> Precompiled:
    return Precompiled(compile_charsmap(replacements))


def test_every_character_of_the_table_is_replaced_as_it_says(
    replacements: Mapping[int, str], normaliser: Precompiled
) -> None:
    assert len(replacements) > 4_000
    for code, replacement in replacements.items():
        if code and not 0xD800 <= code < 0xE000:
            assert normaliser.normalize_str(f"a{chr(code)}") == f"a{replacement}", hex(code)


def test_blocks_are_read_in_the_order_of_their_weights() -> None:
    pairs = [low | (15 - low) << 4 for low in range(16)]
    blocks = QuantizedBlocks(np.array([0.5], np.float16), np.array([pairs], np.uint8))
    assert blocks.codes().tolist() == [[*range(16), *range(15, -1, -1)]]
    np.testing.assert_array_equal(blocks.values(), (np.array([*range(16), *range(15, -1, -1)]) - 8) * 0.5)


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("fine 😀", "fine 😀"),
        ("\ud83d\ude00", "😀"),
        ("a\ud800b", "a\ufffdb"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
    ],
)
def test_half_characters_are_mended(broken: str, mended: str) -> None:
    assert without_surrogates(broken) == mended


def test_a_lock_is_held_by_one_process_at_a_time_and_freed_by_its_death(tmp_path: Path) -> None:
    path = tmp_path / "new" / ".lock"
    script = (
        "import sys, time; from pathlib import Path; from models.storage.filelock import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout and other.stdout.readline() == "held\n"
    held = threading.Event()

    def hold() -> None:
        with exclusive_lock(path):
            held.set()

    waiting = threading.Thread(target=hold)
    waiting.start()
    time.sleep(0.3)
    assert not held.is_set()
    other.kill()
    other.communicate()
    assert held.wait(5)
    waiting.join()


def test_a_lock_in_a_place_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError), exclusive_lock(tmp_path / "file" / ".lock"):
        pass
