"""Pull: a helpdesk's settled tickets with their final values, redacted and kept to train on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from models.language.codes import UNKNOWN
from models.language.detector import LanguageDetector
from models.redaction.redact import Redactor
from models.text import clean_ticket
from triage.errors import HelpdeskBusyError, HelpdeskError
from triage.helpdesks.mapping import final_values
from triage.helpdesks.protocol import Helpdesk, HelpdeskTicket, TicketPage
from triage.helpdesks.pulled_tickets import PulledTickets, PullSummary, now_text
from triage.settings.helpdesks import HelpdeskSettings
from triage.store.ids import Pseudonyms

LONGEST_WAIT_S = 900
"""Seconds for which a pull waits where the helpdesk asks it to; where it asks for more, the pull ends."""


@dataclass(frozen=True, slots=True)
class PullReport:
    """Result of a pull: what it fetched, and how many tickets it left out as parts or copies of others."""

    merged: int
    summary: PullSummary


@dataclass(frozen=True, slots=True)
class Puller:
    """Fetches the settled tickets of one helpdesk into a folder."""

    helpdesk: Helpdesk
    settings: HelpdeskSettings
    pulled: PulledTickets
    pseudonyms: Pseudonyms
    redact: Redactor
    detector: LanguageDetector
    sleep: Callable[[float], None] = time.sleep

    def pull(
        self, *, anew: bool, tell: Callable[[int, int | None], None] = lambda _done, _of: None
    ) -> PullReport:
        """Fetch all pages, or those that an interrupted pull left.

        `tell` hears how many tickets came, and of how many.

        Raises:
            HelpdeskBusyError: the helpdesk asks to wait for longer than a pull does; the next goes on here.
            HelpdeskError: it cannot be reached or refuses, or gives the same page again; the same holds.
        """
        merged = done = 0
        with self.pulled.one_pull():
            if anew:
                self.pulled.begin()
            for page in self._pages(self.pulled.cursor()):
                lines = [self._line(ticket) for ticket in page.tickets if not ticket.is_merged]
                merged += len(page.tickets) - len(lines)
                self.pulled.add(lines, page.cursor)
                done += len(page.tickets)
                tell(done, page.total)
            self.pulled.finish()
        return PullReport(merged, self.pulled.summary())

    def _pages(self, cursor: str | None) -> Iterator[TicketPage]:
        before: set[str] = set()
        while True:
            page = self._page(cursor)
            ids = {ticket.id for ticket in page.tickets}
            if ids and ids <= before:
                raise HelpdeskError(
                    "the helpdesk gives the same page of tickets again: nothing more was fetched"
                )
            before = ids
            yield page
            if page.cursor is None:
                return
            cursor = page.cursor

    def _page(self, cursor: str | None) -> TicketPage:
        while True:
            try:
                return self.helpdesk.pull(cursor)
            except HelpdeskBusyError as error:
                if error.retry_after_s > LONGEST_WAIT_S:
                    raise HelpdeskBusyError(
                        f"{error.message}: run the command again after that, it goes on where it is now",
                        retry_after_s=error.retry_after_s,
                    ) from None
                self.sleep(error.retry_after_s)

    def _line(self, ticket: HelpdeskTicket) -> dict[str, Any]:
        text = clean_ticket(ticket.subject, ticket.body)
        language = self.detector.detect(text).code
        line: dict[str, Any] = {
            "id": ticket.id,
            "subject": "",
            "body": self.redact(text, language),
            "labels": final_values(ticket, self.settings.active_fields),
            "pulled_at": now_text(),
        }
        if language != UNKNOWN:
            line["language"] = language
        if ticket.created_at is not None:
            line["created_at"] = ticket.created_at.isoformat()
        if (requester := self.pseudonyms.pseudonym_of(ticket.requester)) is not None:
            line["requester"] = requester
        return line
