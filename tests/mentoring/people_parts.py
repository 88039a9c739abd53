"""A program with lists to choose from, and what is sent when somebody says what they offer or need."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.participants.models import Participant
from mentoring.participants.queries import part_of
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort, MentorKind, Program, ProgramVersion
from tests.cast import THEN
from tests.mentoring.conftest import School

SKILLS = ["Negotiating", "Public speaking", "SQL"]
TOPICS = ["Find my way around", "Prepare to lead"]
QUESTIONS = [{"key": "pace", "text": "How do you like to work?", "answers": ["Step by step", "In leaps"]}]


def designed(school: School, *, state: CohortState = CohortState.RUNNING, **words: object) -> Cohort:
    """The course's program, with two kinds of mentor and lists of skills, goals and interests."""
    program = Program(course_id=school.course.id, name="first", title="Mentoring", created=THEN)
    version = ProgramVersion(
        program=program, number=1, created=THEN, skills=SKILLS, topics=TOPICS, interests=["Chess"], questions=QUESTIONS
    )
    for name, value in words.items():
        setattr(version, name, value)
    version.kinds = [
        MentorKind(key="team", label="Team mentor", place=1),
        MentorKind(key="technical", label="Technical mentor", place=2),
    ]
    cohort = Cohort(version=version, name="first", state=state, starts=THEN, created=THEN)
    school.session.add(cohort)
    school.session.commit()
    return cohort


def next_cohort(school: School, earlier: Cohort, **words: object) -> Cohort:
    """The next run of the same program, with a version of its own; the earlier one is over."""
    earlier.state = CohortState.CLOSED
    version = ProgramVersion(program=earlier.program, number=2, created=THEN, skills=SKILLS, topics=TOPICS)
    for name, value in words.items():
        setattr(version, name, value)
    version.kinds = [MentorKind(key="team", label="Team mentor", place=1)]
    cohort = Cohort(
        version=version, name="second", state=CohortState.RUNNING, starts=THEN + timedelta(days=90), created=THEN
    )
    school.session.add(cohort)
    school.session.commit()
    return cohort


def part(session: Session, cohort: Cohort, person: Enrolment) -> Participant:
    session.expire_all()
    found = part_of(session, cohort, person)
    assert found is not None
    return found


OFFER = {
    "capacity": "2",
    "kinds": ["technical"],
    "skills": ["SQL", "Public speaking"],
    "topics": ["Prepare to lead"],
    "languages": ["en"],
    "another": "pt",
    "timezone": "Europe/Lisbon",
    "usual": ["evenings"],
    "from-0-0": "08:30",
    "until-0-0": "10:00",
    "interests": ["Chess"],
    "question-0": "In leaps",
    "level": "7",
    "team": "Sales",
    "experience": "12",
    "types": ["one_on_one"],
    "words": "Somebody did it for me.",
    "shows": ["name", "skills"],
}
NEED = {
    "kinds": ["team"],
    "skills": ["Negotiating"],
    "topics": ["Find my way around"],
    "languages": ["en"],
    "another": "",
    "timezone": "UTC",
    "words": "Somebody to ask.",
    "level": "",
    "team": "",
    "question-0": "",
}
