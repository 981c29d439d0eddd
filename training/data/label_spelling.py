"""Label spellings: variants of one value that differ in case, spaces or letter forms are merged."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.classifiers.fields import Field, label_values
from models.text.unicode import clean_characters
from models.wording import counted
from triage.ticket import Ticket

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class CheckedTickets:
    """Tickets to train on, and a warning for each thing that was corrected in them."""

    tickets: list[Ticket]
    warnings: list[str] = field(default_factory=list)


def merge_labels(
    tickets: Sequence[Ticket],
    fields: Sequence[Field],
    spellings: Mapping[str, Collection[str]] | None = None,
) -> CheckedTickets:
    """Give values that differ in case, spaces or form of their letters one spelling.

    That is the one in the field's `values` or in the field's `spellings`, else the most frequent one, of
    several such the one that comes first. Labels of other fields than `fields` stay as they are.
    """
    renamed: dict[str, dict[str, str]] = {}
    warnings = []
    for spec in fields:
        counts = Counter(value for ticket in tickets for value in label_values(ticket.labels.get(spec.name)))
        wanted = [*spec.values, *(spellings or {}).get(spec.name, ())]
        changes = _changes(counts, wanted)
        if changes:
            renamed[spec.name] = changes
            warnings.append(_warning(spec.name, changes, counts))
    if not renamed:
        return CheckedTickets(list(tickets))
    return CheckedTickets([_relabelled(ticket, renamed) for ticket in tickets], warnings)


def spelling_key(value: str) -> str:
    r"""Return the normal form that all spellings of one value share.

    >>> spelling_key(" Hard\u00a0 WARE\u200b") == spelling_key("hard ware")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", clean_characters(value)).casefold().split())


def _changes(counts: Counter[str], wanted: Sequence[str]) -> dict[str, str]:
    """Return the new spelling of each value that gets one."""
    groups: dict[str, list[str]] = defaultdict(list)
    for value in counts:
        groups[spelling_key(value)].append(value)
    fixed: dict[str, str] = {}
    for value in wanted:
        fixed.setdefault(spelling_key(value), value)
    changes = {}
    for key, found in groups.items():
        # Counter keeps the order of first sight, and max takes the first of equals.
        best = fixed.get(key) or max(found, key=lambda value: counts[value])
        changes.update({value: best for value in found if value != best and value not in wanted and key})
    return changes


def _relabelled(ticket: Ticket, renamed: Mapping[str, Mapping[str, str]]) -> Ticket:
    labels = dict(ticket.labels)
    for name, changes in renamed.items():
        label = labels.get(name)
        if isinstance(label, str):
            labels[name] = changes.get(label, label)
        elif label is not None:
            labels[name] = tuple(dict.fromkeys(changes.get(value, value) for value in label))
    return ticket if labels == ticket.labels else replace(ticket, labels=labels)


def _warning(name: str, changes: Mapping[str, str], counts: Counter[str]) -> str:
    groups: dict[str, list[str]] = defaultdict(list)
    for value, best in changes.items():
        groups[best].append(value)
    parts = []
    for best, found in groups.items():
        others = ", ".join(f"{value!r} ({counts[value]})" for value in found[:_MOST_NAMED])
        parts.append(f"{others} as {best!r} ({counts[best]})")
    more = f"; and {counted(len(parts) - _MOST_NAMED, 'more value')}" if len(parts) > _MOST_NAMED else ""
    return (
        f"{name}: spellings of one value were put together (tickets in brackets): "
        f"{'; '.join(parts[:_MOST_NAMED])}{more}. Where they are different values, give them different names"
    )
