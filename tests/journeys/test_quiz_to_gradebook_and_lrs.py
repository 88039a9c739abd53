"""Journey 3, from the course page to the gradebook and the LRS, through the doors people and programs use."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.claims import SCORE_SCOPE
from lti_tool.db import transaction
from lti_tool.gradebook import Grade
from lti_tool.gradebook.sending import judge
from lti_tool.models import Course, Platform
from lti_tool.outbox import Dead, Errand, Lane, Letter, LetterState, Pause
from lti_tool.outgoing.services import ServiceFailed
from lti_tool.running.delivering import drain
from tests.conftest import Arrive
from tests.journeys.walking import right_answers, start_quiz, sure
from xapi.lrs import credentials, storing

COLUMN = "Onboarding quiz"


def read_lrs(app: Flask, session: Session, **query: str) -> list[dict[str, Any]]:
    """What a consumer with a read-only key reads, oldest first."""
    session.rollback()
    with transaction():
        platform = session.scalars(select(Platform)).one()
        store = storing.store_of(session, platform.public_id, clock.now())
        key, secret = credentials.issue(session, store, label="Warehouse", at=clock.now())
    headers = {
        "Authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode(),
        "X-Experience-API-Version": "1.0.3",
    }
    answer = app.test_client().get(
        "/lrs/1.0.3/statements", headers=headers, query_string={"ascending": "true", **query}
    )
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["statements"])


def verbs(statements: Sequence[dict[str, Any]]) -> list[str]:
    return [statement["verb"]["id"].rpartition("/")[2] for statement in statements]


def take_quiz(client: FlaskClient, session: Session, *, how_many: int) -> str:
    attempt = start_quiz(client, client.page)  # type: ignore[attr-defined]
    answer = client.post(attempt, data=sure(right_answers(session, attempt, how_many=how_many)))
    assert answer.status_code == 302, answer.text
    return attempt


def test_a_quiz_becomes_one_grade_and_one_statement_each(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    leo = arrive("leo", "quiz")
    drain(app)

    attempt = take_quiz(leo, session, how_many=14)
    drain(app)

    assert campus.gradebook()["leo", COLUMN] == 14
    told = read_lrs(app, session)
    assert verbs(told) == ["initialized", *["answered"] * 14, "completed", "passed"]
    assert told[-1]["result"]["score"] == {"scaled": 0.7, "raw": 14, "min": 0, "max": 20}
    assert "14 of 20" in leo.get(attempt).text
    assert campus.refusals() == []


def test_statements_name_nobody(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    take_quiz(arrive("leo", "quiz"), session, how_many=3)

    said = str(read_lrs(app, session))

    person = campus.person("leo")
    assert person.name is not None
    assert [str(word) in said for word in (person.name, person.email, person.family)] == [False] * 3


def test_handing_in_twice_changes_nothing(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    leo = arrive("leo", "quiz")
    attempt = take_quiz(leo, session, how_many=14)

    again = leo.post(attempt, data=right_answers(session, attempt, how_many=20))
    drain(app)

    assert again.status_code == 302
    assert campus.gradebook()["leo", COLUMN] == 14
    assert len(campus.score_log(repeats=True)) == 1
    assert len(read_lrs(app, session)) == 17


def test_the_better_of_two_attempts_counts(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    leo = arrive("leo", "quiz")

    take_quiz(leo, session, how_many=12)
    drain(app)
    take_quiz(leo, session, how_many=18)
    with clock.moved_by(timedelta(seconds=5)):
        drain(app)

    assert campus.gradebook()["leo", COLUMN] == 18


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_two_attempts_within_a_second_lose_no_grade_anywhere(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    campus.set_flavor(flavor)
    leo = arrive("leo", "quiz")
    with clock.moved_to(clock.now()):
        take_quiz(leo, session, how_many=12)
        drain(app)
        take_quiz(leo, session, how_many=18)
        drain(app)
    for seconds in (1, 3, 10):
        with clock.moved_by(timedelta(seconds=seconds)):
            drain(app)

    assert campus.gradebook()["leo", COLUMN] == 18


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_an_answer_lost_after_the_score_was_stored_leaves_one_grade(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, flavor: str
):
    campus.set_flavor(flavor)
    campus.faults.lost_scores = 1
    take_quiz(arrive("leo", "quiz"), session, how_many=14)

    drain(app)
    with clock.moved_by(timedelta(minutes=1)):
        drain(app)

    assert campus.gradebook()["leo", COLUMN] == 14
    assert len(campus.score_log()) == 1
    assert [row.state for row in session.scalars(select(Letter).where(Letter.lane.startswith("gradebook")))] == [
        LetterState.DELIVERED
    ]


def test_an_lms_that_is_down_loses_nothing_and_holds_up_nobody(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    leo = arrive("leo", "quiz")
    campus.faults.services_down = True

    take_quiz(leo, session, how_many=14)
    drain(app)

    assert ("leo", COLUMN) not in campus.gradebook()
    assert len(read_lrs(app, session)) == 17
    session.rollback()
    letter = session.scalars(select(Letter).where(Letter.lane.startswith("gradebook"))).one()
    assert (letter.state, letter.attempts) == (LetterState.WAITING, 1)
    assert "503" in letter.error
    campus.faults.services_down = False
    with clock.moved_by(timedelta(minutes=1)):
        drain(app)
    assert campus.gradebook()["leo", COLUMN] == 14


def test_an_operator_sees_what_waits_and_why_and_tries_again(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    leo = arrive("leo", "quiz")
    campus.faults.tokens_down = True
    take_quiz(leo, session, how_many=14)
    drain(app)
    session.rollback()

    shown = app.test_cli_runner().invoke(args=["outbox", "show"], catch_exceptions=False).output

    assert "1 waiting" in shown
    assert "the LMS gave no access token (HTTP 503)" in shown
    campus.faults.tokens_down = False
    assert "will be tried again" in app.test_cli_runner().invoke(args=["outbox", "retry"]).output
    drain(app)
    assert campus.gradebook()["leo", COLUMN] == 14


def test_a_lane_that_was_refused_is_paused_until_an_operator_resumes(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    leo = arrive("leo", "quiz")
    drain(app)
    take_quiz(leo, session, how_many=14)
    platform = session.scalars(select(Platform)).one()
    lane = f"gradebook:{platform.public_id}"
    with transaction():
        session.add(Lane(name=lane, paused="HTTP 403"))

    assert drain(app) == 0
    app.test_cli_runner().invoke(args=["outbox", "retry", lane])
    drain(app)

    assert campus.gradebook()["leo", COLUMN] == 14


def test_a_preview_student_leaves_no_trace(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
    take_quiz(arrive("preview", "quiz"), session, how_many=20)

    drain(app)

    assert campus.gradebook() == {}
    assert read_lrs(app, session) == []


def test_where_results_may_not_be_read_a_score_is_sent_again_under_its_time(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    leo = arrive("leo", "quiz")
    course = session.scalars(select(Course)).one()
    course.line_item_scopes = [SCORE_SCOPE]
    session.commit()
    campus.faults.lost_scores = 1
    take_quiz(leo, session, how_many=14)

    drain(app)
    with clock.moved_by(timedelta(minutes=1)):
        drain(app)

    assert campus.gradebook()["leo", COLUMN] == 14
    assert len(campus.score_log()) == 1


def test_a_poisoned_grade_keeps_no_neighbour_waiting(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    take_quiz(arrive("leo", "quiz"), session, how_many=14)
    other = "maya"
    take_quiz(arrive(other, "quiz"), session, how_many=9)
    poisoned = session.scalars(select(Grade).order_by(Grade.id)).first()
    assert poisoned is not None
    poisoned.maximum, poisoned.stamped_version = 0, poisoned.version
    poisoned.stamp = poisoned.earned
    session.commit()

    drain(app)

    assert campus.gradebook()[other, COLUMN] == 9


def test_a_column_that_is_forbidden_stops_only_itself(
    app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
):
    take_quiz(arrive("leo", "quiz"), session, how_many=14)
    lane = session.scalars(select(Letter.lane).where(Letter.lane.startswith("gradebook"))).one()
    [errand] = [
        Errand(row.id, row.lane, row.body, row.edition, row.attempts, row.created)
        for row in session.scalars(select(Letter).where(Letter.lane == lane))
    ]

    assert judge(ServiceFailed("HTTP 403", 403), errand) == Dead("HTTP 403")
    assert isinstance(judge(ServiceFailed("no token (HTTP 401)", 401, is_token=True), errand), Pause)
