from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.participants.hours import WEEK, clock, utc_weeks
from mentoring.participants.week import Usual, Window, hours_of, others_in, usual_in, windows_in

MONDAY = date(2026, 11, 23)
ZONES = [
    "UTC",
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Honolulu",
]
weeks = st.integers(0, 500).map(lambda n: date(2025, 1, 6) + timedelta(weeks=n))
free_hours = st.sets(st.integers(0, WEEK - 1), min_size=1)


def _is_free(moment: datetime, zone: str, hours: set[int]) -> bool:
    there = moment.astimezone(ZoneInfo(zone))
    return there.weekday() * 48 + there.hour * 2 + there.minute // 30 in hours


@settings(max_examples=60, deadline=None)
@given(hours=free_hours, zone=st.sampled_from(ZONES), monday=weeks)
def test_a_half_hour_is_free_in_utc_exactly_if_all_of_it_is_free_there(hours: set[int], zone: str, monday: date):
    [found] = utc_weeks(sorted(hours), zone, [monday])

    begins = datetime.combine(monday, time(), UTC)
    minutes = {slot: [begins + timedelta(minutes=30 * slot + m) for m in (0, 14, 15, 29)] for slot in range(WEEK)}
    assert found == {slot for slot in minutes if all(_is_free(moment, zone, hours) for moment in minutes[slot])}


@given(hours=free_hours, monday=weeks)
def test_in_utc_nothing_changes(hours: set[int], monday: date):
    assert utc_weeks(sorted(hours), "UTC", [monday]) == (frozenset(hours),)


def test_monday_morning_in_tokyo_is_sunday_evening_in_utc():
    assert utc_weeks([0, 1, 18], "Asia/Tokyo", [MONDAY]) == (frozenset({6 * 48 + 30, 6 * 48 + 31, 0}),)


def test_summer_time_moves_the_hours():
    noon = [24]

    summer, winter = utc_weeks(noon, "Europe/Berlin", [date(2026, 10, 19), date(2026, 10, 26)])

    assert (set(summer), set(winter)) == ({20}, {22})


def test_who_said_nothing_has_no_weeks():
    assert utc_weeks([], "Europe/Berlin", [MONDAY]) == ()


@pytest.mark.parametrize(
    ("zone", "at", "minutes"),
    [
        ("Europe/Berlin", datetime(2026, 7, 1, tzinfo=UTC), 120),
        ("Europe/Berlin", datetime(2026, 12, 1, tzinfo=UTC), 60),
        ("America/St_Johns", datetime(2026, 12, 1, tzinfo=UTC), -210),
        ("Asia/Kathmandu", datetime(2026, 12, 1, tzinfo=UTC), 345),
    ],
)
def test_what_a_clock_is_ahead(zone: str, at: datetime, minutes: int):
    assert clock(zone, at) == minutes


@given(hours=st.sets(st.integers(0, WEEK - 1)), usual=st.sets(st.sampled_from(list(Usual))))
def test_what_is_said_in_usual_times_and_windows_is_all_that_is_free(hours: set[int], usual: set[Usual]):
    hours = hours | set(hours_of(usual, []))

    assert hours_of(usual_in(hours), others_in(hours)) == sorted(hours) == hours_of([], windows_in(hours))


def test_usual_times_are_recognized_and_the_rest_is_said_in_windows():
    hours = hours_of([Usual.EVENINGS], [Window(0, 20, 38), Window(6, 40, 48)])

    assert usual_in(hours) == [Usual.EVENINGS]
    assert others_in(hours) == [Window(0, 20, 36), Window(6, 40, 48)]
