"""Search by meaning as an index grows: time, memory and recall, beside comparing everything.

    python benchmarks/scale.py [--articles FILE_OR_FOLDER] [--sizes 10000,50000,200000,1000000]

The passages are real ones and vectors made from these (`scale_vectors.py`); the questions are the articles'
titles. A search compares one vector, finds the nearest 50 passages and looks 500 similarities up, as many as
a search in one language does, on one core, from an index read from its file. Filters let a random half, a
random hundredth, or the hundredth through that lies about one passage. `add` is the time until a vector
added to the index can be searched, beside 5,000 others added since.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from machine import describe
from scale_vectors import Growth, nearness, real_vectors

from kb_index.search.vector_index import (
    CLUSTERED,
    FLAT,
    ExtendedIndex,
    FaissIndex,
    IndexType,
    choose_index_type,
)
from kb_index.storage.live_index import AppendOnlyArray
from models.encoder import BUILT_IN, open_encoder
from models.encoder.cache import CachedEncoder

WANTED = 50
LOOKED_UP = 500
ADDED = 5_000
FEWEST_IN_CLUSTERS = 100_000
ROUNDING = 1e-6  # of a product of two unit vectors of 32-bit floats


@dataclass(frozen=True)
class Times:
    """Milliseconds of each search, by the clock and of the processor; found rows, (n_asked, WANTED)."""

    clock: list[float]
    processor: list[float]
    rows: np.ndarray

    def cells(self) -> str:
        both = (self.clock, self.processor)
        p50, p99 = (" / ".join(f"{np.percentile(each, p):.2f}" for each in both) for p in (50, 99))
        return f"{p50} | {p99}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sample = Path(__file__).resolve().parents[1] / "examples" / "rullamo" / "articles"
    parser.add_argument("--articles", type=Path, default=sample)
    parser.add_argument("--sizes", default="10000,50000,200000,1000000")
    parser.add_argument("--asked", type=int, default=200, help="questions for each size and filter")
    parser.add_argument("--seed", type=int, default=1, help="which questions are drawn")
    parser.add_argument("--spread", type=float, default=0.8, help="how far new vectors lie from real ones")
    parser.add_argument("--clusters", type=int, help="so many, instead of what the index chooses")
    parser.add_argument("--encoder", type=Path, default=os.environ.get("TRIAGE_ENCODER_DIR", "var/encoder"))
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--folder", type=Path, help="on the disk to measure; default: the system's")
    arguments = parser.parse_args()
    print(describe(), "\n")
    encoder = CachedEncoder(open_encoder(BUILT_IN, Path(arguments.encoder)), arguments.cache)
    real = real_vectors(arguments.articles, encoder)
    chance = np.random.default_rng(arguments.seed)
    asked = chance.permutation(real.questions)[: arguments.asked]
    growth = Growth(real.passages, arguments.spread)
    print(
        f"cosines of {len(asked)} questions with the nearest of {len(real.passages):,} passages (quartiles):"
    )
    print(f"- real: {nearness(real.passages, asked)}")
    print(f"- made: {nearness(growth.vectors(len(real.passages)), asked)}\n")
    columns = ("passages", "index", "build, s", "bytes each, file / resident", "filter")
    columns += ("p50, ms (clock / processor)", "p99, ms", "recall @10 / @50", "add, ms")
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    for size in map(int, arguments.sizes.split(",")):
        vectors = growth.vectors(size, seed=size)
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            measure(vectors, asked, Path(folder) / "index", arguments.clusters)


def measure(vectors: np.ndarray, asked: np.ndarray, path: Path, clusters: int | None) -> None:
    n = len(vectors)
    chance = np.random.default_rng(2)
    about = vectors @ vectors[0]
    filters = {
        "none": None,
        "50 %": chance.random(n) < 0.5,
        "1 %": chance.random(n) < 0.01,
        "1 %, alike": about >= np.partition(about, -n // 100)[-n // 100],
    }
    chosen = choose_index_type(n, n)
    approximate = IndexType(
        CLUSTERED, "", clusters or choose_index_type(max(n, FEWEST_IN_CLUSTERS), n).clusters
    )
    exact: dict[str, np.ndarray] = {}
    for index_type in (IndexType(FLAT, ""), approximate):
        started = time.perf_counter()
        FaissIndex.build(vectors, index_type=index_type).save(path)
        build_s = time.perf_counter() - started
        before = psutil.Process().memory_info().rss
        index = FaissIndex.load(path, index_type)
        lines = []
        for name, allowed in filters.items():
            times = timed(index, asked, allowed)
            right = exact.setdefault(name, times.rows)
            recalls = " / ".join(
                f"{recall(vectors, asked, times.rows[:, :k], right[:, :k]):.3f}" for k in (10, WANTED)
            )
            lines.append(f"{name} | {times.cells()} | {recalls}")
        resident = (psutil.Process().memory_info().rss - before) / n
        added = add_ms(index, vectors)
        mark = "**" if index_type.kind == chosen.kind else ""
        clusters_cell = f", {index_type.clusters:,}" if index_type.clusters else ""
        kind = f"{mark}{index_type.kind}{mark}{clusters_cell}"
        head = f"{n:,} | {kind} | {build_s:.1f} | {path.stat().st_size / n:.0f} / {resident:.0f}"
        for line in lines:
            print(f"| {head} | {line} | {added:.2f} |", flush=True)
        del index  # its memory is not the next one's


def timed(index: FaissIndex, asked: np.ndarray, allowed: np.ndarray | None) -> Times:
    clock, processor, found = [], [], []
    index.query(asked[0]).top_k(WANTED, allowed)
    for vector in asked:
        started, used = time.perf_counter(), time.process_time()
        scores = index.query(vector)
        rows = scores.top_k(WANTED, allowed)
        candidates = np.unique((rows[:, None] + np.arange(LOOKED_UP // WANTED)) % len(index))
        scores.similarities(candidates)
        processor.append(1000 * (time.process_time() - used))
        clock.append(1000 * (time.perf_counter() - started))
        found.append(rows)
    return Times(clock, processor, np.array(found))


def recall(vectors: np.ndarray, asked: np.ndarray, found: np.ndarray, right: np.ndarray) -> float:
    """Return which part of the rows found are among the best k, (n_asked, k): those as near as the k-th.

    Passages that are equally near can stand in for each other. So ann-benchmarks counts recall too (Aumüller,
    Bernhardsson and Faithfull 2020).
    """
    parts = []
    for vector, these, those in zip(asked, found, right, strict=True):
        least = (vectors[those] @ vector).min() - ROUNDING
        parts.append(np.mean(vectors[these] @ vector >= least))
    return float(np.mean(parts))


def add_ms(index: FaissIndex, vectors: np.ndarray) -> float:
    added = AppendOnlyArray(np.float32, vectors.shape[1])
    added.extend(vectors[:ADDED])
    times = []
    for vector in vectors[:20]:
        started = time.perf_counter()
        added.extend(vector[None, :])
        ExtendedIndex(index, added.view()).query(vector).top_k(WANTED)
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times))


if __name__ == "__main__":
    main()
