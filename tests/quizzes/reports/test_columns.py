"""Packed attempts as columns: which attempts are looked at, and what statistics are handed."""

from __future__ import annotations

import pytest

from quizzes.reports.columns import Columns, Which
from quizzes.reports.packing import MOST, PackedAnswer, PackedAttempt, pack, unpack

MARK = 100_000
DAY = 86_400


def attempt(enrolment: int, n: int, *marks: int, submitted: int = 0, chosen: int = 1) -> bytes:
    """Answers to versions 10, 11 and so on, each worth one."""
    answers = [
        PackedAnswer(version=10 + place, slot=place + 1, mark=mark, maximum=MARK, chosen=chosen)
        for place, mark in enumerate(marks)
    ]
    return pack(PackedAttempt(enrolment=enrolment, n=n, submitted=submitted, seconds=60, answers=answers))


def test_what_is_packed_comes_out_as_it_was():
    said = PackedAttempt(
        enrolment=7,
        n=2,
        submitted=1_795_000_020,
        seconds=61,
        answers=[PackedAnswer(version=3, slot=1, mark=5, maximum=MARK, chosen=5, is_answered=False, is_marked=False)],
    )

    assert unpack(pack(said)) == said


def test_a_number_that_is_too_large_becomes_the_largest():
    said = PackedAttempt(enrolment=1, n=1, submitted=0, seconds=MOST * 10, answers=[])

    assert unpack(pack(said)).seconds == MOST


@pytest.mark.parametrize(
    ("which", "n"),
    [
        (Which.FIRST, [1, 1]),
        (Which.ALL, [1, 2, 3, 1]),
        # The second and the third are equally good: the earlier counts.
        (Which.BEST, [2, 1]),
        (Which.LAST, [3, 1]),
    ],
)
def test_of_each_learner_the_attempts_that_are_wanted(which, n):
    columns = Columns.of([attempt(1, 1, 0, 0), attempt(1, 2, MARK, 0), attempt(1, 3, 0, MARK), attempt(2, 1, 0, 0)])

    found = columns.of_which(which)

    assert found.n.tolist() == n
    assert found.attempt.tolist() == [number for number in range(len(n)) for _answer in range(2)]


def test_what_waits_for_marks_and_what_is_worth_nothing_is_no_ground_for_statistics():
    read = PackedAnswer(version=9, slot=1, mark=0, maximum=0)
    open_ = PackedAnswer(version=10, slot=2, mark=0, maximum=MARK, is_marked=False)
    done = PackedAnswer(version=10, slot=2, mark=MARK, maximum=MARK)
    packed = [
        pack(PackedAttempt(enrolment=each, n=1, submitted=0, seconds=1, answers=answers))
        for each, answers in enumerate(([read, open_], [read, done]), start=1)
    ]

    found = Columns.of(packed).marked

    assert (found.attempts, found.enrolment.tolist(), found.versions) == (1, [2], [10])
    assert found.answers.mark.tolist() == [1.0]


def test_months_and_options():
    columns = Columns.of([attempt(1, 1, 0, MARK, submitted=40 * DAY, chosen=0b101)])

    rows, places = columns.options()

    assert columns.months.tolist() == [1]
    assert sorted(zip(rows.tolist(), places.tolist(), strict=True)) == [(0, 0), (0, 2), (1, 0), (1, 2)]


def test_an_item_that_weighs_twice_as_much_in_one_attempt_is_judged_alike():
    double = PackedAnswer(version=10, slot=1, mark=MARK, maximum=2 * MARK)
    packed = [
        attempt(1, 1, MARK),
        pack(PackedAttempt(enrolment=2, n=1, submitted=0, seconds=1, answers=[double])),
    ]

    answers = Columns.of(packed).answers

    assert [mark / answers.maximum[0] for mark in answers.mark] == [1.0, 0.5]


def test_of_nothing_there_is_nothing():
    columns = Columns.of([])

    assert (columns.attempts, columns.versions, columns.of_which(Which.BEST).attempts) == (0, [], 0)
    assert columns.marked.answers.attempts == 0
