"""From a helpdesk's fields and values to ours, as the settings map them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.errors import SettingsError
from triage.helpdesks.protocol import HelpdeskField, HelpdeskTicket
from triage.settings.fields import FieldSettings
from triage.settings.helpdesks import FieldMapping
from triage.ticket import Ticket

_MOST_NAMED = 20


def final_values(ticket: HelpdeskTicket, mappings: Mapping[str, FieldMapping]) -> dict[str, str]:
    """Return the values of a ticket as ours, by our fields; what the settings do not map is left out."""
    return {
        name: ours
        for name, mapping in mappings.items()
        if (found := ticket.values.get(mapping.field)) is not None
        and (ours := mapping.values.get(found) if mapping.values else found) is not None
    }


def live_ticket(ticket: HelpdeskTicket, mappings: Mapping[str, FieldMapping]) -> Ticket:
    """Return a ticket to be decided; what is set and no default counts as a person's choice."""
    return Ticket(
        id=ticket.id,
        subject=ticket.subject,
        body=ticket.body,
        created_at=ticket.created_at,
        requester=ticket.requester,
        current={
            name: mapping.values.get(found, found)
            for name, mapping in mappings.items()
            if (found := ticket.values.get(mapping.field)) is not None and found not in mapping.defaults
        },
    )


def mapping_problems(
    mappings: Mapping[str, FieldMapping],
    offered: Sequence[HelpdeskField],
    known: Mapping[str, FieldSettings],
) -> list[str]:
    """Return in words what of a mapping the helpdesk does not have, or our fields do not."""
    by_name = {field.name: field for field in offered}
    problems = []
    for name, mapping in mappings.items():
        field = by_name.get(mapping.field)
        if field is None:
            problems.append(
                f"fields.{name}: the helpdesk has no field {mapping.field}, expected one of "
                f"{', '.join(by_name)}"
            )
            continue
        if not field.values:
            continue  # any text fits
        for key, values in (("values", mapping.values), ("defaults", mapping.defaults)):
            if missing := [value for value in values if value not in field.values]:
                problems.append(
                    f"fields.{name}.{key}: {mapping.field} has no value {_listed(missing)}, expected some of "
                    f"{_listed(field.values)}"
                )
        ours = known[name].values if name in known else ()
        if not mapping.values and ours and (strange := [v for v in field.values if v not in ours]):
            problems.append(
                f"fields.{name}: {mapping.field} has {_listed(strange)}, and our field has {_listed(ours)}: "
                f"map them in [helpdesks.NAME.fields.{name}.values]"
            )
    return problems


def check_mapping(
    name: str,
    mappings: Mapping[str, FieldMapping],
    offered: Sequence[HelpdeskField],
    known: Mapping[str, FieldSettings],
) -> None:
    """Check a mapping against what the helpdesk has now.

    Raises:
        SettingsError: it maps nothing, or something that is not there; the message names all of it.
    """
    if not mappings:
        raise SettingsError(
            f"helpdesks.{name} maps no field: `triage helpdesk fields {name}` prints what there is, "
            "as a mapping"
        )
    if problems := mapping_problems(mappings, offered, known):
        raise SettingsError(
            "; ".join(f"helpdesks.{name}.{problem}" for problem in problems)
            + f". `triage helpdesk fields {name}` prints what the helpdesk has"
        )


def _listed(values: Sequence[str]) -> str:
    named = ", ".join(values[:_MOST_NAMED])
    return named if len(values) <= _MOST_NAMED else f"{named} and {len(values) - _MOST_NAMED} more"
