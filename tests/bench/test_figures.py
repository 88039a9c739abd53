from __future__ import annotations

import pytest

from bench.figures import duration, middle, number, percentile, work


def test_a_percentile_is_a_value_that_was_measured():
    measured = [15.0, 20.0, 35.0, 40.0, 50.0]

    assert [percentile(measured, share) for share in (5, 30, 40, 50, 95, 100)] == [15.0, 20.0, 20.0, 35.0, 50.0, 50.0]


def test_a_percentile_does_not_depend_on_the_order_of_arrival():
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0


def test_one_in_twenty_may_be_slower_than_p95():
    assert percentile([1.0] * 95 + [9.0] * 5, 95) == 1.0
    assert percentile([1.0] * 94 + [9.0] * 6, 95) == 9.0


def test_nothing_measured_has_no_percentile():
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 95)


def test_the_middle_of_nothing_is_unknown():
    assert [middle([]), middle([4.0, 1.0, 2.0])] == [None, 2.0]


def test_the_same_work_on_a_machine_half_as_fast_counts_the_same():
    quick = work(cpu_ms=5.0, index=200.0)
    slow = work(cpu_ms=10.0, index=100.0)

    assert quick == slow == 1000.0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.0000432, "43.2 µs"),
        (0.0009994, "999 µs"),
        (0.0009996, "1.00 ms"),
        (0.00521, "5.21 ms"),
        (0.118, "118 ms"),
        (1.2, "1.20 s"),
        (61.23, "61.2 s"),
    ],
)
def test_durations_are_told_in_the_unit_that_suits(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (0, "0"), (0.4321, "0.432"), (5.2149, "5.21"), (99.96, "100"), (118.4, "118"), (4123.0, "4,120")],
)
def test_numbers_have_three_significant_digits(value, text):
    assert number(value) == text
