"""Simulation of people who look at lists of results: a ranking that errs, and clicks that show where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from kb_index.usage.click_model import estimate_boosts
from kb_index.usage.events import POSITIONS, Event, EventKind, UsageCounts

DAY = date(2026, 3, 1)


@dataclass(frozen=True)
class World:
    """Questions (n_questions,), for each of which POSITIONS articles come near, one of them right.

    All of the rest is (n_questions, POSITIONS): `articles` their numbers, `right` which one answers,
    `scores` those of the ranking. `often` (n_questions,) is how likely each question is to be the next.
    """

    n_articles: int
    articles: np.ndarray
    right: np.ndarray
    scores: np.ndarray
    often: np.ndarray

    def order(self, boosts: np.ndarray) -> np.ndarray:
        """Return for each question its candidates, best first, with the boosts (n_articles,) of articles."""
        return np.argsort(-(self.scores + boosts[self.articles]), axis=1, kind="stable")

    def shown(self, boosts: np.ndarray) -> np.ndarray:
        return np.take_along_axis(self.articles, self.order(boosts), axis=1)

    def quality(self, boosts: np.ndarray) -> dict[str, float]:
        """Return hit@1 and nDCG@10 as the people see them."""
        place = np.take_along_axis(self.right, self.order(boosts), axis=1).argmax(axis=1)
        return {
            "hit@1": float(self.often @ (place == 0)),
            "ndcg@10": float(self.often @ (1 / np.log2(place + 2))),
        }


def erring_world(chance: np.random.Generator, *, n_articles: int = 200, n_questions: int = 1000) -> World:
    """Make a world whose ranking takes some articles for better than they are, and others for worse.

    The right one of a question scores 0.08 more than its neighbours, each article is misjudged by
    0.03 (standard deviation) wherever it comes, and each pair of a question and an article by 0.03.
    """
    articles = np.array([chance.choice(n_articles, POSITIONS, replace=False) for _ in range(n_questions)])
    right = np.zeros((n_questions, POSITIONS), bool)
    right[:, 0] = True
    misjudged = chance.normal(0, 0.03, n_articles)
    scores = 0.08 * right + misjudged[articles] + chance.normal(0, 0.03, right.shape)
    often = 1 / np.arange(1, n_questions + 1) ** 0.7
    return World(n_articles, articles, right, scores, often / often.sum())


def rival_world(chance: np.random.Generator, *, n_pairs: int = 30) -> World:
    """Make a world in which two articles each compete for the same five questions, as near as 0.01.

    Which of the two is the better one, that `right` marks, the ranking does not know: it puts it first in
    one pair of two. Eight others, different for each question, come far behind.
    """
    n_questions, n_others = 5 * n_pairs, 100
    pair = np.arange(n_questions) // 5
    others = [2 * n_pairs + chance.choice(n_others, POSITIONS - 2, replace=False) for _ in pair]
    articles = np.column_stack([2 * pair, 2 * pair + 1, np.array(others)])
    right = np.zeros(articles.shape, bool)
    right[:, 0] = True
    scores = np.full(articles.shape, -0.3) + chance.normal(0, 0.05, articles.shape)
    scores[:, 0], scores[:, 1] = 0.0, np.where(pair % 2, 0.01, -0.01)
    return World(2 * n_pairs + n_others, articles, right, scores, np.full(n_questions, 1 / n_questions))


@dataclass(frozen=True)
class People:
    """Behaviour of people: they look at a place with the probability 1 / place^`steepness`.

    Of what they look at they open what is right with the chance `opens_right`, the rest with `opens_wrong`;
    an opened right article solves the matter for half of them, a wrong one is said not to help by a tenth.
    """

    opens_right: float = 0.7
    opens_wrong: float = 0.1
    steepness: float = 1.0
    gives_feedback: bool = True

    def events(
        self, world: World, boosts: np.ndarray, searches: int, chance: np.random.Generator
    ) -> list[Event]:
        """Return what happens in so many searches, articles named by their numbers."""
        order = world.order(boosts)
        query = chance.choice(len(order), searches, p=world.often)
        listed = np.take_along_axis(world.articles, order, axis=1)[query]
        right = np.take_along_axis(world.right, order, axis=1)[query]
        looked = chance.random(listed.shape) < 1 / np.arange(1, POSITIONS + 1) ** self.steepness
        opened = looked & (chance.random(listed.shape) < np.where(right, self.opens_right, self.opens_wrong))
        said = chance.random(listed.shape)
        happened: dict[EventKind, np.ndarray] = {
            "shown": np.ones(listed.shape, bool),
            "opened": opened,
            "solved": opened & right & (said < 0.5) & self.gives_feedback,
            "unhelpful": opened & ~right & (said < 0.1) & self.gives_feedback,
        }
        positions = np.broadcast_to(np.arange(POSITIONS), listed.shape)
        events = []
        for kind, where in happened.items():
            counts = np.zeros((world.n_articles, POSITIONS), int)
            np.add.at(counts, (listed[where], positions[where]), 1)
            events += [
                Event(str(article), int(row) + 1, kind, DAY, "portal", int(counts[article, row]))
                for article, row in np.argwhere(counts)
            ]
        return events


def learnt_boosts(usage: UsageCounts, n_articles: int) -> np.ndarray:
    """Return the boost of each article, (n_articles,)."""
    counts = usage.counts("portal", DAY)
    boosts = np.zeros(n_articles)
    if counts:
        boosts[[int(name) for name in counts]] = estimate_boosts(np.array(list(counts.values())))
    return boosts


def without_places(events: list[Event]) -> list[Event]:
    """Return the events as somebody counts them who does not correct for places."""
    return [replace(event, position=1) for event in events]


def live(
    world: World,
    people: People,
    chance: np.random.Generator,
    *,
    searches: int = 2000,
    rounds: int = 10,
    told: Callable[[list[Event]], list[Event]] = list,
) -> UsageCounts:
    """Let people search in rounds, each with the ranking fitted on all rounds before."""
    usage = UsageCounts()
    for _ in range(rounds):
        boosts = learnt_boosts(usage, world.n_articles)
        usage = usage.with_events(told(people.events(world, boosts, searches, chance)))
    return usage


RANDOM = People(opens_right=0.2, opens_wrong=0.2, gives_feedback=False)
"""People who open whatever they look at with the same chance."""

uncorrected = partial(live, told=without_places)
