"""Snapshot directory: the snapshots of a knowledge base. One is current, the one before stays for readers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb_index.search.index_data import IndexData
from kb_index.storage.change_log import ChangeLog, remove_log
from kb_index.storage.replica import IndexReplica
from kb_index.storage.snapshot import FORMAT_VERSION, KIND, Snapshot
from kb_index.storage.usage_file import HALF_WRITTEN
from models.encoder import Encoder
from models.errors import FolderError, TriageError
from models.storage.artifact import read_manifest, storage_errors
from models.storage.filelock import exclusive_lock
from models.storage.private import make_private_folder
from models.storage.registry import Registry

_CHANGES = "changes.sqlite3"
_LOCK = "folders.lock"


class SnapshotDirectory:
    """Writes snapshots; the change log has the changes since.

    One process at a time may write, with `lock` held.
    """

    def __init__(self, root: Path, encoder: Encoder) -> None:
        self.registry = Registry(root, "article index", "run `triage index --articles FILE_OR_FOLDER`")
        self.replica = IndexReplica(self.registry, root / _CHANGES, encoder.name, encoder.dim)
        self._encoder = encoder
        self._log_path = root / _CHANGES

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep all others from writing snapshots, and from removing half-written ones."""
        with storage_errors(self.registry.root):
            make_private_folder(self.registry.root)
        with exclusive_lock(self.registry.root / _LOCK):
            yield

    def open_log(self) -> ChangeLog:
        return ChangeLog(self._log_path, self._encoder.name, self._encoder.dim)

    def ensure(self) -> None:
        """Write an empty snapshot where there is none."""
        if self.registry.current_id() is None:
            with self.lock():
                if self.registry.current_id() is None:
                    self.promote(IndexData.from_articles([], self._encoder.dim), 0, 0, truncate=0)

    def load_current(self) -> None:
        """Switch the replica to the snapshot that is current now, where another process wrote it.

        It is loaded while searches go on; call it with `lock` held, so that it stays the current one.
        """
        current = self.registry.current()
        with self.replica.lock:
            loaded = self.replica.latest().snapshot.folder
        if loaded != current:
            snapshot = Snapshot.load(current, encoder_name=self._encoder.name)
            with self.replica.lock:
                self.replica.switch_to(snapshot)

    def promote(self, data: IndexData, sequence: int, generation: int, *, truncate: int) -> None:
        """Write a snapshot, check it, make it current, then drop changes that no snapshot needs any more.

        Changes up to `truncate` are dropped. The snapshot before stays, for readers that are opening it.
        """
        previous = self.registry.current_id()
        self._clean({previous})
        folder_id = self.registry.new_id()
        folder = self.registry.path(folder_id)
        Snapshot.write(folder, data, self._encoder, sequence=sequence, generation=generation)
        snapshot = Snapshot.load(folder, encoder_name=self._encoder.name)
        self.registry.make_current(folder_id)
        with self.open_log() as log, log.writing():
            log.advance_to(sequence)
            log.truncate(truncate, generation)
        with self.replica.lock:
            self.replica.switch_to(snapshot)
        self._clean({previous, folder_id})

    def reset(self) -> tuple[int, int]:
        """Return the number of the last change and a new generation; a damaged change log is removed."""
        try:
            current = read_manifest(self.registry.current(), kind=KIND, format_version=FORMAT_VERSION)
            sequence, generation = current.metadata["sequence"], current.metadata["generation"]
        except TriageError:
            sequence, generation = 0, 0
        try:
            with self.open_log() as log:
                last, stored = log.position()
        except FolderError:
            self.replica.close()
            remove_log(self._log_path)
            last, stored = 0, 0
        return max(sequence, last), max(generation, stored) + 1

    def _clean(self, keep: set[str | None]) -> None:
        """Remove snapshots except these, and files that crashed processes left half written."""
        for path in self.registry.root.iterdir():
            if path.is_dir() and path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.startswith(".") and not path.name.startswith(HALF_WRITTEN):
                path.unlink(missing_ok=True)
