"""Layout of an export: under which keys a helpdesk has what a ticket is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

SPAM, DELETED, MERGED = "spam", "deleted", "merged into another ticket"
BY_AGENT = "opened by an agent"
LATER, NOT_A_TICKET = "later messages of a ticket", "not a ticket"
REPEATED = "further rows of a ticket, whose values count"


@dataclass(frozen=True, slots=True)
class InterpretedRecord:
    """A record as its helpdesk means it: `left_out` says why it is nothing to learn from, "" if it is."""

    values: Mapping[str, Any]
    left_out: str = ""
    by_agent: bool = False


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """Format of a helpdesk's exports.

    A file is of this format where it has all keys of one of `signs`. `keys` are the places of what a ticket
    is made of, and `labels` those of the usual fields: of several, the first that is filled. `agents_open`
    says that agents open most tickets for the people who call. Where records explain later ones,
    `new_reader` makes what understands them in place of `interpret`. `translations` are the English names
    of a table's columns by those of other languages, in small letters.
    """

    name: str
    title: str
    signs: tuple[frozenset[str], ...]
    keys: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, tuple[str, ...]]
    interpret: Callable[[Mapping[str, Any]], InterpretedRecord] = InterpretedRecord
    new_reader: Callable[[], Callable[[Mapping[str, Any]], InterpretedRecord]] | None = None
    separator: str = ""
    agents_open: bool = False
    tags: Collection[str] = field(default=("tags",))
    translations: Mapping[str, str] = field(default_factory=dict)

    def reader(self) -> Callable[[Mapping[str, Any]], InterpretedRecord]:
        """Return what understands the records of one file, in their order."""
        interpret = self.new_reader() if self.new_reader else self.interpret
        if not self.translations:
            return interpret
        return lambda given: interpret({**self._english(given), **given})

    def _english(self, given: Mapping[str, Any]) -> dict[str, Any]:
        names = ((self.translations.get(name.casefold()), name) for name in given)
        return {english: given[name] for english, name in names if english is not None}

    def spellings(self, places: Collection[str]) -> tuple[str, ...]:
        """Return places with those that translations have for them."""
        return (*places, *(name for name, english in self.translations.items() if english in places))


def first_filled(values: Mapping[str, Any], *names: str) -> Any:
    """Return the first of these columns or keys that is filled, whatever its capitals; None if none is.

    >>> first_filled({"is spam": "", "SPAM": "yes"}, "Is Spam", "Spam")
    'yes'
    """
    spellings = _spellings(tuple(values))
    for name in names:
        for spelt in (name, spellings.get(name.casefold())):
            value = values.get(spelt) if spelt is not None else None
            if value not in (None, "", []):
                return value
    return None


@lru_cache(maxsize=64)
def _spellings(names: tuple[str, ...]) -> dict[str, str]:
    """Return the columns or keys of a record by their names in small letters."""
    return {name.casefold(): name for name in names}


def differ(one: Any, other: Any) -> bool:
    """Tell whether two persons are there and not the same."""
    if one in (None, "") or other in (None, ""):
        return False
    return str(one).strip().casefold() != str(other).strip().casefold()
