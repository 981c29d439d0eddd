"""Gains and losses of ranking by use in simulated helpdesks: 200 articles, 1,000 queries.

    PYTHONPATH=. python benchmarks/usage.py [--seeds 5]

Each line is the mean over the seeds of hit@1 and nDCG@10 before and after so many searches in ten rounds,
each with the ranking fitted by then; "uncorrected" counts as if every article stood first. People who know
open a right article that they look at with the chance 0.7, another with 0.1; at random: 0.2. They look at
place p with the chance 1/p, or 1/sqrt(p). Rivals: pairs of near articles (0.7 and 0.3), the worse one
ahead in half.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from usage_simulation import (
    RANDOM,
    People,
    World,
    erring_world,
    learnt_boosts,
    live,
    rival_world,
    uncorrected,
)

from kb_index.usage.events import UsageCounts

KNOWING = People()
UNDECIDED = People(opens_right=0.7, opens_wrong=0.3, gives_feedback=False)
Case = tuple[Callable[..., World], People, Callable[..., UsageCounts], int]
CASES: dict[str, Case] = {
    "people who know, 1,000 searches": (erring_world, KNOWING, live, 100),
    "people who know, 3,000": (erring_world, KNOWING, live, 300),
    "people who know, 10,000": (erring_world, KNOWING, live, 1000),
    "people who know, 20,000": (erring_world, KNOWING, live, 2000),
    "the same, looking at 1/sqrt(p)": (erring_world, replace(KNOWING, steepness=0.5), live, 2000),
    "the same, uncorrected": (erring_world, KNOWING, uncorrected, 2000),
    "at random, 20,000": (erring_world, RANDOM, live, 2000),
    "at random, looking at 1/sqrt(p)": (erring_world, replace(RANDOM, steepness=0.5), live, 2000),
    "at random, uncorrected": (erring_world, RANDOM, uncorrected, 2000),
    "rivals, 20,000": (rival_world, UNDECIDED, live, 2000),
    "rivals, uncorrected": (rival_world, UNDECIDED, uncorrected, 2000),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    print("| searches | hit@1 | nDCG@10 | worst change of hit@1 |\n|---|---|---|---|")
    for name, (make, people, run, searches) in CASES.items():
        found = []
        for seed in range(arguments.seeds):
            chance = np.random.default_rng(seed)
            world = make(chance)
            boosts = learnt_boosts(run(world, people, chance, searches=searches), world.n_articles)
            pair = world.quality(np.zeros(world.n_articles)), world.quality(boosts)
            found.append([[quality[figure] for figure in ("hit@1", "ndcg@10")] for quality in pair])
        before, after = np.mean(found, axis=0)
        worst = min(now[0] - then[0] for then, now in found)
        cells = [f"{then:.3f} → {now:.3f}" for then, now in zip(before, after, strict=True)]
        print(f"| {name} | {' | '.join(cells)} | {worst:+.3f} |", flush=True)


if __name__ == "__main__":
    main()
