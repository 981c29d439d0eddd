"""Bursts are found by date and topic; what comes evenly is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from training.data.bursts import burst_groups
from triage.ticket import Ticket

START = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = np.random.default_rng(0).normal(size=(12, 32))


def told(topics: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.float32]:
    vectors = TOPICS[topics] + 0.8 * rng.normal(size=(len(topics), 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def at(days: NDArray[np.float64]) -> list[Ticket]:
    return [Ticket(f"t{i}", "", "x", created_at=START + timedelta(days=float(d))) for i, d in enumerate(days)]


@pytest.mark.parametrize(("first", "days"), [(250.0, 1.0), (260.0, 20.0), (100.0, 5.0)])
def test_the_reports_of_an_outage_become_few_groups_and_ordinary_tickets_stay(
    first: float, days: float
) -> None:
    rng = np.random.default_rng(1)
    dates = np.concatenate([300 * rng.random(800), first + days * rng.random(150)])
    embeddings = told(np.concatenate([rng.integers(0, 12, 800), np.zeros(150, int)]), rng)
    groups = burst_groups(at(dates), np.arange(950), embeddings)
    assert np.unique(groups[800:]).size <= 15
    assert np.unique(groups[:800]).size >= 760


@pytest.mark.parametrize("seed", range(5))
def test_topics_that_come_evenly_are_no_bursts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    embeddings = told(rng.integers(0, 12, 800), rng)
    groups = burst_groups(at(300 * rng.random(800)), np.arange(800), embeddings)
    assert np.unique(groups).size == 800


def test_dates_without_a_time_of_day_make_no_bursts() -> None:
    rng = np.random.default_rng(3)
    embeddings = told(rng.integers(0, 12, 800), rng)
    groups = burst_groups(at(np.floor(10 * rng.random(800))), np.arange(800), embeddings)
    assert np.unique(groups).size == 800


def test_undated_tickets_have_no_bursts() -> None:
    rng = np.random.default_rng(3)
    tickets = [Ticket(f"t{i}", "", "x") for i in range(400)]
    groups = burst_groups(tickets, np.arange(400), told(np.zeros(400, int), rng))
    assert np.unique(groups).size == 400
