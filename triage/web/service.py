"""Service behind the HTTP routes: the engine, loaded in the background, and what it needs around it.

A newer bundle replaces the one that answers. Articles need no reload: the knowledge base follows each change.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace

from flask import current_app

from kb_index.storage.article_store import ArticleStore
from models.errors import NotReadyError, StoreUnavailableError, TriageError
from models.storage.registry import FolderVersion
from triage.background import BackgroundTask, PeriodicTask
from triage.deflection.deflection import DeflectionService
from triage.deflection.usage_learning import UsageLearner
from triage.first_token import start_first_token
from triage.guarantee.holdback import HoldbackPolicy
from triage.guarantee.monitor import GuaranteeMonitor
from triage.pipeline.engine import Engine
from triage.pipeline.factory import model_registry, open_engine, with_current_bundle
from triage.pipeline.redaction import open_redaction
from triage.pipeline.triage_service import AGENTS_SEE, TriageService
from triage.rules.pipeline import rules_id
from triage.settings import Settings
from triage.store import Store, open_store
from triage.store.retention import start_retention
from triage.web.middleware.admission import AdmissionGate
from triage.web.middleware.metrics import CallbackGauge, Metrics

_COMPACT_EVERY_S = 15.0
_LOAD_EVERY_S = 1.0
_PING_STORE_EVERY_S = 5.0
_BUSY_STORE_S = 0.6  # nobody waits for longer while another program holds the database
_CHECK_FILE_EVERY_S = 0.5
_RELEARN_EVERY_S = 5.0
_PORTAL_PLACES = 16
_log = logging.getLogger(__name__)


def start_compaction(engine: Callable[[], Engine], *, every_s: float = _COMPACT_EVERY_S) -> PeriodicTask:
    """Start to compact the changed articles whenever that is due, and return the task.

    `engine` returns the active engine, or raises NotReadyError while there is none. Where compaction fails,
    nothing is lost: the changes stay where they are, and are searched as before.
    """

    def compact() -> None:
        with suppress(NotReadyError):
            articles = engine().articles.value
            if articles is not None:
                articles.compact(only_when_due=True)

    task = PeriodicTask(compact, name="compact-articles", every_s=every_s, at_once=False)
    task.start()
    return task


@dataclass(frozen=True, slots=True)
class ActiveEngine:
    """Engine that answers now.

    `current_id` is the bundle that was current when it was loaded, and `files` what its files were like.
    Where that bundle could not be used, and an earlier one still answers, `load_error` says why.
    """

    engine: Engine
    current_id: str | None
    load_error: TriageError | None = None
    files: FolderVersion = frozenset()

    @property
    def bundle_id(self) -> str | None:
        """The bundle that answers; None where there is none that could."""
        return self.engine.bundle_id

    @property
    def index_id(self) -> str | None:
        return self.engine.index_id


class Service:
    """The active engine, the store, and what works in the background.

    Loading runs in a thread of its own. Requests use the old bundle until the new one is complete, and longer
    where the new one cannot be used.
    """

    def __init__(self, settings: Settings, metrics: Metrics | None = None) -> None:
        self.settings = settings
        self.store: Store = open_store(settings, busy_s=_BUSY_STORE_S)
        self.metrics = metrics or Metrics()
        server = settings.server
        self.admission = AdmissionGate(
            server.threads,
            server.queue,
            server.wait_s,
            on_change=self.metrics.show_load,
            on_refused=self.metrics.count_refusal,
        )
        # More than compute at once: a draft that waits beside others can still give way to a newer one.
        self.portal_admission = AdmissionGate(
            server.portal_threads + _PORTAL_PLACES,
            min(_PORTAL_PLACES, server.queue),
            server.wait_s,
            on_refused=self.metrics.count_refusal,
        )
        self._rules_id = rules_id(settings)
        self._registry = model_registry(settings)
        self.guarantee = GuaranteeMonitor(self.store, settings, on_suspended=self.metrics.count_suspension)
        self._redact = open_redaction(settings.privacy)
        self.deflection = DeflectionService(self.store, settings, self._redact)
        self.usage_learner = (
            UsageLearner(self.store, self._articles) if settings.articles.learn_from_use else None
        )
        self._holdback = HoldbackPolicy(
            self.guarantee, self.store.pseudonyms, settings.feedback.holdout_share
        )
        self._active: ActiveEngine | None = None
        self._error: TriageError | None = None
        self._loading = BackgroundTask(name="load-engine", every_s=_LOAD_EVERY_S)
        self._store_problem: str | None = None
        self._store_ping = BackgroundTask(name="ping-store", every_s=_PING_STORE_EVERY_S)
        self._relearning = PeriodicTask(self._relearn, name="relearn-usage", every_s=_RELEARN_EVERY_S)
        self._add_gauges()

    def start(self, opened: Future[Engine] | None = None) -> None:
        """Begin to load, and start the background work; `opened` is an engine that is being opened."""
        self._loading.run(lambda: self._load(opened))
        start_compaction(self.engine)
        if self.usage_learner is not None:
            self.usage_learner.schedule()
            self._relearning.start()
        start_retention(self.store.personal_data, self.settings.store)
        PeriodicTask(self._check_store_file, name="check-store-file", every_s=_CHECK_FILE_EVERY_S).start()
        start_first_token(self.store.access_tokens, self.settings.home)

    def active(self) -> ActiveEngine:
        """Return the active engine, and look for a newer bundle once a second.

        Raises:
            NotReadyError: still loading for the first time.
            TriageError: what prevented loading.
        """
        if self._loading.is_due and (self._active is None or self._is_outdated(self._active)):
            self._loading.run(self._load)
        if self._active is not None:
            return self._active
        if self._error is not None:
            raise self._error
        raise NotReadyError("the service is still loading: try again in a few seconds")

    def _is_outdated(self, active: ActiveEngine) -> bool:
        """Tell whether another bundle is current, or one that could not be used has changed since."""
        if self._current() != active.current_id:
            return True
        has_failed = active.load_error is not None or active.engine.bundle.error is not None
        return has_failed and self._registry.version(active.current_id) != active.files

    @property
    def is_load_finished(self) -> bool:
        """True where loading has ended once, with success or not."""
        return self._active is not None or self._error is not None

    def engine(self) -> Engine:
        """Return the active engine; raises as `active`."""
        return self.active().engine

    def triage_service(self, visibility: frozenset[str] = AGENTS_SEE) -> TriageService:
        """Return the triage service for the next ticket, which finds such articles; raises as `active`."""
        active = self.active()
        return TriageService(
            active.engine,
            self.store,
            active.bundle_id,
            self._rules_id,
            keeps_text=self.settings.store.keep_text,
            on_decided=self.metrics.count_decisions,
            holdback=self._holdback,
            redact=self._redact,
            visibility=visibility,
        )

    def problems(self) -> dict[str, str]:
        """Return the parts that cannot answer now, and why; raises as `active`.

        The store is checked in the background, so that an outage delays nobody: its state is up to a few
        seconds old.
        """
        if self._store_ping.is_due:
            self._store_ping.run(self._ping_store)
        problem = self._store_problem
        try:
            self.store.database.check_file()
        except StoreUnavailableError as error:
            problem = error.message
        store = {} if problem is None else {"store": problem}
        return self.active().engine.unavailable_parts | store

    def _articles(self) -> ArticleStore:
        return self.engine().articles.get()

    def _load(self, opened: Future[Engine] | None = None) -> None:
        before = self._active
        if before is not None and not self._is_outdated(before):
            return  # two requests noticed the same bundle, and the other one's has been loaded
        current = self._current()
        files = self._registry.version(current)
        try:
            if opened is not None:
                engine = opened.result()
                # Another bundle may have become current since: it is looked for at the next request.
                now = ActiveEngine(engine, engine.bundle_id)
            elif before is None:
                now = ActiveEngine(open_engine(self.settings, auto_compact=False), current)
            else:
                now = self._activated(before, current)
        except Exception as error:  # noqa: BLE001 - whatever it is, what answered before goes on
            reason = error if isinstance(error, TriageError) else _unexpected(error)
            if before is None:
                self._error = reason
                _log.error("cannot load: %s", reason.message)
                return
            now = ActiveEngine(before.engine, current, reason)
        self._active, self._error = replace(now, files=files), None
        self.metrics.count_load(taken_up=now.load_error is None and now.engine.bundle.error is None)
        for part, problem in now.engine.unavailable_parts.items():
            _log.warning("%s: %s", part, problem)
        if now.load_error:
            _log.error(
                "bundle %s cannot be used, %s stays: %s", current, now.bundle_id, now.load_error.message
            )
        else:
            _log.info("loaded bundle %s and index %s", now.bundle_id, now.index_id)

    def _activated(self, before: ActiveEngine, current: str | None) -> ActiveEngine:
        engine = with_current_bundle(before.engine, self.settings)
        if engine.bundle.error is not None and before.engine.bundle.error is None:
            return ActiveEngine(before.engine, current, engine.bundle.error)
        return ActiveEngine(engine, current)

    def _relearn(self) -> None:
        if self._active is not None and self.usage_learner is not None and self._active.engine.articles.value:
            self.usage_learner.relearn_if_lost()

    def _check_store_file(self) -> None:
        with suppress(StoreUnavailableError):  # it is logged once, by the check itself
            self.store.database.check_file()

    def _ping_store(self) -> None:
        try:
            self.store.database.ping()
            self._store_problem = None
        except TriageError as error:
            self._store_problem = error.message

    def _current(self) -> str | None:
        return self._registry.current_id()

    def _add_gauges(self) -> None:
        def ready() -> dict[str, float]:
            missing = self.problems()
            return {part: float(part not in missing) for part in ("bundle", "articles", "store")}

        def bundle() -> dict[str, float]:
            return {self.active().bundle_id or "": 1.0}

        def index() -> dict[str, float]:
            return {self.active().index_id or "": 1.0}

        for gauge in (
            CallbackGauge("triage_part_ready", "1 where a part can answer.", ready, label="part"),
            CallbackGauge("triage_bundle_info", "The bundle that answers.", bundle, label="bundle"),
            CallbackGauge("triage_index_info", "The article index that answers.", index, label="index"),
        ):
            self.metrics.add_gauge(gauge)


def _unexpected(error: Exception) -> TriageError:
    """Log an unexpected error, and return the one to show: its kind alone, since it may quote a ticket."""
    places = "".join(traceback.format_tb(error.__traceback__))
    _log.error("loading failed: %s\n%s", type(error).__name__, places)
    return NotReadyError(f"loading ended with an unexpected {type(error).__name__}: the log says where")


def current_service() -> Service:
    """Return the service of the application that handles the present request."""
    service: Service = current_app.extensions["triage"]
    return service
