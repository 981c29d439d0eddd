"""Replay: trains before each window and decides its tickets in the order in which they came."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.classifiers.fields import Field, Label, label_text
from models.language.detector import LanguageDetector
from models.storage.private import make_private_folder
from training.backtest.articles import ArticleHistory
from training.backtest.outcomes import FieldOutcome, TicketOutcome
from training.backtest.suspensions import ReplaySuspensions
from training.backtest.windows import Windows, make_windows
from training.data.ticket_table import encode_tickets
from training.fitting.promotion import StoredBundle, learning_privacy, train_and_store
from training.metrics import respell_labels
from triage.guarantee.holdback import suggest_suspended
from triage.pipeline.engine import Engine
from triage.pipeline.factory import open_engine, open_settings_encoder, with_current_bundle
from triage.settings import Settings
from triage.store.guarantee import Suspension
from triage.ticket import Ticket

UNKNOWN = "unknown"
# As the engine predicts them; what people corrected counts from the next batch on.
_BATCH = 32


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One window: its first date, what was learned before it, what came, and what became of the bundle.

    `refused` says, by field, why the new bundle did not answer, so that the one before it went on.
    `suspended` are the fields that were suspended within the window.
    """

    start: datetime | None
    trained_on: int
    replayed: int
    refused: Mapping[str, str]
    suspended: Mapping[str, Suspension]


@dataclass(frozen=True, slots=True)
class Replay:
    """Outcomes of the tickets that count, of the (n,) `tickets`, and how they came about.

    `fields` are those that were decided, and `never` says why the last training never applies one.
    """

    tickets: Sequence[Ticket]
    windows: Windows
    results: list[WindowResult]
    outcomes: list[TicketOutcome]
    fields: dict[str, Field]
    never: dict[str, str]
    articles: ArticleHistory | None


def run_backtest(
    tickets: Sequence[Ticket],
    settings: Settings,
    *,
    before: datetime | None = None,
    monthly: bool = False,
    only: Collection[str] = (),
    progress: bool = False,
) -> Replay:
    """Train on the tickets before a date and replay the others; raises as `make_windows` and `train`.

    Bundles are written to a folder of their own within the home, and removed at the end.
    """
    encoder = open_settings_encoder(settings, cached=True)
    detector = LanguageDetector(settings.languages, settings.language_folder, settings.language_detector)
    redact = learning_privacy(settings.privacy).redact
    groups = encode_tickets(tickets, encoder, detector, redact=redact, progress=progress).groups
    windows = make_windows(tickets, groups, before=before, monthly=monthly)
    with _own_home(settings) as own:
        return _Replayer(tickets, own, only, progress=progress).run(windows)


@contextmanager
def _own_home(settings: Settings) -> Iterator[Settings]:
    """Give settings of a new home that shares encoder, cached embeddings and articles with the real one."""
    make_private_folder(settings.cache_folder)
    with tempfile.TemporaryDirectory(prefix="backtest-", dir=settings.home) as folder:
        home = Path(folder)
        for shared in (settings.cache_folder, settings.kb_folder):
            if shared.exists():
                (home / shared.name).symlink_to(shared.resolve(), target_is_directory=True)
        own = {
            "home": home,
            "encoder_dir": settings.encoder_folder,
            "keep_bundles": 1,
            # What people have opened and attached since is not known yet.
            "articles": settings.articles.model_copy(update={"learn_from_use": False}),
        }
        yield settings.model_copy(update=own)


class _Replayer:
    """Trains and replays window by window."""

    def __init__(
        self, tickets: Sequence[Ticket], settings: Settings, only: Collection[str], *, progress: bool
    ) -> None:
        self._tickets = tickets
        self._settings = settings
        self._only = only
        self._progress = progress
        self._suspensions = ReplaySuspensions(settings.field_specs(), suspends=settings.feedback.suspend)
        self._engine: Engine | None = None
        self._articles: ArticleHistory | None = None

    def run(self, windows: Windows) -> Replay:
        """Return the outcomes of all windows."""
        results: list[WindowResult] = []
        outcomes: list[TicketOutcome] = []
        fields: dict[str, Field] = {}
        never: dict[str, str] = {}
        for window in windows.windows:
            learned = [self._tickets[i] for i in window.train]
            stored = train_and_store(learned, self._settings, only=self._only, progress=self._progress)
            engine = self._opened(stored)
            self._suspensions.begin(stored.bundle_id if stored.is_current else None)
            counted = set(window.counted.tolist())
            usual = _most_frequent(respell_labels(learned, engine.bundle.get()))
            outcomes += (o for o in self._replayed(engine, window.arrivals, usual) if o.position in counted)
            results.append(
                WindowResult(
                    window.start,
                    len(window.train),
                    len(window.arrivals),
                    {} if stored.is_current else stored.regressions,
                    dict(self._suspensions.active),
                )
            )
            fields.update({name: model.field for name, model in engine.bundle.get().models.items()})
            never = _never_applied(stored)
        decided = dict.fromkeys(name for outcome in outcomes for name in outcome.fields)
        return Replay(
            tickets=self._tickets,
            windows=windows,
            results=results,
            outcomes=outcomes,
            fields={name: fields.get(name, Field(name)) for name in decided},
            never=never,
            articles=self._articles,
        )

    def _opened(self, stored: StoredBundle) -> Engine:
        """Return the engine with the bundle that answers after a training."""
        if self._engine is None:
            self._engine = open_engine(self._settings, cached=True, auto_compact=False)
            self._articles = ArticleHistory.of(self._engine)
        elif stored.is_current:
            self._engine = with_current_bundle(self._engine, self._settings)
        return self._engine

    def _replayed(
        self, engine: Engine, arrivals: NDArray[np.intp], usual: Mapping[str, Label]
    ) -> Iterator[TicketOutcome]:
        """Yield what each ticket would have got, in the order of arrival; `usual` are frequent values."""
        came = [self._tickets[i] for i in arrivals]
        labels = [ticket.labels for ticket in respell_labels(came, engine.bundle.get())]
        progress_bar = tqdm(
            total=len(came), desc="replaying", unit="ticket", disable=not self._progress, delay=2
        )
        with progress_bar:
            for start in range(0, len(came), _BATCH):
                rows = range(start, min(start + _BATCH, len(came)))
                suspended = dict(self._suspensions.active)
                results = _relying_on_no(engine, suspended).predict([came[i] for i in rows])
                for i, result in zip(rows, results, strict=True):
                    fields = suggest_suspended(result.fields, suspended)
                    self._suspensions.note(fields, labels[i], came[i].created_at)
                    article = self._articles.outcome(engine, came[i], result) if self._articles else None
                    yield TicketOutcome(
                        position=int(arrivals[i]),
                        team=label_text(labels[i].get(self._settings.dashboard.segment) or UNKNOWN),
                        language=came[i].language or result.language.code,
                        month=f"{came[i].created_at:%Y-%m}" if came[i].created_at else UNKNOWN,
                        is_novel=result.novelty.is_novel,
                        fields={
                            name: FieldOutcome.of(decision, labels[i][name], usual.get(name))
                            for name, decision in fields.items()
                            if name in labels[i]
                        },
                        article=article,
                    )
                progress_bar.update(len(rows))


def _most_frequent(tickets: Sequence[Ticket]) -> dict[str, Label]:
    """Return the most frequent value of each field."""
    counts: dict[str, Counter[Label]] = defaultdict(Counter)
    for ticket in tickets:
        for name, label in ticket.labels.items():
            counts[name][label] += 1
    return {name: found.most_common(1)[0][0] for name, found in counts.items()}


def _relying_on_no(engine: Engine, suspended: Collection[str]) -> Engine:
    """Return the engine with rules that do not rely on suspended fields."""
    if not suspended or engine.rule_pipeline is None:
        return engine
    return replace(engine, rule_pipeline=replace(engine.rule_pipeline, suspended=frozenset(suspended)))


def _never_applied(stored: StoredBundle) -> dict[str, str]:
    """Return, by field, why a training never applies it."""
    found = {}
    for report in stored.trained.reports:
        thresholds = report.thresholds
        if report.skipped:
            found[report.name] = f"left out: {report.skipped}"
        elif thresholds and thresholds.apply is None and all(o.apply is None for o in thresholds.by_value):
            reasons = [thresholds.reason, *(own.reason for own in thresholds.by_value)]
            found[report.name] = "; ".join(dict.fromkeys(reasons))
    return found
