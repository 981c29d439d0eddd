"""What comes with a portal's token is stored up to a quota, and counted once where many send the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests.store.test_portal_sessions import groups, search
from triage.store import Store
from triage.store.article_events import ArticleEvent
from triage.store.ids import Pseudonyms
from triage.store.portal_limits.origins import portal_origin
from triage.store.portal_limits.quota import DailyQuota
from triage.store.portal_sessions import DeflectionExperiment, GroupCounts, new_session_id
from triage.store.searches import SearchRecord, folded
from triage.store.statistics import Selection
from triage.store.tables import draft_marks, portal_usage, searches, sessions

TOKEN = "0123456789ab"
FAR = "198.51.100.7"


def draft(
    store: Store, text: str, session: str | None = None, *, client: str = FAR, **changes: Any
) -> SearchRecord:
    origin = portal_origin(store.pseudonyms, TOKEN, client, folded(text))
    return search(
        session or new_session_id(store.pseudonyms), text=text, origin=origin, token_id=TOKEN, **changes
    )


def size(store: Store) -> int:
    with store.database.read() as connection:
        if connection.dialect.name == "sqlite":
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def unanswered(store: Store) -> dict[str, int]:
    found = store.statistics.unanswered_searches(Selection(datetime.now(UTC).date() - timedelta(days=7)))
    return {one.text: one.count for one in found}


def test_one_draft_that_280_new_sessions_send_counts_once_and_279_are_discarded(
    open_again: Callable[[], Store],
) -> None:
    stores = [open_again() for _ in range(2)]
    spelt = "Refund please!", "refund, please", "please: REFUND", "Refund please 17", "refund refund please"
    for number in range(280):
        store = stores[number % 2]
        made = draft(store, spelt[number % len(spelt)])
        store.searches.record([made])
        assert made.session_id is not None
        store.portal_sessions.end(made.session_id, "solved", is_control=False, only_known=True)
    assert groups(stores[0]) == DeflectionExperiment(GroupCounts(0, 0), GroupCounts(1, 0), discarded=279)


def test_so_they_do_where_they_are_written_at_once(store: Store) -> None:
    store.searches.record([draft(store, "refund please") for _ in range(280)])
    assert groups(store) == DeflectionExperiment(GroupCounts(0, 0), GroupCounts(1, 0), discarded=279)


def test_a_search_without_an_answer_that_280_new_sessions_make_counts_once(store: Store) -> None:
    for _ in range(280):
        store.searches.record([draft(store, "printer on fire", is_answered=False)])
    store.searches.record([draft(store, "printer on fire", is_answered=False, client="203.0.113.9")])
    assert unanswered(store) == {"printer on fire": 2}


def test_a_draft_that_a_session_sends_again_still_counts(store: Store) -> None:
    session = new_session_id(store.pseudonyms)
    for _ in range(3):
        store.searches.record([draft(store, "printer on fire", session, is_answered=False)])
    assert unanswered(store) == {"printer on fire": 1}
    other = new_session_id(store.pseudonyms)
    for _ in range(3):
        store.searches.record([draft(store, "printer on fire in the attic", other)])
    assert groups(store).treated == GroupCounts(1, 0)


def test_a_discarded_session_stays_so_whatever_it_sends_later(store: Store) -> None:
    store.searches.record([draft(store, "refund please")])
    made = draft(store, "refund please")
    assert made.session_id is not None
    assert not store.portal_sessions.is_discarded(made.session_id)
    store.searches.record([made])
    assert store.portal_sessions.is_discarded(made.session_id)
    store.searches.record([draft(store, "another thing", made.session_id)])
    store.portal_sessions.end(made.session_id, "submitted", is_control=False)
    assert groups(store) == DeflectionExperiment(GroupCounts(0, 0), GroupCounts(1, 0), discarded=1)


def test_the_same_draft_of_others_or_of_a_helpdesk_counts_each_time(store: Store) -> None:
    for client in ("198.51.100.7", "198.51.100.8", "2001:db8::/64"):
        store.searches.record([draft(store, "refund please", client=client)])
    for _ in range(3):
        store.searches.record([search(new_session_id(store.pseudonyms), text="refund please")])
    assert groups(store) == DeflectionExperiment(GroupCounts(0, 0), GroupCounts(6, 0))


@pytest.mark.parametrize(("client", "counted"), [(FAR, 5), ("", 9)])
def test_of_an_address_so_many_sessions_count_a_day_whatever_they_send(
    store: Store, client: str, counted: int
) -> None:
    limited = replace(store.searches, most_sessions=5)
    words = ["battery", "lamp", "chain", "brake", "saddle", "pedal", "wheel", "bell", "lock"]
    for word in words:
        limited.record([draft(store, word, client=client)])
    found = groups(store)
    assert (found.treated.sessions, found.discarded) == (counted, len(words) - counted)


def test_what_a_portal_stores_a_day_is_bounded_and_what_is_left_out_is_counted(
    open_again: Callable[[], Store], caplog: pytest.LogCaptureFixture
) -> None:
    quota = DailyQuota(100_000)
    stores = [open_again() for _ in range(2)]
    writers = [replace(store.searches, quota=quota) for store in stores]
    made = [draft(stores[0], f"{word} {'x' * 500} {word}") for word in ("a" * n for n in range(1, 301))]
    for number in range(0, 300, 3):
        writers[number % 2].record(made[number : number + 3])
    with stores[0].database.read() as connection:
        kept = connection.execute(select(func.count()).select_from(searches)).scalar_one()
        used = connection.execute(select(portal_usage.c.stored_bytes)).scalar_one()
    assert 40 < kept < 70
    assert 98_000 < used <= 100_000
    found = groups(stores[0])
    assert (found.treated.sessions, found.discarded) == (kept, 300 - kept)
    assert caplog.text.count("raise quota_mb") == 1  # once a day
    before = size(stores[0])
    for number in range(0, 300, 3):
        writers[number % 2].record(
            [draft(stores[0], f"{'y' * 900} {chr(97 + number % 26) * (1 + number)}") for _ in range(3)]
        )
    assert size(stores[0]) == before
    trusted = search(new_session_id(stores[0].pseudonyms))
    writers[0].record([trusted])
    assert stores[0].searches.get(trusted.id) is not None


def test_events_are_within_the_quota_too(store: Store) -> None:
    events = replace(store.article_events, quota=DailyQuota(10_000))
    told = [ArticleEvent("opened", f"a{number}", search_id="0" * 32) for number in range(100)]
    first = events.record(told, token_id=TOKEN, is_portal=True)
    assert 20 < first < 40
    assert events.record(told[:first], token_id=TOKEN, is_portal=True) == 0
    assert events.record(told, token_id="another one", is_portal=True) == first
    assert events.record(told, token_id="a helpdesk's") == 100 - 2 * first


def test_the_quota_is_about_what_the_database_grows_by(store: Store) -> None:
    made = [draft(store, f"{'battery ' * 40}{'x' * number}") for number in range(1, 2001)]
    store.searches.record(made[:200])
    before = size(store)
    with store.database.read() as connection:
        charged = connection.execute(select(portal_usage.c.stored_bytes)).scalar_one()
    for start in range(200, 2000, 200):
        store.searches.record(made[start : start + 200])
    with store.database.read() as connection:
        charged = connection.execute(select(portal_usage.c.stored_bytes)).scalar_one() - charged
    assert size(store) - before < 1.2 * charged


def test_marks_name_nobody_change_every_day_and_are_deleted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = draft(store, "refund please")
    store.searches.record([made])
    with store.database.write() as connection:
        (kept,) = connection.execute(select(draft_marks)).mappings()
        assert not {"refund", FAR} & {str(value) for value in kept.values()}
        long_ago = datetime.now(UTC) - timedelta(days=3)
        connection.execute(draft_marks.update().values(at=long_ago))
    store.searches.record([draft(store, "another thing")])
    with store.database.read() as connection:
        (mark,) = connection.execute(select(draft_marks.c.session_id)).scalars()
        assert mark != made.session_id
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 2
    key = Pseudonyms(b"k" * 32)

    today, later = portal_origin(key, TOKEN, FAR, "refund"), datetime.now(UTC) + timedelta(days=1)
    clock = SimpleNamespace(now=lambda _zone: later)
    monkeypatch.setattr("triage.store.portal_limits.origins.datetime", clock)
    tomorrow = portal_origin(key, TOKEN, FAR, "refund")
    assert (today.draft, today.client) != (tomorrow.draft, tomorrow.client)
    assert today.client != tomorrow.client
