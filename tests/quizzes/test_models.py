from __future__ import annotations

from datetime import timedelta

import pytest

from lti_tool.events import Where, Who
from quizzes.events import QuestionAsked, QuizSubmitted
from quizzes.kinds.base import Component, Interaction, Option
from quizzes.marking import Kind
from quizzes.models import AttemptClosed, Finish
from tests.cast import THEN
from tests.quizzes.conftest import right_answers

TEN_MINUTES_LATER = THEN + timedelta(minutes=10)


def test_all_right_earns_twenty_of_twenty(start):
    attempt = start()

    attempt.submit(right_answers(attempt), TEN_MINUTES_LATER)

    assert (attempt.raw, attempt.maximum, attempt.has_passed) == (20.0, 20.0, True)
    assert (attempt.finish, attempt.submitted) == (Finish.LEARNER, TEN_MINUTES_LATER)
    assert {(answer.fraction, answer.mark) for answer in attempt.answers} == {(1.0, 1.0)}


def test_nothing_answered_earns_nothing(start):
    attempt = start()

    attempt.submit({}, TEN_MINUTES_LATER)

    assert (attempt.raw, attempt.has_passed) == (0.0, False)


def test_fourteen_of_twenty_pass_and_thirteen_do_not(start, session):
    enough, too_few = start(1), 13
    enough.submit(right_answers(enough, range(1, 15)), TEN_MINUTES_LATER)
    session.commit()
    second = start(2)
    second.submit(right_answers(second, range(1, too_few + 1)), TEN_MINUTES_LATER)

    assert [(each.raw, each.has_passed) for each in (enough, second)] == [(14.0, True), (13.0, False)]


def test_saved_answers_count_and_the_last_ones_win(start):
    attempt = start()
    first, second = attempt.answers[:2]

    attempt.save({1: first.version.right_answer, 2: second.version.right_answer}, THEN + timedelta(minutes=1))
    attempt.submit({2: {}}, TEN_MINUTES_LATER)

    assert (first.mark, second.mark, attempt.raw) == (1.0, 0.0, 1.0)
    assert attempt.unanswered == list(range(2, 21))
    assert (first.saved, second.saved) == (THEN + timedelta(minutes=1), TEN_MINUTES_LATER)


def test_an_answer_chosen_again_keeps_the_time_it_was_first_saved(start):
    attempt = start()
    right = attempt.answers[0].version.right_answer

    attempt.save({1: right}, THEN + timedelta(minutes=1))
    attempt.save({1: right}, THEN + timedelta(minutes=2))

    assert attempt.answers[0].saved == THEN + timedelta(minutes=1)


def test_handing_in_twice_is_refused_and_changes_nothing(start):
    attempt = start()
    attempt.submit({}, TEN_MINUTES_LATER)

    with pytest.raises(AttemptClosed):
        attempt.submit(right_answers(attempt), TEN_MINUTES_LATER)

    assert attempt.raw == 0.0


def test_within_the_grace_answers_count_and_the_attempt_ends_at_its_deadline(start):
    attempt = start()

    attempt.submit(right_answers(attempt), attempt.deadline + timedelta(seconds=60))

    assert (attempt.raw, attempt.submitted) == (20.0, attempt.deadline)


def test_after_the_grace_no_answer_is_taken(start):
    attempt = start()

    with pytest.raises(AttemptClosed):
        attempt.save(right_answers(attempt), attempt.deadline + timedelta(seconds=61))

    assert attempt.unanswered == list(range(1, 21))
    assert attempt.is_open


def test_time_that_ran_out_marks_what_was_saved(start):
    attempt = start()
    attempt.save(right_answers(attempt, [3, 4]), TEN_MINUTES_LATER)

    event = attempt.run_out(attempt.deadline + timedelta(hours=1))

    assert (attempt.raw, attempt.finish, attempt.submitted) == (2.0, Finish.TIMER, attempt.deadline)
    assert (event.ran_out, event.submitted, event.duration) == (True, attempt.deadline, timedelta(minutes=30))


def test_an_option_that_is_not_there_is_refused(start):
    with pytest.raises(ValueError, match="has no such option"):
        start().save({1: {"chosen": ["z"]}}, TEN_MINUTES_LATER)


def test_two_options_for_a_single_answer_are_refused(start):
    attempt = start()
    single = next(answer for answer in attempt.answers if answer.version.kind is Kind.SINGLE)

    with pytest.raises(ValueError, match="takes one option"):
        attempt.save({single.place: {"chosen": ["a", "b"]}}, TEN_MINUTES_LATER)


def test_the_event_tells_everything(start, quiz):
    attempt = start()

    event = attempt.submit(right_answers(attempt, [1]), TEN_MINUTES_LATER)

    assert event == QuizSubmitted(
        event_id=event.event_id,
        at=TEN_MINUTES_LATER,
        who=Who(platform=quiz.course.platform.public_id, issuer="https://campus.example", subject="leo"),
        where=Where(course=quiz.course.public_id, title="Starting at work"),
        quiz=quiz.public_id,
        title="Onboarding quiz",
        language="en",
        attempt=attempt.public_id,
        n=1,
        started=THEN,
        submitted=TEN_MINUTES_LATER,
        ran_out=False,
        raw=1.0,
        maximum=20.0,
        pass_percent=70,
        has_passed=False,
        questions=event.questions,
    )
    version = attempt.answers[0].version
    options = sorted(version.body["options"], key=lambda option: option["id"])
    assert event.questions[0] == QuestionAsked(
        question=version.public_id,
        name=f"onboarding/{version.question.name}",
        version=1,
        place=1,
        topic=version.question.category.name,
        kind=version.kind.value,
        text=version.body["text"],
        is_right=True,
        is_marked=True,
        mark=1.0,
        maximum=1.0,
        interaction=Interaction(
            type="choice",
            pattern=("[,]".join(version.right),),
            response="[,]".join(version.right),
            components=(Component("choices", tuple(Option(id=each["id"], text=each["text"]) for each in options)),),
        ),
    )
    assert [question.was_answered for question in event.questions] == [True] + [False] * 19
