"""Ticket sets of `benchmarks/decisions.py`: training and test parts, and the figures that are reported."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]
Rows = list[Row]
LANGUAGES = ("en", "de", "fi", "nb")
DRAWS = 5
PER_CLASS = 10
NONE = "none"
MADE_VALUES = 100


@dataclass(frozen=True)
class TrainTest:
    """One training set, and the test parts by name."""

    train: Rows
    tests: dict[str, Rows]

    def limited(self, count: int | None) -> TrainTest:
        """Return the trial with at most `count` tickets of each part, chosen by chance."""
        if count is None:
            return self
        return TrainTest(
            chosen(self.train, count), {name: chosen(rows, count) for name, rows in self.tests.items()}
        )


@dataclass(frozen=True)
class Figure:
    """One line of the table: the scorer's `metric`, averaged over the trials and their `tests` ("": all)."""

    label: str
    metric: str
    test: str = ""
    goal: str = ""


@dataclass(frozen=True)
class TicketSet:
    """`trials` reads the folder of evaluation data; tickets labelled `novel` fit no class.

    The baseline, whose solver takes minutes for 8 values of 38,265 tickets, is left out for made values.
    """

    field: str
    trials: Callable[[Path], Iterable[TrainTest]]
    figures: tuple[Figure, ...]
    novel: str = "oos"
    is_for_cost: bool = False
    has_baseline: bool = True


def chosen(rows: Rows, count: int) -> Rows:
    return [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:count]]


def read(path: Path) -> Rows:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write(path: Path, rows: Rows) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def official(name: str) -> Callable[[Path], Iterable[TrainTest]]:
    """Return the set as it is split."""

    def trials(data: Path) -> Iterable[TrainTest]:
        folder = data / "triage" / name
        yield TrainTest(read(folder / "train.jsonl.gz"), {name: read(folder / "test.jsonl.gz")})

    return trials


def made_values(data: Path) -> Iterable[TrainTest]:
    """Yield the largest set with 100 made values, by the first word of a ticket, to see what 100 cost."""
    (whole,) = official("kaggle_it_service_47k")(data)

    def relabelled(rows: Rows) -> Rows:
        return [{**row, "labels": {"made": made_value(row["body"])}} for row in rows]

    yield TrainTest(relabelled(whole.train), {name: relabelled(rows) for name, rows in whole.tests.items()})


def made_value(body: str) -> str:
    first = body.split(maxsplit=1)[0] if body.strip() else ""
    return f"v{zlib.crc32(first.encode()) % MADE_VALUES:02}"


def few_a_class(data: Path) -> Iterable[TrainTest]:
    """Yield Banking77 with the first ten training tickets of each class, in each of five orders."""
    (whole,) = official("banking77")(data)
    for seed in range(DRAWS):
        taken: Counter[str] = Counter()
        drawn = []
        for i in np.random.default_rng(seed).permutation(len(whole.train)):
            category = whole.train[i]["labels"]["category"]
            taken[category] += 1
            if taken[category] <= PER_CLASS:
                drawn.append(whole.train[i])
        yield TrainTest(drawn, whole.tests)


def without_oos(data: Path) -> Iterable[TrainTest]:
    (whole,) = official("clinc150_oos")(data)
    known = [row for row in whole.train if row["labels"]["subcategory"] != "oos"]
    yield TrainTest(known, whole.tests)


def massive(*trained: str) -> Callable[[Path], Iterable[TrainTest]]:
    """Return MASSIVE, trained in these languages, tested in all of them or, of one, in all others."""
    tested = trained if len(trained) > 1 else [language for language in LANGUAGES if language not in trained]

    def trials(data: Path) -> Iterable[TrainTest]:
        folder = data / "triage" / "massive"
        train = [row for language in trained for row in read(folder / language / "train.jsonl.gz")]
        yield TrainTest(train, {language: read(folder / language / "test.jsonl.gz") for language in tested})

    return trials


def chat(name: str) -> Callable[[Path], Iterable[TrainTest]]:
    """Return an intent set: each line of an article is a ticket, and half of the questions fit no article."""

    def trials(data: Path) -> Iterable[TrainTest]:
        folder = data / "kb" / name
        train = [
            ticket(f"{article['id']}-{number}", line, article["id"])
            for article in read(folder / "articles.jsonl.gz")
            for number, line in enumerate(article["body"].splitlines())
            if line.strip()
        ]
        right = dict.fromkeys((folder / "no_answer.txt").read_text("utf-8").split(), NONE)
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            query, article, relevance = line.split("\t")
            if int(relevance) > 0:
                right[query] = article
        queries = [q for q in read(folder / "queries.jsonl.gz") if q["id"] in right and q["text"].strip()]
        yield TrainTest(train, {name: [ticket(q["id"], q["text"], right[q["id"]]) for q in queries]})

    return trials


def ticket(identity: str, text: str, intent: str) -> Row:
    return {"id": identity, "subject": "", "body": text, "language": "en", "labels": {"intent": intent}}


ACCURACY = Figure("accuracy", "accuracy")
SETS = {
    "banking77": TicketSet(
        "category", official("banking77"), (Figure("accuracy", "accuracy", goal="0.940"),)
    ),
    "banking77_few": TicketSet(
        "category",
        few_a_class,
        (Figure(f"accuracy, {PER_CLASS} a class, mean of {DRAWS} draws", "accuracy", goal="0.850"),),
    ),
    "clinc150_oos": TicketSet(
        "subcategory",
        without_oos,
        (
            Figure("accuracy, in scope", "accuracy", goal="0.955"),
            Figure("AUROC, out of scope", "novel_auroc", goal="0.965"),
        ),
    ),
    "massive": TicketSet(
        "subcategory",
        massive(*LANGUAGES),
        (
            *(Figure(f"accuracy, {language}", "accuracy", language) for language in LANGUAGES),
            Figure("accuracy, mean", "accuracy", goal="0.870"),
        ),
    ),
    "massive_from_en": TicketSet(
        "subcategory", massive("en"), (Figure("accuracy, mean of de fi nb", "accuracy", goal="0.680"),)
    ),
    "nhs_fft_phase1": TicketSet(
        "category", official("nhs_fft_phase1"), (Figure("accuracy", "accuracy", goal="0.700"),)
    ),
    "gitbugs_hadoop": TicketSet(
        "priority", official("gitbugs_hadoop"), (ACCURACY, Figure("applied", "applied", goal="0.000"))
    ),
    "hint3_curekart": TicketSet(
        "intent", chat("hint3_curekart"), (Figure("MCC", "mcc", goal="0.603"),), NONE
    ),
    "hint3_sofmattress": TicketSet(
        "intent", chat("hint3_sofmattress"), (Figure("MCC", "mcc", goal="0.638"),), NONE
    ),
    "kaggle_it_service_47k": TicketSet(
        "category", official("kaggle_it_service_47k"), (ACCURACY,), is_for_cost=True
    ),
    "kaggle_100_values": TicketSet("made", made_values, (ACCURACY,), has_baseline=False),
}
