"""Reasons are faithful: without the words that they name, the model is less sure of the value."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np
import pytest

from models.text.span_alignment import SourceSpan, SpanLocator
from models.text.tokenizer import word_spans
from tests.conftest import SAMPLE
from training.data.dataset import read_tickets
from triage.pipeline.engine import Engine, TicketResult
from triage.ticket import Ticket

FIELDS = ("category", "subcategory", "team", "urgency")


@dataclass(frozen=True, slots=True)
class Case:
    """How probable a value is with all words, without its strongest ones, and without as many others."""

    before: float
    without_strongest: float
    without_others: float


def probability(result: TicketResult, field: str, value: str) -> float:
    return result.fields[field].probabilities.get(value, 0.0)


def without(ticket: Ticket, places: list[SourceSpan]) -> Ticket:
    """Return a ticket as it was sent, less what stands at `places`."""
    sent = {"subject": ticket.subject, "body": ticket.body}
    for place in sorted(places, key=lambda origin: -origin.start):
        text = sent[place.part]
        sent[place.part] = f"{text[: place.start]} {text[place.end :]}"
    return replace(ticket, **sent)


def two_removals(
    ticket: Ticket, result: TicketResult, field: str, rng: random.Random
) -> tuple[Ticket, Ticket] | None:
    """Return the ticket without the strongest words for a field's value, and without as many others.

    A word goes wherever it stands, since its weight is that of all its places.
    """
    origins = SpanLocator(result.text, ticket.subject, ticket.body)
    places: dict[str, list[SourceSpan]] = {}
    for start, end in word_spans(result.text):
        origin = origins.locate(start, end)
        if origin is not None:
            places.setdefault(result.text[start:end].lower(), []).append(origin)
    phrases = [p for reason in result.fields[field].reasons for p in reason.phrases]
    named = {p.text.lower() for p in phrases}
    strongest = [p.text.lower() for p in phrases if p.weight > 0 and (p.start, p.end) in result.origins]
    others = sorted(places.keys() - named)
    if not strongest or len(others) < len(strongest):
        return None
    strongest_gone, others_gone = (
        without(ticket, [place for word in words for place in places[word]])
        for words in (strongest, rng.sample(others, len(strongest)))
    )
    return strongest_gone, others_gone


@pytest.fixture(scope="module")
def cases(sample_engine: Engine) -> dict[str, list[Case]]:
    """Each field's cases on every sixth ticket of the sample helpdesk, in all its languages."""
    rng = random.Random(0)
    tickets = read_tickets([SAMPLE / "tickets.jsonl"]).tickets[::6]
    asked, removed = [], []
    for ticket, result in zip(tickets, sample_engine.predict(tickets), strict=True):
        for field in FIELDS:
            both = two_removals(ticket, result, field, rng)
            if both is not None:
                asked.append((field, *next(iter(result.fields[field].probabilities.items()))))
                removed += both
    after = list(sample_engine.predict(removed))
    cases: dict[str, list[Case]] = {field: [] for field in FIELDS}
    for number, (field, value, before) in enumerate(asked):
        strongest, others = (probability(r, field, value) for r in after[2 * number : 2 * number + 2])
        cases[field].append(Case(before, strongest, others))
    return cases


@pytest.mark.parametrize("field", FIELDS)
def test_removing_the_top_words_lowers_the_confidence(cases: dict[str, list[Case]], field: str) -> None:
    found = cases[field]
    drops = np.array([case.before - case.without_strongest for case in found])
    others = np.array([case.before - case.without_others for case in found])
    # Measured over 94 tickets a field: the strongest words took 0.08 to 0.14 off the probability,
    # lowered it in 89 to 98 % of cases, and more than others in 76 to 95 %. Words at random took 0.01 to 0.02
    # and lowered it in 59 to 74 %.
    assert len(found) > 80
    assert drops.mean() > max(0.04, 3 * others.mean())
    assert (drops > 0).mean() > 0.8
    assert (drops > others).mean() > 0.65
