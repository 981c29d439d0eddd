"""The engine behind the HTTP service: loaded in the background, its bundle replaced by a newer one.

Articles are no reason to load anew: the engine's knowledge base sees each change by itself.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from flask import current_app

from kb_index.storage.article_store import ArticleStore
from models.errors import NotReadyError, TriageError
from triage.deflection.deflection import DeflectionService
from triage.deflection.usage_learning import UsageLearner
from triage.guarantee.holdback import HoldbackPolicy
from triage.guarantee.monitor import GuaranteeMonitor
from triage.pipeline.engine import Engine
from triage.pipeline.factory import model_registry, open_engine, open_redaction, with_current_bundle
from triage.pipeline.triage_service import TriageService
from triage.rules.pipeline import rules_id
from triage.settings import Settings
from triage.store import Store, open_store
from triage.store.retention import Retention
from triage.web.middleware.admission import Gate
from triage.web.middleware.metrics import Metrics, Watched

_EVERY_S = 15.0
_log = logging.getLogger(__name__)


def start_compaction(engine: Callable[[], Engine], *, every_s: float = _EVERY_S) -> threading.Event:
    """Look every few seconds, in a thread of its own, whether the changes are so many that it is due.

    `engine` returns the one that answers now, or raises a TriageError while there is none. Setting what is
    returned ends the thread.
    """
    stopped = threading.Event()

    def look() -> None:
        while not stopped.wait(every_s):
            try:
                articles = engine().articles
                if isinstance(articles, ArticleStore):
                    articles.compact(only_when_due=True)
            except NotReadyError:
                continue
            except TriageError as error:
                # Nothing is lost: the changes stay where they are, and are searched as before.
                _log.warning("the changed articles could not be written together: %s", error.message)
            except Exception as error:  # noqa: BLE001 - a thread that ends would never compact again
                _log.error("the compaction of articles stumbled: %s", type(error).__name__)

    threading.Thread(target=look, name="compact-articles", daemon=True).start()
    return stopped


_LOOK_EVERY_S = 1.0
_ASK_STORE_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """The engine that answers.

    `tried` is the bundle that was current when it was loaded; where that could not be used, and an earlier
    one still answers, `refused` says why.
    """

    engine: Engine
    tried: str | None
    refused: TriageError | None = None

    @property
    def bundle_id(self) -> str | None:
        """The bundle that answers; None where there is none that could."""
        return self.engine.bundle_id

    @property
    def index_id(self) -> str | None:
        return self.engine.index_id


class Service:
    """Holds the engine that answers now.

    Loading runs in a thread of its own; requests keep the old bundle until the new one is complete, and
    longer where the new one cannot be used.
    """

    def __init__(self, settings: Settings, metrics: Metrics | None = None) -> None:
        self.settings = settings
        self.store: Store = open_store(settings)
        self.metrics = metrics or Metrics()
        server = settings.server
        self.gate = Gate(
            server.threads,
            server.queue,
            server.wait_s,
            on_change=self.metrics.show_load,
            on_refused=self.metrics.count_refusal,
        )
        self._rules_id = rules_id(settings)
        self._registry = model_registry(settings)
        self.guarantee = GuaranteeMonitor(self.store, settings, on_step_down=self.metrics.count_step_down)
        self._redact = open_redaction(settings.privacy)
        self.deflection = DeflectionService(self.store, settings, self._redact)
        self.usage_learner = (
            UsageLearner(self.store, self._articles) if settings.articles.learn_from_use else None
        )
        self._holdback = HoldbackPolicy(self.guarantee, self.store.pseudonyms, settings.feedback.blind_share)
        self._loaded: Loaded | None = None
        self._error: TriageError | None = None
        self._loading = _InBackground("load-engine", _LOOK_EVERY_S)
        self._store_problem: str | None = None
        self._asking_store = _InBackground("ask-store", _ASK_STORE_EVERY_S)
        self._watch_what_answers()

    def start(self, opened: Future[Engine] | None = None) -> None:
        """Begin to load; `opened` is the engine where somebody has begun to open it already."""
        self._loading.run(lambda: self._load(opened))
        start_compaction(self.engine)
        if self.usage_learner is not None:
            self.usage_learner.schedule()
        Retention(self.store.personal_data, self.settings.store).start()

    def loaded(self) -> Loaded:
        """Return the engine that answers now, and look for a newer bundle once a second.

        Raises:
            NotReadyError: still loading for the first time.
            TriageError: what prevented loading.
        """
        if self._loading.is_due() and (self._loaded is None or self._current() != self._loaded.tried):
            self._loading.run(self._load)
        if self._loaded is not None:
            return self._loaded
        if self._error is not None:
            raise self._error
        raise NotReadyError("the service is still loading: try again in a few seconds")

    @property
    def is_settled(self) -> bool:
        """Whether loading has ended once, well or not."""
        return self._loaded is not None or self._error is not None

    def engine(self) -> Engine:
        """Return the engine that answers now; raises as `loaded`."""
        return self.loaded().engine

    def triage_service(self) -> TriageService:
        """Return the desk that the next ticket goes over; raises as `loaded`."""
        loaded = self.loaded()
        return TriageService(
            loaded.engine,
            self.store,
            loaded.bundle_id,
            self._rules_id,
            keeps_text=self.settings.store.keep_text,
            on_decided=self.metrics.count_decisions,
            holdback=self._holdback,
            redact=self._redact,
        )

    def problems(self) -> dict[str, str]:
        """Return what cannot answer now, by part, in words; raises as `loaded`.

        The store is asked in the background, so that one that is away delays nobody: what is said of it is
        up to a few seconds old.
        """
        if self._asking_store.is_due():
            self._asking_store.run(self._ask_store)
        store = {} if self._store_problem is None else {"store": self._store_problem}
        return self.loaded().engine.problems | store

    def _articles(self) -> ArticleStore:
        articles = self.engine().articles
        if isinstance(articles, TriageError):
            raise articles
        return articles

    def _load(self, opened: Future[Engine] | None = None) -> None:
        current, before = self._current(), self._loaded
        try:
            if opened is not None:
                engine = opened.result()
                # Another bundle may have become current since: it is looked for at the next request.
                now = Loaded(engine, engine.bundle_id)
            elif before is None:
                now = Loaded(open_engine(self.settings, compacts=False), current)
            else:
                now = self._taken_up(before, current)
        except Exception as error:  # noqa: BLE001 - whatever it is, what answered before goes on
            reason = error if isinstance(error, TriageError) else _unexpected(error)
            if before is None:
                self._error = reason
                _log.error("cannot load: %s", reason.message)
                return
            now = Loaded(before.engine, current, reason)
        self._loaded, self._error = now, None
        self.metrics.count_load(
            taken_up=now.refused is None and not isinstance(now.engine.bundle, TriageError)
        )
        for part, problem in now.engine.problems.items():
            _log.warning("%s: %s", part, problem)
        if now.refused:
            _log.error("bundle %s cannot be used, %s stays: %s", current, now.bundle_id, now.refused.message)
        else:
            _log.info("loaded bundle %s and index %s", now.bundle_id, now.index_id)

    def _taken_up(self, before: Loaded, current: str | None) -> Loaded:
        engine = with_current_bundle(before.engine, self.settings)
        works = not isinstance(before.engine.bundle, TriageError)
        if isinstance(engine.bundle, TriageError) and works:
            return Loaded(before.engine, current, engine.bundle)
        return Loaded(engine, current)

    def _ask_store(self) -> None:
        try:
            self.store.database.ping()
            self._store_problem = None
        except TriageError as error:
            self._store_problem = error.message

    def _current(self) -> str | None:
        return self._registry.current_id()

    def _watch_what_answers(self) -> None:
        def ready() -> dict[str, float]:
            missing = self.problems()
            return {part: float(part not in missing) for part in ("bundle", "articles", "store")}

        def bundle() -> dict[str, float]:
            return {self.loaded().bundle_id or "": 1.0}

        def index() -> dict[str, float]:
            return {self.loaded().index_id or "": 1.0}

        watch = self.metrics.watch
        watch(Watched("triage_part_ready", "1 where a part can answer.", ready, label="part"))
        watch(Watched("triage_bundle_info", "The bundle that answers.", bundle, label="bundle"))
        watch(Watched("triage_index_info", "The article index that answers.", index, label="index"))


def _unexpected(error: Exception) -> TriageError:
    """Return what is said of an error that nobody expected: its kind and place, since it may quote a text."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("loading stumbled: %s\n%s", type(error).__name__, places)
    return NotReadyError(f"loading ended with an unexpected {type(error).__name__}: the log says where")


class _InBackground:
    """Something that one thread at a time does, and that is due again some seconds after it ended."""

    def __init__(self, name: str, every_s: float) -> None:
        self._name, self._every_s = name, every_s
        self._busy = threading.Lock()
        self._ended = float("-inf")

    def is_due(self) -> bool:
        return time.monotonic() - self._ended >= self._every_s and not self._busy.locked()

    def run(self, work: Callable[[], None]) -> None:
        """Do it in a thread of its own, unless it is being done."""
        if not self._busy.acquire(blocking=False):
            return

        def run() -> None:
            try:
                work()
            finally:
                self._ended = time.monotonic()
                self._busy.release()

        threading.Thread(target=run, name=self._name, daemon=True).start()


def current_service() -> Service:
    """Return the service of the application that answers the present request."""
    service: Service = current_app.extensions["triage"]
    return service
