"""Accuracy, calibration, applied share and cost of predicted fields, beside a usual baseline, in one run.

    python benchmarks/decisions.py --data FOLDER --scorer FILE [--only SET,…] [--cache FOLDER] [--cold]
                                   [--keep FOLDER] [--no-baseline]

FOLDER is the folder of evaluation data (holds triage/banking77, …); default: $TRIAGE_TEST_DATA. Baseline:
TF-IDF of words and word pairs, logistic regression, a value applied from a probability of 0.95 on, a ticket
called novel below 0.5. triage: `triage train` and `triage predict` in an empty home. The scorer reads the
prediction files of both. The encoder is unpacked into the home, or once into $TRIAGE_ENCODER_DIR; embeddings
are kept in --cache, without which every run encodes every text: times depend on what it held before, and
--cold leaves it aside for the set that is there for its size. --keep keeps tickets and predictions as
FOLDER/SET/TRAINING/*.jsonl, for `benchmarks/compare.py`. These are test parts: choose nothing on them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from baseline import Baseline
from decision_sets import SETS, Row, Rows, TicketSet, TrainTest, write
from machine import Usage, describe, measured
from numpy.typing import NDArray

from training.data.dataset import read_tickets
from training.metrics import calibration_error
from triage.pipeline.factory import open_engine
from triage.settings import load_settings

TRIAGE = [sys.executable, "-m", "cli"]
ENOUGH_ROWS = 1_000
TARGET_ERROR = 0.05
WARM_UP, ONE_BY_ONE = 5, 100


@dataclass(frozen=True)
class Score:
    """The scorer's metrics of one system on one test part, and what they are compared with."""

    test: str
    rows: int
    metrics: Row
    best_share: float
    by_chance: float


@dataclass(frozen=True)
class Cost:
    """Cost of one training and the predictions after it; the first training encodes what the cache lacks."""

    baseline_s: float | None
    first: Usage
    again: Usage | None
    tickets_per_s: float
    one_ticket_ms: float
    bundle_mb: float


@dataclass(frozen=True)
class Bench:
    """Options that all trainings of a set share."""

    tickets: TicketSet
    scorer: Path
    cache: Path | None
    cold: bool
    has_baseline: bool

    def run(self, trial: TrainTest, folder: Path) -> tuple[dict[str, list[Score]], Cost]:
        """Train and predict with both systems; everything is written below `folder`."""
        train = write(folder / "train.jsonl", trial.train)
        tests = {name: write(folder / f"{name}.jsonl", rows) for name, rows in trial.tests.items()}
        home = folder / "home"
        home.mkdir()
        if self.cache and not (self.cold and self.tickets.is_for_cost):
            (home / "cache").symlink_to(self.cache.resolve(), target_is_directory=True)
        first = self.triage("train", train, home)
        again = self.triage("train", train, home) if self.tickets.is_for_cost else None
        bundle = home / "models" / (home / "models" / "current").read_text("utf-8").strip()
        size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file())
        scores: dict[str, list[Score]] = {"baseline": [], "triage": []}
        seconds = 0.0
        for name, test in tests.items():
            out = folder / f"{name}-triage.jsonl"
            seconds += self.triage("predict", test, home, out).seconds
            scores["triage"].append(self.score(name, trial.tests[name], test, out))
        one_ticket_ms = median_ms(home, next(iter(tests.values())))
        baseline_s = self.baseline(trial, tests, scores["baseline"]) if self.has_baseline else None
        tickets = sum(map(len, trial.tests.values()))
        return scores, Cost(baseline_s, first, again, tickets / seconds, one_ticket_ms, size / 1e6)

    def baseline(self, trial: TrainTest, tests: Mapping[str, Path], scores: list[Score]) -> float:
        """Add the baseline's scores of each part; return the seconds that its training took."""
        say("baseline")
        start = time.perf_counter()
        model = Baseline(trial.train, self.tickets.field)
        seconds = time.perf_counter() - start
        for name, test in tests.items():
            out = write(test.with_suffix(".baseline"), list(model.answers(trial.tests[name])))
            scores.append(self.score(name, trial.tests[name], test, out))
        return seconds

    def triage(self, command: str, tickets: Path, home: Path, out: Path | None = None) -> Usage:
        say(f"triage {command}")
        more = ["--fields", self.tickets.field] if out is None else ["--out", out]
        return measured([*TRIAGE, command, "--tickets", tickets, "--home", home, *more])

    def score(self, name: str, rows: Rows, gold: Path, out: Path) -> Score:
        command = [sys.executable, self.scorer, "triage", "--gold", gold, "--pred", out]
        command += ["--fields", self.tickets.field, "--novel", self.tickets.novel]
        scored = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        confidence, right = answers(rows, out, self.tickets)
        return Score(
            name,
            len(rows),
            scored[self.tickets.field],
            best_share(confidence, right),
            by_chance(confidence),
        )


def keep(folder: Path, tests: Iterable[str], where: Path) -> None:
    """Copy each part's tickets and triage's predictions of them."""
    where.mkdir(parents=True, exist_ok=True)
    for test in tests:
        for file in (f"{test}.jsonl", f"{test}-triage.jsonl"):
            shutil.copyfile(folder / file, where / file)


def median_ms(home: Path, tickets: Path) -> float:
    """Return the median time of one ticket at a time, encoding and reasons included."""
    engine = open_engine(load_settings(home=home))
    took = []
    for ticket in read_tickets([tickets]).tickets[: WARM_UP + ONE_BY_ONE]:
        start = time.perf_counter()
        engine.triage(ticket)
        took.append(time.perf_counter() - start)
    return 1e3 * float(np.median(took[WARM_UP:]))


def answers(rows: Rows, out: Path, tickets: TicketSet) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return each best answer's confidence, and whether it is right, of tickets with a known value."""
    predictions = {line["id"]: line for line in map(json.loads, out.read_text("utf-8").splitlines())}
    pairs = []
    for row in rows:
        truth = row["labels"].get(tickets.field)
        if truth not in (None, tickets.novel):
            top = predictions[row["id"]]["fields"][tickets.field]["alternatives"][0]
            pairs.append((top["confidence"], top["value"] == truth))
    return np.array([c for c, _ in pairs], float), np.array([r for _, r in pairs], bool)


def by_chance(confidence: NDArray[np.float64]) -> float:
    """Return the calibration error of answers that are right exactly as often as they say, mean of 200 draws.

    The error is measured in parts of finitely many tickets, so that it cannot be expected to be smaller.
    """
    rng = np.random.default_rng(0)
    draws = (rng.random(len(confidence)) < confidence for _ in range(200))
    return float(np.mean([calibration_error(confidence, right) for right in draws]))


def best_share(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the largest share at or above any one threshold of which at most a twentieth is wrong.

    It is chosen with the right answers at hand, so no threshold from training can be expected to beat it.
    """
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    # Tickets of equal confidence are accepted together.
    ends = np.append(np.diff(confidence[order]) != 0, True)
    good = np.nonzero(ends & (wrong <= TARGET_ERROR))[0]
    return float(good[-1] + 1) / len(order) if len(good) else 0.0


def figure_lines(name: str, scores: Mapping[str, Sequence[Score]]) -> Iterator[str]:
    for figure in SETS[name].figures:
        cells = [
            mean([s.metrics.get(figure.metric) for s in scores[system] if figure.test in ("", s.test)])
            for system in ("baseline", "triage")
        ]
        yield line(name, figure.label, *cells, figure.goal)


def trust_lines(name: str, scores: Mapping[str, Sequence[Score]]) -> Iterator[str]:
    for system, found in scores.items():
        large = [score for score in found if score.rows >= ENOUGH_ROWS]
        if large:
            names = ("calibration_error", "applied", "applied_error")
            best = [score.best_share for score in large]
            applied = [score.metrics["applied"] for score in large]
            relative = f"{sum(applied) / sum(best):.0%}" if sum(best) else "-"
            cells = [mean([score.metrics[metric] for score in large]) for metric in names]
            cells.insert(1, mean([score.by_chance for score in large]))
            yield line(name, system, *cells, mean(best), relative)


def cost_line(name: str, costs: Sequence[Cost]) -> str:
    cost = costs[-1]
    again = f"{cost.again.seconds:.0f}" if cost.again else "-"
    peak = max(c.peak_mb for c in (cost.first, cost.again) if c)
    baseline = "-" if cost.baseline_s is None else f"{cost.baseline_s:.0f}"
    cells = (baseline, f"{cost.first.seconds:.0f}", again, f"{cost.tickets_per_s:.0f}")
    return line(name, *cells, f"{cost.one_ticket_ms:.0f}", f"{peak:.0f}", f"{cost.bundle_mb:.1f}")


def mean(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{np.mean(known):.3f}" if known else "-"


def line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def table(head: str, lines: Sequence[str]) -> None:
    if lines:
        columns = head.split(", ")
        print("", line(*columns), line(*("---" for _ in columns)), *lines, sep="\n", flush=True)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--scorer", type=Path, required=True, help="the shared scorer")
    parser.add_argument("--only", default=",".join(SETS), help="sets, separated by commas")
    parser.add_argument("--cache", type=Path, help="folder of embeddings to keep between runs")
    parser.add_argument("--cold", action="store_true", help="leave --cache aside where cost counts")
    parser.add_argument("--keep", type=Path, help="folder for the test and prediction files of each training")
    parser.add_argument("--no-baseline", action="store_true", help="measure triage alone")
    parser.add_argument("--tickets", type=int, help="at most so many of each part, to try this program")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    names = arguments.only.split(",")
    if unknown := set(names) - set(SETS):
        parser.error(f"--only names {sorted(unknown)}, expected some of {list(SETS)}")
    if arguments.cache:
        arguments.cache.mkdir(parents=True, exist_ok=True)
    figures, trust, costs = [], [], []
    for name in names:
        has_baseline = SETS[name].has_baseline and not arguments.no_baseline
        bench = Bench(SETS[name], arguments.scorer, arguments.cache, arguments.cold, has_baseline)
        scores: dict[str, list[Score]] = {"baseline": [], "triage": []}
        spent = []
        for number, trial in enumerate(SETS[name].trials(Path(arguments.data)), 1):
            say(f"{name}, training {number}")
            with tempfile.TemporaryDirectory() as folder:
                found, cost = bench.run(trial.limited(arguments.tickets), Path(folder))
                if arguments.keep:
                    keep(Path(folder), trial.tests, arguments.keep / name / str(number))
            spent.append(cost)
            for system, more in found.items():
                scores[system] += more
        figures += list(figure_lines(name, scores))
        trust += list(trust_lines(name, scores))
        costs.append(cost_line(name, spent))
        say("\n".join(figure_lines(name, scores)))
    print(describe())
    table("set, figure, baseline, triage, goal", figures)
    table(
        "set, system, cal. error, by chance, applied, wrong among these, best share at 5 %, applied / best",
        trust,
    )
    table(
        "set, baseline s, first training s, again s, predicted tickets/s, one ticket ms, peak MB, bundle MB",
        costs,
    )


if __name__ == "__main__":
    main()
