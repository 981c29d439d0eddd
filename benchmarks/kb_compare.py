"""Paired comparison of two commits' answers to the same questions over articles, as a Markdown table.

    python benchmarks/kb_compare.py BEFORE AFTER

BEFORE and AFTER are files kept by `benchmarks/kb.py --keep`. A direction is "identical" where the ten
articles of every answer and their order are equal, and the confidence of the first to six decimals. For other
directions the table has McNemar's exact test of hit@1, and a 95 % bootstrap interval of the difference in
nDCG@10, with questions drawn anew.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from kb import discounted
from scipy.stats import binomtest

DRAWS = 1_000
Answers = list[dict[str, Any]]


def read(path: Path, system: str) -> dict[str, Answers]:
    """Return the answers of one system by direction."""
    found: dict[str, Answers] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        answer = json.loads(line)
        if answer["system"] == system:
            found[answer["direction"]].append(answer)
    return found


def is_same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    first, second = (round(float(answer["confidence"]), 6) for answer in (before, after))
    return bool(before["articles"] == after["articles"]) and first == second


def hits(answers: Answers) -> np.ndarray:
    return np.array([bool(a["articles"]) and a["articles"][0] in a["relevant"] for a in answers])


def ndcg(answers: Answers) -> np.ndarray:
    return np.array(
        [
            discounted([answer["relevant"].get(article, 0) for article in answer["articles"]])
            / discounted(sorted(answer["relevant"].values(), reverse=True)[:10])
            for answer in answers
        ]
    )


def mcnemar(before: np.ndarray, after: np.ndarray) -> str:
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    p = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    return f"{gained} gained, {lost} lost, p = {p:.2g}"


def interval(differences: np.ndarray) -> str:
    """Return the 95 % percentile interval of the mean of paired differences, (n,)."""
    rng = np.random.default_rng(0)
    means = differences[rng.integers(len(differences), size=(DRAWS, len(differences)))].mean(axis=1)
    return "{:+.4f} to {:+.4f}".format(*np.quantile(means, (0.025, 0.975)))


def cells(name: str, before: Answers, after: Answers) -> Sequence[str]:
    if [a["query"] for a in before] != [a["query"] for a in after]:
        raise SystemExit(f"{name}: other questions were asked after than before: keep both of the same data")
    equal = sum(map(is_same, before, after))
    answerable = [(old, new) for old, new in zip(before, after, strict=True) if old["relevant"]]
    old, new = [pair[0] for pair in answerable], [pair[1] for pair in answerable]
    means = [f"{metric(old).mean():.3f} → {metric(new).mean():.3f}" for metric in (hits, ndcg)]
    counts = f"{len(before):,}", "identical" if equal == len(before) else f"{equal:,}"
    if equal == len(before):
        return name, *counts, *means, "", ""
    return name, *counts, *means, mcnemar(hits(old), hits(new)), interval(ndcg(new) - ndcg(old))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path, metavar="BEFORE")
    parser.add_argument("after", type=Path, metavar="AFTER")
    parser.add_argument("--system", default="kb_index", help="BM25, embedding or kb_index")
    arguments = parser.parse_args()
    before, after = (read(path, arguments.system) for path in (arguments.before, arguments.after))
    head = (
        "direction",
        "answers",
        "equal",
        "hit@1",
        "nDCG@10",
        "McNemar of hit@1",
        "95 % interval of nDCG@10",
    )
    print("|", " | ".join(head), "|")
    print("|", " | ".join("---" for _ in head), "|")
    both = [name for name in before if name in after]
    for name in both:
        print("|", " | ".join(cells(name, before[name], after[name])), "|", flush=True)
    everything = [list(chain.from_iterable(answers[name] for name in both)) for answers in (before, after)]
    print("|", " | ".join(cells("all", *everything)), "|")


if __name__ == "__main__":
    main()
