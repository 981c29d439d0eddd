"""Article search beside BM25 alone and the embedding alone: every figure of the goals' table in one run.

    python benchmarks/kb.py --data FOLDER [--rows lines,…] [--choosing] [--details] [--cache FOLDER]
        [--keep FILE]

FOLDER is the folder of evaluation data (holds kb/gnome_help, …); default: $TRIAGE_TEST_DATA. Figures are of
the questions on which nothing was chosen: the test part where a set has a development part, else one half
of the questions, told by a hash of the page they ask for. --choosing shows the others instead, and is the
only switch to be used while choosing. Only the articles of a direction's second language are indexed
(`all`: those of every language, except the translations that the asker could have read). BM25 alone:
whole words, title and body. Embedding alone: the cosine of the best passage, as encoded. The encoder is
unpacked into --encoder ($TRIAGE_ENCODER_DIR); embeddings are kept in --cache: the first run encodes some
50,000 texts, which takes about an hour. --keep writes each answer, for `kb_compare.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from kb_data import ROWS, Data, Direction, GoalRow
from kb_systems import SYSTEMS, Answer, System
from machine import describe

from kb_index.search.scoring import AGENT_THRESHOLD, PORTAL_THRESHOLD
from models.encoder import BUILT_IN, open_encoder
from models.encoder.cache import CachedEncoder

Figures = dict[str, float]
"""By name; "questions" and "gaps" are counts."""


def measure(data: Data, direction: Direction, indexed: set[str], answers: Sequence[Answer]) -> Figures:
    """Return hit@1 and nDCG@10 of the questions with an answer, and AUROC of these against the others."""
    hits, gains, sure, gap = [], [], [], []
    for query, answer in zip(data.asked(direction, indexed), answers, strict=True):
        relevance = {a: r for a, r in data.relevant[query["id"]].items() if a in indexed}
        if not relevance:
            gap.append(answer.confidence)
            continue
        found = [relevance.get(article, 0) for article in answer.articles]
        hits.append(bool(found and found[0]))
        gains.append(discounted(found) / discounted(sorted(relevance.values(), reverse=True)[:10]))
        sure.append(answer.confidence)
    right = np.array(hits, bool)
    confident = np.array(sure)
    return {
        "questions": len(hits),
        "gaps": len(gap),
        "hit@1": float(right.mean()),
        "ndcg@10": float(np.mean(gains)),
        "auroc": auroc(confident, np.array(gap)),
        "shown": float((confident >= PORTAL_THRESHOLD).mean()),
        "right of shown": share(right[confident >= PORTAL_THRESHOLD]),
        "right reaching agents": share(confident[right] >= AGENT_THRESHOLD),
        "gaps shown": share(np.array(gap) >= PORTAL_THRESHOLD),
    }


def discounted(gains: Sequence[int]) -> float:
    return float(sum(gain / np.log2(rank + 2) for rank, gain in enumerate(gains)))


def share(flags: np.ndarray) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def auroc(answerable: np.ndarray, gaps: np.ndarray) -> float:
    """Return the probability that an answerable question is surer than a gap; ties count half."""
    if not len(gaps):
        return float("nan")
    difference = answerable[:, None] - gaps[None, :]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--rows", default="", help="only rows whose name holds one of these, by commas")
    parser.add_argument("--choosing", action="store_true", help="the questions for choosing, not the others")
    parser.add_argument("--details", action="store_true", help="also a line for each direction")
    parser.add_argument("--encoder", type=Path, default=os.environ.get("TRIAGE_ENCODER_DIR", "var/encoder"))
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--keep", type=Path, help="write each answer to this file, as JSON lines")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    encoder = CachedEncoder(open_encoder(BUILT_IN, Path(arguments.encoder)), arguments.cache)
    wanted = arguments.rows.split(",")
    rows = [row for row in ROWS if any(part in row.name for part in wanted)]
    print(f"{describe()}; {'choosing' if arguments.choosing else 'reported'} questions\n")
    if arguments.keep:
        arguments.keep.write_text("")
    results: dict[Direction, dict[str, Figures]] = {}
    for name in dict.fromkeys(direction.set for row in rows for direction in row.directions):
        data = Data(Path(arguments.data) / "kb" / name, choosing=arguments.choosing)
        mine = {direction for row in rows for direction in row.directions if direction.set == name}
        results |= run(data, mine, encoder, arguments.keep)
    print_goals(rows, results)
    if arguments.details:
        print_details(results)


def run(
    data: Data, directions: set[Direction], encoder: CachedEncoder, keep: Path | None = None
) -> dict[Direction, dict[str, Figures]]:
    """Measure all systems in these directions, building each index once; `keep` takes their answers."""
    by_index = defaultdict(list)
    for direction in sorted(directions, key=str):
        by_index[direction.index].append(direction)
    results: dict[Direction, dict[str, Figures]] = {}
    for among in by_index.values():
        started = time.perf_counter()
        articles = data.indexed(among[0])
        indexed = {article.id for article in articles}
        systems: dict[str, System] = {name: make(articles, encoder) for name, make in SYSTEMS.items()}
        for direction in among:
            queries = data.asked(direction, indexed)
            vectors = encoder.encode([query["text"] for query in queries])
            results[direction] = {}
            for name, system in systems.items():
                answers = [system.answer(q, v) for q, v in zip(queries, vectors, strict=True)]
                results[direction][name] = measure(data, direction, indexed, answers)
                if keep:
                    append(keep, name, data, direction, indexed, answers)
            print(f"<!-- {direction}: {time.perf_counter() - started:.0f} s -->", flush=True)
    return results


def append(
    path: Path, system: str, data: Data, direction: Direction, indexed: set[str], answers: Sequence[Answer]
) -> None:
    with path.open("a", encoding="utf-8") as stream:
        for query, answer in zip(data.asked(direction, indexed), answers, strict=True):
            line = {
                "system": system,
                "direction": str(direction),
                "query": query["id"],
                "relevant": {a: r for a, r in data.relevant[query["id"]].items() if a in indexed},
                "articles": answer.articles,
                "confidence": answer.confidence,
            }
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def print_goals(rows: Sequence[GoalRow], results: dict[Direction, dict[str, Figures]]) -> None:
    print(f"| data | figure | {' | '.join(SYSTEMS)} | goal |\n|---|---|{'---|' * len(SYSTEMS)}---|")
    for row in rows:
        means = {
            name: np.mean([results[direction][name][row.figure] for direction in row.directions])
            for name in SYSTEMS
        }
        cells = " | ".join(f"{mean:.3f}" for mean in means.values())
        missed = "" if row.goal is None or means["kb_index"] >= row.goal else ": missed"
        print(f"| {row.name} | {row.figure} | {cells} | {row.goal or '-'}{missed} |", flush=True)


def print_details(results: dict[Direction, dict[str, Figures]]) -> None:
    shown = ("auroc", "shown", "right of shown", "right reaching agents", "gaps shown")
    print(f"\n| direction | questions + gaps | {' | '.join(f'{s} hit@1 / nDCG@10' for s in SYSTEMS)}", end="")
    print(f" | {' | '.join(shown)} |\n|---|---|{'---|' * (len(SYSTEMS) + len(shown))}")
    for direction, figures in results.items():
        own = figures["kb_index"]
        ranked = [f"{f['hit@1']:.3f} / {f['ndcg@10']:.3f}" for f in figures.values()]
        rest = ["-" if np.isnan(own[name]) else f"{own[name]:.3f}" for name in shown]
        counts = f"{own['questions']:.0f} + {own['gaps']:.0f}"
        print(f"| {' | '.join([str(direction), counts, *ranked, *rest])} |")


if __name__ == "__main__":
    main()
