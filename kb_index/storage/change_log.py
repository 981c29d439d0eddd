"""Change log: the changes since the snapshot was written, in one SQLite file, a transaction a batch."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from kb_index.articles.article import Article
from kb_index.articles.chunking import Chunk
from kb_index.search.catalogue import chunk_table
from kb_index.search.index_data import IndexedArticle
from models.errors import FolderError, MismatchError, StorageError
from models.storage.artifact import storage_errors
from models.storage.private import make_private_file, make_private_folder

_WAIT_S = 60.0
_TABLES = """
CREATE TABLE IF NOT EXISTS changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, encoder TEXT NOT NULL, article TEXT,
    source TEXT NOT NULL, chunks BLOB, vectors BLOB, keys BLOB, counts BLOB
);
CREATE TABLE IF NOT EXISTS folders (forgotten INTEGER NOT NULL, generation INTEGER NOT NULL);
INSERT INTO folders SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM folders);
"""
_INSERT = """
INSERT OR REPLACE INTO changes (id, encoder, article, source, chunks, vectors, keys, counts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_SELECT = """
SELECT number, id, encoder, article, source, chunks, vectors, keys, counts
FROM changes WHERE number > ? ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """The newest state of one article, None where it was removed. Numbers only grow."""

    number: int
    article_id: str
    indexed: IndexedArticle | None


@dataclass(frozen=True, slots=True)
class Updates:
    """Changes committed after a number, and the last number that was given.

    A reader behind `truncated`, or with a snapshot of an earlier `generation`, has missed changes and needs
    the newest snapshot.
    """

    changes: list[ArticleChange]
    last: int
    truncated: int
    generation: int


class ChangeLog:
    """A connection to the file, for one thread at a time; other processes may have it open too."""

    def __init__(self, path: Path, encoder_name: str, dim: int) -> None:
        """Open the file.

        Raises:
            StorageError: it cannot be opened or written.
            FolderError: it is damaged.
        """
        self.path = path
        self._encoder_name = encoder_name
        self._dim = dim
        with storage_errors(path):
            make_private_folder(path.parent)
            make_private_file(path)
        with self._errors():
            self._connection = sqlite3.connect(
                path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
            )
            weakref.finalize(self, self._connection.close)
            self._connection.execute("PRAGMA journal_mode = WAL")
            # Flushed at each commit: what is acknowledged is on the disk.
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_TABLES)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def version(self) -> int:
        """Return a number that changes with each commit by another connection; takes microseconds."""
        with self._errors():
            [version] = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def updates_since(self, number: int) -> Updates:
        """Return the changes committed after `number`, in one consistent read.

        Raises:
            MismatchError: a change was made with another encoder.
        """
        with self._errors():
            self._connection.execute("BEGIN")
            try:
                rows = self._connection.execute(_SELECT, (number,)).fetchall()
                last, (truncated, generation) = self._last(), self._snapshots()
            finally:
                self._connection.execute("ROLLBACK")
        return Updates([self._change(row) for row in rows], max(last, number), truncated, generation)

    @contextmanager
    def writing(self) -> Iterator[int]:
        """Lock out other writers and yield the last number given; leaving commits, an error rolls back.

        Raises:
            StorageError: it cannot be written; nothing was changed.
        """
        with self._errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._last()
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def position(self) -> tuple[int, int]:
        """Return the last number given, and the generation that the changes belong to."""
        with self._errors():
            return self._last(), self._snapshots()[1]

    def put(self, indexed: Sequence[IndexedArticle]) -> None:
        """Write articles, within `writing`."""
        self._connection.executemany(_INSERT, [self._row(article) for article in indexed])

    def remove(self, ids: Sequence[str]) -> None:
        """Write the removal of articles, within `writing`."""
        rows = [(article_id, self._encoder_name, None, "", None, None, None, None) for article_id in ids]
        self._connection.executemany(_INSERT, rows)

    def advance_to(self, number: int) -> None:
        """Make the next change's number higher than `number`, within `writing`."""
        last = self._last()
        if last < number:
            self._connection.execute("DELETE FROM sqlite_sequence WHERE name = 'changes'")
            self._connection.execute("INSERT INTO sqlite_sequence VALUES ('changes', ?)", (number,))

    def truncate(self, number: int, generation: int) -> None:
        """Drop the changes up to `number`, within `writing`: a snapshot of `generation` contains them."""
        truncated, last = self._snapshots()
        self._connection.execute("DELETE FROM changes WHERE number <= ?", (number,))
        newest = (max(number, truncated), max(generation, last))
        self._connection.execute("UPDATE folders SET forgotten = ?, generation = ?", newest)

    def _last(self) -> int:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").fetchone()
        return int(row[0]) if row else 0

    def _snapshots(self) -> tuple[int, int]:
        row = self._connection.execute("SELECT forgotten, generation FROM folders").fetchone()
        truncated, generation = row
        return int(truncated), int(generation)

    def _row(self, indexed: IndexedArticle) -> tuple[str | bytes, ...]:
        vectors = np.vstack([indexed.title, indexed.title_query, indexed.passages])
        return (
            indexed.article.id,
            self._encoder_name,
            json.dumps(indexed.article.to_record(), ensure_ascii=False),
            indexed.source,
            chunk_table(indexed.chunks).tobytes(),
            vectors.astype(np.float16).tobytes(),
            indexed.keys.tobytes(),
            indexed.counts.tobytes(),
        )

    def _change(
        self, row: tuple[int, str, str, str | None, str, bytes, bytes, bytes, bytes]
    ) -> ArticleChange:
        number, article_id, encoder, article, source, chunks, vectors, keys, counts = row
        if encoder != self._encoder_name:
            raise MismatchError(
                f"{self.path} has changes made with the encoder {encoder!r}, the one in use is "
                f"{self._encoder_name!r}: run `triage index --rebuild` with all articles, or set the "
                "encoder back"
            )
        if article is None:
            return ArticleChange(number, article_id, None)
        matrix = np.frombuffer(vectors, np.float16).reshape(-1, self._dim)
        offsets = np.frombuffer(chunks, np.int64).reshape(-1, 4).tolist()
        indexed = IndexedArticle(
            Article.from_stored(json.loads(article)),
            source,
            tuple(Chunk(*part) for part in offsets),
            matrix[2:],
            matrix[0],
            matrix[1],
            np.frombuffer(keys, np.uint64),
            np.frombuffer(counts, np.int64),
        )
        return ArticleChange(number, article_id, indexed)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn SQLite's errors into those of this package."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"{self.path} cannot be used ({error}): check free space, owner and permissions. "
                "What was stored before is unchanged."
            ) from error
        except sqlite3.DatabaseError as error:
            raise FolderError(
                f"{self.path} is damaged ({error}): restore it from a backup, or run "
                "`triage index --rebuild` with all articles"
            ) from error


def remove_log(path: Path) -> None:
    """Delete the file with its write-ahead log."""
    with storage_errors(path):
        for ending in ("", "-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
