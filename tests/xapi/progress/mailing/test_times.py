"""When progress reports fall due, by the clocks of whoever arranged them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from xapi.progress.mailing.times import Rhythm, next_due

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_every_week_and_every_month_at_seven_there():
    weekly, monthly = (next_due(each, weekday=2, zone=TOKYO, at=MONDAY) for each in (Rhythm.WEEKLY, Rhythm.MONTHLY))

    assert weekly == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    assert monthly == datetime(2026, 12, 1, 22, 0, tzinfo=UTC)


def test_what_somebody_asks_for_is_never_due():
    assert next_due(Rhythm.REQUEST, weekday=None, zone=TOKYO, at=MONDAY) is None
