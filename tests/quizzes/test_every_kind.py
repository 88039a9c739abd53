"""A question of each kind, from the attempt's page to the result: shown, answered, kept, marked and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.models import Course, Enrolment
from quizzes import starting
from quizzes.marking import Kind
from quizzes.models import Attempt
from tests.cast import THEN, Cast
from tests.quizzes.one_of_each import BODIES, a_quiz_of_all_kinds, as_entered

Open = Callable[..., tuple[FlaskClient, str, Attempt]]


@pytest.fixture
def opened(app, session: Session, cast: Cast, course: Course, leo: Enrolment) -> Open:
    def begin(*kinds: Kind) -> tuple[FlaskClient, str, Attempt]:
        quiz = a_quiz_of_all_kinds(session, course, *kinds)
        attempt = starting.start(session, quiz, leo, seed=bytes(16), at=clock.now())
        session.commit()
        address = f"/courses/{course.public_id}/quizzes/attempts/{attempt.public_id}"
        return cast.visit(app.test_client(), leo), address, attempt

    return begin


@pytest.mark.parametrize("kind", [kind for kind in BODIES if kind is not Kind.DESCRIPTION])
def test_a_right_answer_is_kept_and_earns_all(session: Session, opened: Open, kind: Kind):
    client, address, attempt = opened(kind)

    page = client.get(address).text
    saved = client.post(f"{address}/answers", data=as_entered(kind, 1))
    again = client.get(address).text
    done = client.post(address, data=as_entered(kind, 1), follow_redirects=True)

    assert "<script>alert" not in page + done.text
    assert saved.status_code == 302, saved.text
    assert done.status_code == 200
    session.refresh(attempt)
    [answer] = attempt.answers
    session.refresh(answer)
    waits = kind is Kind.ESSAY
    assert answer.fraction == (None if waits else 1)
    assert attempt.unmarked == waits
    assert "<em>" in page or kind in (Kind.CLOZE, Kind.DROP_DOWN)
    if kind is Kind.SHORT_TEXT:
        assert 'value="Fire ALARM"' in again


def test_what_is_only_read_makes_no_attempt_and_counts_nothing(session: Session, opened: Open):
    with pytest.raises(starting.NothingToAsk):
        opened(Kind.DESCRIPTION)


def test_all_of_them_in_one_attempt(session: Session, opened: Open):
    client, address, attempt = opened()
    entered = {
        name: value
        for answer in attempt.answers
        for name, value in as_entered(answer.version.kind, answer.place).items()
    }

    done = client.post(address, data=entered, follow_redirects=True)

    session.refresh(attempt)
    assert done.status_code == 200
    assert (attempt.raw, attempt.maximum, attempt.unmarked, attempt.unanswered) == (11.0, 12.0, 1, [])


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        (Kind.NUMERIC, {"q1-number": "soon"}, "Write a number, such as 12.5, without its unit."),
        (Kind.CLOZE, {"q1-minutes": "soon"}, "Write a number, such as 12.5, without its unit."),
        (Kind.MATCHING, {"q1-fr": "oslo"}, "This is not one of the answers to the question."),
        (Kind.SHORT_TEXT, {"q1-text": "x" * 1001}, "Write at most 1000 characters."),
        (Kind.ESSAY, {"q1-text": "x" * 100_001}, "Write at most 100000 characters."),
    ],
)
def test_what_is_no_answer_is_refused_in_words_and_stays_in_the_field(session, opened, kind, wrong, sentence):
    client, address, attempt = opened(kind)

    refused = client.post(f"{address}/answers", data=wrong)

    assert refused.status_code == 422
    assert sentence in refused.text
    session.refresh(attempt.answers[0])
    assert attempt.answers[0].response == {}


def test_an_unfinished_order_is_kept_and_stays_open(session: Session, opened: Open):
    client, address, attempt = opened(Kind.ORDERING)

    client.post(f"{address}/answers", data={"q1-one": "2", "q1-two": "2"})

    session.refresh(attempt.answers[0])
    assert attempt.answers[0].response == {"one": ["2"], "two": ["2"]}
    assert attempt.answers[0].is_open
    assert "Question 1 is still open." in client.get(address).text


@pytest.mark.parametrize("typed", ["1e400", "-1e-400"])
def test_no_number_is_so_large_that_it_keeps_an_attempt_from_ending(session: Session, opened: Open, typed: str):
    client, address, attempt = opened(Kind.NUMERIC)

    done = client.post(address, data={"q1-number": typed, "q1-unit": "m"})

    session.refresh(attempt)
    assert (done.status_code, attempt.raw) == (302, 0.0)


def test_an_attempt_is_closed_by_the_clock_whatever_it_asks(session: Session, opened: Open):
    _client, _address, attempt = opened()

    attempt.run_out(attempt.started + timedelta(hours=1))

    assert (attempt.raw, attempt.unmarked) == (0.0, 0)
    assert attempt.started >= THEN
