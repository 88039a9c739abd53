"""Mentorships near their end and mentors who came later, for tests that go on from there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lti_tool.models import Enrolment
from mentoring.mentorships import living, substituting
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.agreement.standing import Terms
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant
from mentoring.programs.choices import Channel
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, held
from tests.mentoring.conftest import School
from tests.mentoring.meetings import booked, said

CASE, EXPECTS, ACTIONS, DONE = "Teach me to speak up", "I want honest words", "Leo calls the client", "Read the book"
"""What Leo wrote for Maya."""
CAME = THEN + 20 * A_DAY
"""When somebody steps in for her."""


def an_active_pair(school: School) -> Mentorship:
    """Leo and Maya, who have met."""
    school.mentors(maya=1)
    pair = school.paired(school.leo, school.maya)
    living.begin(school.session, held(school, pair), by=school.leo, at=THEN)
    school.session.commit()
    return pair


def with_words(school: School) -> Mentorship:
    """The same, with something written of every kind."""
    pair = an_active_pair(school)
    pair.case_text = CASE
    terms = Terms(mentee_expects=EXPECTS, rhythm_days=7, channel=Channel.VIDEO, ends=THEN + timedelta(days=90))
    version = signing.propose(school.session, held(school, pair), terms, by=pair.mentee, at=THEN + A_DAY)
    signing.sign(school.session, pair, seen=version.number, by=pair.mentor, at=THEN + A_DAY)
    school.session.commit()
    [meeting] = booked(school, pair, pair.mentee)
    said(school, meeting, pair.mentee, topics="Our first talk", actions=ACTIONS)
    return pair


def step_in(school: School, pair: Mentorship, mentor: Enrolment) -> None:
    substituting.substitute(school.session, held(school, pair), mentor, by=school.ines, at=CAME)
    school.session.commit()


def follow(school: School, pair: Mentorship, mentor: Enrolment) -> Mentorship:
    """A new mentorship instead of this one."""
    made = substituting.rematch(school.session, held(school, pair), mentor, by=school.ines, at=CAME)
    school.session.commit()
    return made


def part_of(school: School, person: Enrolment) -> Participant:
    return school.session.scalars(select(Participant).where(Participant.enrolment_id == person.id)).one()


def address_of(mentorship: Mentorship, rest: str = "") -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}{rest}"
