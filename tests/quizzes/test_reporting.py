from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from quizzes.designing.reviewing import EVERYTHING, KEYS
from quizzes.models import Attempt
from quizzes.reporting import Progress, TopicResult, Understanding, class_results, report
from quizzes.timing import Accommodation
from tests.cast import THEN
from tests.quizzes.conftest import right_answers
from tests.quizzes.making import changed


def hand_in(session, attempt: Attempt, right: int) -> Attempt:
    choices = right_answers(attempt, range(1, right + 1)) if right else {}
    attempt.submit(choices, THEN + timedelta(minutes=10))
    session.commit()
    return attempt


def test_a_topic_is_understood_when_all_of_it_was_right():
    whole = TopicResult(title="Tea", asked=2, right=2, earned=2.0, maximum=2.0)
    part = TopicResult(title="Tea", asked=2, right=0, earned=0.5, maximum=2.0)
    none = TopicResult(title="Tea", asked=2, right=0, earned=0.0, maximum=2.0)

    assert [each.understanding for each in (whole, part, none)] == [
        Understanding.FULL,
        Understanding.PARTIAL,
        Understanding.NONE,
    ]


def test_topics_stand_in_the_order_of_the_bank_and_add_up_to_the_attempt(session, start):
    attempt = hand_in(session, start(), right=12)

    found = report(attempt, shows=EVERYTHING)

    order = [category.title for category in attempt.quiz.bank.categories]
    titles = [topic.title for topic in found.topics]
    assert titles == [title for title in order if title in titles]
    assert sum(topic.asked for topic in found.topics) == 20
    assert sum(topic.earned for topic in found.topics) == 12.0
    assert [missed.place for missed in found.missed] == list(range(13, 21))


def test_right_answers_and_reasons_are_in_it_only_if_they_may_be(session, start):
    attempt = hand_in(session, start(), right=19)
    version = attempt.answers[-1].version
    texts = {option["id"]: option["text"] for option in version.body["options"]}

    hidden, open_ = (report(attempt, shows=shows).missed[0] for shows in (EVERYTHING - KEYS, EVERYTHING))

    assert (list(hidden.right), hidden.why) == ([], Markup())
    assert (set(open_.right), open_.why) == (
        {texts[option] for option in version.right},
        Markup("<p>{}</p>").format(version.why),
    )
    assert (list(open_.chosen), open_.earned) == ([], 0.0)


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


def test_a_class_averages_the_best_attempts_of_those_who_have_one(session, cast, course, quiz, leo, start):
    nora, omar = cast.enrol(course, "Nora"), cast.enrol(course, "Omar")
    attempts = [
        hand_in(session, start(1), right=6),
        hand_in(session, start(2), right=10),
        hand_in(session, start(1, who=nora), right=16),
    ]

    found = class_results(quiz, [leo, nora, omar], attempts, {})

    assert [len(row.attempts) for row in found.rows] == [2, 1, 0]
    assert (len(found.finished), found.passed, found.average_percent) == (2, 1, 65.0)
