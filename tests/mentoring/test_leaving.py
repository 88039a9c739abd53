"""Somebody leaves the course: access ends at once, the mentorship after a grace unless they come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.events import PersonLeftCourse, PersonReturned
from lti_tool.models import Enrolment
from lti_tool.running.delivering import drain
from mentoring.events import MentorshipEnded
from mentoring.mentorships import living, substituting
from mentoring.mentorships.models import Mentorship, Place, Transition
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.winding import GRACE
from mentoring.pairing.assigning import Pair, assign
from mentoring.pairing.board import board_of
from mentoring.pairing.rules import Rule
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.conftest import School
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def pair(school: School) -> Mentorship:
    school.mentors(maya=2)
    return school.paired(school.leo, school.maya)


def leave(school: School, person: Enrolment, *, at=THEN) -> None:
    """As a reading of the roster does it."""
    person.is_active, person.left = False, at
    event = PersonLeftCourse(at=at, who=person.who, where=school.course.where, role=person.role.value)
    outbox.announce(school.session, event)
    school.session.commit()


def come_back(school: School, person: Enrolment, *, at=THEN) -> None:
    person.is_active, person.left = True, None
    event = PersonReturned(at=at, who=person.who, where=school.course.where, role=person.role.value)
    outbox.announce(school.session, event)
    school.session.commit()


def deliver(app: Flask, session: Session, *, after: timedelta) -> None:
    session.commit()
    with clock.moved_to(THEN + after):
        drain(app)
    session.rollback()
    session.expire_all()


A_MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(("who", "reason"), [("leo", "mentee_left"), ("maya", "mentor_left")])
def test_a_mentorship_waits_for_who_left_and_ends_after_the_grace(
    app: Flask, session: Session, school: School, pair: Mentorship, who: str, reason: str
):
    told: list[MentorshipEnded] = []
    outbox.subscribe(app, MentorshipEnded, lambda _session, event: told.append(event))
    leave(school, getattr(school, who))
    assert (pair.grace_ends, pair.is_standing) == (THEN + GRACE, True)

    deliver(app, session, after=GRACE - A_MOMENT)
    assert pair.is_standing
    deliver(app, session, after=GRACE)

    assert (pair.state, pair.end_reason, pair.ended) == (MentorshipState.CANCELLED, reason, THEN + GRACE)
    assert session.scalars(select(Place)).all() == []
    [last] = session.scalars(select(Transition).order_by(Transition.id.desc()).limit(1))
    assert (last.actor, last.reason) == (None, reason)
    assert [(event.by, event.reason, event.mentee) for event in told] == [(None, reason, school.leo.who)]


def test_who_comes_back_in_time_finds_everything_as_it_was(
    app: Flask, session: Session, school: School, pair: Mentorship
):
    leave(school, school.leo)

    come_back(school, school.leo, at=THEN + timedelta(days=3))
    deliver(app, session, after=2 * GRACE)

    assert (pair.grace_ends, pair.state, pair.ended) == (None, MentorshipState.ACCEPTED, None)


def test_who_leaves_once_more_has_the_whole_grace_once_more(
    app: Flask, session: Session, school: School, pair: Mentorship
):
    leave(school, school.leo)
    come_back(school, school.leo, at=THEN + timedelta(days=3))
    leave(school, school.leo, at=THEN + timedelta(days=10))

    deliver(app, session, after=GRACE + A_MOMENT)
    still = pair.is_standing
    deliver(app, session, after=timedelta(days=10) + GRACE + A_MOMENT)

    assert (still, pair.is_standing) == (True, False)


def test_when_both_leave_the_first_day_counts_and_both_must_return(
    app: Flask, session: Session, school: School, pair: Mentorship
):
    leave(school, school.leo)
    leave(school, school.maya, at=THEN + timedelta(days=5))
    come_back(school, school.leo, at=THEN + timedelta(days=6))
    assert pair.grace_ends == THEN + GRACE

    come_back(school, school.maya, at=THEN + timedelta(days=7))

    assert pair.grace_ends is None


def test_a_mentorship_an_instructor_ends_meanwhile_is_not_ended_twice(
    app: Flask, session: Session, school: School, pair: Mentorship, visit: Visit
):
    leave(school, school.leo)
    visit(school.ines).post(f"/courses/{school.course.public_id}/mentoring/mentorships/{pair.public_id}/end")

    deliver(app, session, after=GRACE)

    assert pair.end_reason == "unpaired"


def test_a_mentor_who_left_is_not_assignable_from_that_moment(school: School, pair: Mentorship):
    leave(school, school.maya)

    board = board_of(school.session, school.course)
    kind = school.cohort.version.kinds[0]
    result = assign(school.session, school.cohort, [Pair(school.zoe, school.maya, kind)], by=school.ines, at=THEN)

    assert ([mentor.free for mentor in board.mentors], board.free) == ([0], 0)
    assert [refused.rule for refused in result.refused] == [Rule.MENTOR_GONE]


def test_other_peoples_mentorships_and_other_courses_are_not_touched(school: School, pair: Mentorship):
    school.offers()
    zoes = school.paired(school.zoe, school.maya)
    elsewhere = school.cast.enrol(school.cast.course("Another course"), "Leo Baum")

    event = PersonLeftCourse(at=THEN, who=elsewhere.who, where=elsewhere.course.where, role="learner")
    outbox.announce(school.session, event)
    leave(school, school.zoe)

    assert (pair.grace_ends, zoes.grace_ends) == (None, THEN + GRACE)


def home(school: School, visit: Visit, person: Enrolment):
    return visit(person).get(f"/courses/{school.course.public_id}/")


def test_the_mentor_reads_that_their_mentee_left_and_until_when_they_may_return(
    school: School, pair: Mentorship, visit: Visit
):
    leave(school, school.leo)

    assert panel(home(school, visit, school.maya), "your-mentees") == (
        "Your mentees Leo Baum since November 23, 2026 Has left the course"
        " Your mentorship ends by itself on December 7, 2026 , unless they come back. You have one free place left."
        " How it goes for you"
    )


def test_the_mentee_reads_that_their_mentor_left(school: School, pair: Mentorship, visit: Visit):
    leave(school, school.maya)

    said = panel(home(school, visit, school.leo), "your-mentor")

    assert said == (
        "Your mentor Maya Okafor Mentor · since November 23, 2026 Has left the course"
        " Your mentorship ends by itself on December 7, 2026 , unless they come back."
    )


def test_instructors_read_it_on_the_board_and_at_home(school: School, pair: Mentorship, visit: Visit):
    leave(school, school.leo)

    board = words(visit(school.ines).get(f"/courses/{school.course.public_id}/mentoring/pairing"))
    at_home = panel(home(school, visit, school.ines), "pairing")

    assert "No longer in the course Unless they come back, it ends by itself at Dec 7, 2026, 9:00 AM UTC ." in board
    assert at_home is not None
    assert "One pair waits for somebody who has left the course, and ends by itself unless they come back." in at_home


def test_who_left_is_kept_out_at_once(school: School, pair: Mentorship, visit: Visit):
    """AUTHZ-08"""
    leos = visit(school.leo)
    address = f"/courses/{school.course.public_id}/"
    before = leos.get(address).status_code

    leave(school, school.leo)

    assert (before, leos.get(address).status_code) == (200, 403)


def test_whoever_steps_in_for_a_mentor_who_left_goes_on_with_the_mentee(app: Flask, school: School, pair: Mentorship):
    tom = school.join_mentor("Tom Reed")
    living.begin(school.session, held(school, pair), by=school.leo, at=THEN)
    leave(school, school.maya)

    substituting.substitute(school.session, held(school, pair), tom, by=school.ines, at=THEN + timedelta(days=1))

    deliver(app, school.session, after=GRACE + timedelta(days=1))
    assert (pair.state, pair.grace_ends, pair.mentor.name) == (MentorshipState.ACTIVE, None, "Tom Reed")
