"""The engine behind the HTTP service: loaded in the background, replaced when a newer bundle is current.

Articles are no reason to load anew: the engine's knowledge base sees each change by itself.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from flask import current_app

from models.errors import NotReadyError, TriageError
from triage.desk import Desk
from triage.engine import Engine, model_registry, open_engine
from triage.retention import Retention
from triage.rulebook import rules_id
from triage.settings import Settings
from triage.store import Store, open_store

_LOOK_EVERY_S = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """An engine and the id of the bundle it was loaded from; None where there was nothing."""

    engine: Engine
    bundle_id: str | None

    @property
    def index_id(self) -> str | None:
        return self.engine.index_id


class Service:
    """Holds the engine that answers now.

    Loading runs in a thread of its own; requests keep the old engine until the new one is complete.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store: Store = open_store(settings)
        self._rules_id = rules_id(settings)
        self._loaded: Loaded | None = None
        self._error: TriageError | None = None
        self._lock = threading.Lock()
        self._looked_at = 0.0

    def start(self) -> None:
        """Begin to load."""
        Retention(self.store.privacy, self.settings.store).start()
        self._lock.acquire()
        threading.Thread(target=self._load, name="load-engine", daemon=True).start()

    def loaded(self) -> Loaded:
        """Return the engine that answers now, and look for a newer bundle once a second.

        Raises:
            NotReadyError: still loading for the first time.
            TriageError: what prevented loading.
        """
        self._look_for_newer()
        if self._loaded is not None:
            return self._loaded
        if self._error is not None:
            raise self._error
        raise NotReadyError("the service is still loading: try again in a few seconds")

    def engine(self) -> Engine:
        """Return the engine that answers now; raises as `loaded`."""
        return self.loaded().engine

    def desk(self) -> Desk:
        """Return the desk that the next ticket goes over; raises as `loaded`."""
        loaded = self.loaded()
        return Desk(
            loaded.engine,
            self.store,
            loaded.bundle_id,
            self._rules_id,
            keeps_text=self.settings.store.keep_text,
        )

    def _look_for_newer(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < _LOOK_EVERY_S or not self._lock.acquire(blocking=False):
            return
        self._looked_at = now
        if self._loaded is not None and self._current_bundle() == self._loaded.bundle_id:
            self._lock.release()
            return
        threading.Thread(target=self._load, name="load-engine", daemon=True).start()

    def _load(self) -> None:
        """Load with the lock held, and release it."""
        try:
            bundle_id = self._current_bundle()
            engine = open_engine(self.settings)
            self._loaded, self._error = Loaded(engine, bundle_id), None
            for part, problem in engine.problems.items():
                _log.warning("%s: %s", part, problem)
            _log.info("loaded bundle %s and index %s", bundle_id, engine.index_id)
        except TriageError as error:
            self._error = error
            _log.error("cannot load: %s", error.message)
        finally:
            self._looked_at = time.monotonic()
            self._lock.release()

    def _current_bundle(self) -> str | None:
        return model_registry(self.settings).current_id()


def current_service() -> Service:
    """Return the service of the application that answers the present request."""
    service: Service = current_app.extensions["triage"]
    return service
