"""Grades reach the LMS once and whole, by the rules of each platform; what cannot is marked and not sent again."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, quirks
from lti_tool.claims import SCORE_SCOPE
from lti_tool.gradebook import ColumnState, Grade, GradeState, Trouble
from lti_tool.gradebook.models import is_grade
from lti_tool.gradebook.scores import Sending, body_of
from lti_tool.outbox import LetterState
from tests.conftest import Arrive
from tests.journeys.walking import right_answers, start_quiz, sure
from tests.lti_tool.grading import (
    TITLE,
    allow_only,
    calls_seen,
    column_of,
    deliver,
    earn,
    enrolled,
    grade_of,
    letters,
)

NINE = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
LEO = Sending(
    grade=1,
    version=1,
    subject="5",
    score=14.0,
    maximum=20.0,
    comment="",
    attempt="one",
    earned=NINE,
    stamp=NINE,
    is_new_submission=True,
)
PLAIN = {
    "userId": "5",
    "scoreGiven": 14.0,
    "scoreMaximum": 20.0,
    "activityProgress": "Completed",
    "gradingProgress": "FullyGraded",
    "timestamp": "2026-11-23T09:00:00.123Z",
}
FLAVORS = ["strict", "moodle", "canvas"]
every_flavor = pytest.mark.parametrize("flavor", FLAVORS)


@pytest.mark.parametrize(
    ("family", "is_new", "extension"),
    [
        ("moodle", True, {}),
        ("sakai", False, {}),
        (
            "canvas",
            True,
            {
                "https://canvas.instructure.com/lti/submission": {
                    "new_submission": True,
                    "prioritize_non_tool_grade": True,
                    "submission_type": "external_tool",
                    "submitted_at": "2026-11-23T09:00:00.123Z",
                }
            },
        ),
        (
            "canvas",
            False,
            {
                "https://canvas.instructure.com/lti/submission": {
                    "new_submission": False,
                    "prioritize_non_tool_grade": True,
                }
            },
        ),
    ],
)
def test_a_score_is_always_fully_graded_and_only_canvas_hears_of_submissions(
    family: str, is_new: bool, extension: dict[str, Any]
):
    """AGS-04 AGS-08"""
    sending = Sending(**{**LEO.__dict__, "is_new_submission": is_new})

    assert body_of(sending, family) == PLAIN | extension


@every_flavor
def test_no_progress_is_ever_sent_which_moodle_would_take_for_an_erased_grade(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    """AGS-04: starting, saving and handing in again send nothing but finished grades."""
    campus.set_flavor(flavor)
    leo = arrive("leo", "quiz")
    for how_many in (14, 9):
        attempt = start_quiz(leo, leo.page)  # type: ignore[attr-defined]
        deliver(app, seconds=5)
        leo.post(f"{attempt}/answers", data=right_answers(session, attempt, how_many=3))
        deliver(app, seconds=10)
        leo.post(attempt, data=sure(right_answers(session, attempt, how_many=how_many)))
        deliver(app, seconds=15)

    assert [(entry["effect"], entry["score"]) for entry in campus.score_log()] == [("graded", 14)]
    assert {(cell["activity_progress"], cell["grading_progress"]) for cell in campus.cells()} == {
        ("Completed", "FullyGraded")
    }


@every_flavor
def test_a_grade_of_nothing_is_sent_as_nothing(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    """AGS-05"""
    campus.set_flavor(flavor)
    arrive("leo")

    earn(session, campus, "leo", 0)
    deliver(app)

    assert campus.gradebook() == {("leo", TITLE): 0}
    assert grade_of(session, campus, "leo").has_arrived


@pytest.mark.parametrize(
    ("score", "maximum"),
    [
        (math.nan, 20.0),
        (math.inf, 20.0),
        (-math.inf, 20.0),
        (-0.5, 20.0),
        (20.5, 20.0),
        (0.0, 0.0),
        (5.0, math.nan),
        (5.0, math.inf),
    ],
)
def test_what_is_no_grade_changes_nothing_and_is_sent_nowhere(
    app: Flask,
    session: Session,
    campus: CampusInHand,
    arrive: Arrive,
    caplog: pytest.LogCaptureFixture,
    score: float,
    maximum: float,
):
    """AGS-06"""
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)

    earn(session, campus, "leo", score, maximum=maximum)
    deliver(app, seconds=5)

    grade = grade_of(session, campus, "leo")
    assert not is_grade(score, maximum)
    assert (grade.score, grade.version, grade.state) == (14, 1, GradeState.ENTERED)
    assert campus.gradebook() == {("leo", TITLE): 14}
    assert "which is no grade" in caplog.text


def test_a_row_that_is_no_grade_is_given_up_before_sending(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-06: however it came about."""
    arrive("leo")
    earn(session, campus, "leo", 14)
    grade_of(session, campus, "leo").maximum = 10
    session.commit()

    with calls_seen() as calls:
        deliver(app)

    assert calls == []
    assert (grade_of(session, campus, "leo").trouble, letters(session)) == (Trouble.INVALID, [LetterState.DEAD])


@every_flavor
def test_a_score_for_somebody_who_left_is_marked_and_not_tried_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    """AGS-07: 404 of the strict campus, 400 of Moodle, 422 of Canvas; the neighbour's grade goes through."""
    campus.set_flavor(flavor)
    arrive("leo")
    arrive("maya")
    earn(session, campus, "leo", 14)
    earn(session, campus, "maya", 9)
    campus.unenrol("leo")

    deliver(app)
    deliver(app, seconds=30)
    with calls_seen() as calls:
        deliver(app, days=2)

    grade = grade_of(session, campus, "leo")
    assert (grade.trouble, grade.state) == (Trouble.REFUSED, GradeState.STUCK)
    assert letters(session) == [LetterState.DEAD, LetterState.DELIVERED]
    assert campus.gradebook() == {("maya", TITLE): 9}
    assert [url for method, url, _rest in calls if method == "POST"] == []


def test_a_score_that_was_sent_or_refused_leaves_one_line_in_the_log_that_names_nobody(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", "lti_tool.gradebook")
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.lock(TITLE)
    earn(session, campus, "leo", 15, attempt="two")
    deliver(app, seconds=5)

    column = column_of(session)
    where = f"course={column.course.public_id} column={column.public_id}"
    locked = "localhost answered HTTP 403: the column, or this grade in it, is probably locked"
    assert [each for each in caplog.messages if each.startswith("grade")] == [
        f"grade verdict=sent {where}",
        f"grade verdict=locked {where} detail={locked}",
    ]


def test_a_score_that_is_forbidden_is_marked_and_not_tried_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-07: 403, which the strict campus answers for a locked column."""
    arrive("leo", "quiz")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.lock(TITLE)
    earn(session, campus, "leo", 15)

    deliver(app, seconds=5)

    grade = grade_of(session, campus, "leo")
    assert (grade.trouble, grade.tries, letters(session)[-1]) == (Trouble.LOCKED, 0, LetterState.DEAD)


def test_a_score_that_is_forbidden_for_somebody_who_left_is_not_taken_for_locked(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-07: some platforms answer 403 for those as well."""
    arrive("leo", "quiz")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.lock(TITLE)
    earn(session, campus, "leo", 15)
    enrolled(session, campus, "leo").is_active = False
    session.commit()

    deliver(app, seconds=5)

    assert (grade_of(session, campus, "leo").trouble, letters(session)[-1]) == (Trouble.REFUSED, LetterState.DEAD)


@every_flavor
def test_grades_of_one_second_leave_with_whole_seconds_between_and_none_in_the_future(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    """AGS-02"""
    campus.set_flavor(flavor)
    arrive("leo")
    start = clock.now().replace(microsecond=200_000)
    sent = []
    for n, score in enumerate((5, 9, 7)):
        with clock.moved_to(start + timedelta(milliseconds=10 * n)):
            earn(session, campus, "leo", score, attempt=f"try {n}")
            deliver(app)
    for seconds in (0.5, 1.5, 2.5, 3.5):
        with clock.moved_to(start + timedelta(seconds=seconds)):
            deliver(app)
            sent = [datetime.fromisoformat(entry["stamp"]) for entry in campus.score_log()]
            assert all(stamp <= clock.now() for stamp in sent)

    assert campus.gradebook() == {("leo", TITLE): 7}
    seconds_sent = [int(stamp.timestamp()) for stamp in sent]
    assert seconds_sent == sorted(set(seconds_sent))
    assert set(letters(session)) == {LetterState.DELIVERED}


def test_an_lms_that_holds_a_score_of_next_year_is_not_asked_for_ever(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-02: Moodle takes a score from the future and then refuses all others (seen in 4.5)."""
    campus.set_flavor("moodle")
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    with campus.here.store.writing() as db:
        db.execute("UPDATE cells SET stamp = ?, score = 3", ((clock.now() + timedelta(days=365)).isoformat(),))
    earn(session, campus, "leo", 15, attempt="two")

    for minutes in range(1, 10):
        deliver(app, minutes=minutes)

    assert (grade_of(session, campus, "leo").trouble, letters(session)[-1]) == (Trouble.REFUSED, LetterState.DEAD)


def test_canvas_gets_a_submission_for_each_attempt_and_none_for_a_regrade(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-08"""
    campus.set_flavor("canvas")
    arrive("leo")
    counted = []
    for n, (score, attempt) in enumerate([(9, "one"), (11, "one"), (14, "two"), (13, "two")]):
        earn(session, campus, "leo", score, attempt=attempt)
        deliver(app, seconds=10 * n + 1)
        counted.append([(cell["score"], cell["submissions"]) for cell in campus.cells()])

    assert counted == [[(9, 1)], [(11, 1)], [(14, 2)], [(13, 2)]]


@pytest.mark.parametrize("may_read", [True, False])
@pytest.mark.parametrize("lost", [1, 2, 3, 5])
def test_however_many_answers_are_lost_canvas_counts_one_submission(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, lost: int, may_read: bool
):
    """AGS-08 AGS-16"""
    campus.set_flavor("canvas")
    arrive("leo", "quiz")
    if not may_read:
        allow_only(
            session, SCORE_SCOPE, *(scope for scope in ("https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",))
        )
    campus.faults.lost_scores = lost
    earn(session, campus, "leo", 14)

    for minutes in range(10):
        deliver(app, minutes=minutes)

    assert [(cell["score"], cell["submissions"]) for cell in campus.cells()] == [(14, 1)]
    assert letters(session) == [LetterState.DELIVERED]


@every_flavor
@pytest.mark.parametrize("may_read", [True, False])
def test_a_stamp_leaves_twice_at_most(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str, may_read: bool
):
    """AGS-16: where results may be read they are asked first, and the score that was stored is not sent again."""
    campus.set_flavor(flavor)
    arrive("leo", "quiz")
    earn(session, campus, "leo", 3)
    deliver(app)
    if not may_read:
        allow_only(session, SCORE_SCOPE)
    campus.faults.lost_scores = 4
    earn(session, campus, "leo", 14)

    with calls_seen() as calls:
        for minutes in range(1, 12):
            deliver(app, minutes=minutes)

    bodies = [rest["body"] for method, url, rest in calls if method == "POST" and "/scores" in url]
    assert campus.gradebook() == {("leo", TITLE): 14}
    assert max(bodies.count(body) for body in bodies) <= (1 if may_read else 2)
    assert grade_of(session, campus, "leo").has_arrived


def test_an_answer_lost_before_anything_was_stored_is_a_first_submission_still(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-16: the results show that nothing arrived."""
    campus.set_flavor("canvas")
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    earn(session, campus, "leo", 16, attempt="two")
    grade = grade_of(session, campus, "leo")
    assert grade.stamp is not None
    grade.stamp, grade.stamped_version, grade.tries = grade.stamp + timedelta(seconds=1), grade.version, 1
    session.commit()

    deliver(app, seconds=5)

    assert [(cell["score"], cell["submissions"]) for cell in campus.cells()] == [(16, 2)]


def test_canvas_is_told_a_newer_time_once_where_a_teacher_has_touched_the_result_meanwhile(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-07: its 400 for an older time is not the 400 for somebody who cannot be graded."""
    campus.set_flavor("canvas")
    arrive("leo")
    earn(session, campus, "leo", 14, at=clock.now() - timedelta(hours=2))
    deliver(app)
    with campus.here.store.writing() as db:
        db.execute("UPDATE cells SET stamp = ?", ((clock.now() - timedelta(minutes=5)).isoformat(),))
    earn(session, campus, "leo", 16, attempt="two", at=clock.now() - timedelta(hours=1))

    deliver(app)
    deliver(app, seconds=3)

    assert campus.gradebook() == {("leo", TITLE): 16}


def test_a_preview_student_is_never_graded(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    """ROLE-14: also if the platform says only later that it was one."""
    arrive("leo")
    arrive("preview")
    earn(session, campus, "preview", 20)
    earn(session, campus, "leo", 20)
    grade_of(session, campus, "leo").enrolment.is_test = True
    session.commit()

    deliver(app)

    assert campus.gradebook() == {}
    assert letters(session) == [LetterState.DELIVERED]
    assert [grade.state for grade in session.scalars(select(Grade))] == [GradeState.WAITING] * 2


def test_without_the_right_to_enter_grades_nothing_is_asked(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-11"""
    arrive("leo")
    arrive("maya")
    allow_only(session, "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem")
    earn(session, campus, "leo", 14)
    earn(session, campus, "maya", 9)

    with calls_seen() as calls:
        deliver(app)
        deliver(app, days=1)

    assert calls == []
    assert column_of(session).state is ColumnState.FORBIDDEN
    assert [grade_of(session, campus, key).trouble for key in ("leo", "maya")] == [Trouble.NO_PERMISSION] * 2


def test_a_launch_that_brings_the_right_sets_everything_going(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-11"""
    arrive("leo")
    arrive("maya")
    allow_only(session, "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem")
    earn(session, campus, "leo", 14)
    earn(session, campus, "maya", 9)
    deliver(app)

    arrive("ines")
    deliver(app, seconds=1)

    assert campus.gradebook() == {("leo", TITLE): 14, ("maya", TITLE): 9}
    assert LetterState.DEAD not in letters(session)


def test_a_locked_column_of_moodle_is_recognized_by_its_repeated_failure_alone(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    campus.set_flavor("moodle")
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.lock(TITLE)
    earn(session, campus, "leo", 16, attempt="two")

    troubles = []
    for minutes in (1, 2, 3, 4):
        deliver(app, minutes=minutes)
        troubles.append(grade_of(session, campus, "leo").trouble)
    campus.lock(TITLE, is_locked=False)
    deliver(app, hours=2)

    assert troubles == [Trouble.NO_ANSWER, Trouble.NO_ANSWER, Trouble.LOCKED, Trouble.LOCKED]
    assert campus.gradebook() == {("leo", TITLE): 16}
    assert grade_of(session, campus, "leo").trouble is Trouble.NOTHING


def test_a_platform_that_is_down_altogether_is_not_taken_for_locked(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo")
    earn(session, campus, "leo", 14)
    campus.faults.services_down = True

    for minutes in (1, 3, 9, 27):
        deliver(app, minutes=minutes)

    assert grade_of(session, campus, "leo").trouble is Trouble.NO_ANSWER
    campus.faults.services_down = False
    deliver(app, hours=3)
    assert campus.gradebook() == {("leo", TITLE): 14}


@pytest.mark.parametrize(
    ("last", "wanted", "stamp"),
    [
        (None, NINE, NINE),
        (NINE - timedelta(seconds=1), NINE, NINE),
        (NINE - timedelta(milliseconds=100), NINE, NINE - timedelta(milliseconds=100) + timedelta(seconds=1)),
        (NINE + timedelta(hours=1), NINE, NINE + timedelta(hours=1, seconds=1)),
    ],
)
def test_the_next_stamp_is_a_whole_second_later(last: datetime | None, wanted: datetime, stamp: datetime):
    """AGS-02"""
    assert quirks.next_stamp(wanted, last) == stamp
