"""A class that has said what it offers and needs: so many mentees and mentors, drawn from a seed."""

from __future__ import annotations

from random import Random
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Role
from mentoring.participants.models import MenteeNeed, MentorOffer, Participant
from mentoring.programs.models import Cohort
from tests.cast import THEN, Cast

SKILLS = ("Budgeting", "Chemistry", "Databases", "Drawing", "German", "Python", "Statistics", "Writing")
TOPICS = ("Career", "Exams", "Settling in")
LANGUAGES = ("de", "en", "fr")


def mentee(cohort: Cohort, person: Enrolment, **said: Any) -> Participant:
    """Somebody who seeks; what is not about everybody is about their need."""
    need = {name: said.pop(name) for name in ("kinds", "skills", "topics", "words") if name in said}
    made = Participant(cohort=cohort, enrolment=person, as_mentee=True, created=THEN, **said)
    made.need = MenteeNeed(created=THEN, changed=THEN, **need)
    return made


def mentor(cohort: Cohort, person: Enrolment, capacity: int = 1, **said: Any) -> Participant:
    """Somebody who offers places; what is not about everybody is about their offer."""
    offer = {name: said.pop(name) for name in ("kinds", "skills", "topics", "experience", "words") if name in said}
    made = Participant(cohort=cohort, enrolment=person, as_mentor=True, created=THEN, **said)
    made.offer = MentorOffer(capacity=capacity, created=THEN, changed=THEN, **offer)
    return made


def drawn_class(
    session: Session, cast: Cast, course: Course, cohort: Cohort, *, mentees: int, mentors: int, seed: int = 4
) -> None:
    """So many of both, with places enough for all but a few."""
    random = Random(seed)
    places = -(-mentees // mentors)
    for number in range(mentors):
        person = cast.enrol(course, f"Mentor {seed}-{number:03}", Role.ASSISTANT)
        session.add(
            mentor(
                cohort,
                person,
                places,
                skills=random.sample(SKILLS, 3),
                topics=random.sample(TOPICS, 1),
                languages=random.sample(LANGUAGES, random.choice((1, 2))),
            )
        )
    for number in range(mentees):
        person = cast.enrol(course, f"Mentee {seed}-{number:03}")
        session.add(
            mentee(
                cohort,
                person,
                skills=random.sample(SKILLS, 3),
                topics=random.sample(TOPICS, 1),
                languages=random.sample(LANGUAGES, random.choice((1, 2))),
            )
        )
    session.commit()
