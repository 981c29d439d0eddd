"""By when a ticket is to be answered and solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triage.business_hours import BusinessHours, Span
from triage.rules.conditions import Condition, TicketFacts

# Outside of these years a date is a mistake, and counting from it could leave the calendar.
_YEARS = range(1970, 2201)


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """What is promised for the tickets on which `when` holds; `around_the_clock` ignores opening hours."""

    name: str
    when: Condition
    first_response: Span | None
    resolution: Span | None
    around_the_clock: bool = False


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The target that holds for a ticket, and its moments in the helpdesk's time zone."""

    target: str
    first_response: datetime | None
    resolution: datetime | None


@dataclass(frozen=True, slots=True)
class Sla:
    """Targets, of which the first that matches holds, and the hours in which time counts."""

    hours: BusinessHours
    targets: Sequence[SlaTarget]

    def deadlines(self, facts: TicketFacts, now: datetime) -> Deadlines | None:
        """Count from the ticket's date, or from `now` where it has none; a date without zone is UTC.

        None where no target matches, or where the date lies outside of the years 1970 to 2200.
        """
        target = next((target for target in self.targets if target.when.matches(facts)), None)
        start = facts.ticket.created_at or now
        if target is None or start.year not in _YEARS:
            return None
        start = start if start.tzinfo else start.replace(tzinfo=UTC)

        def moment(span: Span | None) -> datetime | None:
            return self._after(start, span, target.around_the_clock) if span else None

        return Deadlines(target.name, moment(target.first_response), moment(target.resolution))

    def _after(self, start: datetime, span: Span, around_the_clock: bool) -> datetime:
        if not around_the_clock:
            return self.hours.add_working_time(start, span)
        end = start.astimezone(UTC) + timedelta(days=span.days) + span.rest
        return end.astimezone(self.hours.zone).replace(microsecond=0)
