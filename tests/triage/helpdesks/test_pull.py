"""A pull goes on where it was interrupted, waits where it is asked to, and what it keeps can be erased."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.language.detector import LanguageDetector
from models.redaction.redact import redact_with_rules
from triage.errors import HelpdeskBusyError, HelpdeskError
from triage.helpdesks.protocol import HelpdeskField, HelpdeskState, HelpdeskTicket, NewTickets, TicketPage
from triage.helpdesks.pull import Puller
from triage.helpdesks.pulled_tickets import PulledTickets
from triage.settings import Settings
from triage.settings.helpdesks import FieldMapping, HelpdeskSettings
from triage.store import open_store
from triage.store.ids import Pseudonyms

SETTINGS = HelpdeskSettings(
    kind="django-helpdesk",
    url="http://desk",
    fields={
        "team": FieldMapping(field="queue", values={"Network": "network"}),
        "site": FieldMapping(field="site"),
    },
)
PSEUDONYMS = Pseudonyms(b"k" * 32)
SIZE = 3


class MemoryDesk:
    """A helpdesk in memory with pages of three tickets; it raises what `raises` has for a page, once each."""

    def __init__(self, count: int, raises: dict[int, list[Exception]] | None = None) -> None:
        self.tickets = [ticket(number) for number in range(count)]
        self.raises = raises or {}
        self.asked: list[int] = []

    def check(self) -> HelpdeskState:
        return HelpdeskState({"settled": len(self.tickets)})

    def fields(self) -> Sequence[HelpdeskField]:
        return [HelpdeskField("queue", "Queue", "team", ("Network",))]

    def pull(self, cursor: str | None) -> TicketPage:
        start = int(cursor or 0)
        self.asked.append(start)
        if self.raises.get(start):
            raise self.raises[start].pop(0)
        page = self.tickets[start : start + SIZE]
        following = start + SIZE
        return TicketPage(page, str(following) if following < len(self.tickets) else None, len(self.tickets))

    def poll(self, cursor: str | None) -> NewTickets:
        return NewTickets([], cursor or "0")


def ticket(number: int, *, queue: str = "Network", is_merged: bool = False) -> HelpdeskTicket:
    return HelpdeskTicket(
        id=str(number),
        subject=f"Printer {number}",
        body=f"It does not print page {number}. Write to user{number}@example.com.",
        requester=f"user{number % 2}@example.com",
        created_at=datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=number),
        values={"queue": queue},
        is_settled=True,
        is_merged=is_merged,
    )


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector(["en", "de"])


def puller(desk: MemoryDesk, home: Path, detector: LanguageDetector, slept: list[float]) -> Puller:
    pulled = PulledTickets(home / "helpdesks" / "desk")
    return Puller(desk, SETTINGS, pulled, PSEUDONYMS, redact_with_rules, detector, slept.append)


def test_all_pages_are_fetched_with_our_values_and_merged_tickets_left_out(
    tmp_path: Path, detector: LanguageDetector
) -> None:
    desk = MemoryDesk(7)
    desk.tickets[1] = ticket(1, queue="unknown to the mapping")
    desk.tickets[2] = ticket(2, is_merged=True)
    told: list[tuple[int, int | None]] = []
    pulling = puller(desk, tmp_path, detector, [])
    report = pulling.pull(anew=False, tell=lambda done, of: told.append((done, of)))
    assert (report.summary.tickets, report.merged, report.summary.labels) == (6, 1, {"team": 5})
    assert told == [(3, 7), (6, 7), (7, 7)]
    first = json.loads(pulling.pulled.file.read_text("utf-8").splitlines()[0])
    assert first["body"] == "Printer 0\nIt does not print page 0. Write to [mail]."
    assert first["requester"] == PSEUDONYMS.pseudonym_of("user0@example.com")
    assert first["labels"] == {"team": "network"}


def test_an_interrupted_pull_goes_on_at_the_page_that_is_missing(
    tmp_path: Path, detector: LanguageDetector
) -> None:
    desk = MemoryDesk(8, {6: [HelpdeskError("the line is cut")]})
    pulling = puller(desk, tmp_path, detector, [])
    with pytest.raises(HelpdeskError, match="the line is cut"):
        pulling.pull(anew=False)
    assert not pulling.pulled.file.exists()
    with (pulling.pulled.folder / "tickets.part.jsonl").open("a", encoding="utf-8") as part:
        part.write('{"id": "6", "bo')  # as where the process is killed while it writes
    pulling.pull(anew=False)
    assert desk.asked == [0, 3, 6, 6]
    assert pulling.pulled.summary().tickets == 8


def test_a_pull_may_begin_anew_and_replaces_what_was_there(
    tmp_path: Path, detector: LanguageDetector
) -> None:
    desk = MemoryDesk(8, {3: [HelpdeskError("the line is cut")]})
    pulling = puller(desk, tmp_path, detector, [])
    with pytest.raises(HelpdeskError):
        pulling.pull(anew=False)
    pulling.pull(anew=True)
    assert desk.asked == [0, 3, 0, 3, 6]
    del desk.tickets[4:]
    pulling.pull(anew=False)
    assert pulling.pulled.summary().tickets == 4


def test_a_short_wait_is_waited_and_a_long_one_ends_the_pull_without_a_loss(
    tmp_path: Path, detector: LanguageDetector
) -> None:
    storm: list[Exception] = [HelpdeskBusyError("asks to wait", retry_after_s=s) for s in (2, 30, 86_400)]
    desk, slept = MemoryDesk(8, {3: storm}), list[float]()
    pulling = puller(desk, tmp_path, detector, slept)
    with pytest.raises(HelpdeskBusyError, match="run the command again after that"):
        pulling.pull(anew=False)
    assert slept == [2, 30]
    pulling.pull(anew=False)
    assert desk.asked == [0, 3, 3, 3, 3, 6]
    assert pulling.pulled.summary().tickets == 8


def test_a_page_that_repeats_ends_the_pull(tmp_path: Path, detector: LanguageDetector) -> None:
    class RepeatingDesk(MemoryDesk):
        def pull(self, cursor: str | None) -> TicketPage:
            return TicketPage(self.tickets[:SIZE], "again", 100)

    with pytest.raises(HelpdeskError, match="the same page of tickets again"):
        puller(RepeatingDesk(9), tmp_path, detector, []).pull(anew=False)


def test_what_was_fetched_of_a_requester_is_shown_and_erased_with_all_else(
    tmp_path: Path, detector: LanguageDetector
) -> None:
    with open_store(Settings(home=tmp_path)) as store:
        pulled = PulledTickets(tmp_path / "helpdesks" / "desk")
        desk = MemoryDesk(8, {6: [HelpdeskError("the line is cut")]})
        arguments = (SETTINGS, pulled, store.pseudonyms, redact_with_rules, detector)
        Puller(MemoryDesk(4), *arguments).pull(anew=False)
        with pytest.raises(HelpdeskError):
            Puller(desk, *arguments).pull(anew=False)
        shown = store.personal_data.export("USER1@example.com", actor="cli:test")
        assert [line["id"] for line in shown["helpdesk_tickets"]] == ["1", "3", "1", "3", "5"]
        assert store.personal_data.erase("user1@example.com", actor="cli:test").helpdesk_tickets == 5
        Puller(desk, *arguments).pull(anew=False)
        kept = [json.loads(line)["id"] for line in pulled.file.read_text("utf-8").splitlines()]
        assert kept == ["0", "2", "4", "6", "7"]


def test_tickets_that_were_fetched_too_long_ago_are_pruned(
    tmp_path: Path, detector: LanguageDetector
) -> None:
    pulling = puller(MemoryDesk(4), tmp_path, detector, [])
    pulling.pull(anew=False)
    with open_store(Settings(home=tmp_path)) as store:

        def prune(days: int) -> int:
            now = datetime.now(UTC) + timedelta(days=days)
            return store.personal_data.prune(
                keep_days=30, keep_audit_days=0, actor="cli:test", now=now
            ).helpdesk_tickets

        assert (prune(29), prune(31)) == (0, 4)
    assert pulling.pulled.summary().tickets == 0
