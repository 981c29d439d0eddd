"""Columns of ticket files: which of them were read, and which were not, with names that may be misspelt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from models.wording import counted

_NEAR = 0.75
_MOST_NAMED = 12
_SEPARATORS = re.compile(r"[\W_]+")


def nearest_name(name: str, expected: Collection[str]) -> str | None:
    """Return the expected name that `name` is most probably meant to be, None where none is near.

    >>> nearest_name("creatd_at", ["id", "created_at"]), nearest_name("Created At", ["created_at"])
    ('created_at', 'created_at')
    >>> nearest_name("severity", ["subject", "body"]) is None
    True
    """
    plain = {_plain(other): other for other in expected}
    near = get_close_matches(_plain(name), plain, n=1, cutoff=_NEAR)
    return plain[near[0]] if near else None


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name).casefold()


@dataclass(slots=True)
class ColumnUse:
    """Names of columns, or of keys of JSON lines, that some files have.

    `read` and `unread` are in the order in which they occurred; `absent` are those that could be read and
    that no file has.
    """

    read: dict[str, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)

    def add(self, found: Iterable[str], readable: Collection[str]) -> None:
        """Note the columns of a file, or the keys of a line, of which those that are `readable` are read."""
        for name in found:
            (self.read if name in readable else self.unread).setdefault(name)
        self.absent |= set(readable)

    @property
    def misspelt(self) -> dict[str, str]:
        """The columns that were not read and have nearly the name of one that is absent, with that name."""
        absent = sorted(self.absent - self.read.keys())
        near = {name: nearest_name(name, absent) for name in self.unread if name}
        return {name: other for name, other in near.items() if other}

    def __str__(self) -> str:
        if not self.unread:
            return f"columns read: {_listed(self.read)}; none was left out"
        misspelt = self.misspelt
        others = [name for name in self.unread if name not in misspelt]
        doubtful = [f"{name} (did you mean {other}?)" for name, other in misspelt.items()]
        return f"columns read: {_listed(self.read)}; not read: {_listed([*doubtful, *others])}"


def _listed(names: Collection[str]) -> str:
    shown = ", ".join(" ".join(name.split()) or "(no name)" for name in list(names)[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {counted(more, 'other')}" if more > 0 else shown or "none"
