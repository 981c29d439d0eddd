"""Item: an article as it was read from a file, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """An article as read from a file: its record, or the problem with it. `place` names file and line.

    Items with the same `translation_key` are translations of one article. `other_id` is taken where an
    article before has the record's id. A `note` says what is worth knowing of it; one without a record and a
    problem is no article.
    """

    place: str
    record: dict[str, Any] | None = None
    problem: str = ""
    body_is_text: bool = False
    translation_key: str | None = None
    other_id: str | None = None
    note: str = ""
