"""The directory of mentors: what mentors choose to show, and whether they have a place left; never how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from lti_tool.access import MEMBERS
from lti_tool.models import Enrolment
from mentoring.names import alphabetically, answers_to
from mentoring.participants.excluding import are_kept_apart_by_themselves
from mentoring.participants.facts import Fact, offer_facts
from mentoring.participants.models import MentorOffer, Participant, ParticipantState, Shows
from mentoring.participants.queries import loads
from mentoring.participants.said import Lists
from mentoring.programs.models import Cohort


class Light(StrEnum):
    """Whether somebody has a place left."""

    FREE = "free"
    ONE_LEFT = "one_left"
    FULL = "full"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader of the directory looks for; only what a mentor shows is looked at."""

    name: str = ""
    kind: str = ""
    skill: str = ""
    topic: str = ""
    language: str = ""

    @property
    def is_anything(self) -> bool:
        return any((self.name, self.kind, self.skill, self.topic, self.language))


@dataclass(frozen=True)
class Entry:
    """A mentor as the directory shows them."""

    mentor: str
    """Which participant of the run it is, by public id."""
    person: Enrolment
    light: Light
    facts: list[Fact] = field(default_factory=list)


def listed(session: Session, cohort: Cohort, reader: Enrolment) -> list[Participant]:
    """The mentors who stand in the directory, by name: they take part, offer something, and show their name.

    Two people of whom one has said that they are not to be matched do not find each other in it.
    """
    found = session.scalars(
        select(Participant)
        .join(Participant.offer)
        .join(Participant.enrolment)
        .where(
            Participant.cohort_id == cohort.id,
            Participant.as_mentor,
            Participant.state == ParticipantState.TAKING_PART,
            MentorOffer.capacity > 0,
            Enrolment.is_active,
            ~Enrolment.is_test,
            Enrolment.role.in_(MEMBERS),
            ~are_kept_apart_by_themselves(reader, Participant.enrolment_id),
        )
        .options(contains_eager(Participant.offer), contains_eager(Participant.enrolment))
    ).all()
    shown = [participant for participant in found if Shows.NAME in participant.shown]
    return sorted(shown, key=lambda participant: alphabetically(participant.enrolment))


def matching(mentors: Sequence[Participant], wanted: Wanted) -> list[Participant]:
    return [mentor for mentor in mentors if _answers(mentor, wanted)]


def entries(session: Session, mentors: Sequence[Participant], lists: Lists) -> list[Entry]:
    """What is shown of these mentors, with one query for the places of all."""
    taken = loads(session, mentors)
    return [
        Entry(
            mentor.public_id,
            mentor.enrolment,
            light_of(mentor.capacity - taken[mentor.id]),
            offer_facts(mentor, lists, only=mentor.shown - {Shows.NAME}),
        )
        for mentor in mentors
    ]


def light_of(free: int) -> Light:
    if free <= 0:
        return Light.FULL
    return Light.ONE_LEFT if free == 1 else Light.FREE


def _answers(mentor: Participant, wanted: Wanted) -> bool:
    """By what they hide nobody is found: otherwise a filter would tell it."""
    offer, shown = mentor.offer, mentor.shown
    if offer is None or (wanted.name and not answers_to(mentor.enrolment, wanted.name)):
        return False
    asked = (
        (wanted.kind, Shows.KINDS, offer.kinds or [wanted.kind]),
        (wanted.skill, Shows.SKILLS, offer.skills),
        (wanted.topic, Shows.TOPICS, offer.topics),
        (wanted.language, Shows.LANGUAGES, mentor.languages),
    )
    return all(not value or (each in shown and value in said) for value, each, said in asked)
