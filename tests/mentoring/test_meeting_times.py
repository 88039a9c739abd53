"""What clocks say as moments, and times at which everybody is free: plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mentoring.together.meetings.finding import Free, Member, Taken, find, find_for_most
from mentoring.together.meetings.links import is_link, is_number
from mentoring.together.meetings.times import NotOnThatDay, Odd, every, moment_of, moved_along

VIENNA, NEW_YORK = "Europe/Vienna", "America/New_York"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "why"),
    [
        (date(2027, 3, 28), time(2, 30), VIENNA, Odd.LEFT_OUT),
        (date(2026, 10, 25), time(2, 30), VIENNA, Odd.TWICE),
        (date(2027, 3, 14), time(2, 0), NEW_YORK, Odd.LEFT_OUT),
        (date(2026, 11, 1), time(1, 59), NEW_YORK, Odd.TWICE),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", Odd.LEFT_OUT),
    ],
)
def test_a_time_that_is_left_out_or_comes_twice_is_refused(day: date, clock: time, zone: str, why: Odd):
    with pytest.raises(NotOnThatDay) as refused:
        moment_of(day, clock, zone)

    assert refused.value.why is why


def test_the_minutes_around_a_change_of_clocks_are_moments_like_any():
    day = date(2027, 3, 28)

    assert [moment_of(day, clock, VIENNA) for clock in (time(1, 59), time(3, 0))] == [
        datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    ]


def test_a_series_stays_at_its_time_of_the_day_when_clocks_change():
    series = every(1, 3, date(2027, 3, 22), time(18, 0), VIENNA)

    assert series == [
        datetime(2027, 3, 22, 17, tzinfo=UTC),
        datetime(2027, 3, 29, 16, tzinfo=UTC),
        datetime(2027, 4, 5, 16, tzinfo=UTC),
    ]


def test_the_rest_of_a_series_moves_along_by_days_and_to_the_new_time():
    series = every(2, 3, date(2027, 3, 15), time(18, 0), VIENNA)

    moved = moved_along(series[1:], series[1], date(2027, 3, 30), time(9, 30), VIENNA)

    assert moved == [moment_of(day, time(9, 30), VIENNA) for day in (date(2027, 3, 30), date(2027, 4, 13))]


def windows(day: int, begins: int, ends: int) -> tuple[int, ...]:
    """Half hours from one hour to another on a day, 0 being Monday."""
    return tuple(range(day * 48 + begins * 2, day * 48 + ends * 2))


def test_suggestions_lie_where_the_windows_of_both_meet_across_zones():
    """Wednesdays: Vienna from 15 to 17, New York from 9 to 12, which is Vienna's 15 to 18."""
    people = [Free(windows(2, 15, 17), VIENNA), Free(windows(2, 9, 12), NEW_YORK)]

    found = find(people, minutes=60, taken=(), at=MONDAY, reader=ZoneInfo(VIENNA))

    assert found == [datetime(2026, 11, day, 14, tzinfo=UTC) for day in (25,)] + [
        datetime(2026, 12, day, 14, tzinfo=UTC) for day in (2, 9)
    ]


def test_suggestions_follow_summer_time_where_it_begins_at_different_weeks():
    """New York changes two weeks before Vienna: in between, 9 o'clock there is 14 o'clock here."""
    people = [Free(windows(2, 14, 16), VIENNA), Free(windows(2, 9, 11), NEW_YORK)]
    march = datetime(2027, 3, 8, tzinfo=UTC)

    found = find(people, minutes=120, taken=(), at=march, reader=ZoneInfo(VIENNA))

    assert found == [datetime(2027, 3, 17, 13, tzinfo=UTC), datetime(2027, 3, 24, 13, tzinfo=UTC)]


def test_nothing_is_suggested_beside_another_meeting_too_soon_or_too_often_on_one_day():
    everything = Free(windows(0, 0, 24), "UTC")
    taken = [Taken(datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 14, 10, tzinfo=UTC))]

    found = find([everything, everything], minutes=45, taken=taken, at=MONDAY, reader=ZoneInfo("UTC"))

    assert found[:2] == [datetime(2026, 11, 23, 14, 30, tzinfo=UTC), datetime(2026, 11, 23, 17, 30, tzinfo=UTC)]
    assert [moment.date() for moment in found] == sorted(
        [MONDAY.date() + timedelta(weeks=week) for week in range(4)] * 2
    )


def test_whoever_has_said_nothing_makes_suggestions_impossible():
    people = [Free(windows(0, 8, 20), "UTC"), Free((), "UTC")]

    assert find(people, minutes=30, taken=(), at=MONDAY, reader=ZoneInfo("UTC")) == []


def test_of_several_those_times_come_first_at_which_fewest_are_missing():
    """One is needed on Monday and Tuesday mornings; of the others one can on Tuesdays, one on both days but meets
    somebody this Tuesday, and one never."""
    morning, tuesday = windows(0, 9, 10), windows(1, 9, 10)
    needed = Member(Free(morning + tuesday, "UTC"))
    busy = [Taken(datetime(2026, 11, 24, 8, 30, tzinfo=UTC), datetime(2026, 11, 24, 9, 30, tzinfo=UTC))]
    others = [
        Member(Free(tuesday, "UTC")),
        Member(Free(morning + tuesday, "UTC"), busy),
        Member(Free(windows(5, 9, 10), "UTC")),
    ]

    found = find_for_most(needed, others, minutes=60, at=MONDAY, reader=ZoneInfo("UTC"))

    assert [(each.starts.day, sorted(each.missing)) for each in found] == [
        (1, [2]),
        (8, [2]),
        (24, [1, 2]),
        (30, [0, 2]),
        (7, [0, 2]),
        (14, [0, 2]),
    ]


def test_where_none_of_the_others_can_nothing_is_suggested():
    needed, other = Member(Free(windows(0, 9, 10), "UTC")), Member(Free(windows(1, 9, 10), "UTC"))

    assert find_for_most(needed, [other], minutes=60, at=MONDAY, reader=ZoneInfo("UTC")) == []


@pytest.mark.parametrize(
    "said",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//https://x.example",
        "data:text/html,<script>alert(1)</script>",
        "http://meet.example/room",
        "https://user:password@meet.example/",
        "https://meet.example\\@evil.example",
        "https://meet.example/a b",
        "https://meet.example/\u202egnp",
        "https://localhost/",
        "https://10.0.0.1/",
        "https:///room",
        "https://meet.example:99999/",
        "https://",
        "",
    ],
)
def test_what_is_no_safe_link_is_none(said: str):
    assert not is_link(said)


def test_links_to_meeting_rooms_are_links():
    assert is_link("https://meet.example/room?pwd=abc%20d#1")
    assert is_link("https://eu.meet.example:8443/j/123")


def test_numbers_can_be_called():
    assert [is_number(said) for said in ("+43 1 234 567", "(555) 010-9999,,12#", "ring me", "12")] == [
        True,
        True,
        False,
        False,
    ]
