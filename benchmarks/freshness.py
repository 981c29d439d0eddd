"""Cost of a change: adding, replacing and removing one article, and writing a new index folder.

    python benchmarks/freshness.py [--sizes 1000,5000,20000] [--folder DIR]

Articles are random words, as frequent as words are (Zipf's law), and their vectors random: neither changes
what index work costs, and the encoder's own time is left out. Shown beside it: what it takes a reader to look
for changes, and to take one over.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from machine import describe

from kb_index.articles.article import Article
from kb_index.storage.article_store import ArticleStore
from models.encoder import TextKind

WORDS = 250
TRIALS = 30


class RandomEncoder:
    """Gives each text a random vector of its own."""

    name = "random/384"
    dim = 384

    def encode(self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False) -> np.ndarray:
        seeds = (crc32(f"{kind}{text}".encode()) for text in texts)
        rows = [np.random.default_rng(seed).standard_normal(self.dim, np.float32) for seed in seeds]
        vectors = np.array(rows, np.float32).reshape(len(texts), self.dim)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Writer:
    """Makes articles of random words in three languages."""

    def __init__(self) -> None:
        self._chance = np.random.default_rng(0)
        letters = np.array(list("aeioulnrstkmpdvhjgby"))
        lengths = self._chance.integers(3, 12, 30_000)
        self._vocabulary = ["".join(self._chance.choice(letters, length)) for length in lengths]

    def words(self, count: int) -> str:
        ranks = np.minimum(self._chance.zipf(1.2, count), len(self._vocabulary)) - 1
        return " ".join(self._vocabulary[rank] for rank in ranks)

    def article(self, number: int) -> Article:
        body = "\n".join(self.words(50) for _ in range(WORDS // 50))
        return Article(f"a{number}", self.words(5), body, ("en", "de", "fi")[number % 3])


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,5000,20000")
    parser.add_argument("--folder", type=Path, help="on the disk to measure; default: the system's")
    arguments = parser.parse_args()
    print(describe())
    print(
        "\n| articles | passages | new folder, s | add / replace / remove one, ms | take in, ms | look, ms |"
    )
    print("|---|---|---|---|---|---|")
    for size in map(int, arguments.sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            print(row(Path(folder), size), flush=True)


def row(root: Path, size: int) -> str:
    writer, encoder = Writer(), RandomEncoder()
    store = ArticleStore(root, encoder, auto_compact=False)
    store.rebuild({"": [writer.article(number) for number in range(size)]})
    reader = ArticleStore(root, encoder)
    reader.knowledge_base()
    store.remove(["a0"])  # the tree of translations is made at the first change
    reader.knowledge_base()
    times: dict[str, list[float]] = defaultdict(list)
    for trial in range(TRIALS):
        new, other = writer.article(size + trial), writer.article(1 + trial)
        for name, work in (
            ("add", lambda new=new: store.put([new])),
            ("replace", lambda other=other: store.put([other])),
            ("remove", lambda trial=trial: store.remove([f"a{100 + trial}"])),
        ):
            times[name].append(milliseconds(work))
            times["take in"].append(milliseconds(reader.knowledge_base))
            times["look"].append(milliseconds(reader.knowledge_base))
    passages = len(reader.knowledge_base().retriever.catalogue.chunks)
    compaction_s = milliseconds(store.compact) / 1000
    median = {name: statistics.median(values) for name, values in times.items()}
    changes = " / ".join(f"{median[name]:.1f}" for name in ("add", "replace", "remove"))
    return (
        f"| {size:,} | {passages:,} | {compaction_s:.1f} | {changes} | {median['take in']:.1f} "
        f"| {median['look']:.3f} |"
    )


if __name__ == "__main__":
    main()
