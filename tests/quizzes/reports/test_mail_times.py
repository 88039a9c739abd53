"""When a report falls due next, by the clocks of whoever reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quizzes.reports.mailing.times import Rhythm, next_due

ROME, TOKYO, LINE = ZoneInfo("Europe/Rome"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Kiritimati")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def due(rhythm: Rhythm, at: datetime = MONDAY, *, zone: ZoneInfo = ROME, weekday: int | None = None, closes=None):
    return next_due(rhythm, weekday=weekday, zone=zone, closes=closes, at=at)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (ROME, datetime(2026, 11, 24, 6, 0, tzinfo=UTC)),
        (TOKYO, datetime(2026, 11, 23, 22, 0, tzinfo=UTC)),
        (LINE, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
    ],
)
def test_every_day_at_seven_where_the_reader_is(zone: ZoneInfo, expected: datetime):
    assert due(Rhythm.DAILY, zone=zone) == expected


def test_seven_stays_seven_when_clocks_change():
    """In Rome they do on 28 March 2027."""
    before = due(Rhythm.DAILY, datetime(2027, 3, 26, 12, 0, tzinfo=UTC))
    assert before == datetime(2027, 3, 27, 6, 0, tzinfo=UTC)
    assert due(Rhythm.DAILY, before) == datetime(2027, 3, 28, 5, 0, tzinfo=UTC)


def test_in_the_very_moment_it_is_due_the_next_one_is_meant():
    six = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

    assert due(Rhythm.DAILY, six - timedelta(seconds=1)) == six
    assert due(Rhythm.DAILY, six) == six + timedelta(days=1)


@pytest.mark.parametrize("weekday", range(7))
def test_every_week_on_that_day_as_it_is_where_the_reader_is(weekday: int):
    found = due(Rhythm.WEEKLY, zone=TOKYO, weekday=weekday)

    assert found is not None
    assert (found.astimezone(TOKYO).weekday(), found.astimezone(TOKYO).hour) == (weekday, 7)
    assert MONDAY < found <= MONDAY + timedelta(days=7)
    assert due(Rhythm.WEEKLY, found, zone=TOKYO, weekday=weekday) == found + timedelta(days=7)


def test_at_closing_once_the_last_answers_have_arrived():
    closes = MONDAY + timedelta(hours=3)

    assert due(Rhythm.CLOSING, closes=closes) == closes + timedelta(seconds=60)
    assert due(Rhythm.CLOSING, closes + timedelta(minutes=1), closes=closes) is None
    assert due(Rhythm.CLOSING) is None


def test_what_no_clock_says_is_never_due():
    assert due(Rhythm.SETTLED) is None
    assert due(Rhythm.REQUEST) is None
