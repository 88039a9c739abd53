"""The time left in words: as fine as it matters, and few of them however long an attempt may run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from quizzes.countdown import Countdown
from quizzes.timing import Window
from tests.cast import THEN


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask):
    with app.test_request_context():
        yield


def countdown(**left: int) -> Countdown:
    return Countdown.of(Window(THEN, THEN + timedelta(**left)), THEN)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"seconds": 0}, "Time is over"),
        ({"seconds": 61}, "About 2 minutes left"),
        ({"hours": 2}, "About 120 minutes left"),
        ({"minutes": 121}, "About 3 hours left"),
        ({"hours": 48}, "About 48 hours left"),
        ({"hours": 49}, "About 3 days left"),
        ({"days": 60}, "About 60 days left"),
        ({"days": 61}, "More than 60 days left"),
    ],
)
def test_the_words_grow_coarser_the_more_time_there_is(left, words):
    assert countdown(**left).words == words


def test_each_of_the_words_holds_down_to_the_next():
    words = countdown(minutes=150).words_by_minute

    assert list(words) == [*range(121), 150]
    assert words[150] == "About 3 hours left"


def test_a_quiz_that_closes_in_years_needs_few_words():
    words = countdown(days=3650).words_by_minute

    assert len(words) == 121 + 46 + 58 + 1
    assert list(words.values())[-3:] == ["About 59 days left", "About 60 days left", "More than 60 days left"]
