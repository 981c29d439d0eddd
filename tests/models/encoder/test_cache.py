"""Embeddings on disk: what was encoded once is not encoded again, whatever happened in between."""

from __future__ import annotations

import hashlib
import logging
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.encoder import TextKind
from models.encoder.cache import CachedEncoder
from models.errors import StorageError

DIM = 24


class CountingEncoder:
    """Gives each text a unit vector of its own and remembers what it was asked."""

    dim = DIM

    def __init__(self, name: str = "counting", *, fail_after: int | None = None, pause_s: float = 0) -> None:
        self.name = name
        self.asked: list[str] = []
        self.fail_after = fail_after
        self.pause_s = pause_s

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        if self.fail_after is not None and len(self.asked) >= self.fail_after:
            raise KeyboardInterrupt
        time.sleep(self.pause_s)
        self.asked.extend(texts)
        rows = [self._vector(f"{self.name} {kind} {text!r}") for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), DIM)

    def _vector(self, text: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
        vector = np.random.default_rng(seed).normal(size=DIM)
        return vector / np.linalg.norm(vector)


FILL = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from test_cache import TEXTS, CountingEncoder
from models.encoder.cache import CachedEncoder

CachedEncoder(CountingEncoder(pause_s=float(sys.argv[3])), Path(sys.argv[2])).encode(TEXTS)
"""

TEXTS = [f"ticket {number}" for number in range(1_000)]


def fill(folder: Path, *, pause_s: float) -> subprocess.Popen[str]:
    """Encode all texts in another process, with a pause for each 256."""
    command = [sys.executable, "-c", FILL, str(Path(__file__).parent), str(folder), str(pause_s)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def cache_file(folder: Path) -> Path:
    (path,) = folder.glob("*.sqlite3")
    return path


def test_only_texts_not_seen_before_are_encoded(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    CachedEncoder(encoder, tmp_path).encode(["yesterday", "before"])
    CachedEncoder(encoder, tmp_path).encode(["today", "yesterday", "before"])
    assert encoder.asked == ["yesterday", "before", "today"]


def test_a_text_that_comes_twice_is_encoded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    found = CachedEncoder(encoder, tmp_path).encode(["a", "b", "a", "a"])
    assert encoder.asked == ["a", "b"]
    np.testing.assert_array_equal(found[[2, 3]], found[[0, 0]])
    assert not np.array_equal(found[0], found[1])


def test_the_first_answer_and_later_ones_are_the_same_and_those_of_the_encoder(tmp_path: Path) -> None:
    texts = [*TEXTS, "", "emoji 😀", "half \ud800", "null \x00"]
    cached = CachedEncoder(CountingEncoder(), tmp_path)
    first, second, third = cached.encode(texts), cached.encode(texts), cached.encode(texts[::-1])[::-1]
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, third)
    assert first.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1, atol=1e-6)
    assert (first * CountingEncoder().encode(texts)).sum(axis=1).min() > 0.999999


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert CachedEncoder(CountingEncoder(), tmp_path).encode([]).shape == (0, DIM)


def test_kinds_and_encoders_are_kept_apart(tmp_path: Path) -> None:
    one, other = CountingEncoder("one"), CountingEncoder("other")
    vectors = [
        CachedEncoder(one, tmp_path).encode(["text"], "query"),
        CachedEncoder(one, tmp_path).encode(["text"], "passage"),
        CachedEncoder(other, tmp_path).encode(["text"], "query"),
    ]
    assert one.asked == ["text", "text"]
    assert other.asked == ["text"]
    assert len({vector.tobytes() for vector in vectors}) == 3


def test_it_passes_for_the_encoder_it_wraps(tmp_path: Path) -> None:
    cached = CachedEncoder(CountingEncoder("a/b:c"), tmp_path)
    assert (cached.name, cached.dim) == ("a/b:c", DIM)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    interrupted, resumed = CountingEncoder(fail_after=512), CountingEncoder()
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(interrupted, tmp_path).encode(TEXTS)
    CachedEncoder(resumed, tmp_path).encode(TEXTS)
    assert interrupted.asked + resumed.asked == TEXTS
    assert len(interrupted.asked) == 512


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    process = fill(tmp_path, pause_s=0.3)
    deadline = time.monotonic() + 30
    while _stored(tmp_path) < 256 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    resumed = CountingEncoder()
    found = CachedEncoder(resumed, tmp_path).encode(TEXTS)
    assert len(resumed.asked) in {1_000 - 256, 1_000 - 512}
    assert (found * CountingEncoder().encode(TEXTS)).sum(axis=1).min() > 0.999999


def _stored(folder: Path) -> int:
    try:
        with sqlite3.connect(cache_file(folder)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM embeddings").fetchone()
    except (ValueError, sqlite3.Error):
        return 0
    return int(count)


def test_several_processes_and_threads_may_share_a_cache(tmp_path: Path) -> None:
    processes = [fill(tmp_path, pause_s=0.01) for _ in range(3)]
    cached = CachedEncoder(CountingEncoder(), tmp_path)
    expected = CountingEncoder().encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(cached.encode, [TEXTS] * 8):
            assert (found * expected).sum(axis=1).min() > 0.999999
    for process in processes:
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    nothing_left = CountingEncoder()
    CachedEncoder(nothing_left, tmp_path).encode(TEXTS)
    assert nothing_left.asked == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2 + 77],
        lambda data: data[:100],
        lambda data: b"",
        lambda data: b"no database at all" * 1_000,
        lambda data: data[: len(data) // 3] + b"\x99" * 20_000 + data[len(data) // 3 + 20_000 :],
    ],
    ids=["torn", "torn at its head", "empty", "another file", "overwritten in the middle"],
)
def test_a_damaged_cache_costs_time_and_nothing_else(
    tmp_path: Path, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    expected = CachedEncoder(CountingEncoder(), tmp_path).encode(TEXTS)
    path = cache_file(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(CachedEncoder(CountingEncoder(), tmp_path).encode(TEXTS), expected)
    repaired = CountingEncoder()
    np.testing.assert_array_equal(CachedEncoder(repaired, tmp_path).encode(TEXTS), expected)
    assert repaired.asked == []


def test_a_damaged_vector_is_encoded_again(tmp_path: Path) -> None:
    expected = CachedEncoder(CountingEncoder(), tmp_path).encode(TEXTS[:3])
    with sqlite3.connect(cache_file(tmp_path)) as connection:
        connection.execute("UPDATE embeddings SET vector = zeroblob(?)", (2 * DIM,))
    connection.close()
    again = CountingEncoder()
    np.testing.assert_array_equal(CachedEncoder(again, tmp_path).encode(TEXTS[:3]), expected)
    assert again.asked == TEXTS[:3]


def test_a_cache_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="file"):
        CachedEncoder(CountingEncoder(), tmp_path / "file" / "cache").encode(["text"])


def test_a_full_disk_is_a_storage_error_and_what_was_stored_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CachedEncoder(CountingEncoder(), tmp_path).encode(TEXTS[:10])

    class FullDisk(sqlite3.Connection):
        def executemany(self, *_arguments: object) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("database or disk is full")

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: real(path, factory=FullDisk, **options))
    with pytest.raises(StorageError, match="disk is full"):
        CachedEncoder(CountingEncoder(), tmp_path).encode(TEXTS[:20])
    monkeypatch.undo()
    again = CountingEncoder()
    CachedEncoder(again, tmp_path).encode(TEXTS[:10])
    assert again.asked == []
