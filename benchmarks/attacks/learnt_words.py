"""Words of single customers are looked for in a bundle.

python -m benchmarks.attacks.learnt_words
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.harness import Finding, run
from models.encoder import TextKind
from models.language.detector import LanguageDetector
from training.data.dataset import read_tickets
from training.fitting.train import train

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "rullamo" / "tickets.jsonl"
PLANTED = ("Zyxwvutsrq", "Qwrtzplkj", "4815162342", "XK-77-QPL", "zyx@qwrtz.example")


class ByChance:
    """Encoder of embeddings that say nothing: words are what is looked at."""

    name, dim = "by chance", 16

    def encode(
        self, texts: list[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        found = np.random.default_rng(0).normal(size=(len(texts), self.dim)).astype(np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    del home, folder  # nothing is served, and nothing stored
    tickets = list(read_tickets([SAMPLE]).tickets)
    tickets = [replace(ticket, requester=f"p{n}@example.org") for n, ticket in enumerate(tickets)]
    said = " ".join(PLANTED)
    tickets[5] = replace(tickets[5], body=f"{tickets[5].body} My name and order: {said}")
    by_one = {"requester": "one@example.org"}
    for n in range(20, 60):
        tickets[n] = replace(tickets[n], body=f"{tickets[n].body} Regards, Vbnmqwert", **by_one)
    bundle = train(tickets, ByChance(), LanguageDetector(["en", "de", "fi"]), only=["category"]).bundle
    features = bundle.features
    learnt = " | ".join([*features.words.columns, *features.characters.columns]).lower()
    found = [word for word in (*PLANTED, "Vbnmqwert") if word.lower()[:6] in learnt]
    yield Finding(
        f"{len(PLANTED)} names and numbers stand in one ticket, a name in 40 tickets of one customer",
        f"how many of these are in the bundle, whole or in pieces, among {len(features.words.columns)} words",
        f"{len(found)}" + "".join(f" {word}" for word in found),
        "words of a single ticket are in it",
        holds=not found,
    )


if __name__ == "__main__":
    run(attack)
