"""The parts the built-in encoder is unpacked with."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from tokenizers.normalizers import Precompiled

from models.encoder.conversion.e5_weights import QuantizedBlocks, read_packed
from models.encoder.conversion.install import packed_file
from models.encoder.conversion.sentencepiece_model import compile_charsmap


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
