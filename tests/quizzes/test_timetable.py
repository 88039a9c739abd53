"""Openings, limits, accommodations and delays; and whatever clock, latency and accommodation do, by another hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from quizzes.timing import Accommodation, Overdue, Timetable, Turn, WhyNot, Window

NINE = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
HALF = timedelta(minutes=30)
TEN_TO_TWELVE = Timetable(opens=NINE + timedelta(hours=1), closes=NINE + timedelta(hours=3), limit=HALF)


def at(hour: int, minute: float = 0) -> datetime:
    return NINE.replace(hour=hour) + timedelta(minutes=minute)


def minutes(many: float) -> timedelta:
    return timedelta(minutes=many)


# How long


def test_an_attempt_ends_with_its_limit_or_with_the_quiz():
    deadlines = [TEN_TO_TWELVE.deadline(started) for started in [at(10), at(11, 30), at(11, 50)]]

    assert deadlines == [at(10, 30), at(12), at(12)]


def test_granted_time_multiplies_first_and_adds_then():
    granted = Accommodation(multiplier=1.5, extra=minutes(10))

    assert TEN_TO_TWELVE.deadline(at(10), granted) == at(10, 55)


def test_granted_time_reaches_beyond_the_close_however_late_one_begins():
    granted = Accommodation(multiplier=2)

    assert [TEN_TO_TWELVE.deadline(started, granted) for started in [at(11, 30), at(11, 59)]] == [at(12, 30)] * 2


def test_the_close_cuts_granted_time_only_where_that_was_chosen():
    granted = Accommodation(multiplier=2, extends=False)

    assert TEN_TO_TWELVE.deadline(at(11, 30), granted) == at(12)


def test_no_limit_means_no_deadline_but_for_a_close_that_is_not_extended():
    unlimited = Accommodation(is_unlimited=True)

    assert TEN_TO_TWELVE.deadline(at(10), unlimited) is None
    assert TEN_TO_TWELVE.window(at(10), unlimited) is None
    assert TEN_TO_TWELVE.deadline(at(10), replace(unlimited, extends=False)) == at(12)


def test_a_quiz_without_a_limit_ends_with_its_close_for_everybody():
    open_end, until_noon = Timetable(), Timetable(closes=at(12))
    granted = Accommodation(multiplier=2, extra=HALF)

    assert open_end.window(at(10), granted) is None
    assert [until_noon.deadline(at(10), each) for each in [granted, Accommodation(is_unlimited=True)]] == [at(12)] * 2


def test_a_quiz_that_is_closed_while_attempts_run_ends_none_before_its_start():
    assert Timetable(closes=at(9), limit=HALF).deadline(at(10)) == at(10)


def test_an_accommodation_takes_nothing_away_and_a_limit_is_longer_than_nothing():
    with pytest.raises(ValueError, match="takes nothing away"):
        Accommodation(multiplier=0.9)
    with pytest.raises(ValueError, match="takes nothing away"):
        Accommodation(extra=minutes(-1))
    with pytest.raises(ValueError, match="takes nothing away"):
        Accommodation(attempts=-1)
    with pytest.raises(ValueError, match="longer than nothing"):
        Timetable(limit=timedelta(0))
    with pytest.raises(ValueError, match="closes after it has opened"):
        Timetable(opens=at(12), closes=at(12))


# Overdue


@pytest.mark.parametrize(
    ("overdue", "ends", "counts"),
    [(Overdue.SUBMIT, at(10, 31), True), (Overdue.GRACE, at(10, 45), False), (Overdue.ABANDON, at(10, 31), False)],
)
def test_what_becomes_of_an_attempt_that_is_not_handed_in(overdue, ends, counts):
    window = replace(TEN_TO_TWELVE, overdue=overdue, handing_in=minutes(15)).window(at(10))

    assert (window.ends, window.counts_unasked) == (ends, counts)
    assert window.can_be_handed_in(ends)
    assert not window.can_be_handed_in(ends + timedelta.resolution)
    assert window.closes == at(10, 31)


def test_a_short_time_for_handing_in_never_ends_before_answers_do():
    window = Window(at(10), at(10, 30), Overdue.GRACE, timedelta(seconds=5))

    assert window.ends == window.closes


# Which attempt, when


def turn(timetable: Timetable, now: datetime, *finished: datetime, **more) -> Turn:
    return timetable.next_attempt(finished, now, **more)


def test_a_quiz_opens_and_closes():
    turns = [turn(TEN_TO_TWELVE, now) for now in [at(9, 59), at(10), at(11, 59), at(12)]]

    assert turns == [Turn(1, WhyNot.NOT_OPEN, at(10)), Turn(1), Turn(1), Turn(1, WhyNot.CLOSED)]


def test_granted_time_opens_no_later_start():
    granted = Accommodation(multiplier=2)

    assert turn(TEN_TO_TWELVE, at(12), granted=granted) == Turn(1, WhyNot.CLOSED)


def test_attempts_are_counted_and_more_may_be_granted():
    twice = Timetable(attempts=2)

    assert turn(twice, at(11), at(9)) == Turn(2)
    assert turn(twice, at(11), at(9), at(10)) == Turn(3, WhyNot.NONE_LEFT)
    assert turn(twice, at(11), at(9), at(10), granted=Accommodation(attempts=1)) == Turn(3)
    assert turn(Timetable(), at(11), *[at(9)] * 50) == Turn(51)


def test_the_second_attempt_waits_and_later_ones_wait_otherwise():
    waits = Timetable(wait_once=minutes(60), wait_later=minutes(10))

    assert turn(waits, at(9, 59), at(9)) == Turn(2, WhyNot.TOO_SOON, at(10))
    assert turn(waits, at(10), at(9)) == Turn(2)
    assert turn(waits, at(9, 39), at(9), at(9, 30)) == Turn(3, WhyNot.TOO_SOON, at(9, 40))
    assert turn(waits, at(9, 40), at(9), at(9, 30)) == Turn(3)


def test_a_wait_that_ends_after_the_close_is_said_to_be_for_good():
    waits = replace(TEN_TO_TWELVE, wait_once=minutes(60))

    assert turn(waits, at(11, 5), at(11)) == Turn(2, WhyNot.CLOSED)
    assert turn(waits, at(11, 5), at(10, 59)) == Turn(2, WhyNot.TOO_SOON, at(11, 59))


def test_of_opening_and_waiting_the_later_is_named():
    waits = replace(TEN_TO_TWELVE, wait_once=minutes(90))

    assert turn(waits, at(9, 10), at(9)) == Turn(2, WhyNot.TOO_SOON, at(10, 30))
    assert turn(waits, at(8), at(7)) == Turn(2, WhyNot.NOT_OPEN, at(10))


def test_who_has_passed_is_done_where_that_was_chosen():
    once = Timetable(until_passed=True)

    assert turn(once, at(10), at(9), has_passed=True) == Turn(2, WhyNot.PASSED)
    assert turn(once, at(10), at(9)) == Turn(2)
    assert turn(Timetable(), at(10), at(9), has_passed=True) == Turn(2)


# By another hand


@dataclass
class Fuzzed:
    """A schedule in whole microseconds from the opening: quiz, learner, and when each answer reaches the server."""

    length: int | None
    limit: int | None
    quarters: int
    extra: int
    unlimited: bool
    extends: bool
    starts: int
    arrivals: list[int]

    @classmethod
    def of(cls, chance: random.Random) -> Fuzzed:
        second = 1_000_000
        length = chance.choice([None, chance.randint(60, 20_000) * second])
        limit = chance.choice([None, chance.randint(1, 7_200) * second, chance.randint(1, 90) * second])
        starts = chance.randrange(length if length is not None else 10_000 * second)
        fuzzed = cls(
            length=length,
            limit=limit,
            quarters=chance.choice([4, 5, 6, 8, chance.randint(4, 16)]),
            extra=chance.choice([0, 0, 600 * second, chance.randint(0, 3_600 * second)]),
            unlimited=chance.random() < 0.1,
            extends=chance.random() < 0.8,
            starts=starts,
            arrivals=[],
        )
        fuzzed.arrivals = [fuzzed._arrival(chance) for _ in range(6)]
        return fuzzed

    def _arrival(self, chance: random.Random) -> int:
        """Sent at any time of the attempt or about its end, and then on its way for nothing or for long."""
        about = [self.starts + chance.randint(0, 8_000_000_000)]
        if (ends := self.ends()) is not None:
            about += [ends, ends, ends + 60_000_000]
        latency = chance.choice([0, 1, -1, chance.randint(0, 90_000_000), chance.randint(0, 2_000_000)])
        return max(self.starts, chance.choice(about) + latency)

    def ends(self) -> int | None:
        """Worked out in steps, as one would with a watch in hand."""
        time_of_others = self.limit
        mine = None if time_of_others is None or self.unlimited else time_of_others * self.quarters // 4 + self.extra
        door = self.length
        if door is not None and self.extends and time_of_others is not None:
            door = None if mine is None else door + mine - time_of_others
        if mine is None:
            return door
        return self.starts + mine if door is None or self.starts + mine < door else door

    @property
    def timetable(self) -> Timetable:
        closes = None if self.length is None else NINE + timedelta(microseconds=self.length)
        limit = None if self.limit is None else timedelta(microseconds=self.limit)
        return Timetable(opens=NINE, closes=closes, limit=limit)

    @property
    def granted(self) -> Accommodation:
        return Accommodation(
            multiplier=self.quarters / 4,
            extra=timedelta(microseconds=self.extra),
            is_unlimited=self.unlimited,
            extends=self.extends,
        )


def misjudged(schedules: int, seed: int) -> tuple[int, int, int, int]:
    """Answers taken too late, answers refused too early, granted time that was cut, and answers that were judged."""
    chance, late, early, cut, judged = random.Random(seed), 0, 0, 0, 0
    for _ in range(schedules):
        fuzzed = Fuzzed.of(chance)
        started, ends = NINE + timedelta(microseconds=fuzzed.starts), fuzzed.ends()
        window = fuzzed.timetable.window(started, fuzzed.granted)
        for arrival in fuzzed.arrivals:
            taken = window is None or window.is_open(NINE + timedelta(microseconds=arrival))
            right = ends is None or arrival <= ends + 60_000_000
            late, early, judged = late + (taken > right), early + (taken < right), judged + 1
        cut += fuzzed.extends and _is_cut(fuzzed, started, window)
    return late, early, cut, judged


def _is_cut(fuzzed: Fuzzed, started: datetime, window: Window | None) -> bool:
    """Whether this learner has less than what the others have together with what was granted."""
    others = fuzzed.timetable.deadline(started)
    if window is None or others is None or fuzzed.limit is None:
        return window is not None and others is None
    more = timedelta(microseconds=fuzzed.limit * fuzzed.quarters // 4 + fuzzed.extra - fuzzed.limit)
    return fuzzed.unlimited or window.deadline - others < more


def test_no_schedule_takes_an_answer_too_late_or_refuses_one_too_early():
    assert misjudged(2_000, seed=1) == (0, 0, 0, 12_000)


@pytest.mark.soak
def test_none_of_a_hundred_thousand_schedules_does():
    assert misjudged(100_000, seed=2) == (0, 0, 0, 600_000)
