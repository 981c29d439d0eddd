"""The operator's numbers add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from tests.store.test_decisions import decision
from triage.store import Store
from triage.store.ids import new_id
from triage.store.statistics import Chosen, together
from triage.store.tables import searches, sessions, step_downs
from triage.store.tallies import Judgement

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALL = Chosen(since=date(2026, 1, 5))


def decide(store: Store, action: str, *, right: bool | None = None, **changes: object) -> None:
    made = decision(at=MONDAY, **changes)
    team = replace(made.fields[0], field="team", value=str(changes.get("ticket_id", "stores")))
    made = replace(made, fields=[replace(made.fields[0], action=action), team])
    store.decisions.record(made)
    if right is not None:
        with store.database.write() as connection:
            judgements = {"category": Judgement(None, right)}
            store.decisions.tallies.judged(connection, made, made.fields, judgements)


def search(store: Store, text: str | None, *, answered: bool = False, **changes: object) -> None:
    row = {"id": new_id(), "at": MONDAY, "kind": "deflect", "language": "en", "text": text, "best": 0.1}
    row |= {"found": [], "is_answered": answered, **changes}
    with store.database.write() as connection:
        connection.execute(insert(searches), [row])


def test_an_empty_store_has_nothing_to_show(store: Store) -> None:
    statistics = store.statistics
    assert statistics.by_week(ALL) == statistics.by_field(ALL) == statistics.by_language(ALL) == []
    assert statistics.by_segment(ALL) == statistics.deflected(ALL) == statistics.unanswered(ALL) == []
    assert statistics.stepped_down() == frozenset()
    assert together([]).tickets == 0


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
    assert together(statistics.by_language(ALL)) == together(statistics.by_week(ALL))


def test_numbers_can_be_narrowed(store: Store) -> None:
    decide(store, "apply")
    decide(store, "apply", language="de", ticket_id="billing")
    statistics = store.statistics
    assert together(statistics.by_week(replace(ALL, language="de"))).tickets == 1
    assert together(statistics.by_week(replace(ALL, segment="stores"))).tickets == 1
    assert together(statistics.by_week(replace(ALL, language="lv"))).tickets == 0
    assert statistics.by_week(replace(ALL, since=date(2026, 3, 9))) == []


def test_what_people_judged_is_shown_by_action(store: Store) -> None:
    decide(store, "apply", right=True)
    decide(store, "apply", right=False)
    decide(store, "suggest", right=True)
    decide(store, "suggest", right=False, is_blind=True)
    category = store.statistics.by_field(ALL)[0]
    assert (category.applied_judged, category.applied_right) == (2, 1)
    assert (category.suggested_judged, category.suggested_right) == (2, 1)
    assert (category.blind_judged, category.blind_right) == (1, 0)


def test_sessions_are_compared_only_where_there_was_something_to_show(store: Store) -> None:
    row = {"started_at": MONDAY, "language": "en", "is_control": False, "was_answerable": True}
    rows = [
        row | {"outcome": "submitted"},
        row | {"outcome": "solved"},
        row | {"outcome": None},
        row | {"outcome": "submitted", "is_control": True},
        row | {"outcome": "submitted", "was_answerable": False},
        row | {"outcome": "submitted", "started_at": datetime(2025, 1, 1, tzinfo=UTC)},
    ]
    with store.database.write() as connection:
        connection.execute(insert(sessions), [{"id": new_id(), **one} for one in rows])
    (english,) = store.statistics.deflected(ALL)
    assert (english.language, english.shown.sessions, english.shown.submitted) == ("en", 3, 1)
    assert (english.control.sessions, english.control.submitted) == (1, 1)
    assert store.statistics.deflected(replace(ALL, language="de")) == []


def test_what_is_searched_in_vain_is_grouped_however_it_is_spelt(store: Store) -> None:
    for text in ("VPN geht nicht", "vpn  geht nicht!", "VPN geht nicht", "Drucker"):
        search(store, text)
    search(store, "VPN geht nicht", language="de")
    search(store, "answered", answered=True)
    search(store, "long ago", at=MONDAY - timedelta(days=300))
    for empty in (None, "", "?!"):
        search(store, empty)
    found = store.statistics.unanswered(ALL)
    assert [(one.text, one.language, one.count) for one in found] == [
        ("VPN geht nicht", "en", 3),
        ("Drucker", "en", 1),
        ("VPN geht nicht", "de", 1),
    ]
    assert found[0].last_at == MONDAY
    assert [one.language for one in store.statistics.unanswered(replace(ALL, language="de"))] == ["de"]


def test_a_field_that_stepped_down_is_named_until_it_is_lifted(store: Store) -> None:
    row = {"id": new_id(), "at": MONDAY, "field": "team", "bundle_id": "b", "judged": 50, "wrong": 20}
    lifted = row | {"id": new_id(), "field": "category", "lifted_at": MONDAY}
    with store.database.write() as connection:
        for one in (row, lifted):
            connection.execute(insert(step_downs), [one | {"promised": 0.05}])
    assert store.statistics.stepped_down() == {"team"}
