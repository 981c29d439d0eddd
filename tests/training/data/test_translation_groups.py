"""Translations of one ticket are found among the tickets of several languages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.data.translation_groups import translation_groups
from triage.ticket import Ticket

COUNT = 400
RNG = np.random.default_rng(0)


def meanings(count: int = COUNT) -> NDArray[np.float32]:
    return RNG.normal(size=(count, 24)).astype(np.float32)


def said(meaning: NDArray[np.float32], accent: float) -> NDArray[np.float32]:
    """Return how a language says these meanings: moved by what the language is, and not quite the same."""
    spoken = meaning + accent + 0.3 * RNG.normal(size=meaning.shape)
    return (spoken / np.linalg.norm(spoken, axis=1, keepdims=True)).astype(np.float32)


def tickets(values: list[str]) -> list[Ticket]:
    return [Ticket(f"t{i}", "", "x", labels={"category": value}) for i, value in enumerate(values)]


def test_translations_of_one_ticket_are_of_one_group() -> None:
    same = meanings()
    embeddings = np.concatenate([said(same, accent) for accent in (0.0, 1.0, -1.0)])
    languages = ["en"] * COUNT + ["de"] * COUNT + ["fi"] * COUNT
    group = translation_groups(tickets(["a"] * 3 * COUNT), languages, embeddings).reshape(3, COUNT)
    assert (group[0] == group[1]).mean() > 0.95
    assert (group[0] == group[2]).mean() > 0.95
    assert all(np.unique(row).size == COUNT for row in group)  # no two of one language


def test_tickets_of_other_values_are_never_of_one_group() -> None:
    same = meanings()
    embeddings = np.concatenate([said(same, 0.0), said(same, 1.0)])
    group = translation_groups(
        tickets(["a"] * COUNT + ["b"] * COUNT), ["en"] * COUNT + ["de"] * COUNT, embeddings
    )
    assert np.unique(group).size == 2 * COUNT


def test_languages_that_are_not_translations_stay_apart() -> None:
    embeddings = np.concatenate([said(meanings(), 0.0), said(meanings(), 1.0)])
    group = translation_groups(tickets(["a"] * 2 * COUNT), ["en"] * COUNT + ["de"] * COUNT, embeddings)
    assert np.unique(group).size == 2 * COUNT


def test_one_language_and_languages_with_few_tickets_need_no_groups() -> None:
    embeddings = np.concatenate([said(meanings(), 0.0), said(meanings(20), 1.0)])
    group = translation_groups(tickets(["a"] * (COUNT + 20)), ["en"] * COUNT + ["de"] * 20, embeddings)
    assert np.unique(group).size == COUNT + 20
