"""SLA: the deadlines by which a ticket is to be answered and solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triage.business_hours import BusinessHours, Span
from triage.rules.conditions import TicketFacts, matches
from triage.settings.rules import Sla

# Outside of these years a date is a mistake, and counting from it could leave the calendar.
_YEARS = range(1970, 2201)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Deadlines of a ticket in the helpdesk's time zone, and the name of the target that sets them."""

    target: str
    first_response: datetime | None
    resolution: datetime | None


def deadlines(sla: Sla, facts: TicketFacts, now: datetime) -> Deadlines | None:
    """Return the deadlines by the first target that matches, None where no target does.

    Time counts from the ticket's date, or from `now` where it has none; a date without zone is UTC. A date
    outside of the years 1970 to 2200 sets no deadline.
    """
    target = next((target for target in sla.targets if matches(target.when, facts)), None)
    start = facts.ticket.created_at or now
    if target is None or start.year not in _YEARS:
        return None
    start = start if start.tzinfo else start.replace(tzinfo=UTC)

    def end(span: Span | None) -> datetime | None:
        return _end(sla.business_hours, start, span, target.around_the_clock) if span else None

    return Deadlines(target.name, end(target.first_response), end(target.resolution))


def _end(hours: BusinessHours, start: datetime, span: Span, around_the_clock: bool) -> datetime:
    if not around_the_clock:
        return hours.add_working_time(start, span)
    end = start.astimezone(UTC) + timedelta(days=span.days) + span.rest
    return end.astimezone(hours.zone).replace(microsecond=0)
