"""Small real things for tests that need no encoder of 90 MB."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.classifiers.features import Document, FeatureExtractor, FeatureMatrix, empty_second
from models.encoder import TextKind
from training.data.token_counts import CountedCorpus
from training.fitting.features import fit_features
from triage.ticket import Ticket


class WordHashEncoder:
    """Embeds a text as the sum of fixed random vectors of its words: alike texts lie close together."""

    name = "word-hash"
    dim = 48

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in [kind, *text.lower().split()]:
                seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:4], "big")
                row += np.random.default_rng(seed).normal(size=self.dim).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


_TOPICS = {
    ("battery", "charging"): "battery charger plug power empty charge led",
    ("battery", "range"): "battery range kilometres cold winter shorter",
    ("billing", "invoice"): "invoice vat company address document",
    ("billing", "refund"): "refund money back bank card twice",
    ("app", "login"): "app password login email reset code",
}
_FILLERS = [
    "please",
    "hello",
    "since",
    "yesterday",
    "my",
    "our",
    "the",
    "bike",
    "help",
    "me",
    "again",
    "still",
    "now",
    "today",
    "we",
    "with",
    "and",
]


def topic_tickets(count: int = 200, seed: int = 0) -> list[Ticket]:
    """Return tickets whose words follow from their labels, with `count` spread over five topics."""
    rng = np.random.default_rng(seed)
    tickets = []
    for number in range(count):
        (category, subcategory), vocabulary = list(_TOPICS.items())[number % len(_TOPICS)]
        words = [*rng.choice(vocabulary.split(), 4), *rng.choice(_FILLERS, 5)]
        rng.shuffle(words)
        priority = "high" if "cold" in words or "twice" in words else "normal"
        tags = tuple(tag for tag, word in (("winter", "cold"), ("money", "bank")) if word in words)
        tickets.append(
            Ticket(
                id=f"t{seed}-{number}",
                subject="",
                body=" ".join(words),
                language="en",
                labels={"category": category, "subcategory": subcategory, "priority": priority, "tags": tags},
            )
        )
    return tickets


def fit_toy_features(
    documents: Sequence[Document],
    embeddings: NDArray[np.float32],
    directions: NDArray[np.float32] | None = None,
) -> tuple[FeatureExtractor, FeatureMatrix]:
    """Fit features on documents without a second encoder; return the extractor and their matrix."""
    dim = embeddings.shape[1]
    fitted = fit_features(
        documents,
        embeddings,
        empty_second(len(documents)),
        corpus=CountedCorpus(document.text for document in documents),
        directions=np.empty((0, dim), np.float32) if directions is None else directions,
        values=2,
    )
    return fitted.extractor, fitted.extractor.transform(documents, embeddings)
