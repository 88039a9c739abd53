"""A preview student may do everything a learner does, and counts nowhere (ROLE-14)."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import roster
from lti_tool.models import Course, Enrolment
from lti_tool.outbox import Happening, Letter
from lti_tool.roster.groups import choice_of, groups_of
from lti_tool.running.delivering import drain
from mentoring.pairing.board import board_of
from mentoring.participants.queries import class_of
from mentoring.programs.starting import current
from quizzes.queries import learners_of
from tests.conftest import Arrive
from tests.journeys.walking import right_answers, start_quiz
from tests.lti_tool.rosters import course_of, enrolment, readings
from tests.mentoring.reading import words
from xapi.lrs.models import StoredStatement


def take_the_quiz(session: Session, client: FlaskClient) -> str:
    """All of it rightly; what the page says in the end."""
    attempt = start_quiz(client, client.page)  # type: ignore[attr-defined]
    assert client.post(attempt, data=right_answers(session, attempt)).status_code == 302
    return words(client.get(attempt))


def statements(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(StoredStatement)).one()


def test_a_preview_student_counts_nowhere(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    """ROLE-14"""
    ines = arrive("ines")
    drain(app)
    course = course_of(session)
    before = (session.scalars(select(func.count()).select_from(Happening)).one(), statements(session))

    said = take_the_quiz(session, arrive("preview", "quiz"))
    arrive("preview")
    found = roster.refresh(course)
    drain(app)

    preview = enrolment(session, campus, "preview")
    after = (session.scalars(select(func.count()).select_from(Happening)).one(), statements(session))
    assert "20 of 20" in said, "it works for them as for a learner"
    assert "Test Student Preview" in said
    assert preview.is_test
    assert after == before, "no event, no statement"
    assert not _named_anywhere(session, course, preview)
    assert "preview" not in {person for person, _column in campus.gradebook()}
    assert session.scalars(select(Letter.lane).where(Letter.lane.like("gradebook:%"))).all() == []
    assert found.members == readings(session)[-1].members == len(campus.people()) - 1
    for page in ("", "people", "mentoring/mentors", "mentoring/pairing", "quizzes/"):
        assert preview.name not in ines.get(f"/courses/{course.public_id}/{page}").text


def _named_anywhere(session: Session, course: Course, preview: Enrolment) -> bool:
    """Whether they stand in any list that is counted or chosen from."""
    board = board_of(session, course)
    lists = [
        [gap.mentee.id for gap in board.gaps],
        [mentor.person.id for mentor in board.mentors],
        [row.person.id for row in class_of(session, course, current(session, course))],
        [learner.id for learner in learners_of(session, course)],
    ]
    return any(preview.id in each for each in lists)


def test_a_group_with_nobody_but_a_preview_student_is_no_group(session: Session, campus: CampusInHand, arrive: Arrive):
    campus.set_flavor("canvas")
    arrive("preview")
    preview = enrolment(session, campus, "preview")

    assert groups_of(session, preview.course) == []
    assert choice_of(session, preview.course, "").groups == []
