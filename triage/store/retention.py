"""Retention: old data are deleted once a day, by whichever of the server's processes comes first."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import timedelta

from models.errors import TriageError
from triage.settings.service import StoreSettings
from triage.store.personal_data import PersonalData

_EVERY = timedelta(days=1)
_LOOK_EVERY_S = 900.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retention:
    """Prunes the store in a thread of its own until it is stopped."""

    personal_data: PersonalData
    settings: StoreSettings
    _stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> threading.Thread:
        """Begin, and return the thread; the first look comes at once."""
        thread = threading.Thread(target=self._run, name="retention", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """End after the present look."""
        self._stopped.set()

    def look(self) -> bool:
        """Prune if a day has passed since any process did; return whether this one did.

        Raises:
            StoreUnavailableError: the store cannot be reached.
        """
        if not self.personal_data.claim_pruning(_EVERY, actor="service"):
            return False
        removed = self.personal_data.prune(
            keep_days=self.settings.keep_days, keep_audit_days=self.settings.keep_audit_days, actor="service"
        )
        _log.info("pruned %s", removed)
        return True

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except TriageError as error:
                _log.warning("old data were not deleted, the next try is in a while: %s", error.message)
            except Exception as error:  # noqa: BLE001 - a thread that ends would keep old data for ever
                _log.error("old data were not deleted: %s", type(error).__name__)
            self._stopped.wait(_LOOK_EVERY_S)
