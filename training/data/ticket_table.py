"""Tickets as a table: their documents, embeddings, labels and groups of copies, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
from numpy.typing import NDArray
from tqdm import tqdm

from models.classifiers.features import Document, empty_second
from models.classifiers.fields import Field, Label
from models.encoder import Encoder
from models.errors import TrainingError
from models.language.detector import LanguageDetector
from models.redaction.redact import Redactor, redact_with_rules
from training.data.learning_privacy import without_personal_data
from training.data.ticket_groups import ticket_groups
from triage.ticket import Ticket

_BATCH = 500
# Cleaning so many takes as long as starting the processes that would share the work.
_FEWEST_FOR_PROCESSES = 5_000


@dataclass(frozen=True, slots=True)
class TicketTable:
    """Tickets with all that models are fitted on: (n,) documents and both encoders' (n, dim) embeddings.

    `second` is (n, 0) without a second encoder. Tickets with the same of (n,) `groups` are copies or
    translations of one another, or reports of one incident; `kinds` (n,) says which.
    """

    tickets: Sequence[Ticket]
    documents: Sequence[Document]
    embeddings: NDArray[np.float32]
    second: NDArray[np.float32]
    groups: NDArray[np.intp]
    kinds: NDArray[np.int8]

    def take(self, positions: NDArray[np.intp]) -> TicketTable:
        """Return these rows."""
        return TicketTable(
            [self.tickets[i] for i in positions],
            [self.documents[i] for i in positions],
            self.embeddings[positions],
            self.second[positions],
            self.groups[positions],
            self.kinds[positions],
        )

    def concatenate(self, other: TicketTable) -> TicketTable:
        """Return this table with the other one's rows below its own."""
        return TicketTable(
            [*self.tickets, *other.tickets],
            [*self.documents, *other.documents],
            np.concatenate([self.embeddings, other.embeddings]),
            np.concatenate([self.second, other.second]),
            np.concatenate([self.groups, other.groups + self.groups.max(initial=-1) + 1]),
            np.concatenate([self.kinds, other.kinds]),
        )

    def with_second(self, encoder: Encoder, *, progress: bool = False) -> TicketTable:
        """Return this table with the second encoder's embeddings."""
        texts = [document.text for document in self.documents]
        return replace(self, second=encoder.encode(texts, progress=progress))


def encode_tickets(
    tickets: Sequence[Ticket],
    encoder: Encoder,
    detector: LanguageDetector,
    *,
    redact: Redactor | None = None,
    progress: bool,
) -> TicketTable:
    """Clean the texts, detect missing languages, redact, encode, and find copies and translations."""
    texts, languages = cleaned_texts(tickets, detector, redact=redact, progress=progress)
    embeddings = encoder.encode(texts, progress=progress)
    documents = [t.document(text, code) for t, text, code in zip(tickets, texts, languages, strict=True)]
    groups = ticket_groups(tickets, texts, languages, embeddings)
    return TicketTable(
        tickets, documents, embeddings, empty_second(len(documents)), groups.first, groups.kind
    )


def cleaned_texts(
    tickets: Sequence[Ticket],
    detector: LanguageDetector,
    *,
    redact: Redactor | None = None,
    progress: bool = False,
) -> tuple[list[str], list[str]]:
    """Return the tickets' cleaned texts, perhaps redacted, and their languages, detected where none is named.

    Many tickets are shared among as many processes as `joblib.parallel_config` allows; by default all are
    cleaned here.
    """
    batches = [tickets[start : start + _BATCH] for start in range(0, len(tickets), _BATCH)]
    # Rules alone are sent to other processes; a model of Presidio's would be, with each batch.
    is_light = redact in (None, redact_with_rules)
    jobs = None if is_light and len(tickets) >= _FEWEST_FOR_PROCESSES else 1
    parallel = Parallel(n_jobs=jobs, return_as="generator")
    texts: list[str] = []
    languages: list[str] = []
    with tqdm(total=len(tickets), desc="cleaning", unit="ticket", disable=not progress, delay=2) as bar:
        for found in parallel(delayed(_clean)(batch, detector, redact) for batch in batches):
            texts += [text for text, _ in found]
            languages += [code for _, code in found]
            bar.update(len(found))
    if jobs is None:
        get_reusable_executor(reuse=True).shutdown()  # idle, its processes would keep their memory
    return texts, languages


def _clean(
    tickets: Sequence[Ticket], detector: LanguageDetector, redact: Redactor | None
) -> list[tuple[str, str]]:
    found = []
    for ticket in tickets:
        text = ticket.text()
        code = ticket.language or detector.detect(text).code
        found.append((without_personal_data(text, code, redact) if redact else text, code))
    return found


def value_descriptions(fields: Sequence[Field], encoder: Encoder) -> TicketTable:
    """Return a row for each value that the settings describe: the description, as a ticket's text."""
    described = [(f.name, value, text) for f in fields for value, text in f.descriptions]
    tickets = [Ticket(f"{name}: {value}", "", text, labels={name: value}) for name, value, text in described]
    texts = [ticket.text() for ticket in tickets]
    embeddings = encoder.encode(texts) if texts else np.empty((0, encoder.dim), np.float32)
    n = len(texts)
    documents = [Document(text) for text in texts]
    alone = np.arange(n), np.zeros(n, np.int8)
    return TicketTable(tickets, documents, embeddings, empty_second(n), *alone)


def labels_of(tickets: Sequence[Ticket], field: Field) -> list[Label | None]:
    """Return each ticket's label in the field's form, None where it has none."""
    found: list[Label | None] = []
    for ticket in tickets:
        label = ticket.labels.get(field.name)
        if field.kind == "tags" and isinstance(label, str):
            label = (label,)
        elif field.kind != "tags" and isinstance(label, tuple):
            raise TrainingError(
                f"field {field.name!r} has the list {list(label)} as a value, expected a string: "
                f'set kind = "tags" for it in triage.toml'
            )
        found.append(label)
    return found


def labelled(tickets: Sequence[Ticket], field: Field) -> tuple[list[int], list[Label]]:
    """Return the positions of the tickets that carry the field, and their labels."""
    pairs = [(i, label) for i, label in enumerate(labels_of(tickets, field)) if label is not None]
    return [i for i, _ in pairs], [label for _, label in pairs]
