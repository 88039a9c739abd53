"""Those who design a quiz take it as a learner would; it is drawn, shown and marked, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db import Base
from lti_tool.models import Role
from quizzes import rehearsing
from quizzes.accommodations import granting
from quizzes.accommodations.models import Reason
from quizzes.designing import revising
from quizzes.designing.reviewing import PRESETS, Preset
from quizzes.timing import Accommodation
from tests.cast import THEN
from tests.quizzes.conftest import as_form, right_answers
from tests.quizzes.making import changed
from tests.quizzes.one_of_each import a_quiz_of_all_kinds


@pytest.fixture(params=[Role.INSTRUCTOR, Role.ASSISTANT, Role.DESIGNER])
def visitor(request, app, cast, course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", request.param))


def counted(session: Session) -> Mapping[str, int]:
    """How many rows each table has."""
    session.expire_all()
    tables = Base.metadata.sorted_tables
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def address(quiz) -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/preview"


def test_it_is_marked_and_leaves_no_attempt_statement_grade_or_figure(session, quiz, leo, cast, course, visitor):
    ines = cast.enrol(course, "Nora", Role.INSTRUCTOR)
    granted = Accommodation(multiplier=2)
    granting.grant(session, leo, None, granted, reason=Reason.AGREED, valid_until=None, by=ines, at=THEN)
    session.commit()
    drawn = rehearsing.rehearsal(session, revising.newest(session, quiz), 2)
    answers = as_form(right_answers(drawn, range(1, 15)))
    session.rollback()
    before = counted(session)

    page = visitor.get(f"{address(quiz)}?draw=2").text
    marked = visitor.post(f"{address(quiz)}?draw=2", data={"page": "1", **answers}).text

    assert ("20 questions in at most 30 minutes." in page, "Granted" in page, "Hand in" in page) == (True, False, False)
    assert "These answers would earn 14 of 20" in marked
    assert ("Passed" in marked, "What was missed" in marked, ">Right answer" in marked) == (True, True, True)
    assert counted(session) == before


def test_every_kind_can_be_tried(session, course, app, cast):
    quiz = a_quiz_of_all_kinds(session, course)
    ines = cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))

    answer = ines.post(address(quiz), data={"page": "1"})

    assert (answer.status_code, "These answers would earn 0 of" in answer.text) == (200, True)
    assert "(optional)" not in answer.text


def test_what_is_no_answer_is_refused_in_words(session, quiz, app, cast, course):
    ines = cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))

    answer = ines.post(address(quiz), data={"page": "1", "q1": ["nothing of it"]})

    assert (answer.status_code, "error-summary" in answer.text) == (422, True)


def test_learners_do_not_preview(app, cast, quiz, leo):
    client = cast.visit(app.test_client(), leo)

    assert [client.get(address(quiz)).status_code, client.post(address(quiz)).status_code] == [403, 403]


def test_checks_are_tried_as_well_and_leave_nothing(session, quiz, visitor):
    changed(session, quiz, review=PRESETS[Preset.ONE_BY_ONE])
    drawn = rehearsing.rehearsal(session, revising.newest(session, quiz), 1)
    answers = as_form(right_answers(drawn, [1, 2]))
    why = [drawn.answers[place].version.why for place in (0, 1, 2)]
    session.rollback()
    before = counted(session)

    page = visitor.get(address(quiz)).text
    first = visitor.post(address(quiz), data={"page": "1", **answers, "check": "1"}).text
    second = visitor.post(address(quiz), data={"page": "1", "checked": "1", **answers, "check": "2"}).text
    open_one = visitor.post(address(quiz), data={"page": "1", **answers, "check": "3"})

    pages = [unescape(each) for each in (page, first, second, open_one.text)]
    assert [[said in each for said in why] for each in pages] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [False, False, False],
    ]
    assert [each.count("Checked: this answer stays.") for each in pages] == [0, 1, 2, 0]
    # What was checked goes along in hidden fields, as its own are not sent again.
    assert all(f'<input type="hidden" name="q1" value="{said}">' in second for said in answers["q1"])
    assert open_one.status_code == 422
    assert "Question 3 is still open. Answer it first, then have it checked." in open_one.text
    assert counted(session) == before


def test_where_nothing_is_told_meanwhile_there_is_no_check_to_try(quiz, visitor):
    assert 'name="check"' not in visitor.get(address(quiz)).text
