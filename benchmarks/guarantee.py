"""Guarantee, by simulation: how often training breaks it, and how soon the running service notices.

    python benchmarks/guarantee.py                                    # the monitor
    python benchmarks/guarantee.py --data FOLDER --cache FOLDER       # trainings
                                   [--only copies,bursts,…] [--draws 200] [--plain 50]

Of the monitor: false alarms, and tickets until it finds a guarantee violated. Of trainings: histories whose
tickets depend on one another are drawn from Banking77's training part; `train` learns from each, and what
would be applied of 1,800 fresh tickets is compared with their values. FOLDER is that of evaluation data, and
--cache that of embeddings, as for `benchmarks/decisions.py`. Hyperparameters are fixed, so that a draw takes
seconds. The same histories without the dependence (--plain draws) say what could be applied.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from guarantee_scenarios import FIELD, SCENARIOS, Draw, Pool
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.classifiers.linear_model import Hyperparameters
from models.encoder import TextKind, open_encoder
from models.encoder.cache import CachedEncoder
from models.language.detector import LanguageDetector
from training.fitting import train as training
from triage.guarantee.monitor import is_violated
from triage.settings import load_settings
from triage.ticket import Ticket

RUNS, TICKETS, LEVEL = 2000, 4000, 0.025
TIMES = (1, 2, 3, 5)
TARGET_ERROR = 0.05


def fewest_wrong(target_error: float) -> np.ndarray:
    """Return the fewest errors that violate the guarantee after 1, 2, … judged tickets, (TICKETS,)."""
    fewest, wrong = [], 1
    for judged in range(1, TICKETS + 1):
        while wrong <= judged and not is_violated(judged, wrong, target_error, LEVEL):
            wrong += 1
        fewest.append(wrong)
    return np.array(fewest)


def monitor() -> None:
    uniform = np.random.default_rng(0).random((RUNS, TICKETS))
    for target_error in (0.05, 0.02):
        bound = fewest_wrong(target_error)
        for times in TIMES:
            alarms = (uniform < times * target_error).cumsum(axis=1) >= bound
            ever = alarms.any(axis=1)
            after = np.where(ever, alarms.argmax(axis=1) + 1, TICKETS + 1)
            print(
                f"target error {target_error:.0%}, true {times * target_error:.0%}: "
                f"alarm in {ever.mean():.1%} of runs, "
                f"after {np.median(after):.0f} judged tickets (95 % of runs: {np.quantile(after, 0.95):.0f})"
            )


@dataclass(frozen=True)
class DrawnEncoder:
    """Encoder that has the embeddings of a draw's texts."""

    embeddings: dict[str, NDArray[np.float32]]
    dim: int
    name: str = "drawn"

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        return np.array([self.embeddings[text] for text in texts], np.float32).reshape(-1, self.dim)


@dataclass(frozen=True)
class Outcome:
    """Result of a draw: what training reports, and what is true of the fresh tickets."""

    reported: float
    accuracy: float
    applied: float
    error: float
    seconds: float

    @property
    def is_broken(self) -> bool:
        return self.error > TARGET_ERROR


def outcome(draw: Draw, detector: LanguageDetector, dim: int) -> Outcome:
    start = time.perf_counter()
    encoder = DrawnEncoder(draw.embeddings, dim)
    trained = training.train(draw.history, encoder, detector)
    bundle, seconds = trained.bundle, time.perf_counter() - start
    documents = [ticket.document(ticket.text(), "en") for ticket in draw.fresh]
    embeddings = encoder.encode([document.text for document in documents])
    right, applied = [], []
    for first in range(0, len(documents), 500):
        part = slice(first, first + 500)
        found = bundle.predict(bundle.encode(documents[part]), embeddings[part])
        for ticket, prediction in zip(draw.fresh[part], found, strict=True):
            value = prediction.fields[FIELD]
            right.append(value.value == ticket.labels[FIELD])
            applies = bundle.thresholds[FIELD].applies(value.value, value.confidence)
            applied.append(applies and not prediction.novelty.is_novel)
    is_right, is_applied = np.array(right), np.array(applied)
    error = 1 - float(is_right[is_applied].mean()) if is_applied.any() else 0.0
    metrics = trained.reports[0].metrics
    reported = metrics.accuracy if metrics else 0.0
    return Outcome(reported, float(is_right.mean()), float(is_applied.mean()), error, seconds)


def read_pool(data: Path, cache: Path, *, values: int | None = None) -> Pool:
    """Return Banking77's training part, or its tickets of so many values, with embeddings from the cache."""
    with gzip.open(data / "triage" / "banking77" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    kept = set(sorted({row["labels"][FIELD] for row in rows})[:values])
    rows = [row for row in rows if row["labels"][FIELD] in kept]
    texts = [Ticket(row["id"], "", row["body"]).text() for row in rows]
    settings = load_settings(home=cache)
    folder = os.environ.get("TRIAGE_ENCODER_DIR")
    encoder = open_encoder(settings.encoder, Path(folder) if folder else settings.encoder_folder)
    embeddings = CachedEncoder(encoder, cache).encode(texts, progress=True)
    return Pool(texts, embeddings, np.array([row["labels"][FIELD] for row in rows]))


def _given(value: Any, *_: Any) -> Any:
    return value


def outcomes(
    name: str, pool: Pool, detector: LanguageDetector, draws: int, *, plain: bool, first: int
) -> Iterator[Outcome]:
    fixed = {FIELD: Hyperparameters(2, 3)}
    with ExitStack() as stack:
        stack.enter_context(threadpool_limits(1))
        for what, instead in (
            ("choose_hyperparameters", (fixed, None)),
            ("refine_hyperparameters", fixed),
            ("learning_curves", {}),
            ("language_subspace", np.zeros((0, pool.embeddings.shape[1]), np.float32)),
        ):
            stack.enter_context(patch.object(training, what, partial(_given, instead)))
        for seed in range(first, first + draws):
            draw = SCENARIOS[name](pool, seed, plain=plain)
            yield outcome(draw, detector, pool.embeddings.shape[1])


def line(name: str, found: Sequence[Outcome]) -> str:
    gap = np.array([one.reported - one.accuracy for one in found])
    cells = (
        name,
        str(len(found)),
        str(sum(one.is_broken for one in found)),
        f"{np.mean([one.applied for one in found]):.3f}",
        f"{np.mean([one.error for one in found]):.3f}",
        f"{np.quantile([one.error for one in found], 0.95):.3f}",
        f"{np.mean([one.reported for one in found]):.3f}",
        f"{np.mean([one.accuracy for one in found]):.3f}",
        f"{gap.mean():+.3f} ± {gap.std():.3f}",
        f"{np.mean([one.seconds for one in found]):.1f}",
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="simulate trainings, on this folder of evaluation data")
    parser.add_argument("--cache", type=Path, help="folder of embeddings to keep between runs")
    parser.add_argument("--only", default=",".join(SCENARIOS), help="scenarios, separated by commas")
    parser.add_argument("--draws", type=int, default=200, help="draws of each scenario")
    parser.add_argument("--plain", type=int, default=50, help="draws of each without the dependence")
    parser.add_argument("--first", type=int, default=0, help="seed of the first draw")
    arguments = parser.parse_args()
    if arguments.data is None:
        monitor()
        return
    if arguments.cache is None:
        parser.error("--data needs --cache, the folder of embeddings")
    pool, detector = read_pool(arguments.data, arguments.cache), LanguageDetector(("en",))
    print("| history | draws | broken | applied | wrong | 95 % of draws | reported | fresh | gap | s |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in arguments.only.split(","):
        for label, draws, plain in ((name, arguments.draws, False), ("without", arguments.plain, True)):
            if draws:
                found = outcomes(name, pool, detector, draws, plain=plain, first=arguments.first)
                print(line(label, list(found)), flush=True)


if __name__ == "__main__":
    main()
