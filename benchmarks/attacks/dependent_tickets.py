"""Histories whose tickets are copies, one incident's reports, of few requesters, or of few forms.

TRIAGE_TEST_DATA=FOLDER python -m benchmarks.attacks.dependent_tickets

A short form of `benchmarks/guarantee.py`: some draws of each, on part of Banking77. Without the folder of
evaluation data it is not run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.attacks.harness import Finding, run
from models.language.detector import LanguageDetector

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from guarantee import outcomes, read_pool
from guarantee_scenarios import VALUES

DRAWS = 5
BEFORE = {
    "copies": "held-out accuracy 0.99, fresh 0.5 to 0.6, 13 to 38 % of what is applied wrong",
    "bursts": "6 of 34 applied wrong",
    "requesters": "not recorded",
    "forms": "not recorded",
}


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    data = os.environ.get("TRIAGE_TEST_DATA")
    if not data:
        why = "TRIAGE_TEST_DATA names no folder of evaluation data"
        yield Finding("histories of dependent tickets", "errors among what is applied", why, "", holds=None)
        return
    del folder
    pool, detector = read_pool(Path(data), home / "cache", values=VALUES + 5), LanguageDetector(("en",))
    for name, before in BEFORE.items():
        found = list(outcomes(name, pool, detector, DRAWS, plain=False, first=1000))
        error = float(np.mean([one.error for one in found]))
        reported = float(np.mean([one.reported for one in found]))
        accuracy = float(np.mean([one.accuracy for one in found]))
        yield Finding(
            f"a history of {name}",
            f"wrong among what is applied, mean of {DRAWS} draws (5 % allowed)",
            f"{error:.1%}, applied {np.mean([one.applied for one in found]):.0%}, "
            f"accuracy {reported:.2f} reported and {accuracy:.2f} fresh",
            before,
            holds=error <= 0.05,
        )


if __name__ == "__main__":
    run(attack)
