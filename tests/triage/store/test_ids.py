"""The key of the pseudonyms is made once, for its owner alone, and a damaged one is never used."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import StorageError
from triage.store.ids import Pseudonyms, open_pseudonyms


def test_every_process_has_the_same_key_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret.key"
    first, second = open_pseudonyms("", path), open_pseudonyms("", path)
    assert first.pseudonym_of("ann@example.com") == second.pseudonym_of(" Ann@example.com ")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"]


def test_a_person_is_the_same_however_an_accent_is_written() -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    assert pseudonyms.pseudonym_of("Zoë@example.com") == pseudonyms.pseudonym_of("zoe\u0308@example.com")
    assert pseudonyms.pseudonym_of("Zoë@example.com") != pseudonyms.pseudonym_of("zoe@example.com")
    assert pseudonyms.pseudonym_of("\u3000") is None


@pytest.mark.parametrize("left", [b"", b"half of it"])
def test_a_key_that_is_not_whole_is_refused_with_what_to_do(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(left)
    with pytest.raises(StorageError, match="expected 32: restore it"):
        open_pseudonyms("", path)
    assert path.read_bytes() == left
