"""Replica of a stored knowledge base: the next search here sees what was committed anywhere."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from kb_index.storage.change_log import ChangeLog
from kb_index.storage.live_index import LiveIndex
from kb_index.storage.snapshot import Snapshot
from models.errors import FolderError, TriageError
from models.storage.registry import Registry

_log = logging.getLogger(__name__)


class IndexReplica:
    """The newest state of one root, for all threads of a process.

    Polling for changes costs microseconds. Changes are applied before the search that finds them. A new
    snapshot is loaded in the background; meanwhile the old one stays right with the changes, unless these
    are no longer kept.
    """

    def __init__(self, registry: Registry, log_path: Path, encoder_name: str, dim: int) -> None:
        self.lock = threading.Lock()
        self._registry = registry
        self._log_path = log_path
        self._encoder_name = encoder_name
        self._dim = dim
        self._log: ChangeLog | None = None
        self._log_inode = 0
        self._version = -1
        self._live: LiveIndex | None = None
        self._loading = ""

    def latest(self) -> LiveIndex:
        """Return the state with everything committed until now; call it with `lock` held.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: what is stored cannot be used.
        """
        self._open_log()
        version = self._log.version() if self._log else -1
        if self._live is None:
            self._live = self._load()
        elif version != self._version:
            self._live = self._updated(self._live)
        elif self._log is None and self._registry.current_id() != self._live.snapshot.folder.name:
            self._live = self._load()
        self._version = version
        return self._live

    def switch_to(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot that is current now; call it with `lock` held."""
        self._open_log()
        live = LiveIndex(snapshot)
        if self._apply_updates(live):
            self._live = live

    def close(self) -> None:
        with self.lock:
            if self._log is not None:
                self._log.close()
            self._log, self._log_inode, self._live = None, 0, None

    def _open_log(self) -> None:
        """Open the change log where there is one, and again where it was replaced by another."""
        try:
            inode = self._log_path.stat().st_ino
        except FileNotFoundError:
            inode = 0
        if inode == self._log_inode:
            return
        if self._log is not None:
            self._log.close()
        self._log = ChangeLog(self._log_path, self._encoder_name, self._dim) if inode else None
        self._log_inode, self._version, self._live = inode, -1, None

    def _updated(self, live: LiveIndex) -> LiveIndex:
        if not self._apply_updates(live):
            return self._load()
        current = self._registry.current_id() or ""
        if current not in (live.snapshot.folder.name, self._loading):
            self._loading = current
            threading.Thread(target=self._load_in_background, name="load-index", daemon=True).start()
        return live

    def _apply_updates(self, live: LiveIndex) -> bool:
        """Apply new changes; False where the snapshot is too old for the changes that are kept."""
        if self._log is None:
            return True
        updates = self._log.updates_since(live.applied)
        if live.applied < updates.truncated or live.snapshot.generation < updates.generation:
            return False
        live.apply(updates)
        return True

    def _load(self) -> LiveIndex:
        """Load the current snapshot with all changes, and again when another becomes current meanwhile."""
        while True:
            folder = self._registry.current()
            try:
                live = LiveIndex(Snapshot.load(folder, encoder_name=self._encoder_name))
                if self._apply_updates(live):
                    return live
            except (TriageError, OSError):
                if self._registry.current() == folder:
                    raise
            else:
                if self._registry.current() == folder:
                    raise FolderError(
                        f"{folder} is older than the changes in {self._log_path}: restore both from the same "
                        "backup, or run `triage index --rebuild` with all articles"
                    )

    def _load_in_background(self) -> None:
        try:
            snapshot = Snapshot.load(self._registry.current(), encoder_name=self._encoder_name)
            with self.lock:
                if self._live is not None:
                    self.switch_to(snapshot)
        except (TriageError, OSError) as error:
            # The state in use stays right; the next snapshot gets another try.
            _log.warning("cannot switch to a new index folder: %s", error)
