"""The operator's numbers add up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from tests.store.test_decisions import decision
from triage.store import Store
from triage.store.ids import new_id
from triage.store.portal_sessions import DeflectionExperiment, GroupCounts, Outcome, new_session_id
from triage.store.searches import SearchRecord
from triage.store.statistics import Selection, combine
from triage.store.tables import sessions
from triage.store.weekly_counts import JudgementChange

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALL = Selection(since=date(2026, 1, 5))


def decide(store: Store, action: str, *, right: bool | None = None, **changes: object) -> None:
    made = decision(at=MONDAY, **changes)
    team = replace(made.fields[0], field="team", value=str(changes.get("ticket_id", "stores")))
    made = replace(made, fields=[replace(made.fields[0], action=action), team])
    store.decisions.record(made)
    if right is not None:
        with store.database.write() as connection:
            judgements = {"category": JudgementChange(None, right)}
            store.decisions.weekly_counts.add_judgements(connection, made, made.fields, judgements)


def search(store: Store, text: str | None, *, answered: bool = False, **changes: object) -> SearchRecord:
    row = {"id": new_id(), "at": MONDAY, "kind": "deflect", "language": "en", "text": text, "best": 0.1}
    made = SearchRecord(**{**row, "found": [], "is_answered": answered, **changes})  # type: ignore[arg-type]
    store.searches.record([made])
    return made


def meet(
    store: Store,
    outcome: Outcome | None,
    *,
    is_control: bool = False,
    answerable: bool = True,
    **changes: Any,
) -> str:
    """Let a session begin, at MONDAY if nothing else is said, and end; return its id."""
    session = new_session_id(store.pseudonyms)
    search(store, "x", answered=answerable, session_id=session, is_control=is_control, **changes)
    if outcome is not None:
        store.portal_sessions.end(session, outcome, is_control=is_control)
    return session


def english(store: Store, settled_after: timedelta = timedelta(0)) -> DeflectionExperiment:
    statistics = replace(store.statistics, settled_after=settled_after)
    return statistics.deflection(ALL).get("en", DeflectionExperiment(GroupCounts(0, 0), GroupCounts(0, 0)))


def test_an_empty_store_has_nothing_to_show(store: Store) -> None:
    statistics = store.statistics
    assert statistics.by_week(ALL) == statistics.by_field(ALL) == statistics.by_language(ALL) == []
    assert statistics.by_segment(ALL) == statistics.unanswered_searches(ALL) == []
    assert statistics.deflection(ALL) == {}
    assert combine([]).tickets == 0


def test_tickets_and_actions_add_up_by_week_language_field_and_segment(store: Store) -> None:
    for action in ("apply", "apply", "suggest"):
        decide(store, action)
    decide(store, "suggest", language="de", ticket_id="billing")
    statistics = store.statistics
    (week,) = statistics.by_week(ALL)
    assert (week.name, week.tickets, week.apply, week.suggest) == ("2026-03-02", 4, 2, 2)
    assert [(row.name, row.tickets) for row in statistics.by_language(ALL)] == [("fi", 3), ("de", 1)]
    assert [(row.name, row.tickets) for row in statistics.by_segment(ALL)] == [("stores", 3), ("billing", 1)]
    category, team = statistics.by_field(ALL)
    assert (category.name, category.apply, category.suggest, team.name, team.tickets) == (
        "category",
        2,
        2,
        "team",
        4,
    )
    assert combine(statistics.by_language(ALL)) == combine(statistics.by_week(ALL))


def test_numbers_can_be_narrowed(store: Store) -> None:
    decide(store, "apply")
    decide(store, "apply", language="de", ticket_id="billing")
    statistics = store.statistics
    assert combine(statistics.by_week(replace(ALL, language="de"))).tickets == 1
    assert combine(statistics.by_week(replace(ALL, segment="stores"))).tickets == 1
    assert combine(statistics.by_week(replace(ALL, language="lv"))).tickets == 0
    assert statistics.by_week(replace(ALL, since=date(2026, 3, 9))) == []


def test_what_people_judged_is_shown_by_action(store: Store) -> None:
    decide(store, "apply", right=True)
    decide(store, "apply", right=False)
    decide(store, "suggest", right=True)
    decide(store, "suggest", right=False, is_holdout=True)
    category = store.statistics.by_field(ALL)[0]
    assert (category.applied_judged, category.applied_right) == (2, 1)
    assert (category.suggested_judged, category.suggested_right) == (2, 1)
    assert (category.holdout_judged, category.holdout_right) == (1, 0)


def test_sessions_are_compared_only_where_there_was_something_to_show(store: Store) -> None:
    meet(store, "submitted")
    meet(store, "solved")
    meet(store, None)
    meet(store, "submitted", is_control=True)
    meet(store, "submitted", answerable=False)
    meet(store, "submitted", at=datetime(2025, 1, 1, tzinfo=UTC))
    meet(store, "submitted", language="de")
    assert english(store) == DeflectionExperiment(control=GroupCounts(1, 1), treated=GroupCounts(3, 1))
    assert list(store.statistics.deflection(ALL)) == ["de", "en"]
    assert list(store.statistics.deflection(replace(ALL, language="de"))) == ["de"]
    assert store.statistics.deflection(replace(ALL, language="lv")) == {}


def test_an_outcome_that_comes_late_or_changes_counts_once(store: Store) -> None:
    session = meet(store, None)
    for outcome, submitted in (("submitted", 1), ("submitted", 1), ("solved", 0), ("submitted", 1)):
        store.portal_sessions.end(session, outcome, is_control=False)  # type: ignore[arg-type]
        assert english(store).treated == GroupCounts(1, submitted)


def test_a_session_counts_from_its_first_answerable_draft_on_and_once(store: Store) -> None:
    session = meet(store, "submitted", answerable=False)
    assert english(store).treated == GroupCounts(0, 0)
    for _ in range(2):
        search(store, "x", answered=True, session_id=session)
        assert english(store).treated == GroupCounts(1, 1)


def test_a_young_session_counts_not_yet_however_it_ended(store: Store) -> None:
    now = datetime.now(UTC)
    for outcome in ("submitted", "solved", None):
        for at in (now, now - timedelta(minutes=90)):
            meet(store, outcome, at=at)  # type: ignore[arg-type]
    assert english(store, timedelta(hours=1)).treated == GroupCounts(3, 1)
    assert english(store, timedelta(hours=2)).treated == GroupCounts(0, 0)
    assert english(store).treated == GroupCounts(6, 2)


def test_counts_of_sessions_name_nobody_and_outlive_them(store: Store) -> None:
    meet(store, "submitted")
    store.personal_data.prune(keep_days=1, keep_audit_days=1, actor="service", is_confirmed=True)
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 0
    assert english(store).treated == GroupCounts(1, 1)


def test_sessions_that_several_processes_write_at_once_are_all_counted(
    open_again: Callable[[], Store],
) -> None:
    stores = [open_again() for _ in range(4)]
    shared = [new_session_id(stores[0].pseudonyms) for _ in range(20)]

    def write(store: Store) -> None:
        for session in shared:
            search(store, "x", answered=True, session_id=session)
            store.portal_sessions.end(session, "submitted", is_control=False)

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(write, stores))
    assert english(stores[0]).treated == GroupCounts(20, 20)


def test_what_is_searched_in_vain_is_grouped_however_it_is_spelt(store: Store) -> None:
    for text in ("VPN geht nicht", "vpn  geht nicht!", "VPN geht nicht", "Drucker"):
        search(store, text)
    search(store, "VPN geht nicht", language="de")
    search(store, "answered", answered=True)
    search(store, "long ago", at=MONDAY - timedelta(days=300))
    search(store, "vpn GEHT nicht?", at=MONDAY + timedelta(hours=1))
    for empty in (None, "", "?!"):
        search(store, empty)
    found = store.statistics.unanswered_searches(ALL)
    assert [(one.text, one.language, one.count) for one in found] == [
        ("vpn GEHT nicht?", "en", 4),
        ("Drucker", "en", 1),
        ("VPN geht nicht", "de", 1),
    ]
    assert found[0].last_at == MONDAY + timedelta(hours=1)
    assert [one.language for one in store.statistics.unanswered_searches(replace(ALL, language="de"))] == [
        "de"
    ]


def test_of_a_whole_ticket_that_was_searched_for_the_beginning_is_shown(store: Store) -> None:
    search(store, "ä" * 100_000)
    assert [one.text for one in store.statistics.unanswered_searches(ALL)] == ["ä" * 200]


def test_of_what_was_typed_in_a_session_the_last_draft_alone_was_searched_in_vain(store: Store) -> None:
    session = new_session_id(store.pseudonyms)
    first = search(store, "pri", session_id=session, id=f"{1:032x}")
    second = search(store, "printer on fire", session_id=session, id=f"{2:032x}")
    assert [one.text for one in store.statistics.unanswered_searches(ALL)] == ["printer on fire"]
    store.searches.record([first, second])  # written again, since the answer to the first time was lost
    assert [one.text for one in store.statistics.unanswered_searches(ALL)] == ["printer on fire"]
    search(store, "printer on fire in the attic", session_id=session, answered=True)
    assert store.statistics.unanswered_searches(ALL) == []


def test_drafts_of_a_session_that_are_written_out_of_order_count_in_theirs(store: Store) -> None:
    session = new_session_id(store.pseudonyms)
    search(store, "printer on fire", session_id=session, id=f"{2:032x}")
    search(store, "pri", session_id=session, id=f"{1:032x}")
    assert [one.text for one in store.statistics.unanswered_searches(ALL)] == ["printer on fire"]
