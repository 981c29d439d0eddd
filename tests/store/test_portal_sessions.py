"""Searches are kept soon after the answer, outcomes before it, and events are learnt from once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from models.errors import StoreUnavailableError
from models.language.detector import DetectedLanguage
from tests.store.test_decisions import decision
from triage.deflection.deflection import DeflectionService, SearchLogWriter
from triage.deflection.draft_search import DraftResult
from triage.deflection.usage_learning import usage_events
from triage.settings import Settings
from triage.store import Store
from triage.store.article_events import ArticleEvent, ListedEvent
from triage.store.ids import new_id
from triage.store.portal_sessions import DeflectionExperiment, GroupCounts, new_session_id
from triage.store.searches import SearchRecord
from triage.store.statistics import Selection


def search(session_id: str | None, *, is_answered: bool = True, **changes: object) -> SearchRecord:
    made = {
        "id": new_id(),
        "at": datetime.now(UTC),
        "kind": "deflect" if session_id else "suggest",
        "language": "en",
        "text": "refund, mail ann@example.com",
        "best": 0.8,
        "found": [{"id": "a1", "confidence": 0.8}, {"id": "a2", "confidence": 0.4}],
        "is_answered": is_answered,
        "session_id": session_id,
    }
    return SearchRecord(**{**made, **changes})  # type: ignore[arg-type]


def groups(store: Store) -> DeflectionExperiment:
    statistics = replace(store.statistics, settled_after=timedelta(0))
    return statistics.deflection(Selection(datetime.now(UTC).date() - timedelta(days=7)))["en"]


def test_what_was_put_is_there_redacted_once_the_writer_stops(open_again: Callable[[], Store]) -> None:
    writer, made = SearchLogWriter(open_again(), keeps_text=True), search(None)
    writer.put(made)
    writer.close()
    found = open_again().searches.get(made.id)
    assert found is not None
    assert (found.text, found.found) == ("refund, mail [mail]", made.found)


def test_without_keeping_text_a_search_is_counted_and_its_words_are_not_kept(store: Store) -> None:
    writer, made = SearchLogWriter(store, keeps_text=False), search(None)
    writer.put(made)
    writer.close()
    found = store.searches.get(made.id)
    assert found is not None
    assert found.text is None


def test_while_the_store_is_away_searches_wait_for_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, made = SearchLogWriter(store, keeps_text=True), [search(None) for _ in range(3)]

    def away(*_: object) -> None:
        raise StoreUnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(type(store.searches), "record", away)
        for record in made:
            writer.put(record)
        writer.flush()
        assert store.searches.get(made[0].id) is None
    writer.close()
    assert all(store.searches.get(record.id) for record in made)


def test_while_the_store_is_away_waiting_texts_take_no_more_memory_than_allowed(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("triage.deflection.deflection._MOST_CHARS", 1000)
    writer, made = SearchLogWriter(store, keeps_text=True), [search(None, text="x" * 400) for _ in range(4)]

    def away(*_: object) -> None:
        raise StoreUnavailableError("away")

    with monkeypatch.context() as patched:
        patched.setattr(type(store.searches), "record", away)
        for record in made:
            writer.put(record)
            writer.flush()
    writer.close()
    assert [store.searches.get(record.id) is not None for record in made] == [False, False, True, True]
    assert "1 searches were not recorded" in caplog.text


def test_the_same_search_twice_is_kept_once(store: Store) -> None:
    made = search(new_session_id(store.pseudonyms))
    store.searches.record([made])
    store.searches.record([made])
    assert groups(store).treated == GroupCounts(1, 0)


def test_deflection_compares_answerable_sessions_by_whether_they_were_shown_something(store: Store) -> None:
    for is_control, submitted, count in (
        (True, True, 3),
        (True, False, 1),
        (False, True, 2),
        (False, False, 6),
    ):
        for _ in range(count):
            session = new_session_id(store.pseudonyms)
            store.searches.record(
                [
                    search(session, is_control=is_control, is_answered=False),
                    search(session, is_control=is_control),
                ]
            )
            store.portal_sessions.end(session, "submitted" if submitted else "solved", is_control=is_control)
    unanswerable = new_session_id(store.pseudonyms)
    store.searches.record([search(unanswerable, is_answered=False)])
    store.portal_sessions.end(unanswerable, "submitted", is_control=False)
    found = groups(store)
    assert (found.control, found.treated) == (GroupCounts(4, 3), GroupCounts(8, 2))
    assert found.deflection is not None
    assert found.deflection.estimate == 0.5


def test_an_end_that_is_told_before_the_search_is_written_counts(store: Store) -> None:
    session = new_session_id(store.pseudonyms)
    assert store.portal_sessions.end(session, "submitted", is_control=True)
    store.searches.record([search(session, is_control=True)])
    assert groups(store).control == GroupCounts(1, 1)


def test_an_outcome_twice_is_one_and_of_two_the_last_counts(store: Store) -> None:
    session = new_session_id(store.pseudonyms)
    store.searches.record([search(session)])
    assert store.portal_sessions.end(session, "solved", is_control=False)
    assert not store.portal_sessions.end(session, "solved", is_control=False)
    assert store.portal_sessions.end(session, "submitted", is_control=False)
    assert groups(store).treated == GroupCounts(1, 1)


def taught(store: Store) -> list[ListedEvent]:
    found: list[ListedEvent] = []
    store.article_events.process_pending(
        found.extend, before=datetime.now(UTC) + timedelta(seconds=1), limit=100
    )
    return found


def test_an_event_is_kept_once_and_learnt_from_once_at_its_place_in_the_list(store: Store) -> None:
    made, session = decision(), new_session_id(store.pseudonyms)
    store.decisions.record(made)
    agents, customers = search(None), search(session)
    store.searches.record([agents, customers])
    events = [
        ArticleEvent("opened", "a2", search_id=agents.id),
        ArticleEvent("helpful", "a2", search_id=customers.id, session_id=session),
        ArticleEvent("unhelpful", "a1", session_id=session),
        ArticleEvent("attached", "a1", decision_id=made.id),
        ArticleEvent("opened", "never listed", search_id=agents.id),
    ]
    assert store.article_events.record([*events, events[0]]) == 5
    assert store.article_events.record(events) == 0
    learnt = {(e.kind, e.article_id, e.position, e.audience) for e in usage_events(taught(store))}
    assert learnt == {
        ("opened", "a2", 2, "agent"),
        ("helpful", "a2", 2, "portal"),
        ("unhelpful", "a1", 1, "portal"),
        ("attached", "a1", 1, "agent"),
    }
    assert taught(store) == []
    assert store.article_events.count_pending() == 0


def test_what_could_not_be_learnt_is_learnt_the_next_time(store: Store) -> None:
    store.article_events.record([ArticleEvent("opened", "a1", session_id="0" * 32)])

    def fail(_: Sequence[ListedEvent]) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.article_events.process_pending(fail, before=datetime.now(UTC) + timedelta(seconds=1), limit=10)
    assert len(taught(store)) == 1


def test_an_event_counts_at_the_place_that_the_article_had_on_the_screen(store: Store) -> None:
    portal = DeflectionService(store, Settings())
    unsure, sure = (
        SimpleNamespace(article=SimpleNamespace(id=name), confidence=confidence)
        for name, confidence in (("nearest", 0.2), ("surest", 0.9))
    )
    found = DraftResult(DetectedLanguage("en", 1.0, {}), [unsure, sure])  # type: ignore[list-item]  # all that is asked of a hit
    portal._drafts = SimpleNamespace(search=lambda *_: found)  # type: ignore[assignment]
    engine: Any = SimpleNamespace(thresholds=SimpleNamespace(portal=0.5))
    made = portal.deflect(engine, "refund", "en")
    portal.writer.close()
    store.article_events.record([ArticleEvent("opened", "surest", search_id=made.search_id)])
    (learnt,) = usage_events(taught(store))
    assert learnt.position == 1
