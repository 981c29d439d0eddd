"""The sample helpdesk: train on its first 500 tickets, evaluate on the later ones, by field and language.

    python benchmarks/sample.py

Goes through the command line, `triage train` and `triage evaluate`; the baseline is `majority`, always
giving the most frequent value.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import describe

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "rullamo"
TRAINING = 500


def main() -> None:
    print(describe())
    lines = (SAMPLE / "tickets.jsonl").read_text("utf-8").splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as scratch:
        earlier, later = Path(scratch) / "earlier.jsonl", Path(scratch) / "later.jsonl"
        earlier.write_text("".join(lines[:TRAINING]), "utf-8")
        later.write_text("".join(lines[TRAINING:]), "utf-8")
        common = ["--home", scratch, "--settings", str(SAMPLE / "triage.toml")]
        triage("train", "--tickets", str(earlier), *common)
        found = json.loads(triage("evaluate", "--tickets", str(later), "--json", *common))
    languages = sorted({language for field in found.values() for language in field["by_language"]})
    print(f"trained on {TRAINING} tickets, evaluated on the {len(lines) - TRAINING} later ones")
    print(f"| field | accuracy | majority | F1 | top 3 | cal. error | {' | '.join(languages)} |")
    print("|---" * (6 + len(languages)) + "|")
    for name, field in found.items():
        figures = [field[key] for key in ("accuracy", "majority", "f1", "top3", "calibration_error")]
        by_language = [field["by_language"].get(language) for language in languages]
        cells = [f"{m['accuracy']:.2f} ({m['majority']:.2f})" if m else "–" for m in by_language]
        print(f"| {name} | {' | '.join(f'{figure:.3f}' for figure in figures)} | {' | '.join(cells)} |")


def triage(*arguments: str) -> str:
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
