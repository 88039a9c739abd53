"""Quiet hours by the clocks where somebody is, on the days too when those are changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from lti_tool.notifying.quiet import QuietHours

VIENNA = ZoneInfo("Europe/Vienna")
NIGHT = QuietHours(time(21, 0), time(7, 0), VIENNA)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CASES = {
    "in the evening they end next morning": ("2026-11-23T20:30", "2026-11-24T06:00"),
    "in the morning they end today": ("2026-11-24T05:59:59", "2026-11-24T06:00"),
    "they begin on the minute": ("2026-11-23T20:00", "2026-11-24T06:00"),
    "just before, nothing is quiet": ("2026-11-23T19:59:59", None),
    "their end is no longer quiet": ("2026-11-24T06:00", None),
    "by day nothing is quiet": ("2026-11-24T12:00", None),
    "a night with an hour less": ("2026-03-28T22:00", "2026-03-29T05:00"),
    "a night with an hour more": ("2026-10-24T22:00", "2026-10-25T06:00"),
}


@pytest.mark.parametrize("case", CASES)
def test_quiet_hours_end_by_the_clocks_where_somebody_is(case: str):
    at, end = CASES[case]

    assert NIGHT.ends_after(moment(at)) == (moment(end) if end else None)


def test_quiet_hours_may_lie_within_a_day():
    siesta = QuietHours(time(13, 0), time(15, 0), VIENNA)

    assert [siesta.ends_after(moment(f"2026-07-01T{hour}:00")) for hour in (10, 11, 12, 13)] == [
        None,
        moment("2026-07-01T13:00"),
        moment("2026-07-01T13:00"),
        None,
    ]


def test_an_end_that_comes_twice_counts_the_first_time_but_for_what_is_told_between_the_two():
    until_half_past_two = QuietHours(time(21, 0), time(2, 30), VIENNA)

    assert until_half_past_two.ends_after(moment("2026-10-24T23:00")) == moment("2026-10-25T00:30")
    assert until_half_past_two.ends_after(moment("2026-10-25T00:45")) is None
    assert until_half_past_two.ends_after(moment("2026-10-25T01:10")) == moment("2026-10-25T01:30")


def test_an_end_that_never_comes_by_the_clock_comes_after_they_are_put_forward():
    until_half_past_two = QuietHours(time(21, 0), time(2, 30), VIENNA)

    assert until_half_past_two.ends_after(moment("2026-03-29T00:10")) == moment("2026-03-29T01:30")


CHANGES = {
    "Europe/Vienna": ("2026-03-29", "2026-10-25"),
    "America/St_Johns": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Pacific/Apia": ("2011-12-30", "2011-12-31"),
}
"""Days on which clocks are changed; in Samoa one whole day never came."""


@pytest.mark.parametrize("zone", CHANGES)
def test_what_waits_goes_within_a_day_and_an_hour_and_then_waits_no_longer(zone: str):
    hours = [(time(21), time(7)), (time(21), time(2, 30)), (time(13), time(15)), (time(23, 59), time(0, 1))]
    moments = [moment(day) + timedelta(minutes=10 * step) for day in CHANGES[zone] for step in range(-6 * 36, 6 * 36)]
    wrong = []
    for begin, end in hours:
        quiet = QuietHours(begin, end, ZoneInfo(zone))
        for at in moments:
            goes = quiet.ends_after(at)
            if goes is not None and not (at < goes <= at + timedelta(hours=25) and quiet.ends_after(goes) is None):
                wrong.append((begin, end, at, goes))

    assert wrong == []
