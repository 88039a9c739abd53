"""The mornings on which reports go, by the clocks of whoever reads or arranged them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from lti_tool.manager_mail.times import next_morning

ROME, LINE = ZoneInfo("Europe/Rome"), ZoneInfo("Pacific/Kiritimati")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def first(at: datetime, weekday: int, zone: ZoneInfo = ROME) -> datetime:
    return next_morning(zone=zone, at=at, weekday=weekday, is_first_of_month=True)


def test_any_morning_is_the_next_one():
    assert next_morning(zone=ROME, at=MONDAY) == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("zone", [ROME, LINE])
def test_once_a_month_it_is_the_first_such_day_of_the_month_there(weekday: int, zone: ZoneInfo):
    moment, found = MONDAY, []
    for _ in range(24):
        moment = first(moment, weekday, zone)
        found.append(moment.astimezone(zone))

    assert {(each.weekday(), each.hour) for each in found} == {(weekday, 7)}
    assert all(each.day <= 7 for each in found)
    assert [(each.year, each.month) for each in found] == [
        (2026 + (11 + n) // 12, (11 + n) % 12 + 1) for n in range(24)
    ]


def test_on_the_first_such_day_before_seven_it_is_that_day_and_after_it_a_month_later():
    seven = datetime(2026, 12, 7, 6, 0, tzinfo=UTC)

    assert first(datetime(2026, 12, 7, 5, 59, tzinfo=UTC), 0) == seven
    assert first(seven, 0) == datetime(2027, 1, 4, 6, 0, tzinfo=UTC)
