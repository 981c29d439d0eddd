"""Histories whose tickets are not independent, and fresh tickets of the same helpdesk, from real texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from triage.ticket import Ticket

FIELD = "category"
START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 300
VALUES = 25
TICKETS, COPIED, FRESH = 1_000, 450, 1_800
_QUESTIONS = ("Site", "Department", "Device", "Cost centre", "Contact")
Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Pool:
    """Real texts with their embeddings and labels."""

    texts: Sequence[str]
    embeddings: Vector
    labels: NDArray[np.str_]


@dataclass(frozen=True)
class Draw:
    """A history, fresh tickets, and the embedding of each of their texts."""

    history: list[Ticket]
    fresh: list[Ticket]
    embeddings: dict[str, Vector]


@dataclass(frozen=True)
class World:
    """Part of the pool that a draw is made of, and chance."""

    pool: Pool
    rng: np.random.Generator
    rows: NDArray[np.intp]
    values: list[str]

    @classmethod
    def draw(cls, pool: Pool, seed: int) -> World:
        rng = np.random.default_rng(seed)
        values = rng.permutation(np.unique(pool.labels))[:VALUES].tolist()
        return cls(pool, rng, rng.permutation(np.nonzero(np.isin(pool.labels, values))[0]), values)

    def tickets(self, rows: NDArray[np.intp], name: str) -> list[Ticket]:
        return [
            Ticket(
                f"{name}{n:05}",
                "",
                self.pool.texts[i],
                language="en",
                labels={FIELD: str(self.pool.labels[i])},
            )
            for n, i in enumerate(rows)
        ]

    def other(self, ticket: Ticket) -> Ticket:
        """Return the ticket with another value, drawn by chance."""
        value = self.values[int(self.rng.integers(len(self.values)))]
        return replace(ticket, labels={FIELD: value})

    def dated(self, tickets: Sequence[Ticket], first: float = 0.0, days: float = DAYS) -> list[Ticket]:
        return [
            replace(t, created_at=START + timedelta(days=first + days * float(self.rng.random())))
            for t in tickets
        ]

    def embeddings(self, tickets: Sequence[Ticket], rows: NDArray[np.intp]) -> dict[str, Vector]:
        return {t.text(): self.pool.embeddings[i] for t, i in zip(tickets, rows, strict=True)}


def copies(pool: Pool, seed: int, *, plain: bool) -> Draw:
    """Each ticket three times; people disagree on 12 to 25 % of the labels, of an eighth of the values."""
    world = World.draw(pool, seed)
    noise = float(world.rng.uniform(0.12, 0.25))
    doubtful = set(world.values[: VALUES // 8])

    def disagreed(ticket: Ticket) -> Ticket:
        doubt = ticket.labels[FIELD] in doubtful and world.rng.random() < noise
        return world.other(ticket) if doubt else ticket

    rows = world.rows[: COPIED + FRESH]
    tickets = world.tickets(rows, "t")
    labelled = [disagreed(ticket) for ticket in tickets]
    history, fresh = labelled[:COPIED], labelled[COPIED:]
    if not plain:
        history = [replace(t, id=f"{t.id}-{n}") for t in history for n in range(3)]
        # Half of the doubtful copies were labelled by another person.
        history = [disagreed(t) if world.rng.random() < 0.5 and t.id[-1] != "0" else t for t in history]
    return Draw(history, fresh, world.embeddings(tickets, rows))


def bursts(pool: Pool, seed: int, *, plain: bool) -> Draw:
    """250 reports of one incident in the last weeks, in 60 wordings or more, all labelled alike."""
    world = World.draw(pool, seed)
    of_incident = world.values[0]
    doubtful = set(world.values[1 : VALUES // 4])
    is_of_incident = pool.labels[world.rows] == of_incident
    told = world.rows[is_of_incident]
    rows = np.concatenate([world.rows[~is_of_incident], told[:20]])
    rows = world.rng.permutation(rows)[: TICKETS + FRESH]
    tickets = [
        world.other(t) if t.labels[FIELD] in doubtful and world.rng.random() < 0.12 else t
        for t in world.tickets(rows, "t")
    ]
    embeddings = world.embeddings(tickets, rows)
    history, fresh = world.dated(tickets[:TICKETS]), tickets[TICKETS:]
    if not plain:
        again = world.rng.choice(told[20:], 250)
        first, days = float(world.rng.uniform(245, 275)), float(world.rng.uniform(1, 25))
        reports = world.dated(world.tickets(again, "report"), first, days)
        reports = [replace(t, body=f"{t.body} Desk {n}.") for n, t in enumerate(reports)]
        embeddings |= world.embeddings(reports, again)
        history += reports
    return Draw(history, fresh, embeddings)


def requesters(pool: Pool, seed: int, *, plain: bool) -> Draw:
    """Eight tickets a requester, of three values, in a style of their own; one in 40 labels as they like."""
    return _clustered(pool, seed, plain=plain, size=8, style=0.15, odd=1 / 40, form=False)


def forms(pool: Pool, seed: int, *, plain: bool) -> Draw:
    """10 tickets a form; of one form in 40, half of the values are wrong. Fresh ones come in other forms."""
    return _clustered(pool, seed, plain=plain, size=10, style=0.3, odd=1 / 40, form=True)


def _clustered(
    pool: Pool, seed: int, *, plain: bool, size: int, style: float, odd: float, form: bool
) -> Draw:
    world = World.draw(pool, seed)
    rows = world.rows[: TICKETS + FRESH]
    tickets = world.tickets(rows, "t")
    # Some three values a cluster: the tickets in the order of their values, with noise.
    order = np.argsort([world.values.index(str(pool.labels[i])) + 1.5 * world.rng.normal() for i in rows])
    part = np.empty(len(rows), np.intp)
    in_history = np.arange(len(rows)) < TICKETS
    for mask in (in_history, ~in_history):
        of_part = order[mask[order]] if not form else world.rng.permutation(np.nonzero(mask)[0])
        part[of_part] = np.arange(len(of_part)) // size + (0 if mask is in_history else 10_000)
    embeddings: dict[str, Vector] = {}
    found = []
    is_odd = {int(p): world.rng.random() < odd for p in np.unique(part)}
    directions = {int(p): _direction(world.rng, pool.embeddings.shape[1]) for p in np.unique(part)}
    for number, p in enumerate(part.tolist()):
        vector, ticket = pool.embeddings[rows[number]], tickets[number]
        if world.rng.random() < (odd / 2 if plain else 0.5 * is_odd[p]):
            ticket = world.other(ticket)
        # Without the dependence each ticket has a style of its own: as hard to read, and no clusters.
        vector = vector + style * (_direction(world.rng, len(vector)) if plain else directions[p])
        vector = vector / np.linalg.norm(vector)
        if not plain:
            ticket = _in_form(ticket, p) if form else replace(ticket, requester=f"user{p}@example.com")
        embeddings[ticket.text()] = vector.astype(np.float32)
        found.append(ticket)
    return Draw(found[:TICKETS], found[TICKETS:], embeddings)


def _direction(rng: np.random.Generator, dim: int) -> Vector:
    vector = rng.normal(size=dim)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _in_form(ticket: Ticket, form: int) -> Ticket:
    answers = "\n".join(f"{_QUESTIONS[form // 5**n % 5]} {n + 1}: {form % (7 + n)}" for n in range(4))
    return replace(ticket, body=f"{answers}\nWhat happened: {ticket.body}\nSent from the intranet")


SCENARIOS: dict[str, Callable[..., Draw]] = {
    "copies": copies,
    "bursts": bursts,
    "requesters": requesters,
    "forms": forms,
}
