"""Characters that no text should have are mended."""

from __future__ import annotations

import pytest

from models.text.unicode import without_surrogates


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
