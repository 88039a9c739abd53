from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quizzes.timing import Window

NINE = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HALF_AN_HOUR = Window.of(NINE, timedelta(minutes=30))


def after(**step: float) -> datetime:
    return NINE + timedelta(**step)


def test_answers_are_taken_until_a_minute_after_the_deadline_and_not_a_moment_longer():
    a_moment = timedelta(microseconds=1)
    last = after(minutes=31)

    open_at = [HALF_AN_HOUR.is_open(at) for at in [NINE, last, last + a_moment]]

    assert open_at == [True, True, False]


def test_the_time_is_over_at_the_deadline():
    assert not HALF_AN_HOUR.is_over(after(minutes=29, seconds=59))
    assert HALF_AN_HOUR.is_over(after(minutes=30))


def test_the_time_left_never_goes_below_nothing():
    assert HALF_AN_HOUR.left(after(minutes=10)) == timedelta(minutes=20)
    assert HALF_AN_HOUR.left(after(minutes=45)) == timedelta(0)


def test_minutes_left_are_rounded_up():
    moments = [after(), after(seconds=1), after(minutes=29, seconds=59), after(minutes=30)]

    assert [HALF_AN_HOUR.minutes_left(at) for at in moments] == [30, 30, 1, 0]


def test_counting_begins_with_the_last_five_minutes():
    assert not HALF_AN_HOUR.is_counting(after(minutes=24, seconds=59))
    assert HALF_AN_HOUR.is_counting(after(minutes=25))


def test_an_attempt_closed_late_counts_as_finished_at_its_deadline():
    assert HALF_AN_HOUR.finished(after(minutes=12)) == after(minutes=12)
    assert HALF_AN_HOUR.finished(after(hours=5)) == after(minutes=30)


def test_a_clock_that_is_a_little_behind_finishes_nothing_before_its_start():
    assert HALF_AN_HOUR.finished(after(seconds=-1)) == NINE


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="longer than nothing"):
        Window.of(NINE, timedelta(0))
