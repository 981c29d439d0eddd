"""SLA moments: business hours, weekends, holidays, clock changes; by hand and by counting minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language.detector import DetectedLanguage
from triage.business_hours import WEEKDAYS, BusinessHours, Span, parse_span, parse_week
from triage.rules.conditions import KnownValue, TicketFacts
from triage.rules.sla import Deadlines, deadlines
from triage.settings.rules import Sla
from triage.ticket import Ticket

HELSINKI, NEW_YORK = "Europe/Helsinki", "America/New_York"
OFFICE = dict.fromkeys(WEEKDAYS[:5], ("09:00-17:00",))
LUNCH = dict.fromkeys(WEEKDAYS[:5], ("13:00-17:00", "09:00-12:00"))
SHORT_FRIDAY = {**OFFICE, "fri": ("09:00-13:00",)}
ALWAYS = dict.fromkeys(WEEKDAYS, ("00:00-24:00",))
EPIPHANY = date(2026, 1, 6)


def hours(zone: str, week: dict, *holidays: date) -> BusinessHours:
    return BusinessHours(ZoneInfo(zone), parse_week(week), frozenset(holidays))


@pytest.mark.parametrize(
    ("zone", "week", "start", "span", "due"),
    [
        # within a day, before opening, after closing, over night, over a weekend, over a holiday
        (HELSINKI, OFFICE, "2026-01-08T10:00:00+02:00", "4h", "2026-01-08T14:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-08T06:00:00+02:00", "4h", "2026-01-08T13:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-08T20:00:00+00:00", "1h", "2026-01-09T10:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-08T15:00:00+02:00", "4h", "2026-01-09T11:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-09T16:30:00+02:00", "1h", "2026-01-12T09:30:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-10T12:00:00+02:00", "30m", "2026-01-12T09:30:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-05T16:00:00+02:00", "2h", "2026-01-07T10:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-06T12:00:00+02:00", "8h", "2026-01-07T17:00:00+02:00"),
        # what ends with the day ends at its closing; what comes at closing belongs to the next day
        (HELSINKI, OFFICE, "2026-01-08T09:00:00+02:00", "8h", "2026-01-08T17:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-08T17:00:00+02:00", "1h", "2026-01-09T10:00:00+02:00"),
        # the weekend of a clock change lies between
        (HELSINKI, OFFICE, "2026-03-27T16:00:00+02:00", "2h", "2026-03-30T10:00:00+03:00"),
        (NEW_YORK, OFFICE, "2026-10-30T16:00:00-04:00", "2h", "2026-11-02T10:00:00-05:00"),
        # the clock changes within the time that counts: 3 becomes 4, 4 becomes 3; 2 becomes 3, 2 becomes 1
        (HELSINKI, ALWAYS, "2026-03-29T00:00:00+02:00", "4h", "2026-03-29T05:00:00+03:00"),
        (HELSINKI, ALWAYS, "2026-10-25T00:00:00+03:00", "6h", "2026-10-25T05:00:00+02:00"),
        (NEW_YORK, ALWAYS, "2026-03-08T00:00:00-05:00", "4h", "2026-03-08T05:00:00-04:00"),
        (NEW_YORK, ALWAYS, "2026-11-01T00:00:00-04:00", "4h", "2026-11-01T03:00:00-05:00"),
        (NEW_YORK, {"sun": ("00:00-06:00",)}, "2026-03-08T00:00:00-05:00", "6h", "2026-03-15T01:00:00-04:00"),
        # an hour that the clock skips is not counted in two ranges
        (
            HELSINKI,
            {"sun": ("02:00-03:30", "03:30-06:00")},
            "2026-03-29T00:00:00+02:00",
            "3h",
            "2026-03-29T06:00:00+03:00",
        ),
        # a break at noon, whatever the order in which the ranges are written
        (NEW_YORK, LUNCH, "2026-01-07T11:30:00-05:00", "1h", "2026-01-07T13:30:00-05:00"),
        (NEW_YORK, LUNCH, "2026-01-07T12:30:00-05:00", "5h", "2026-01-08T10:00:00-05:00"),
        # working days
        (HELSINKI, OFFICE, "2026-01-08T13:00:00+02:00", "1d", "2026-01-09T13:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-10T13:00:00+02:00", "1d", "2026-01-12T17:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-10T13:00:00+02:00", "2d", "2026-01-13T17:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-09T16:00:00+02:00", "3d", "2026-01-14T16:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-05T10:00:00+02:00", "1d", "2026-01-07T10:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-08T18:00:00+02:00", "1d", "2026-01-09T17:00:00+02:00"),
        (HELSINKI, OFFICE, "2026-01-08T16:00:00+02:00", "1d 2h", "2026-01-12T10:00:00+02:00"),
        (HELSINKI, SHORT_FRIDAY, "2026-01-08T13:00:00+02:00", "1d", "2026-01-09T11:00:00+02:00"),
        (NEW_YORK, LUNCH, "2026-01-07T14:00:00-05:00", "1d", "2026-01-08T14:00:00-05:00"),
        (NEW_YORK, ALWAYS, "2026-01-07T14:00:00-05:00", "2d", "2026-01-09T14:00:00-05:00"),
    ],
)
def test_working_time_passes_as_counted_by_hand(
    zone: str, week: dict, start: str, span: str, due: str
) -> None:
    found = hours(zone, week, EPIPHANY).add_working_time(datetime.fromisoformat(start), parse_span(span))
    assert found.isoformat() == due


RANGES = st.sampled_from(
    [(), ("09:00-17:00",), ("00:00-24:00",), ("08:15-12:00", "13:00-16:45"), ("00:00-06:00", "20:00-24:00")]
)
WEEKS = st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, RANGES)).filter(lambda week: any(week.values()))
ZONES = st.sampled_from([HELSINKI, NEW_YORK, "Asia/Kathmandu", "Australia/Lord_Howe"])
# Four weeks around a clock change of each zone.
STARTS = st.builds(
    lambda first, minutes: first + timedelta(minutes=minutes),
    st.sampled_from([datetime(2026, m, 20, tzinfo=UTC) for m in (2, 3, 10)]),
    st.integers(0, 28 * 24 * 60),
)


@given(ZONES, WEEKS, STARTS, st.integers(1, 3000))
def test_hours_end_where_counting_open_minutes_one_by_one_ends(
    zone: str, week: dict, start: datetime, minutes: int
) -> None:
    calendar = hours(zone, week, date(2026, 3, 30), date(2026, 10, 26))
    moment, left = start, minutes
    while left:
        wall = moment.astimezone(calendar.zone)
        now = wall.hour * 60 + wall.minute
        ranges = () if wall.date() in calendar.holidays else calendar.week[wall.weekday()]
        left -= any(opened.start <= now < opened.end for opened in ranges)
        moment += timedelta(minutes=1)
    assert calendar.add_working_time(start, Span(0, timedelta(minutes=minutes))) == moment


@given(ZONES, WEEKS, STARTS, STARTS, st.integers(0, 5), st.integers(0, 600))
def test_who_writes_later_is_never_due_earlier(
    zone: str, week: dict, one: datetime, other: datetime, days: int, minutes: int
) -> None:
    calendar = hours(zone, week)
    span = Span(days, timedelta(minutes=minutes))
    earlier, later = sorted([one, other])
    assert calendar.add_working_time(earlier, span) <= calendar.add_working_time(later, span)
    assert calendar.add_working_time(one, span) >= one


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30m", Span(0, timedelta(minutes=30))),
        ("4h", Span(0, timedelta(hours=4))),
        ("1h30m", Span(0, timedelta(minutes=90))),
        (" 2d ", Span(2, timedelta())),
        ("1d 4h", Span(1, timedelta(hours=4))),
    ],
)
def test_a_length_of_time_is_read(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "4", "h", "4 hours", "-4h", "0m", "1.5h", "4h 1d", "٤h"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a length of time like 30m, 4h, 2d or 1d 4h"):
        parse_span(text)


def facts(created_at: datetime | None, priority: str = "normal") -> TicketFacts:
    known = {"priority": KnownValue(priority, "apply", {priority: 1.0})}
    return TicketFacts(Ticket("1", "", "x", created_at=created_at), DetectedLanguage("en", 1.0, {}), known)


SLA = Sla.model_validate(
    {
        "timezone": HELSINKI,
        "hours": OFFICE,
        "targets": [
            {
                "name": "urgent",
                "when": {"fields": {"priority": "urgent"}},
                "first_response": "30m",
                "resolution": "2d",
                "around_the_clock": True,
            },
            {
                "name": "normal",
                "when": {"fields": {"priority": ["normal", "urgent"]}},
                "resolution": "1d",
            },
        ],
    }
)
FRIDAY = datetime.fromisoformat("2026-03-27T16:50:00+02:00")
NOW = datetime(2026, 1, 8, 11, 0, tzinfo=UTC)


def test_the_first_target_that_matches_holds() -> None:
    due = deadlines(SLA, facts(FRIDAY, "urgent"), NOW)
    assert due is not None
    assert due.target == "urgent"


def test_around_the_clock_counts_nights_and_the_skipped_hour() -> None:
    due = deadlines(SLA, facts(FRIDAY, "urgent"), NOW)
    assert due is not None
    assert due.first_response is not None
    assert due.resolution is not None
    assert due.first_response.isoformat() == "2026-03-27T17:20:00+02:00"
    assert due.resolution.isoformat() == "2026-03-29T17:50:00+03:00"


def test_a_ticket_without_a_date_counts_from_now() -> None:
    zone = ZoneInfo(HELSINKI)
    assert deadlines(SLA, facts(None), NOW) == Deadlines(
        "normal", None, datetime(2026, 1, 9, 13, 0, tzinfo=zone)
    )


def test_a_date_without_an_offset_is_utc() -> None:
    naive = deadlines(SLA, facts(NOW.replace(tzinfo=None)), NOW)
    assert naive == deadlines(SLA, facts(NOW), NOW)


def test_where_no_target_matches_nothing_is_due() -> None:
    assert deadlines(SLA, facts(FRIDAY, "low"), NOW) is None


@pytest.mark.parametrize("year", [1, 1899, 9999])
def test_an_impossible_date_makes_nothing_due(year: int) -> None:
    assert deadlines(SLA, facts(datetime(year, 12, 31, 23, 59, tzinfo=UTC)), NOW) is None


def test_seconds_are_kept_and_parts_of_them_dropped() -> None:
    start = datetime(2026, 1, 8, 8, 0, 1, 999_999, tzinfo=UTC)
    assert (
        SLA.business_hours.add_working_time(start, parse_span("1h")).isoformat()
        == "2026-01-08T11:00:01+02:00"
    )


def due(start: str, **sla: object) -> str:
    """Return when an hour of office time is over that begins at `start`, in Germany."""
    found = Sla.model_validate({"timezone": "Europe/Berlin", "hours": OFFICE, **sla}).business_hours
    return found.add_working_time(datetime.fromisoformat(start), parse_span("1h")).isoformat()


@pytest.mark.parametrize(
    ("region", "start", "end"),
    [
        # Easter Monday moves: 2026-04-06 and 2027-03-29
        ("DE", "2026-04-06T10:00:00+02:00", "2026-04-07T10:00:00+02:00"),
        ("DE", "2027-03-29T10:00:00+02:00", "2027-03-30T10:00:00+02:00"),
        # Corpus Christi moves too, and is kept in Bavaria and not in Berlin
        ("DE-BY", "2026-06-04T10:00:00+02:00", "2026-06-05T10:00:00+02:00"),
        ("DE-BE", "2026-06-04T10:00:00+02:00", "2026-06-04T11:00:00+02:00"),
        ("DE-BY", "2027-05-27T10:00:00+02:00", "2027-05-28T10:00:00+02:00"),
        # over the turn of the year: Thursday, 31 December, then New Year's Day, then a weekend
        ("DE-BY", "2026-12-31T16:30:00+01:00", "2027-01-04T09:30:00+01:00"),
        ("", "2026-06-04T10:00:00+02:00", "2026-06-04T11:00:00+02:00"),
    ],
)
def test_on_a_holiday_of_the_region_no_time_counts(region: str, start: str, end: str) -> None:
    assert due(start, holiday_region=region) == end


def test_dates_and_the_holidays_of_a_region_are_both_closed() -> None:
    both = {"holidays": ["2026-04-07"], "holiday_region": "DE"}
    assert due("2026-04-06T10:00:00+02:00", **both) == "2026-04-08T10:00:00+02:00"


def test_a_holiday_that_falls_on_a_weekend_closes_the_day_on_which_it_is_kept() -> None:
    # 4 July 2026 is a Saturday; the United States keep it on the Friday before.
    found = due("2026-07-03T10:00:00+02:00", holiday_region="US")
    assert found == "2026-07-06T10:00:00+02:00"
