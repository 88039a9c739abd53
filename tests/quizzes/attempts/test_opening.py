"""The page opened last answers; the time, and a network that changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from quizzes.accommodations import granting
from quizzes.accommodations.models import Reason
from quizzes.attempts import log
from quizzes.timing import Accommodation
from tests.cast import THEN, Cast
from tests.quizzes.attempts.test_saving import kept, option, send, there
from tests.quizzes.conftest import Start

LAPTOP, PHONE = "1" * 16, "2" * 16


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


def kinds(session, attempt) -> list[str]:
    session.rollback()
    return [entry.kind.value for entry in log.entries(session, attempt)]


def test_every_opening_counts_and_the_log_says_whether_it_was_another_device(as_leo, session, start: Start):
    attempt = start()

    answers = [as_leo.post(there(attempt, "opening"), data={"page": page}) for page in (LAPTOP, LAPTOP, PHONE)]

    assert [answer.json["epoch"] for answer in answers] == [1, 2, 3]
    assert kinds(session, attempt) == ["started", "resumed", "taken over"]


def test_opening_tells_which_answers_are_kept(as_leo, start: Start):
    attempt = start()
    send(as_leo, attempt, [3, 5, option(attempt, 3)])

    told = as_leo.post(there(attempt, "opening"), data={"page": LAPTOP}).json

    assert {place: seq for place, seq in told["answers"].items() if seq} == {"3": 5}
    assert len(told["answers"]) == 20


def test_an_older_page_learns_that_it_is_no_more_its_turn(as_leo, start: Start):
    attempt = start()
    mine = as_leo.post(there(attempt, "opening"), data={"page": LAPTOP}).json["epoch"]
    as_leo.post(there(attempt, "opening"), data={"page": PHONE})

    assert as_leo.get(there(attempt, "pulse")).json["epoch"] == mine + 1
    assert send(as_leo, attempt, [1, 1, option(attempt, 1)]).json["epoch"] == mine + 1


def test_an_older_page_keeps_nothing_before_it_knows_that_another_answers(as_leo, session, start: Start):
    attempt = start()
    mine, other = (
        as_leo.post(there(attempt, "opening"), data={"page": page}).json["epoch"] for page in (LAPTOP, PHONE)
    )
    assert send(as_leo, attempt, [1, 20001, option(attempt, 1)], epoch=other).status_code == 200

    refused = send(as_leo, attempt, [1, 30001, option(attempt, 1, 1)], [2, 10001, option(attempt, 2)], epoch=mine)
    silent = as_leo.post(there(attempt, "batch"), json={"answers": [[2, 10001, option(attempt, 2)]]})

    for answer in (refused, silent):
        assert answer.status_code == 409
        assert (answer.json["epoch"], answer.json["answers"], answer.json["is_open"]) == (other, {}, True)
        assert "another window or on another device" in answer.json["error"]
    assert kept(session, attempt) == {1: (20001, option(attempt, 1))}
    assert kinds(session, attempt) == ["started", "taken over", "saved"]


def test_what_waited_in_an_older_page_counts_where_nobody_answered_since(as_leo, session, start: Start):
    """It knows by then; what it brings was answered before, and its numbers take the place of nothing newer."""
    attempt = start()
    for page in (LAPTOP, PHONE):
        other = as_leo.post(there(attempt, "opening"), data={"page": page}).json["epoch"]
    send(as_leo, attempt, [1, 20001, option(attempt, 1)], epoch=other)

    brought = send(as_leo, attempt, [1, 10001, option(attempt, 1, 1)], [2, 10001, option(attempt, 2)], epoch=other)

    assert brought.status_code == 200
    assert kept(session, attempt) == {1: (20001, option(attempt, 1)), 2: (10001, option(attempt, 2))}


def test_whoever_takes_it_back_answers_again(as_leo, session, start: Start):
    attempt = start()
    for page in (LAPTOP, PHONE, LAPTOP):
        mine = as_leo.post(there(attempt, "opening"), data={"page": page}).json["epoch"]

    answer = send(as_leo, attempt, [1, 30001, option(attempt, 1)], epoch=mine)
    phone = send(as_leo, attempt, [1, 30002, option(attempt, 1, 1)], epoch=mine - 1)

    assert (answer.status_code, phone.status_code) == (200, 409)
    assert kept(session, attempt) == {1: (30001, option(attempt, 1))}


def test_time_granted_is_in_the_next_pulse(as_leo, session, cast, course, leo, start: Start):
    attempt = start()
    pulse = there(attempt, "pulse")
    known = as_leo.get(pulse).json["deadline"]
    assert "words" not in as_leo.get(pulse, query_string={"known": known}).json

    granting.grant(
        session,
        leo,
        None,
        Accommodation(multiplier=2),
        reason=Reason.AGREED,
        valid_until=None,
        by=cast.enrol(course, "Ines", Role.INSTRUCTOR),
        at=THEN,
    )
    session.commit()

    told = as_leo.get(pulse, query_string={"known": known}).json
    assert (told["deadline"], told["left"]) == ("2026-11-23T10:00:00+00:00", 3600.0)
    assert (told["words"]["60"], told["granted"]) == ("About 60 minutes left", "Granted to you: 100% more time.")


@pytest.mark.parametrize("page", ["", "x", "é" * 16, "1" * 33])
def test_a_page_says_which_it_is(as_leo, session, start: Start, page):
    attempt = start()

    assert as_leo.post(there(attempt, "opening"), data={"page": page}).status_code == 400
    assert kinds(session, attempt) == ["started"]


def test_what_is_over_cannot_be_opened(as_leo, session, start: Start):
    attempt = start()

    with clock.moved_to(THEN + timedelta(minutes=40)):
        answer = as_leo.post(there(attempt, "opening"), data={"page": LAPTOP})
        pulse = as_leo.get(there(attempt, "pulse"))

    assert answer.status_code == 410
    assert (pulse.json["is_open"], pulse.json["left"]) == (False, -600.0)


def test_another_network_is_noted_and_which_it_is_stays_unknown(as_leo, session, start: Start):
    attempt = start()

    for number, address in enumerate(("192.0.2.1", "192.0.2.1", "198.51.100.7"), start=1):
        as_leo.post(
            there(attempt, "batch"),
            json={"answers": [[1, number, option(attempt, 1)]]},
            environ_overrides={"REMOTE_ADDR": address},
        )

    assert kinds(session, attempt) == ["started", "saved", "saved", "saved", "network changed"]
    session.refresh(attempt)
    assert len(attempt.network) == 8
    assert "198" not in attempt.network
