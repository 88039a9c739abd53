"""The gradebook's pages: what is where, what differs, and the buttons that put it right."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.claims import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.db import db
from lti_tool.gradebook import Grade, GradeColumn, GradeState, Trouble, own, showing
from lti_tool.gradebook.models import ColumnState
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outgoing.services import Service, ServiceFailed
from tests.cast import THEN, Cast
from tests.conftest import Arrive
from tests.lti_tool.grading import (
    EXAM,
    TITLE,
    allow_only,
    calls_seen,
    column_of,
    course_of,
    deliver,
    earn,
    enrolled,
    grade_of,
)


def words(answer: Any) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def page_of(session: Session, activity: str = EXAM) -> str:
    column = column_of(session, activity)
    return f"/courses/{column.course.public_id}/gradebook/{column.public_id}"


def press(client: FlaskClient, session: Session, act: str, **fields: str) -> str:
    """Press a button of the exam's page a minute from now, and read the page after it."""
    with clock.moved_by(timedelta(minutes=1)):
        answer = client.post(f"{page_of(session)}/{act}", data=fields)
        assert answer.status_code == 302, answer.text
        return words(client.get(answer.location))


def test_a_grade_set_by_a_teacher_is_told_in_words(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    """Moodle answers 200 to our score and keeps the teacher's (seen in 4.5)."""
    campus.set_flavor("moodle")
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.override("leo", TITLE, 3)
    earn(session, campus, "leo", 16, attempt="two")
    deliver(app, seconds=5)
    ines = arrive("ines")

    said = press(ines, session, "compare")

    assert "Please note. Compared: one grade differs." in said
    assert "The gradebook keeps 3 of 20, set by a teacher." in said
    assert (grade_of(session, campus, "leo").state, campus.gradebook()) == (GradeState.OVERRIDDEN, {("leo", TITLE): 3})


@pytest.mark.parametrize("flavor", ["strict", "canvas"])
def test_a_teachers_grade_outranks_ours_on_other_platforms_too(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    campus.set_flavor(flavor)
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.override("leo", TITLE, 3)
    earn(session, campus, "leo", 16, attempt="two")
    deliver(app, seconds=5)

    said = press(arrive("ines"), session, "compare")

    assert "The gradebook keeps 3 of 20, set by a teacher." in said
    assert campus.gradebook() == {("leo", TITLE): 3}


def test_what_is_as_sent_is_said_to_be_so(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("leo")
    earn(session, campus, "leo", 20 / 3)
    deliver(app)
    ines = arrive("ines")
    before = words(ines.get(page_of(session)))

    after = press(ines, session, "compare")

    assert "Entered The gradebook took it. Nobody has compared since." in before
    assert "Compared: the gradebook shows every grade as we sent it." in after
    assert "The same The gradebook shows the grade we sent." in after


def test_a_grade_that_was_cleared_is_missing_and_can_be_sent_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    campus.set_flavor("moodle")
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.clear_cell("leo", TITLE)
    ines = arrive("ines")
    missing = press(ines, session, "compare")
    sent = press(ines, session, "send-again", learner=enrolled(session, campus, "leo").public_id)
    deliver(app, minutes=2)

    assert "it was cleared there" in missing
    assert "The grade is sent again." in sent
    assert campus.gradebook() == {("leo", TITLE): 14}
    assert [cell["submissions"] for cell in campus.cells()] == [2], "Moodle ignores the extension, so both count here"


def test_sending_again_is_no_new_submission_on_canvas(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-08"""
    campus.set_flavor("canvas")
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.clear_cell("leo", TITLE)
    ines = arrive("ines")
    press(ines, session, "compare")
    press(ines, session, "send-again", learner=enrolled(session, campus, "leo").public_id)

    deliver(app, minutes=2)

    assert [(cell["score"], cell["submissions"]) for cell in campus.cells()] == [(14, 1)]


def test_a_refused_grade_says_why_and_goes_through_once_its_cause_is_mended(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-07"""
    arrive("leo")
    earn(session, campus, "leo", 14)
    campus.unenrol("leo")
    deliver(app)
    ines = arrive("ines")
    session.rollback()
    enrolled(session, campus, "leo").is_active = True
    session.commit()
    said = words(ines.get(page_of(session)))
    campus.enrol("leo")

    again = press(ines, session, "send-again")
    deliver(app, minutes=2)

    assert "Not entered Your learning platform refused it." in said
    assert "The grades that have not arrived are sent again." in again
    assert campus.gradebook() == {("leo", TITLE): 14}


PROBABLY_LOCKED = (
    "Your learning platform does not take this grade. The column, or the grade in it, is probably locked. "
    "Unlock it in the gradebook, then send it again."
)


def test_a_locked_column_is_told_as_locked_and_takes_the_grade_once_it_is_open(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """The strict campus answers 403 to a score for a locked column."""
    arrive("leo")
    ines = arrive("ines")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.lock(TITLE)
    earn(session, campus, "leo", 16, attempt="two")
    deliver(app, seconds=5)
    said = words(ines.get(page_of(session)))
    campus.lock(TITLE, is_locked=False)

    press(ines, session, "send-again")
    deliver(app, minutes=2)

    assert f"Not entered {PROBABLY_LOCKED}" in said
    assert "no longer in the course" not in said
    assert campus.gradebook() == {("leo", TITLE): 16}
    assert grade_of(session, campus, "leo").state is GradeState.ENTERED


def test_a_locked_column_of_moodle_is_told_as_locked(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """Moodle 4.5 answers 500 to it; told when that has happened again and again to this score alone."""
    campus.set_flavor("moodle")
    arrive("leo")
    ines = arrive("ines")
    earn(session, campus, "leo", 14)
    deliver(app)
    campus.lock(TITLE)
    earn(session, campus, "leo", 16, attempt="two")

    said = []
    for minutes in (1, 2, 3):
        deliver(app, minutes=minutes)
        said.append(words(ines.get(page_of(session))))
    card = words(ines.get(ines.page))  # type: ignore[attr-defined]

    assert [PROBABLY_LOCKED in each for each in said] == [False, False, True]
    assert "Your learning platform does not answer. We keep trying." in said[0]
    assert "1 grade has not reached the gradebook." in card
    assert campus.gradebook() == {("leo", TITLE): 14}


def test_a_deleted_column_has_a_button_that_makes_it_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-09"""
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    ines = arrive("ines")
    campus.delete_column(TITLE)
    found = press(ines, session, "compare")

    made = press(ines, session, "make-again")
    deliver(app, minutes=2)

    assert "Its column was deleted in the gradebook." in found
    assert "Make the column again" in found
    assert "Not entered The column was deleted. See the button above" in found
    assert "The column is made again and every grade is entered in it." in made
    assert campus.gradebook() == {("leo", TITLE): 14}


def test_a_column_that_was_not_deleted_is_not_made_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)

    said = press(arrive("ines"), session, "make-again")
    deliver(app, minutes=2)

    assert "The column was not deleted" in said
    assert [column.label for column in campus.columns()].count(TITLE) == 1


def test_every_page_of_results_is_read(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    """AGS-12"""
    keys = [person.key for person in campus.people() if person.key not in ("ines", "tariq", "anouk", "olga", "preview")]
    arrive("ines")
    deliver(app, seconds=1)
    for n, key in enumerate(keys):
        earn(session, campus, key, n % 20)
    for seconds in (2, 4, 6, 8):
        deliver(app, seconds=seconds)
    assert len(campus.gradebook()) == len(keys) > 3 * campus.settings.page_size
    for key in keys[-3:]:
        campus.override(key, TITLE, 20)

    with calls_seen() as calls:
        said = press(arrive("ines"), session, "compare")

    assert len([url for _method, url, _rest in calls if "/results" in url]) == -(
        -len(keys) // campus.settings.page_size
    )
    assert "Compared: 3 grades differ." in said
    assert Counter(grade_of(session, campus, key).state for key in keys) == {
        GradeState.SAME: len(keys) - 3,
        GradeState.OVERRIDDEN: 3,
    }


def test_results_that_do_not_come_whole_change_nothing_and_are_read_later(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    ines = arrive("ines")
    campus.faults.services_down = True

    said = press(ines, session, "compare")
    before = grade_of(session, campus, "leo").state
    campus.faults.services_down = False
    deliver(app, minutes=20)

    assert "The gradebook could not be read in time" in said
    assert (before, grade_of(session, campus, "leo").state) == (GradeState.ENTERED, GradeState.SAME)


def test_a_column_is_compared_by_itself_a_while_after_grades_were_sent(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    for key in ("leo", "maya"):
        arrive(key)
        earn(session, campus, key, 14)
    deliver(app)
    campus.override("leo", TITLE, 3)

    with calls_seen() as calls:
        deliver(app, minutes=10)
        deliver(app, minutes=20)

    assert [url.rpartition("/")[2] for _method, url, _rest in calls] == ["results"]
    assert [grade_of(session, campus, key).state for key in ("leo", "maya")] == [
        GradeState.OVERRIDDEN,
        GradeState.SAME,
    ]


def test_without_the_rights_the_buttons_are_not_there(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    """AGS-11"""
    arrive("leo")
    ines = arrive("ines")
    earn(session, campus, "leo", 14)
    deliver(app)
    allow_only(session, SCORE_SCOPE)
    no_results = words(ines.get(page_of(session)))
    allow_only(session, RESULT_SCOPE)
    earn(session, campus, "leo", 15)
    deliver(app, seconds=5)

    no_scores = words(ines.get(page_of(session)))

    assert "Your learning platform does not let this tool read the column" in no_results
    assert "Compare now" not in no_results
    assert "Your learning platform does not let this tool enter grades." in no_scores
    assert "Send again" not in no_scores


def test_comparing_what_may_not_be_read_says_so(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)
    ines = arrive("ines")
    allow_only(session, SCORE_SCOPE)

    said = press(ines, session, "compare")

    assert "could not be compared: your learning platform does not let this tool read the column" in said


def test_an_instructor_is_told_of_grades_that_do_not_get_through_and_only_of_those(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo")
    arrive("maya")
    ines = arrive("ines")
    earn(session, campus, "leo", 14)
    deliver(app)
    quiet = words(ines.get(ines.page))  # type: ignore[attr-defined]
    campus.lock(TITLE)
    earn(session, campus, "leo", 15)
    earn(session, campus, "maya", 9)
    deliver(app, seconds=5)

    said = words(ines.get(ines.page))  # type: ignore[attr-defined]

    assert "has not reached" not in quiet
    assert "2 grades have not reached the gradebook. See why" in said
    assert "reached the gradebook" not in words(arrive("leo").get(ines.page))  # type: ignore[attr-defined]


def test_a_grade_on_its_way_is_told_after_an_hour_only(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo")
    arrive("ines")
    earn(session, campus, "leo", 14)
    campus.faults.services_down = True
    deliver(app)
    me = enrolled(session, campus, "ines")

    with app.test_request_context():
        soon = showing.stuck_card(me)
        with clock.moved_by(timedelta(minutes=61)):
            late = showing.stuck_card(me)

    assert soon is None
    assert late is not None


@pytest.mark.parametrize("role", [Role.LEARNER, Role.OBSERVER, Role.DESIGNER, Role.GUEST])
def test_the_gradebook_is_for_those_who_teach(
    app: Flask, session: Session, cast: Cast, client: FlaskClient, role: Role
):
    course = cast.course()
    column = fill(session, cast, course, 1)
    cast.visit(client, cast.enrol(course, "Zoe", role))
    here = f"/courses/{course.public_id}/gradebook"

    got = [client.get(path).status_code for path in (here, f"{here}/{column.public_id}")]
    sent = [
        client.post(f"{here}/{column.public_id}/{act}").status_code for act in ("compare", "send-again", "make-again")
    ]

    assert (got, sent) == ([403, 403], [403, 403, 403])


def test_an_assistant_looks_and_does_not_touch(app: Flask, session: Session, cast: Cast, client: FlaskClient):
    course = cast.course()
    column = fill(session, cast, course, 2)
    cast.visit(client, cast.enrol(course, "Anouk", Role.ASSISTANT))
    here = f"/courses/{course.public_id}/gradebook/{column.public_id}"

    said = words(client.get(here))

    assert "Learner 0" in said
    assert ("Compare now" in said, "Send again" in said) == (False, False)
    assert client.post(f"{here}/compare").status_code == 403


def test_a_column_of_another_course_is_not_there(app: Flask, session: Session, cast: Cast, client: FlaskClient):
    mine, other = cast.course("Mine"), cast.course("Other")
    theirs = fill(session, cast, other, 1)
    cast.visit(client, cast.enrol(mine, "Ines", Role.INSTRUCTOR))
    here = f"/courses/{mine.public_id}/gradebook/{theirs.public_id}"

    statuses = [client.get(here).status_code]
    statuses += [client.post(f"{here}/{act}").status_code for act in ("compare", "send-again", "make-again")]

    assert statuses == [404] * 4


def test_a_learner_of_another_course_has_nothing_to_send_again(
    app: Flask, session: Session, cast: Cast, client: FlaskClient
):
    mine, other = cast.course("Mine"), cast.course("Other")
    column = fill(session, cast, mine, 1)
    stranger = cast.enrol(other, "Stranger")
    fill(session, cast, other, 1)
    cast.visit(client, cast.enrol(mine, "Ines", Role.INSTRUCTOR))

    answer = client.post(
        f"/courses/{mine.public_id}/gradebook/{column.public_id}/send-again", data={"learner": stranger.public_id}
    )

    assert answer.status_code == 404


def fill(session: Session, cast: Cast, course: Course, people: int, **values: Any) -> GradeColumn:
    """A column with so many grades, all of them stuck."""
    column = GradeColumn(
        course_id=course.id,
        activity=EXAM,
        title=TITLE,
        maximum=20.0,
        state=ColumnState.STANDING,
        line_item="https://campus.example/line_items/1",
        created=THEN,
    )
    session.add(column)
    for n in range(people):
        learner = cast.enrol(course, f"Learner {n}")
        session.add(
            Grade(
                enrolment_id=learner.id,
                activity=EXAM,
                title=TITLE,
                earned=THEN,
                **{"score": 14.0, "maximum": 20.0, "trouble": Trouble.REFUSED, **values},
            )
        )
    session.commit()
    return column


def queries(client: FlaskClient, address: str) -> int:
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(counted)


@pytest.mark.parametrize("page", ["", "/gradebook/{column}"])
def test_a_page_asks_as_much_for_one_grade_as_for_three(
    app: Flask, session: Session, cast: Cast, client: FlaskClient, page: str
):
    asked = []
    for people in (1, 3):
        course = cast.course(f"Course {people}")
        column = fill(session, cast, course, people)
        cast.visit(client, cast.enrol(course, f"Ines {people}", Role.INSTRUCTOR))
        asked.append(queries(client, f"/courses/{course.public_id}{page.format(column=column.public_id) or '/'}"))

    assert asked[0] == asked[1]


def test_a_big_class_is_shown_in_pages_with_trouble_first(
    app: Flask, session: Session, cast: Cast, client: FlaskClient
):
    course = cast.course()
    column = fill(session, cast, course, 120, sent_version=1, sent=THEN, trouble=Trouble.NOTHING)
    last = session.query(Grade).order_by(Grade.id.desc()).first()
    assert last is not None
    last.trouble, last.sent_version = Trouble.REFUSED, 0
    session.commit()
    cast.visit(client, cast.enrol(course, "Ines", Role.INSTRUCTOR))
    here = f"/courses/{course.public_id}/gradebook/{column.public_id}"

    first, second, beyond = (client.get(f"{here}?page={n}") for n in (1, 2, 99))

    assert re.findall(r"Learner (\d+)", words(first))[0] == "119"
    assert (first.text.count('role="rowheader"'), second.text.count('role="rowheader"')) == (100, 20)
    assert words(beyond) == words(second)
    assert "119 grades are in the gradebook." in words(first)


def test_several_activities_are_listed_and_a_single_one_is_opened(
    app: Flask, session: Session, cast: Cast, client: FlaskClient
):
    course = cast.course()
    cast.visit(client, cast.enrol(course, "Ines", Role.INSTRUCTOR))
    here = f"/courses/{course.public_id}/gradebook"
    none = words(client.get(here))
    column = fill(session, cast, course, 1)
    address = column.public_id
    one = client.get(here)
    session.add(GradeColumn(course_id=course.id, activity="quiz:x", title="Quiz", maximum=5, created=THEN))
    session.commit()

    both = words(client.get(here))

    assert "No grade has been earned yet." in none
    assert (one.status_code, one.location) == (302, f"{here}/{address}")
    assert "Final exam The gradebook has a column for it. 1 grade could not be entered." in both
    assert "Quiz Its column is looked for" in both


def settled(**values: Any) -> Grade:
    grade = Grade(score=14.0, maximum=20.0, version=2, sent_version=2, sent=THEN, trouble=Trouble.NOTHING)
    for name, value in values.items():
        setattr(grade, name, value)
    return grade


LATER = THEN + timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"sent_version": 1}, GradeState.WAITING),
        ({"sent_version": 1, "trouble": Trouble.NO_ANSWER}, GradeState.WAITING),
        ({"sent_version": 1, "trouble": Trouble.REFUSED}, GradeState.STUCK),
        ({}, GradeState.ENTERED),
        ({"seen": THEN - timedelta(seconds=1), "seen_score": 3.0, "seen_maximum": 20.0}, GradeState.ENTERED),
        ({"seen": LATER, "seen_score": 14.0, "seen_maximum": 20.0}, GradeState.SAME),
        ({"seen": LATER, "seen_score": 70.0, "seen_maximum": 100.0}, GradeState.SAME),
        ({"seen": LATER, "seen_score": 0.7, "seen_maximum": 1.0}, GradeState.SAME),
        ({"seen": LATER, "seen_score": 0.6, "seen_maximum": 1.0}, GradeState.OVERRIDDEN),
        ({"seen": LATER, "seen_score": 6.67, "seen_maximum": 20.0, "score": 20 / 3}, GradeState.SAME),
        ({"seen": LATER, "seen_score": 14.1, "seen_maximum": 20.0}, GradeState.OVERRIDDEN),
        ({"seen": LATER, "seen_score": 0.0, "seen_maximum": 20.0}, GradeState.OVERRIDDEN),
        ({"seen": LATER, "seen_score": None}, GradeState.MISSING),
    ],
)
def test_how_a_grade_stands(values: dict[str, Any], state: GradeState):
    grade = settled(**{"seen": None, "seen_score": None, "seen_maximum": None, **values})

    assert grade.state is state


def test_my_own_grade_is_told_only_where_there_is_a_gradebook_for_it(session: Session, cast: Cast):
    course = cast.course()
    fill(session, cast, course, 1, trouble=Trouble.NO_COLUMN)
    learner = session.query(Enrolment).one()
    grade = session.query(Grade).one()

    told = [own(learner, EXAM)]
    for trouble in (Trouble.UNWANTED, Trouble.REFUSED, Trouble.NOTHING):
        grade.trouble = trouble
        session.commit()
        told.append(own(learner, EXAM))

    assert told == [None, None, GradeState.STUCK, GradeState.WAITING]
    assert own(learner, "quiz:none") is None


def test_a_course_without_any_gradebook_worries_nobody(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    arrive("leo")
    course = course_of(session)
    course.line_items_url, course.line_item_scopes = None, []
    session.commit()
    earn(session, campus, "leo", 14)

    deliver(app)

    assert grade_of(session, campus, "leo").trouble is Trouble.NO_COLUMN
    assert own(enrolled(session, campus, "leo"), EXAM) is None


def test_a_comparison_that_is_refused_is_not_tried_for_ever(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
):
    arrive("leo")
    earn(session, campus, "leo", 14)
    deliver(app)

    def refused(*_args: object, **_rest: object) -> Any:
        raise ServiceFailed("campus answered HTTP 403", 403)

    monkeypatch.setattr(Service, "call", refused)
    deliver(app, minutes=20)

    assert deliver(app, days=3) == 0
