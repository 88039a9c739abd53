"""Answers are asked for by the hundred a second, and by the same rules as pages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.arrivals.sessions import Visit
from lti_tool.models import Deployment, Enrolment, Role, Standing
from quizzes.attempts import log
from quizzes.models import Attempt
from tests.cast import THEN, Cast
from tests.quizzes.attempts.test_saving import option, send, there
from tests.quizzes.conftest import Start


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def as_leo(client: FlaskClient, cast: Cast, leo: Enrolment) -> FlaskClient:
    return cast.visit(client, leo)


def ask_all(client: FlaskClient, attempt: Attempt) -> list[int]:
    answers = [
        send(client, attempt, [1, 1, option(attempt, 1)]),
        client.post(there(attempt, "opening"), data={"page": "1" * 16}),
        client.get(there(attempt, "pulse")),
    ]
    return [answer.status_code for answer in answers]


def nothing_happened(session: Session, attempt: Attempt) -> bool:
    session.rollback()
    return [entry.kind for entry in log.entries(session, attempt)] == [log.Kind.STARTED]


def test_whoever_left_the_course_answers_no_more(as_leo, session, leo, start: Start):
    attempt = start()
    leo.is_active = False
    session.commit()

    assert ask_all(as_leo, attempt) == [403] * 3
    assert nothing_happened(session, attempt)


def test_whoever_is_no_learner_any_more_answers_no_more(as_leo, session, leo, start: Start):
    attempt = start()
    leo.role = Role.OBSERVER
    session.commit()

    assert ask_all(as_leo, attempt) == [403] * 3
    assert nothing_happened(session, attempt)


def test_a_deployment_that_is_not_let_in_answers_nothing(as_leo, session, start: Start):
    attempt = start()
    session.scalars(select(Deployment)).one().standing = Standing.WAITING
    session.commit()

    assert ask_all(as_leo, attempt) == [403] * 3
    assert nothing_happened(session, attempt)


def test_whoever_acts_as_somebody_else_only_looks(as_leo, session, start: Start):
    attempt = start()
    session.execute(update(Visit).values(acted_by="admin"))
    session.commit()

    assert ask_all(as_leo, attempt) == [403, 403, 200]
    assert nothing_happened(session, attempt)


def test_what_is_refused_is_said_in_the_learners_language(as_leo, session, leo, start: Start, monkeypatch):
    heard: list[str] = []

    def first_of(wanted: Iterable[str]) -> str:
        heard.extend(islice(wanted, 1))
        return "en"

    monkeypatch.setattr("lti_tool.pages.language_among", first_of)
    attempt = start()
    leo.person.locale = "pt-BR"
    session.commit()

    send(as_leo, attempt, [21, 1, {}])

    assert set(heard) == {"pt-BR"}
