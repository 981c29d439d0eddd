"""Follow a stored knowledge base: what was committed anywhere is seen by the next search here."""

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
    """Holds the newest state of one root for all threads of a process.

    A look for news costs microseconds. Changes are applied before the search that finds them; a new index
    folder is loaded beside the old one, which stays right with the changes, unless these are no longer kept.
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
        self._overlay: LiveIndex | None = None
        self._loading = ""

    def newest(self) -> LiveIndex:
        """Return the state that holds everything committed until now; call it with `lock` held.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: what is stored cannot be used.
        """
        self._open_log()
        version = self._log.version() if self._log else -1
        if self._overlay is None:
            self._overlay = self._load()
        elif version != self._version:
            self._overlay = self._with_news(self._overlay)
        elif self._log is None and self._registry.current_id() != self._overlay.base.folder.name:
            self._overlay = self._load()
        self._version = version
        return self._overlay

    def switch_to(self, base: Snapshot) -> None:
        """Go on from an index folder that is current now; call it with `lock` held."""
        self._open_log()
        overlay = LiveIndex(base)
        if self._take_news(overlay):
            self._overlay = overlay

    def close(self) -> None:
        with self.lock:
            if self._log is not None:
                self._log.close()
            self._log, self._log_inode, self._overlay = None, 0, None

    def _open_log(self) -> None:
        """Open the file of changes when there is one, and anew when it was replaced by another."""
        try:
            inode = self._log_path.stat().st_ino
        except FileNotFoundError:
            inode = 0
        if inode == self._log_inode:
            return
        if self._log is not None:
            self._log.close()
        self._log = ChangeLog(self._log_path, self._encoder_name, self._dim) if inode else None
        self._log_inode, self._version, self._overlay = inode, -1, None

    def _with_news(self, overlay: LiveIndex) -> LiveIndex:
        if not self._take_news(overlay):
            return self._load()
        current = self._registry.current_id() or ""
        if current not in (overlay.base.folder.name, self._loading):
            self._loading = current
            threading.Thread(target=self._load_beside, name="load-index", daemon=True).start()
        return overlay

    def _take_news(self, overlay: LiveIndex) -> bool:
        """Apply what is new; False when the folder is too old for the changes that are kept."""
        if self._log is None:
            return True
        news = self._log.news(overlay.applied)
        if overlay.applied < news.forgotten or overlay.base.generation < news.generation:
            return False
        overlay.apply(news)
        return True

    def _load(self) -> LiveIndex:
        """Load the current folder with all changes; again when another one becomes current meanwhile."""
        while True:
            folder = self._registry.current()
            try:
                overlay = LiveIndex(Snapshot.load(folder, encoder_name=self._encoder_name))
                if self._take_news(overlay):
                    return overlay
            except (TriageError, OSError):
                if self._registry.current() == folder:
                    raise
            else:
                if self._registry.current() == folder:
                    raise FolderError(
                        f"{folder} is older than the changes in {self._log_path}: restore both from the same "
                        "backup, or run `triage index --rebuild` with all articles"
                    )

    def _load_beside(self) -> None:
        try:
            base = Snapshot.load(self._registry.current(), encoder_name=self._encoder_name)
            with self.lock:
                if self._overlay is not None:
                    self.switch_to(base)
        except (TriageError, OSError) as error:
            # The state in use stays right; the next folder gets another try.
            _log.warning("cannot move to a new index folder: %s", error)
