"""Roles of a whole file: noted at its messages, and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from training.exports.mapping import ColumnMapping
from training.exports.messages import TicketDraft, note_roles, rows_of_tickets, tells_role
from training.exports.roles.columns import FoundRoles, RoleColumns
from training.exports.roles.words import names_side, role_of

_NO_ROLES = ("id", "subject", "body", "created_at", "language", "thread")


def role_candidates(mapping: ColumnMapping, names: Sequence[str]) -> list[str]:
    """Return the columns that may hold roles: those that no text, id or label is read from."""
    read = {place for key in _NO_ROLES for place in mapping.keys.get(key, ())}
    read |= {place for places in mapping.labels.values() for place in places} | set(mapping.attributes)
    return [name for name in names if name not in read]


def read_roles(mapping: ColumnMapping, drafts: Sequence[TicketDraft], roles: RoleColumns) -> FoundRoles:
    """Note who wrote each message, where columns tell; such a column is no requester."""
    found = roles.found(rows_of_tickets(drafts))
    note_roles(drafts, found)
    mapping.roles |= found.columns.keys()
    places = mapping.keys.get("requester", ())
    if any(place in found.columns or place in found.unclear for place in places):
        mapping.keys["requester"] = ()
        for draft in drafts:
            draft.values["requester"] = None
    return found


def without_roles(candidates: Mapping[str, Counter[str]], found: FoundRoles) -> dict[str, Counter[str]]:
    """Return the columns that may be fields: none that says who wrote a message."""
    taken = found.columns.keys() | found.unclear.keys()
    return {
        name: counts
        for name, counts in candidates.items()
        if name not in taken and not tells_role(name) and not _are_sides(counts)
    }


def _are_sides(values: Collection[str]) -> bool:
    """Tell whether values are customers and agents, and nothing else."""
    return {*map(role_of, values)} == {"customer", "agent"} and all(map(names_side, values))


def roles_said(path: Path, found: FoundRoles) -> Iterator[str]:
    """Yield a note per column of roles, with what its values are taken to mean."""
    for name, roles in found.columns.items():
        meant = ", ".join(f"{value!r}: {role}" for value, role in roles.items() if role)
        yield f"{path}: {name!r} tells whose each message is ({meant})"


def roles_unclear(path: Path, found: FoundRoles) -> Iterator[str]:
    """Yield a warning per column that differs among a ticket's messages as roles do, in unknown words."""
    for name, counts in found.unclear.items():
        values = ", ".join(f"{value!r} ({count:,})" for value, count in counts.most_common())
        yield (
            f"{path}: {name!r} differs among the messages of a ticket ({values}) and may say who wrote each, "
            "but no word tells which value is the customer's, so that the first message is taken as the "
            "ticket: write Customer and Agent in its place if it does"
        )
