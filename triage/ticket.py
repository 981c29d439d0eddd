"""A support ticket as the helpdesk hands it over, and what the models see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.classifiers.features import Document
from models.classifiers.fields import Label
from models.text import clean_ticket


@dataclass(frozen=True, slots=True)
class Ticket:
    """One request for help. `language` is what the helpdesk says, if anything; `labels` the right answers.

    `current` holds what people set in the helpdesk, `undone` the fields in which a person undid a
    decision of this service, `headers` those of the mail. `is_machine` is the caller's word on whether
    a machine sent it; None leaves that to the headers and the requester. `thread` is the id of the ticket
    that this one follows, or what all tickets of a thread share. `articles` are the ids or URLs of those that
    solved it, and `closed_at` is when that was, as far as people noted it.
    """

    id: str
    subject: str
    body: str
    language: str | None = None
    created_at: datetime | None = None
    channel: str | None = None
    requester: str | None = None
    thread: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    current: Mapping[str, Label] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_machine: bool | None = None
    articles: tuple[str, ...] = ()
    closed_at: datetime | None = None

    def text(self) -> str:
        """Return subject and body as one cleaned text."""
        return clean_ticket(self.subject, self.body)

    def document(self, text: str, language: str) -> Document:
        """Return what the models see, from the cleaned text and the detected language."""
        attributes = {**self.attributes, "language": language}
        if self.channel:
            attributes["channel"] = self.channel
        return Document(text, attributes)


def sender_address(requester: str | None) -> str:
    """Return the mail address in small letters, without a name before it; empty where there is none.

    >>> sender_address("Ann Lee <Ann.Lee@Example.com>")
    'ann.lee@example.com'
    """
    address = (requester or "").strip()
    if address.endswith(">"):
        address = address[:-1].rpartition("<")[2]
    return address.strip().casefold()
