"""Paired comparison of two commits' predictions of the same tickets, as a Markdown table.

    python benchmarks/compare.py BEFORE AFTER [--only SET,…]

BEFORE and AFTER are folders kept by `benchmarks/decisions.py --keep`. A set is "identical" where values,
confidences, actions, thresholds and novelty are equal line by line; texts of reasons are not compared. Other
sets have McNemar's exact test of the tickets that only one of the two has right (a ticket that several
trainings are asked about counts once, by the sign of what it gains in all), and for every figure, a mean over
the set's parts, a 95 % bootstrap interval of the difference, with tickets drawn anew. These are test parts:
choose nothing on them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from decision_sets import SETS, TicketSet
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import matthews_corrcoef, roc_auc_score

from training.metrics import calibration_error

DRAWS = 1_000


@dataclass(frozen=True)
class Answers:
    """One commit's answers to (n,) tickets: best values, actions and novelty, beside part and right value."""

    part: NDArray[np.str_]
    truth: NDArray[np.str_]
    best: NDArray[np.str_]
    confidence: NDArray[np.float64]
    action: NDArray[np.str_]
    is_novel: NDArray[np.bool_]
    novelty: NDArray[np.float64]

    def take(self, rows: NDArray[Any]) -> Answers:
        """Return these rows."""
        return Answers(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @property
    def right(self) -> NDArray[np.bool_]:
        """True where the best value is the right one, (n,)."""
        found: NDArray[np.bool_] = self.best == self.truth
        return found


def read(folder: Path, test: str, tickets: TicketSet) -> tuple[list[str], Answers, list[dict[str, Any]]]:
    """Return the labelled tickets' ids, the answers, and these as they were written, without reasons."""
    gold = [json.loads(line) for line in (folder / f"{test}.jsonl").read_text("utf-8").splitlines()]
    lines = [json.loads(line) for line in (folder / f"{test}-triage.jsonl").read_text("utf-8").splitlines()]
    pairs = [
        (row["id"], row["labels"][tickets.field], line["fields"][tickets.field], line["novelty"])
        for row, line in zip(gold, lines, strict=True)
        if tickets.field in row["labels"]
    ]
    top = [field["alternatives"][0] for _, _, field, _ in pairs]
    answers = Answers(
        np.array([f"{folder.name}/{test}"] * len(pairs)),
        np.array([truth for _, truth, _, _ in pairs]),
        np.array([alternative["value"] for alternative in top]),
        np.array([alternative["confidence"] for alternative in top], float),
        np.array([field["action"] for _, _, field, _ in pairs]),
        np.array([novelty["is_novel"] for *_, novelty in pairs], bool),
        np.array([novelty["score"] for *_, novelty in pairs], float),
    )
    plain = [
        {name: value for name, value in field.items() if name != "reasons"} | {"novelty": novelty}
        for _, _, field, novelty in pairs
    ]
    return [identity for identity, *_ in pairs], answers, plain


def joined(parts: list[Answers]) -> Answers:
    names = Answers.__dataclass_fields__
    return Answers(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


Metric = Callable[[Answers], float]


def metrics(novel: str, *, has_novel: bool) -> dict[str, Metric]:
    """Return the figures of a set; tickets labelled `novel` fit no class and count in the last two alone."""

    def known(answers: Answers) -> Answers:
        return answers.take(answers.truth != novel)

    def applied_error(answers: Answers) -> float:
        applied = answers.take((answers.truth != novel) & (answers.action == "apply"))
        return 1 - float(applied.right.mean()) if len(applied.right) else float("nan")

    def calibration(answers: Answers) -> float:
        tickets = known(answers)
        return calibration_error(tickets.confidence, tickets.right)

    def mcc(answers: Answers) -> float:
        said = np.where(answers.is_novel | (answers.action == "abstain"), novel, answers.best)
        return float(matthews_corrcoef(answers.truth, said))

    def auroc(answers: Answers) -> float:
        return float(roc_auc_score(answers.truth == novel, answers.novelty))

    found: dict[str, Metric] = {
        "accuracy": lambda answers: float(known(answers).right.mean()),
        "calibration error": calibration,
        "applied": lambda answers: float((known(answers).action == "apply").mean()),
        "wrong among these": applied_error,
    }
    if has_novel:
        found |= {"MCC": mcc, "AUROC of novelty": auroc}
    return {figure: mean_of_parts(metric) for figure, metric in found.items()}


def mean_of_parts(metric: Metric) -> Metric:
    def mean(answers: Answers) -> float:
        return float(np.nanmean([metric(answers.take(answers.part == p)) for p in np.unique(answers.part)]))

    return mean


def interval(metric: Metric, ids: NDArray[np.str_], before: Answers, after: Answers) -> tuple[float, float]:
    """Return the 95 % percentile interval of the difference; all answers to a drawn ticket are drawn."""
    names, ticket = np.unique(ids, return_inverse=True)
    order = np.argsort(ticket, kind="stable")
    rows_of = np.split(order, np.cumsum(np.bincount(ticket))[:-1])
    rng = np.random.default_rng(0)
    differences = []
    for _ in range(DRAWS):
        drawn = np.concatenate([rows_of[i] for i in rng.integers(len(names), size=len(names))])
        differences.append(metric(after.take(drawn)) - metric(before.take(drawn)))
    low, high = np.nanquantile(differences, (0.025, 0.975))
    return float(low), float(high)


def mcnemar(ids: NDArray[np.str_], before: Answers, after: Answers, novel: str) -> str:
    """Say how many tickets only one commit has right, and how likely chance explains more."""
    known = before.truth != novel
    gain = after.right[known].astype(int) - before.right[known]
    _, ticket = np.unique(ids[known], return_inverse=True)
    net = np.bincount(ticket, weights=gain)
    gained, lost = int((net > 0).sum()), int((net < 0).sum())
    p = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    return f"{gained} gained, {lost} lost, p = {p:.2g}"


def rows(name: str, before: Path, after: Path) -> Iterator[tuple[str, ...]]:
    """Yield the lines of one set's table."""
    ids: list[str] = []
    answers: tuple[list[Answers], list[Answers]] = ([], [])
    equal = True
    for file in sorted(before.glob("*/*-triage.jsonl")):
        trial, test = file.parent.name, file.name.removesuffix("-triage.jsonl")
        if not (after / trial / file.name).is_file():
            raise SystemExit(f"there is no {after / trial / file.name}: expected all trainings of {before}")
        ids_before, old, old_lines = read(file.parent, test, SETS[name])
        ids_after, new, new_lines = read(after / trial, test, SETS[name])
        if ids_before != ids_after:
            raise SystemExit(
                f"{name}: trial {trial} asks other tickets in {after}: keep both of the same data"
            )
        equal = equal and old_lines == new_lines
        ids += ids_before
        answers[0].append(old)
        answers[1].append(new)
    if equal:
        yield name, f"{len(ids):,}", "all", "", "", "identical", "", ""
        return
    old, new = joined(answers[0]), joined(answers[1])
    novel = SETS[name].novel
    names = np.array(ids)
    for figure, metric in metrics(novel, has_novel=bool((old.truth == novel).any())).items():
        was, now = metric(old), metric(new)
        low, high = interval(metric, names, old, new)
        test = mcnemar(names, old, new, novel) if figure == "accuracy" else ""
        yield (
            name,
            f"{len(ids):,}",
            figure,
            f"{was:.4f}",
            f"{now:.4f}",
            f"{now - was:+.4f}",
            f"{low:+.4f} to {high:+.4f}",
            test,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path, metavar="BEFORE")
    parser.add_argument("after", type=Path, metavar="AFTER")
    parser.add_argument("--only", default="", help="sets, separated by commas [default: all in both folders]")
    arguments = parser.parse_args()
    in_both = [n for n in SETS if (arguments.before / n).is_dir() and (arguments.after / n).is_dir()]
    names = arguments.only.split(",") if arguments.only else in_both
    if unknown := set(names) - set(in_both):
        parser.error(f"--only names {sorted(unknown)}, expected some of {in_both}")
    head = ("set", "answers", "figure", "before", "after", "difference", "95 % interval", "McNemar")
    print("|", " | ".join(head), "|")
    print("|", " | ".join("---" for _ in head), "|")
    for name in names:
        for cells in rows(name, arguments.before / name, arguments.after / name):
            print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
