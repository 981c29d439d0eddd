"""Repeated tickets: the same ticket in several files, as in a history and in what people judged since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from models.text.tokenizer import smallest_word_spans
from models.wording import counted, noun_after
from triage.ticket import Ticket

# Of the words of the shorter text, so many are in the other one too: a redacted text lacks some.
_SAME_WORDS = 0.5


@dataclass(slots=True)
class TicketsById:
    """Tickets of several files, each once; the labels of a judged one win, else those of the last file."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)

    def add(self, ticket: Ticket, place: str, file: int, *, judged: bool = False) -> None:
        """Add a ticket of the file with this number; `judged` if feedback on decisions gave its labels.

        Raises:
            ValueError: its id occurred before, in the same file or with another text.
        """
        known = self.tickets.get(ticket.id)
        if known is not None:
            if self.files[ticket.id] == file:
                raise ValueError(f"the id {ticket.id!r} occurred before, in {self.places[ticket.id]}")
            if not _have_one_text(known, ticket):
                raise ValueError(
                    f"the id {ticket.id!r} occurred before, in {self.places[ticket.id]}, with another text: "
                    "the ids of one file must not be those of other tickets in another"
                )
            self.repeated.add(ticket.id)
            is_newer = judged or ticket.id not in self.judged
            ticket = _merged(known, ticket) if is_newer else _merged(ticket, known)
        if judged:
            self.judged.add(ticket.id)
        self.tickets[ticket.id] = ticket
        self.places[ticket.id], self.files[ticket.id] = place, file

    def notes(self) -> Iterator[str]:
        """Yield what people should know."""
        if self.repeated:
            count = len(self.repeated)
            yield (
                f"{counted(count, 'ticket')} {'is' if count == 1 else 'are'} in several files: each counts "
                f"once, with the {noun_after(count, 'value')} that people judged or the last file has"
            )


def _merged(full: Ticket, judged: Ticket) -> Ticket:
    """Return the full ticket with the labels of the judged one, of which the text may be redacted."""
    return replace(
        full,
        labels={**full.labels, **judged.labels},
        language=full.language or judged.language,
        created_at=full.created_at or judged.created_at,
        closed_at=full.closed_at or judged.closed_at,
    )


def _have_one_text(one: Ticket, other: Ticket) -> bool:
    these, those = _words(one), _words(other)
    shorter = min(len(these), len(those))
    return len(these & those) >= _SAME_WORDS * shorter


def _words(ticket: Ticket) -> set[str]:
    text = f"{ticket.subject}\n{ticket.body}".casefold()
    return {text[start:end] for start, end in smallest_word_spans(text)}
