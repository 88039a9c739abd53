"""When attempts may begin, which of them make the grade, and what their learner sees: decided by the settings."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.outbox import Happening
from quizzes import closing, entering, starting
from quizzes.designing.reviewing import EVERYTHING, KEYS, PRACTICE, PRESETS, Moment, Preset, Review, Shown, moment_of
from quizzes.designing.settings import PRACTICING, Grading, Settings
from quizzes.entering import TooManyTries, WrongCode
from quizzes.grading import grade_of
from quizzes.marking import Kind
from quizzes.models import Attempt
from quizzes.progress import Progress
from quizzes.queries import attempts_of, best_shares
from quizzes.starting import NotYourTurn
from quizzes.timing import WhyNot
from tests.cast import THEN
from tests.quizzes.conftest import right_answers
from tests.quizzes.making import changed
from tests.quizzes.one_of_each import a_quiz_of_all_kinds

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def take(session, quiz, leo):
    """An attempt of Leo's with so many right answers, begun and handed in a minute later."""

    def taken(right: int, *, at=THEN, code: str = "") -> Attempt:
        attempt = starting.start(session, quiz, leo, seed=bytes([right]) * 16, at=at, code=code)
        answers = right_answers(attempt, range(1, right + 1)) if right else {}
        closing.hand_in(session, attempt, answers, at=at + MINUTE)
        session.commit()
        return attempt

    return taken


def told(session, name: str) -> list[dict[str, Any]]:
    rows = session.scalars(select(Happening).where(Happening.name == name).order_by(Happening.id))
    return [json.loads(row.body) for row in rows]


def why_not(take, **when) -> tuple[WhyNot | None, object]:
    with pytest.raises(NotYourTurn) as refused:
        take(0, **when)
    return refused.value.turn.why_not, refused.value.turn.since


def test_settings_come_back_from_json_as_they_went():
    every = Settings(
        opens=THEN,
        closes=THEN + HOUR,
        limit=None,
        attempts=None,
        until_passed=True,
        wait_once=HOUR,
        wait_later=MINUTE,
        grading=Grading.AVERAGE,
        pass_percent=55,
        topic_percent=40,
        review=PRESETS[Preset.TOPICS],
        per_page=5,
        access_code="Soup",
    )

    assert [Settings.of(json.loads(json.dumps(each.as_json()))) for each in (every, Settings(), PRACTICING)] == [
        every,
        Settings(),
        PRACTICING,
    ]


def test_nobody_begins_before_it_opens_or_once_it_is_closed(session, quiz, take):
    changed(session, quiz, opens=THEN + HOUR, closes=THEN + 2 * HOUR)

    assert why_not(take) == (WhyNot.NOT_OPEN, THEN + HOUR)
    assert take(3, at=THEN + HOUR).n == 1
    assert why_not(take, at=THEN + 2 * HOUR) == (WhyNot.CLOSED, None)


def test_an_attempt_ends_when_the_quiz_closes(session, quiz, take):
    changed(session, quiz, closes=THEN + 10 * MINUTE)

    assert take(3).deadline == THEN + 10 * MINUTE


def test_between_attempts_there_is_the_pause_that_was_chosen(session, quiz, take):
    changed(session, quiz, attempts=3, wait_once=HOUR, wait_later=2 * HOUR)
    take(1)

    assert why_not(take, at=THEN + HOUR) == (WhyNot.TOO_SOON, THEN + MINUTE + HOUR)
    take(2, at=THEN + 2 * HOUR)
    assert why_not(take, at=THEN + 4 * HOUR) == (WhyNot.TOO_SOON, THEN + MINUTE + 4 * HOUR)


def test_another_attempt_is_for_those_who_have_not_passed(session, quiz, take):
    changed(session, quiz, attempts=3, until_passed=True)
    take(13)
    take(14)

    assert why_not(take) == (WhyNot.PASSED, None)


def test_whether_somebody_failed_is_known_once_people_have_marked_it(session, course, leo):
    quiz = a_quiz_of_all_kinds(session, course, Kind.ESSAY, Kind.SINGLE)
    changed(session, quiz, until_passed=True)
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    place = next(each.place for each in attempt.answers if each.version.kind is Kind.ESSAY)
    closing.hand_in(session, attempt, {place: {"text": ["Once"]}}, at=THEN + MINUTE)

    with pytest.raises(NotYourTurn) as refused:
        starting.start(session, quiz, leo, seed=bytes(16), at=THEN + HOUR)

    assert refused.value.turn.why_not is WhyNot.UNMARKED
    assert (told(session, "GradeChanged"), told(session, "ActivityCompleted")) == ([], [])
    assert best_shares(session, quiz) == (1, [])


@pytest.mark.parametrize(
    ("grading", "scores", "counts"),
    [
        (Grading.HIGHEST, [10.0, 15.0], 15.0),
        (Grading.LAST, [10.0, 15.0, 5.0], 5.0),
        (Grading.FIRST, [10.0], 10.0),
        (Grading.AVERAGE, [10.0, 12.5, 10.0], 10.0),
    ],
)
def test_each_way_of_grading_announces_what_changes(session, quiz, leo, take, grading, scores, counts):
    changed(session, quiz, attempts=3, grading=grading)
    for right in (10, 15, 5):
        take(right)

    grade = grade_of(grading, attempts_of(session, quiz, leo))

    assert [each["score"] for each in told(session, "GradeChanged")] == scores
    assert grade is not None
    assert (grade.raw, grade.maximum) == (counts, 20.0)
    assert best_shares(session, quiz)[1] == pytest.approx([counts / 20])


def test_practice_is_never_graded_and_never_used_up(session, quiz, take):
    changed(session, quiz, limit=None, attempts=None, is_practice=True, review=PRACTICE)
    for right in (20, 3, 7):
        take(right)

    assert [each["raw"] for each in told(session, "QuizSubmitted")] == [20.0, 3.0, 7.0]
    assert (told(session, "GradeChanged"), told(session, "ActivityCompleted")) == ([], [])


def test_an_attempt_keeps_the_rules_it_began_with(session, quiz, take):
    attempt = take(14)

    changed(session, quiz, pass_percent=90, limit=HOUR)

    assert (attempt.has_passed, attempt.settings.pass_percent, quiz.settings.pass_percent) == (True, 70, 90)


def test_an_access_code_lets_in_and_its_case_does_not_matter(session, quiz, take):
    changed(session, quiz, access_code="Hot Soup")

    with pytest.raises(WrongCode):
        take(1, code="Cold soup")

    assert take(1, code=" hot SOUP ").n == 1


def test_codes_are_not_to_be_tried_out(session, quiz, take):
    changed(session, quiz, access_code="Soup")
    for second in range(entering.TRIES):
        with pytest.raises(WrongCode):
            take(1, code=str(second), at=THEN + timedelta(seconds=second))

    with pytest.raises(TooManyTries) as refused:
        take(1, code="Soup", at=THEN + MINUTE)

    assert refused.value.since == THEN + entering.WITHIN
    assert take(1, code="Soup", at=THEN + entering.WITHIN).n == 1


def test_the_usual_choice_hides_the_key_until_no_attempt_is_left(session, quiz, leo, take):
    attempt = take(5)

    def shows() -> frozenset[Shown]:
        progress = Progress(quiz=quiz, learner=leo, attempts=attempts_of(session, quiz, leo))
        return progress.shows(attempt, THEN + HOUR)

    assert shows() == EVERYTHING - KEYS
    take(6)
    assert shows() == EVERYTHING


@pytest.mark.parametrize(
    ("at", "closes", "moment"),
    [
        (2 * MINUTE, None, Moment.JUST_AFTER),
        (3 * MINUTE, None, Moment.LATER),
        (3 * MINUTE, HOUR, Moment.LATER),
        (HOUR, HOUR, Moment.CLOSED),
    ],
)
def test_moments_follow_one_another(at, closes, moment):
    assert moment_of(THEN, None if closes is None else THEN + closes, THEN + at) is moment
    assert moment_of(None, None, THEN + at) is Moment.DURING


def test_nothing_is_seen_until_it_closes_where_that_was_chosen(app, session, cast, quiz, leo, take):
    changed(session, quiz, closes=THEN + HOUR, review=PRESETS[Preset.WHEN_CLOSED])
    attempt = take(5)
    client = cast.visit(app.test_client(), leo)
    page = f"/courses/{leo.course.public_id}/quizzes/attempts/{attempt.public_id}"
    missed = attempt.answers[10].version

    with clock.moved_to(THEN + 30 * MINUTE):
        before = client.get(page).text
    with clock.moved_to(THEN + 2 * HOUR):
        after = client.get(page).text

    assert [("5 of 20" in each, missed.why in each) for each in (before, after)] == [(False, False), (True, True)]
    assert "are shown once the quiz is closed" in before


def test_one_box_of_the_matrix_shows_one_thing():
    review = Review(at={Moment.LATER: frozenset({Shown.MARK})}, keys_wait=False)

    assert [review.shows(moment, is_last=False) for moment in Moment] == [
        frozenset(),
        frozenset(),
        {Shown.MARK},
        frozenset(),
    ]
