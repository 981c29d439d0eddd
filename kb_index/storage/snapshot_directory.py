"""The index folders of a stored knowledge base: one is current, the one before it stays for its readers."""

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
from models.storage.artifact import read_manifest
from models.storage.filelock import exclusive_lock
from models.storage.registry import Registry

_CHANGES = "changes.sqlite3"
_LOCK = "folders.lock"


class SnapshotDirectory:
    """Writes index folders; the changes of which they do not know yet are in the file at `log_path`.

    Of all processes one at a time may write, with `lock` held.
    """

    def __init__(self, root: Path, encoder: Encoder) -> None:
        self.registry = Registry(root, "article index", "run `triage index --articles FILE_OR_FOLDER`")
        self.follower = IndexReplica(self.registry, root / _CHANGES, encoder.name, encoder.dim)
        self._encoder = encoder
        self._log_path = root / _CHANGES

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep all others from writing folders, and from removing what is half written."""
        with exclusive_lock(self.registry.root / _LOCK):
            yield

    def open_log(self) -> ChangeLog:
        return ChangeLog(self._log_path, self._encoder.name, self._encoder.dim)

    def ensure(self) -> None:
        """Write an empty folder where there is none."""
        if self.registry.current_id() is None:
            with self.lock():
                if self.registry.current_id() is None:
                    self.promote(IndexData.of([], self._encoder.dim), 0, 0, forget=0)

    def load_current(self) -> None:
        """Make what is followed the folder that is current now, when another process wrote it.

        It is loaded while searches go on; call it with `lock` held, so that it stays the current one.
        """
        current = self.registry.current()
        with self.follower.lock:
            followed = self.follower.newest().base.folder
        if followed != current:
            base = Snapshot.load(current, encoder_name=self._encoder.name)
            with self.follower.lock:
                self.follower.switch_to(base)

    def promote(self, material: IndexData, sequence: int, generation: int, *, forget: int) -> None:
        """Write a folder, check it, make it current, then drop changes that no folder needs any more.

        Changes up to `forget` are dropped. The folder before this one stays, for readers that are opening it.
        """
        previous = self.registry.current_id()
        self._clean({previous})
        folder_id = self.registry.new_id()
        folder = self.registry.path(folder_id)
        Snapshot.write(folder, material, self._encoder, sequence=sequence, generation=generation)
        base = Snapshot.load(folder, encoder_name=self._encoder.name)
        self.registry.make_current(folder_id)
        with self.open_log() as log, log.writing():
            log.advance_to(sequence)
            log.forget(forget, generation)
        with self.follower.lock:
            self.follower.switch_to(base)
        self._clean({previous, folder_id})

    def reset(self) -> tuple[int, int]:
        """Return the number of the last change and a new generation; a damaged file of changes is removed."""
        try:
            current = read_manifest(self.registry.current(), kind=KIND, format_version=FORMAT_VERSION)
            sequence, generation = current.metadata["sequence"], current.metadata["generation"]
        except TriageError:
            sequence, generation = 0, 0
        try:
            with self.open_log() as log:
                last, stored = log.place()
        except FolderError:
            self.follower.close()
            remove_log(self._log_path)
            last, stored = 0, 0
        return max(sequence, last), max(generation, stored) + 1

    def _clean(self, keep: set[str | None]) -> None:
        """Remove index folders but these, and what crashed processes left half written."""
        for path in self.registry.root.iterdir():
            if path.is_dir() and path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.startswith(".") and not path.name.startswith(HALF_WRITTEN):
                path.unlink(missing_ok=True)
