"""The campus's class says what it offers and needs: thirty people, the same each time, all of it within the lists."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand, FlaskBrowser, launch
from lti_tool.models import Course, Enrolment
from mentoring.participants.models import Participant
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort, MentorKind, Program, ProgramVersion
from tests.cast import THEN
from tools.scene import PLACES, offer_and_need

SKILLS = ["Negotiating", "Public speaking", "SQL", "Writing"]


def _class(app: Flask, campus: CampusInHand, session: Session) -> tuple[Cohort, dict[str, Enrolment]]:
    launched = launch(campus.visitor("ines"), "mentoring", FlaskBrowser(app.test_client()))
    assert launched.answer.status == 303
    keys = {person.id: person.key for person in campus.people()}
    people = {keys[each.person.subject]: each for each in session.scalars(select(Enrolment))}
    program = Program(course=session.scalars(select(Course)).one(), name="first", title="Mentoring", created=THEN)
    version = ProgramVersion(program=program, number=1, created=THEN, skills=SKILLS, topics=["Find my way around"])
    version.kinds = [MentorKind(key="team", label="Team", place=1), MentorKind(key="technical", label="Tech", place=2)]
    cohort = Cohort(version=version, name="first", state=CohortState.RUNNING, starts=THEN, created=THEN)
    session.add(cohort)
    session.flush()
    return cohort, people


def _said(participants: list[Participant]) -> list[object]:
    return [
        (each.enrolment_id, each.languages, each.timezone, each.hours, (each.offer or each.need).skills)
        for each in participants
    ]


def test_thirty_people_and_more_say_what_they_offer_and_need(app: Flask, campus: CampusInHand, session: Session):
    cohort, people = _class(app, campus, session)

    mentors, mentees = offer_and_need(session, cohort, people, at=THEN)
    once = _said([*mentors, *mentees])
    again = offer_and_need(session, cohort, people, at=THEN + timedelta(days=1))

    assert {mentor.enrolment_id: mentor.capacity for mentor in mentors} == {
        people[key].id: places for key, places in PLACES.items()
    }
    assert (len(mentors), len(mentees) >= 24) == (6, True)
    assert [each for each in (*mentors, *mentees) if not set((each.offer or each.need).skills) <= set(SKILLS)] == []
    assert len({tuple(each.hours) for each in mentees}) > 3
    assert sum("en" not in each.languages for each in mentees) in range(1, 10)
    assert _said([*again[0], *again[1]]) == once
