"""What is kept of a person can be shown and erased, and goes by itself with age."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select
from typer.testing import CliRunner

from cli import app
from models.errors import ConflictError, InputError, NotFoundError
from tests.store.test_decisions import decision
from tests.store.test_webhook_deliveries import incoming
from triage.settings.service import StoreSettings
from triage.store import Store
from triage.store.ids import new_id
from triage.store.retention import prune_if_due, start_retention
from triage.store.tables import (
    article_events,
    audit,
    decision_fields,
    decisions,
    deliveries,
    feedback,
    outcomes,
    searches,
    sessions,
    weekly_counts,
)

ANN, BOB = "Ann.Lee@example.com", "bob@example.com"
EVERYTHING = (
    decisions,
    decision_fields,
    feedback,
    outcomes,
    searches,
    sessions,
    article_events,
    deliveries,
)


def remember(store: Store, requester: str, secret: str, at: datetime | None = None) -> str:
    """Put a row of the requester's into each table; return the decision's id."""
    at = at or datetime.now(UTC)
    made = decision(requester=store.pseudonyms.pseudonym_of(requester), text=secret, at=at)
    store.decisions.record(made)
    search, session, event = new_id(), new_id(), new_id()
    rows: list[tuple[Table, dict[str, Any]]] = [
        (feedback, {"id": new_id(), "at": at, "decision_id": made.id, "final": {"category": secret}}),
        (
            outcomes,
            {
                "decision_id": made.id,
                "field": "category",
                "final": secret,
                "is_right": False,
                "at": at,
                "feedback_id": "f",
            },
        ),
        (
            sessions,
            {
                "id": session,
                "started_at": at,
                "language": "fi",
                "is_control": False,
                "was_answerable": True,
                "outcome": "submitted",
            },
        ),
        (
            searches,
            {
                "id": search,
                "at": at,
                "kind": "deflect",
                "language": "fi",
                "text": secret,
                "session_id": session,
                "best": 0.1,
                "found": [],
                "is_answered": False,
            },
        ),
        (
            article_events,
            {
                "id": event,
                "at": at,
                "kind": "opened",
                "article_id": "a",
                "decision_id": made.id,
                "session_id": session,
            },
        ),
        (deliveries, delivery(at, decision_id=made.id, result=secret)),
        (
            deliveries,
            delivery(
                at, requester=store.pseudonyms.pseudonym_of(requester), payload=json.dumps({"body": secret})
            ),
        ),
    ]
    with store.database.write() as connection:
        for table, row in rows:
            connection.execute(insert(table), [row])
    return made.id


def delivery(at: datetime, **columns: object) -> dict[str, Any]:
    fixed = {"connector": "c", "received_at": at, "state": "done", "attempts": 1, "next_at": at}
    signed = {"signed_at": at, "as_of": at, "body_hash": new_id(), "ticket_id": "7"}
    return {"id": new_id(), "delivery_id": new_id(), **fixed, **signed, **columns}


def sizes(store: Store) -> dict[str, int]:
    with store.database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (*EVERYTHING, weekly_counts, audit)
        }


def test_everything_of_a_requester_is_exported_and_nothing_of_another(store: Store) -> None:
    mine, other = remember(store, ANN, "my wallet"), remember(store, BOB, "his shoes")
    found = store.personal_data.export(f" {ANN.upper()} ", actor="cli:test")
    assert found["decisions"][0]["id"] == mine
    assert {name for name, rows in found.items() if rows} == {"requester", *(t.name for t in EVERYTHING)}
    assert len(found["deliveries"]) == 2
    written = json.dumps(found)
    assert "my wallet" in written
    assert "his shoes" not in written
    assert other not in written
    assert store.audit_log.list()[0].action == "data.export"


def test_a_renamed_column_is_exported_under_its_old_name_too(store: Store) -> None:
    remember(store, ANN, "my wallet")
    found = store.personal_data.export(ANN, actor="cli:test")
    (decided,), (searched,) = found["decisions"], found["searches"]
    assert decided["is_holdout"] is decided["is_blind"] is False
    assert searched["unanswered_text"] is searched["vain"] is None


def test_everything_of_a_requester_is_erased_and_nothing_of_another(store: Store) -> None:
    remember(store, ANN, "my wallet")
    before = sizes(store)
    other = remember(store, BOB, "his shoes")
    removed = store.personal_data.erase(ANN, actor="cli:test")
    assert (removed.decisions, removed.searches, removed.sessions, removed.deliveries) == (1, 1, 1, 2)
    after = sizes(store)
    assert {t.name: after[t.name] for t in EVERYTHING} == {t.name: before[t.name] for t in EVERYTHING}
    assert store.decisions.get(other) is not None
    assert "my wallet" not in json.dumps(store.personal_data.export(ANN, actor="cli:test"))
    assert "his shoes" in json.dumps(store.personal_data.export(BOB, actor="cli:test"))


def test_counts_that_name_nobody_outlive_an_erasure(store: Store) -> None:
    remember(store, ANN, "my wallet")
    before = sizes(store)["tallies"]
    store.personal_data.erase(ANN, actor="cli:test")
    assert sizes(store)["tallies"] == before > 0


def test_an_erasure_is_in_the_audit_log_without_the_address(store: Store) -> None:
    remember(store, ANN, "my wallet")
    store.personal_data.erase(ANN, actor="cli:test")
    entry = store.audit_log.list()[0]
    assert (entry.actor, entry.action, entry.target) == (
        "cli:test",
        "data.erase",
        store.pseudonyms.pseudonym_of(ANN),
    )
    assert entry.details["decisions"] == 1
    assert "ann" not in json.dumps(entry.details).casefold()


def test_an_address_that_nobody_has_erases_nothing(store: Store) -> None:
    remember(store, ANN, "my wallet")
    nobody = decision(requester=None)
    store.decisions.record(nobody)
    before = sizes(store)
    for address in ("carol@example.com", "%", "_", "example.com"):
        assert sum(asdict(store.personal_data.erase(address, actor="cli:test")).values()) == 0
    for empty in ("", " "):
        with pytest.raises(InputError, match="no requester"):
            store.personal_data.erase(empty, actor="cli:test")
    after = sizes(store)
    assert {t.name: after[t.name] for t in EVERYTHING} == {t.name: before[t.name] for t in EVERYTHING}
    assert store.decisions.get(nobody.id) is not None


def test_erased_text_is_not_left_in_the_files(tmp_path: Path, store: Store, store_url: str) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's files are its own: VACUUM clears them")
    for number in range(30):
        remember(store, ANN, f"Rosebud{number} " * 200)
    files = [tmp_path / "triage.db", tmp_path / "triage.db-wal"]
    assert any(b"Rosebud" in file.read_bytes() for file in files)
    store.personal_data.erase(ANN, actor="cli:test")
    assert not any(b"Rosebud" in file.read_bytes() for file in files if file.exists())


def test_old_text_is_not_left_in_the_files(tmp_path: Path, store: Store, store_url: str) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's files are its own: VACUUM clears them")
    for number in range(30):
        remember(store, ANN, f"Rosebud{number} " * 200, at=datetime.now(UTC) - timedelta(days=366))
    store.personal_data.prune(keep_days=365, keep_audit_days=0, actor="service", is_confirmed=True)
    files = [tmp_path / "triage.db", tmp_path / "triage.db-wal"]
    assert not any(b"Rosebud" in file.read_bytes() for file in files if file.exists())


def test_what_a_delivery_said_is_not_left_in_the_file_once_it_is_decided(
    tmp_path: Path, store: Store, store_url: str
) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's files are its own: VACUUM clears them")
    for number in range(30):
        store.webhook_deliveries.receive(incoming(f"d{number}", payload="Rosebud, ann@example.com " * 400))
        held = store.webhook_deliveries.claim("received", lease_s=60)
        assert held is not None
        store.webhook_deliveries.finish(held, "done")
    assert store.database.checkpoint_wal()
    assert b"Rosebud" not in (tmp_path / "triage.db").read_bytes()


def test_an_erasure_says_when_its_traces_are_still_in_the_log(
    open_again: Callable[[], Store], store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's files are its own: VACUUM clears them")
    store = open_again()
    remember(store, ANN, "my wallet")
    with open_again().database.read() as reading:
        reading.execute(select(func.count()).select_from(decisions)).scalar_one()
        assert store.personal_data.erase(ANN, actor="cli:test").decisions == 1
    assert "log is in use" in caplog.text
    assert store.database.checkpoint_wal()


def test_feedback_that_comes_during_an_erasure_is_neither_lost_nor_left_over(
    open_again: Callable[[], Store],
) -> None:
    store, other = open_again(), open_again()
    ids = [remember(store, ANN, "my wallet") for _ in range(40)]
    problems: list[BaseException] = []

    def judge() -> None:
        for decision_id in reversed(ids):
            try:
                other.feedback.record(decision_id, {"category": "screen"})
            except NotFoundError:
                pass
            except Exception as error:  # noqa: BLE001 - shown below
                problems.append(error)

    thread = threading.Thread(target=judge)
    thread.start()
    store.personal_data.erase(ANN, actor="cli:test")
    thread.join()
    assert not problems
    assert {sizes(store)[table.name] for table in (decisions, decision_fields, feedback, outcomes)} == {0}


def test_what_is_older_than_its_days_goes_and_the_rest_stays(store: Store) -> None:
    now = datetime.now(UTC)
    old = remember(store, ANN, "old", at=now - timedelta(days=366))
    new = remember(store, BOB, "new", at=now - timedelta(days=364))
    removed = store.personal_data.prune(
        keep_days=365, keep_audit_days=1000, actor="service", is_confirmed=True
    )
    assert (removed.decisions, removed.searches, removed.sessions, removed.deliveries) == (1, 1, 1, 2)
    assert store.decisions.get(old) is None
    assert store.decisions.get(new) is not None
    after = sizes(store)
    assert [after[table.name] for table in EVERYTHING] == [1, 2, 1, 1, 1, 1, 1, 2]
    assert store.audit_log.list()[0].action == "data.prune"


def test_no_days_means_for_ever(store: Store) -> None:
    remember(store, ANN, "old", at=datetime.now(UTC) - timedelta(days=20_000))
    before = sizes(store)
    store.personal_data.prune(keep_days=0, keep_audit_days=0, actor="service")
    assert sizes(store) == before | {"audit": before["audit"] + 1}


def test_more_than_a_batch_is_pruned(store: Store) -> None:
    at = datetime.now(UTC) - timedelta(days=400)
    with store.database.write() as connection:
        connection.execute(insert(deliveries), [delivery(at) for _ in range(2_500)])
    with pytest.raises(ConflictError):
        store.personal_data.prune(keep_days=365, keep_audit_days=0, actor="service")
    assert sizes(store)["deliveries"] == 2_500
    removed = store.personal_data.prune(keep_days=365, keep_audit_days=0, actor="cli:a", is_confirmed=True)
    assert removed.deliveries == 2_500


def test_the_audit_trail_goes_by_its_own_age(store: Store) -> None:
    store.audit_log.record("cli:test", "token.create", "t1")
    now = datetime.now(UTC)
    later = now + timedelta(days=20)
    store.personal_data.prune(keep_days=1, keep_audit_days=30, actor="service", now=later, is_confirmed=True)
    assert [entry.action for entry in store.audit_log.list()] == ["data.prune", "token.create"]
    later = now + timedelta(days=31)
    store.personal_data.prune(keep_days=1, keep_audit_days=30, actor="service", now=later, is_confirmed=True)
    assert [entry.action for entry in store.audit_log.list()] == ["data.prune"]


def fill(store: Store, count: int, *, days_ago: float) -> None:
    """Put so many deliveries of one time into the store."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with store.database.write() as connection:
        connection.execute(insert(deliveries), [delivery(at) for _ in range(count)])


def prune_as_a_server(store: Store, ahead: timedelta = timedelta()) -> int | None:
    """Prune as a server whose clock is ahead does; return how many deliveries, None where nothing is done."""
    now = datetime.now(UTC) + ahead
    if not store.personal_data.claim_pruning(timedelta(days=1), actor="service", now=now):
        return None
    keep = {"keep_days": 365, "keep_audit_days": 1095}
    return store.personal_data.prune(**keep, actor="service", now=now).deliveries


def test_a_start_with_a_clock_far_ahead_prunes_nothing_and_the_next_days_prune_as_ever(store: Store) -> None:
    fill(store, 190, days_ago=20)
    fill(store, 10, days_ago=360)
    with pytest.raises(ConflictError, match=r"more than a tenth of all .*triage data prune --confirm"):
        prune_as_a_server(store, timedelta(days=400))
    assert sizes(store)["deliveries"] == 200
    assert prune_as_a_server(store) == 0, (
        "the clock is right again, and a beginning in the future is no matter"
    )
    assert prune_as_a_server(store) is None
    fill(store, 1, days_ago=-4)
    assert prune_as_a_server(store, timedelta(days=6)) == 10


def test_a_clock_that_is_ahead_of_the_newest_row_by_weeks_prunes_nothing_however_little(store: Store) -> None:
    fill(store, 190, days_ago=1)
    fill(store, 10, days_ago=340)
    with pytest.raises(ConflictError, match="the clock says"):
        prune_as_a_server(store, timedelta(days=30))
    assert sizes(store)["deliveries"] == 200


def test_what_a_wrong_clock_has_just_written_does_not_make_it_right(store: Store) -> None:
    fill(store, 190, days_ago=1)
    fill(store, 10, days_ago=340)
    fill(store, 5, days_ago=-30)  # tickets of a service that was running when the clock jumped
    with pytest.raises(ConflictError, match="the clock says"):
        prune_as_a_server(store, timedelta(days=30.1))
    assert sizes(store)["deliveries"] == 205


def test_what_the_clock_of_the_past_wrote_does_not_make_a_wrong_clock_right(store: Store) -> None:
    fill(store, 100, days_ago=10)
    store.audit_log.record("service", "token.create", "t")  # a start writes such
    fill(store, 1, days_ago=-400)  # a ticket of the time when the clock was ahead
    with pytest.raises(ConflictError):
        prune_as_a_server(store, timedelta(days=400))
    assert sizes(store)["deliveries"] == 101


def test_what_waits_is_pruned_once_it_is_confirmed(
    store: Store, store_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fill(store, 50, days_ago=400)
    fill(store, 50, days_ago=1)
    assert not prune_if_due(store.personal_data, StoreSettings())
    assert "triage data prune --confirm" in caplog.text
    (tmp_path / "triage.toml").write_text(f'[store]\nurl = "{store_url}"\n', encoding="utf-8")
    prune = ["data", "prune", "--home", str(tmp_path), "--settings", str(tmp_path / "triage.toml")]
    assert CliRunner().invoke(app, prune).exit_code != 0
    assert sizes(store)["deliveries"] == 100
    confirmed = CliRunner().invoke(app, [*prune, "--confirm"])
    assert json.loads(confirmed.stdout)["deliveries"] == 50
    assert sizes(store)["deliveries"] == 50


def test_of_several_processes_one_prunes_a_day(open_again: Callable[[], Store]) -> None:
    settings = StoreSettings(keep_days=365)
    pruned = [prune_if_due(open_again().personal_data, settings) for _ in range(3)]
    assert pruned == [True, False, False]


def test_the_command_line_exports_erases_and_prunes(store: Store, store_url: str, tmp_path: Path) -> None:
    remember(store, ANN, "my wallet")
    (tmp_path / "triage.toml").write_text(f'[store]\nurl = "{store_url}"\n', encoding="utf-8")
    where = ["--home", str(tmp_path), "--settings", str(tmp_path / "triage.toml")]
    runner = CliRunner()
    exported = runner.invoke(app, ["data", "export", "--requester", ANN, *where])
    assert json.loads(exported.stdout)["decisions"][0]["text"] == "my wallet"
    erased = runner.invoke(app, ["data", "erase", "--requester", ANN, *where])
    assert json.loads(erased.stdout)["decisions"] == 1
    judged = tmp_path / "judged.jsonl"
    assert runner.invoke(app, ["data", "export-feedback", "--out", str(judged), *where]).exit_code == 0
    assert (store.audit_log.list()[0].action, store.audit_log.list()[0].target) == (
        "data.export_feedback",
        str(judged),
    )
    pruned = runner.invoke(app, ["data", "prune", *where])
    assert json.loads(pruned.stdout)["decisions"] == 0


def test_a_server_prunes_by_itself_from_its_start_on(store: Store) -> None:
    old = remember(store, ANN, "old", at=datetime.now(UTC) - timedelta(days=40))
    fill(store, 100, days_ago=1)
    task = start_retention(store.personal_data, StoreSettings(keep_days=30))
    end = time.monotonic() + 30
    while not any(entry.action == "data.prune" for entry in store.audit_log.list()):
        assert time.monotonic() < end
        time.sleep(0.02)
    task.stop(30)
    assert store.decisions.get(old) is None


def test_a_defect_while_pruning_does_not_keep_old_data_for_ever(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks = threading.Semaphore(0)

    def fail(*_: object, **__: object) -> bool:
        looks.release()
        raise ZeroDivisionError("a ticket's text")

    monkeypatch.setattr(type(store.personal_data), "claim_pruning", fail)
    task = start_retention(store.personal_data, StoreSettings(), every_s=0.01)
    assert all(looks.acquire(timeout=30) for _ in range(2))
    task.stop(30)
    assert "ZeroDivisionError" in caplog.text
    assert "a ticket's text" not in caplog.text


def test_the_log_says_in_words_what_was_deleted(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert prune_if_due(store.personal_data, StoreSettings(keep_days=365))
    assert "deleted what is older than it is kept: nothing" in caplog.text
