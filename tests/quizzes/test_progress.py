from __future__ import annotations

from datetime import timedelta

from quizzes.designing.reviewing import EVERYTHING, KEYS
from quizzes.progress import Progress
from quizzes.timing import Accommodation
from tests.cast import THEN
from tests.quizzes.conftest import hand_in
from tests.quizzes.making import changed


def test_the_best_attempt_counts_and_the_earlier_among_equals(session, start, quiz, leo):
    first, second = hand_in(session, start(1), right=5), hand_in(session, start(2), right=5)

    progress = Progress(quiz=quiz, learner=leo, attempts=[first, second])

    assert progress.best is first
    assert (progress.left, progress.is_done, progress.has_passed) == (0, True, False)


def test_a_running_attempt_is_not_done(start, quiz, leo):
    progress = Progress(quiz=quiz, learner=leo, attempts=[start()])

    assert (progress.left, progress.is_done, progress.best) == (1, False, None)


def test_keys_wait_for_an_attempt_that_runs_while_the_quiz_closes(session, start, quiz, leo):
    closes = THEN + timedelta(hours=2)
    changed(session, quiz, closes=closes)
    first = hand_in(session, start(1), right=0)
    second = start(2, at=closes - timedelta(minutes=10))
    in_the_grace = closes + timedelta(seconds=10)

    running = Progress(quiz=quiz, learner=leo, attempts=[first, second]).shows(first, in_the_grace)
    second.submit({}, in_the_grace)
    done = Progress(quiz=quiz, learner=leo, attempts=[first, second]).shows(first, in_the_grace)

    assert not running & KEYS
    assert done == EVERYTHING


def test_keys_wait_until_the_quiz_has_closed_for_whoever_was_granted_a_later_day(session, start, quiz, leo):
    closes = THEN + timedelta(hours=2)
    changed(session, quiz, closes=closes)
    first = hand_in(session, start(1), right=0)
    granted = Accommodation(closes=closes + timedelta(days=1))
    progress = Progress(quiz=quiz, learner=leo, attempts=[first], granted=granted)

    assert progress.turn(closes).is_allowed
    assert not progress.shows(first, closes) & KEYS
    assert progress.shows(first, closes + timedelta(days=1)) == EVERYTHING
