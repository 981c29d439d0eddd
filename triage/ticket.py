"""A support ticket as the helpdesk hands it over, and what the models see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.features import Document
from models.fields import Label
from models.text import clean_ticket


@dataclass(frozen=True, slots=True)
class Ticket:
    """One request for help. `language` is what the helpdesk says, if anything; `labels` the right answers."""

    id: str
    subject: str
    body: str
    language: str | None = None
    created_at: datetime | None = None
    channel: str | None = None
    requester: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)

    def text(self) -> str:
        """Return subject and body as one cleaned text."""
        return clean_ticket(self.subject, self.body)

    def document(self, text: str, language: str) -> Document:
        """Return what the models see, from the cleaned text and the detected language."""
        attributes = {**self.attributes, "language": language}
        if self.channel:
            attributes["channel"] = self.channel
        return Document(text, attributes)
