"""Usage moves the ranking where it means something, and only there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from benchmarks.usage_simulation import (
    DAY,
    RANDOM,
    People,
    erring_world,
    learnt_boosts,
    live,
    rival_world,
    uncorrected,
)
from kb_index.usage.click_model import MAX_BOOST, MIN_EVENTS, estimate_boosts, estimate_propensities
from kb_index.usage.events import (
    COLUMN_OF,
    EVENT_KINDS,
    HALF_LIFE_DAYS,
    N_COLUMNS,
    POSITIONS,
    Event,
    UsageCounts,
)
from models.errors import FolderError, InputError

KNOWING = People()
UNDECIDED = People(opens_right=0.7, opens_wrong=0.3, gives_feedback=False)


def event(article: str = "a", position: int = 1, kind: str = "opened", **more: object) -> Event:
    values: dict[str, object] = {"day": DAY, "audience": "portal", **more}
    return Event(article, position, kind, **values)  # type: ignore[arg-type]


def forged(article: str, kind: str) -> list[Event]:
    return [event(article, kind="shown", count=5), event(article, kind=kind, count=5)]


def table(rows: list[dict[str, int]], position: int = 1) -> np.ndarray:
    """Return the counts of articles that were all shown at one place."""
    counts = np.zeros((len(rows), POSITIONS, N_COLUMNS))
    for row, happened in enumerate(rows):
        for kind, count in happened.items():
            counts[row, position - 1, COLUMN_OF[kind]] += count
    return counts


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("steepness", [1.0, 0.5])
def test_people_who_know_what_they_look_for_better_the_ranking(seed: int, steepness: float) -> None:
    chance = np.random.default_rng(seed)
    world = erring_world(chance)
    usage = live(world, replace(KNOWING, steepness=steepness), chance, rounds=6)
    before = world.quality(np.zeros(world.n_articles))
    after = world.quality(learnt_boosts(usage, world.n_articles))
    assert after["hit@1"] >= before["hit@1"] + 0.03
    assert after["ndcg@10"] >= before["ndcg@10"] + 0.01


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("steepness", [1.0, 0.5])
def test_people_who_open_anything_do_no_harm(seed: int, steepness: float) -> None:
    chance = np.random.default_rng(seed)
    world = erring_world(chance)
    people = replace(RANDOM, steepness=steepness)
    usage = live(world, people, chance, searches=6000, rounds=3)
    before = world.quality(np.zeros(world.n_articles))
    after = world.quality(learnt_boosts(usage, world.n_articles))
    assert after["hit@1"] >= before["hit@1"] - 0.005
    assert after["ndcg@10"] >= before["ndcg@10"] - 0.005


def test_without_the_correction_for_places_random_openings_would_harm() -> None:
    chance = np.random.default_rng(0)
    world = erring_world(chance)
    usage = uncorrected(world, RANDOM, chance, searches=6000, rounds=3)
    before, after = (
        world.quality(r) for r in (np.zeros(world.n_articles), learnt_boosts(usage, world.n_articles))
    )
    assert after["hit@1"] < before["hit@1"] - 0.03


@pytest.mark.parametrize("seed", range(2))
def test_being_first_does_not_keep_the_worse_of_two_articles_first(seed: int) -> None:
    chance = np.random.default_rng(seed)
    world = rival_world(chance)
    corrected = world.quality(learnt_boosts(live(world, UNDECIDED, chance, rounds=8), world.n_articles))
    naive = world.quality(learnt_boosts(uncorrected(world, UNDECIDED, chance, rounds=8), world.n_articles))
    assert world.quality(np.zeros(world.n_articles))["hit@1"] == 0.5
    assert corrected["hit@1"] >= 0.9
    assert naive["hit@1"] <= corrected["hit@1"] - 0.05


@pytest.mark.parametrize("kind", ["opened", "attached", "helpful", "unhelpful", "solved"])
def test_a_handful_of_forged_events_changes_no_ranking_without_boosts(kind: str) -> None:
    chance = np.random.default_rng(0)
    world = erring_world(chance)
    nothing, quiet = UsageCounts(), live(world, KNOWING, chance, searches=100, rounds=1)
    random = live(world, RANDOM, chance, rounds=3)
    for usage in (nothing, quiet, random):
        for article in range(0, world.n_articles, 20):
            assert not learnt_boosts(usage.with_events(forged(str(article), kind)), world.n_articles).any()


@pytest.mark.parametrize("kind", ["opened", "attached", "helpful", "unhelpful", "solved"])
def test_a_handful_of_forged_events_moves_no_article_that_is_as_useful_as_others(kind: str) -> None:
    chance = np.random.default_rng(0)
    world = erring_world(chance)
    usage = live(world, KNOWING, chance, rounds=4)
    new = world.n_articles
    newcomer = replace(world, n_articles=new + 1, articles=np.where(world.articles == 7, new, world.articles))
    before = learnt_boosts(usage, new + 1)
    after = learnt_boosts(usage.with_events(forged(str(new), kind)), new + 1)
    assert before.any()
    assert after[new] == 0
    assert np.abs(after - before).max() < MAX_BOOST / 50
    assert (newcomer.shown(after)[:, 0] == newcomer.shown(before)[:, 0]).all()


def test_nothing_is_learnt_before_there_are_enough_events() -> None:
    liked, ignored = {"shown": 100, "opened": 60}, {"shown": 100, "opened": 10}
    few = [liked, ignored] * (MIN_EVENTS // 70)
    assert not estimate_boosts(table(few)).any()
    raised = estimate_boosts(table([*few, liked, ignored]))
    assert (raised[::2] > 0).all()
    assert (raised[1::2] < 0).all()


def test_no_article_moves_by_more_than_the_cap() -> None:
    raised = estimate_boosts(table([{"shown": 10_000, "solved": 9_000}, {"shown": 10_000, "opened": 1}] * 5))
    assert raised.max() == pytest.approx(MAX_BOOST)
    assert raised.min() == pytest.approx(-MAX_BOOST)


def test_solved_and_attached_count_for_more_than_opened_and_unhelpful_against() -> None:
    opened = {"shown": 400, "opened": 100}
    kinds = [{}, {"solved": 60}, {"attached": 60}, {"unhelpful": 60}]
    plain, solved, attached, bad = estimate_boosts(table([{**opened, **kind} for kind in kinds * 10]))[:4]
    assert solved == attached > max(plain, 0) >= min(plain, 0) > bad


def test_what_was_never_shown_cannot_be_opened() -> None:
    usual = [{"shown": 200, "opened": 20 + 60 * (n % 2)} for n in range(20)]
    assert estimate_boosts(table([*usual, {"opened": 5_000, "solved": 5_000}]))[-1] == 0


def test_the_chance_of_each_place_is_found_from_articles_that_stood_at_several() -> None:
    chance = np.random.default_rng(0)
    truth = 0.4 / np.arange(1, POSITIONS + 1) ** 0.5
    useful = chance.gamma(4, 1 / 4, 300)
    # Better articles stand further up, which must not make the first places look better than they are.
    drawn = chance.normal(0, 1.5, (300, 400)) + 3 - 2 * useful[:, None]
    places = np.clip(np.round(drawn + 3), 0, POSITIONS - 1).astype(int)
    shown = np.array([np.bincount(row, minlength=POSITIONS) for row in places]).astype(float)
    gains = chance.poisson(shown * useful[:, None] * truth)
    found = estimate_propensities(shown, gains)
    plain = gains.sum(axis=0) / shown.sum(axis=0)
    wrong, plainly_wrong = (np.abs(np.log(c / c[0] * truth[0] / truth)).max() for c in (found, plain))
    assert wrong < 0.3 < 0.6 < plainly_wrong


def test_without_events_a_place_has_one_over_its_number_and_at_least_a_tenth_of_the_first() -> None:
    found = estimate_propensities(np.ones((2, POSITIONS)), np.full((2, POSITIONS), 0.001))
    assert found / found[0] == pytest.approx(1 / np.arange(1, POSITIONS + 1), rel=0.01)
    steep = estimate_propensities(
        np.full((50, POSITIONS), 1e4), np.full((50, POSITIONS), 1.0) * (np.arange(POSITIONS) == 0) * 1e4
    )
    assert steep.min() == pytest.approx(steep[0] / 10)


def test_an_event_counts_half_after_the_half_life() -> None:
    usage = UsageCounts().with_events([event(count=8)])
    later = DAY + timedelta(days=int(HALF_LIFE_DAYS))
    assert usage.counts("portal", DAY)["a"].sum() == pytest.approx(8)
    assert usage.counts("portal", later)["a"].sum() == pytest.approx(4)
    old = usage.with_events([event("b")])
    assert set(old.without_expired(DAY + timedelta(days=1200)).sums["portal"]) == {"a"}


def test_sums_do_not_depend_on_the_order_or_on_who_counted() -> None:
    events = [
        event(a, p, k, day=DAY + timedelta(days=p)) for a in "ab" for p in (1, 3, 40) for k in EVENT_KINDS
    ]
    whole = UsageCounts().with_events(events)
    parts = UsageCounts().with_events(events[10:]).merged(UsageCounts().with_events(reversed(events[:10])))
    for article, counts in whole.counts("portal", DAY).items():
        assert parts.counts("portal", DAY)[article] == pytest.approx(counts)
    assert whole.sums["portal"]["a"][POSITIONS - 1].all()


def test_sums_are_stored_and_read_back() -> None:
    usage = UsageCounts().with_events(
        [event("a", 2, "solved", count=3), event("ß", audience="agent", day=date(2024, 2, 29))]
    )
    again = UsageCounts.from_record(usage.to_record())
    for audience in ("portal", "agent"):
        found, stored = again.counts(audience, DAY), usage.counts(audience, DAY)
        assert found.keys() == stored.keys()
        assert all(found[article] == pytest.approx(stored[article]) for article in stored)


@pytest.mark.parametrize(
    "record",
    [
        {},
        [],
        {"half_life_days": 1, "epoch": "2026-01-01", "portal": {}, "agent": {}},
        {**UsageCounts().to_record(), "portal": {"a": [[10, 0, 1.0]]}},
        {**UsageCounts().to_record(), "portal": {"a": [[0, -1, 1.0]]}},
        {**UsageCounts().to_record(), "portal": {"a": [[0, 0, float("nan")]]}},
        {**UsageCounts().to_record(), "agent": [1]},
    ],
)
def test_a_damaged_record_is_refused(record: object) -> None:
    with pytest.raises(FolderError):
        UsageCounts.from_record(record)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("position", 0),
        ("count", 0),
        ("count", 10**7),
        ("kind", "liked"),
        ("audience", "everyone"),
        ("day", date(9999, 1, 1)),
    ],
)
def test_an_impossible_event_is_refused_with_the_reason(name: str, value: object) -> None:
    with pytest.raises(InputError, match="cannot be counted") as caught:
        event(**{name: value})  # type: ignore[arg-type]
    assert list(caught.value.fields) == [name]
