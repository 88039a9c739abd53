"""Marks that people give: each is kept, the newest counts, and the grade follows once nothing waits any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.notifying.models import PersonalNotice
from quizzes.marking import Kind
from quizzes.marks import giving
from quizzes.marks.giving import MarkedMeanwhile
from quizzes.marks.models import Grading, Source
from quizzes.models import Attempt
from quizzes.progress import Progress
from quizzes.queries import attempts_of
from tests.quizzes.marks.conftest import LATER, Give, HandIn, names, of_kind, told


def reached(attempt: Attempt) -> tuple[float | None, int]:
    return attempt.raw, attempt.unmarked


def notices(session: Session) -> list[str]:
    return list(session.scalars(select(PersonalNotice.subject).order_by(PersonalNotice.id)))


def test_nothing_is_graded_before_the_last_answer_is_marked(session, hand_in: HandIn, quiz, leo):
    attempt = hand_in()

    assert reached(attempt) == (1.0, 1)
    assert names(session) == ["QuizStarted", "QuizSubmitted"]
    progress = Progress(quiz=quiz, learner=leo, attempts=attempts_of(session, quiz, leo))
    assert (progress.best, progress.waiting, progress.has_passed) == (None, [attempt], False)


def test_an_essay_left_open_waits_for_nobody(session, hand_in: HandIn):
    attempt = hand_in(essay="")

    assert reached(attempt) == (1.0, 0)
    assert names(session)[2:] == ["GradeChanged", "ActivityCompleted"]


def test_the_last_mark_makes_the_grade(session, hand_in: HandIn, give: Give):
    attempt = hand_in()

    give(attempt, 0.5)

    assert reached(attempt) == (1.5, 0)
    assert names(session)[2:] == ["AttemptMarked", "GradeChanged", "ActivityCompleted"]
    (grade,) = told(session, "GradeChanged")
    assert (grade["score"], grade["maximum"], grade["attempt"]) == (1.5, 2.0, attempt.public_id)
    assert [each["has_passed"] for each in told(session, "ActivityCompleted")] == [True]
    assert of_kind(attempt, Kind.ESSAY).mark == 0.5


def test_a_changed_mark_is_written_beside_the_first(session, hand_in: HandIn, give: Give, tom, ines):
    attempt = hand_in()
    give(attempt, 1.0, comment="Lovely.")

    give(attempt, 0.2, by=tom, reason="Copied from the handbook", at=LATER + timedelta(hours=1))

    kept = giving.gradings_of(session, of_kind(attempt, Kind.ESSAY))
    assert [(each.fraction, each.was_fraction, each.comment, each.reason, each.by_id) for each in kept] == [
        (0.2, 1.0, "", "Copied from the handbook", tom.id),
        (1.0, None, "Lovely.", "", ines.id),
    ]
    assert reached(attempt) == (1.2, 0)
    assert [each["score"] for each in told(session, "GradeChanged")] == [2.0, 1.2]
    assert [each["has_passed"] for each in told(session, "ActivityCompleted")] == [True, False]


def test_a_grading_is_never_changed(session, hand_in: HandIn, give: Give):
    grading = give(hand_in(), 0.5)

    grading.fraction = 1.0
    with pytest.raises(TypeError, match="Add another one"):
        session.flush()


def test_a_mark_that_does_not_change_what_counts_announces_no_grade(session, hand_in: HandIn, give: Give):
    better, worse = hand_in(), hand_in(is_right=False, at=LATER)
    give(better, 1.0)

    give(worse, 0.1)

    assert [each["score"] for each in told(session, "GradeChanged")] == [2.0]
    assert [each["has_passed"] for each in told(session, "ActivityCompleted")] == [True, True]


def test_who_saves_second_is_told_and_changes_nothing(session, hand_in: HandIn, give: Give, tom):
    attempt = hand_in()
    first = give(attempt, 0.9, seen=0)

    with pytest.raises(MarkedMeanwhile) as meanwhile:
        give(attempt, 0.3, by=tom, seen=0)
    session.rollback()

    assert meanwhile.value.grading.id == first.id
    assert [each.fraction for each in session.scalars(select(Grading))] == [0.9]


def test_a_click_too_many_marks_once(session, hand_in: HandIn, give: Give):
    attempt = hand_in()

    assert give(attempt, 0.9, seen=0).id == give(attempt, 0.9, seen=0).id
    assert [each.source for each in session.scalars(select(Grading))] == [Source.HAND]


def test_an_answer_marked_by_the_tool_can_be_given_another_mark(session, hand_in: HandIn, give: Give):
    attempt = hand_in(is_right=False, essay="")

    give(attempt, 1.0, kind=Kind.SINGLE, reason="The question could be read both ways")

    assert reached(attempt) == (1.0, 0)
    assert [each["score"] for each in told(session, "GradeChanged")] == [0.0, 1.0]


def test_a_comment_alone_changes_no_grade(session, hand_in: HandIn, give: Give):
    attempt = hand_in()
    give(attempt, 0.5)

    give(attempt, 0.5, comment="See me on Monday.")

    assert len(told(session, "GradeChanged")) == len(told(session, "AttemptMarked")) == 1


def test_the_learner_is_told_once_a_day(session, hand_in: HandIn, give: Give):
    attempt = hand_in()
    give(attempt, 0.5)
    give(attempt, 0.6, at=LATER + timedelta(hours=1))

    give(attempt, 0.7, at=LATER + timedelta(days=1))

    assert notices(session) == [
        "Your answers were marked: All kinds",
        "Something has changed in how your answers were marked: All kinds",
    ]


def test_preview_students_are_marked_and_nothing_is_told(session, hand_in: HandIn, give: Give, cast, course):
    attempt = hand_in(who=cast.enrol(course, "Preview", is_test=True))

    give(attempt, 0.5)

    assert (reached(attempt), names(session), notices(session)) == ((1.5, 0), [], [])


def test_thirds_add_up_to_one(session, hand_in: HandIn, give: Give):
    attempt = hand_in()
    give(attempt, 0.33333)

    of_kind(attempt, Kind.SINGLE).take(0.66667)
    attempt.recount()

    assert attempt.raw == 1.0
