"""Accuracy and training time on Banking77, beside TF-IDF and logistic regression, in one run.

    python benchmarks/banking77.py --data FOLDER [--scorer FILE]

FOLDER is the folder of evaluation data (holds triage/banking77); default: $TRIAGE_TEST_DATA.
Trains twice through the command line, with a cold and a warm embedding cache, predicts the test
split, and scores the prediction file with --scorer when it is given.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import describe
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

TRIAGE = [sys.executable, "-m", "cli"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--scorer", type=Path, help="the shared scorer, run on the prediction file")
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    folder = Path(arguments.data) / "triage" / "banking77"
    train_file, test_file = folder / "train.jsonl.gz", folder / "test.jsonl.gz"
    print(describe())

    train, test = read(train_file), read(test_file)
    start = time.perf_counter()
    baseline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, max_features=200_000),
        LogisticRegression(C=10, max_iter=1000),
    )
    baseline.fit([t["body"] for t in train], [t["labels"]["category"] for t in train])
    baseline_s = time.perf_counter() - start
    accuracy = baseline.score([t["body"] for t in test], [t["labels"]["category"] for t in test])
    print(f"baseline (TF-IDF + logistic regression): accuracy {accuracy:.4f}, training {baseline_s:.1f} s")

    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        cold_s = timed("train", "--tickets", train_file, "--home", home)
        shutil.rmtree(home / "models")
        warm_s = timed("train", "--tickets", train_file, "--home", home)
        out = Path(scratch) / "predictions.jsonl"
        predict_s = timed("predict", "--tickets", test_file, "--out", out, "--home", home)
        predictions = {line["id"]: line for line in map(json.loads, out.read_text("utf-8").splitlines())}
        right = [predictions[t["id"]]["fields"]["category"]["value"] == t["labels"]["category"] for t in test]
        size = sum(p.stat().st_size for p in (home / "models").rglob("*") if p.is_file())
        print(
            f"triage: accuracy {sum(right) / len(right):.4f}, training {cold_s:.1f} s cold "
            f"(encoder unpacked, every text encoded) / {warm_s:.1f} s warm, "
            f"{len(test)} predictions {predict_s:.1f} s, bundle {size / 1e6:.1f} MB"
        )
        if arguments.scorer:
            command = [sys.executable, arguments.scorer, "triage", "--gold", test_file, "--pred", out]
            print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def timed(*arguments: object) -> float:
    """Run one `triage` command and return its wall-clock time, start of Python included."""
    start = time.perf_counter()
    subprocess.run([*TRIAGE, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
