"""A mentor reads what their mentee missed by topic; no question, no key, nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, url_for
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.models import Role
from mentoring.mentorships.models import Mentorship
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.offering import Offering, offer
from mentoring.programs.starting import ensure
from quizzes.reports.mentors import newest
from tests.cast import THEN


@pytest.fixture(autouse=True)
def _at_ten():
    with clock.moved_to(THEN + timedelta(hours=1)):
        yield


@pytest.fixture
def maya(cast, course):
    return cast.enrol(course, "Maya")


@pytest.fixture
def pair(session: Session, cast, course, leo, maya) -> Mentorship:
    cohort = ensure(session, course, at=THEN)
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)
    assert offer(session, cohort, [Offering(maya, 3)], at=THEN) == []
    [made] = assign(session, cohort, [Pair(leo, maya, cohort.version.kinds[0])], by=ines, at=THEN).made
    session.commit()
    return made


def pages_of(client, pair, course) -> list[str]:
    with client.application.test_request_context():
        at = {"course": course.public_id, "mentorship_id": pair.public_id}
        addresses = [url_for("mentorships.brief", **at), url_for("mentorships.mentorship", **at)]
    return [client.get(address).text for address in addresses]


def test_the_mentor_reads_topics_in_the_brief_and_on_the_page(app: Flask, cast, course, maya, pair, hand_in):
    attempt = hand_in(12)

    pages = pages_of(cast.visit(app.test_client(), maya), pair, course)

    missed = {answer.version.question.category.title for answer in attempt.answers if answer.place > 12}
    for page in pages:
        assert "What the quiz showed" in page
        assert "Not yet ready" in page
        assert [title for title in missed if title in page] == list(missed)
        for answer in attempt.answers:
            assert answer.version.text not in page
            assert all(option.text not in page for option in answer.options)


def test_the_mentee_and_who_looks_on_find_nothing_of_it_there(app, cast, course, leo, pair, hand_in):
    hand_in(12)

    for who in (leo, cast.enrol(course, "Ana", Role.INSTRUCTOR)):
        brief, page = pages_of(cast.visit(app.test_client(), who), pair, course)
        assert "What the quiz showed" not in brief + page


def test_the_newest_attempt_of_this_mentee_counts(session, cast, course, leo, hand_in):
    hand_in(20, who=cast.enrol(course, "Nora"))
    hand_in(3)
    hand_in(20, seed=2)

    [seen] = newest(session, leo)

    assert (seen.attempt.n, seen.attempt.enrolment_id) == (2, leo.id)
    assert seen.standing.is_ready
    assert seen.standing.next == []


def test_nothing_is_shown_of_an_attempt_that_runs(session, leo, start):
    start()

    assert newest(session, leo) == []


def test_two_attempts_ask_no_more_than_one(session, leo, hand_in, queries):
    hand_in(5)
    newest(session, leo)
    with queries() as one:
        newest(session, leo)
    hand_in(7, seed=2)

    with queries() as two:
        newest(session, leo)

    assert len(one) == len(two)
