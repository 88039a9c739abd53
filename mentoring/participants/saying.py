"""People say what they offer and what they need, themselves or through an instructor."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.participants.joining import hold, join
from mentoring.participants.models import SHOWS_NOTHING, MenteeNeed, MentorOffer, Participant
from mentoring.participants.queries import loads
from mentoring.participants.said import About, Lists, Needed, Offered, Question
from mentoring.programs.models import Cohort, ProgramVersion


class TooFewPlaces(Exception):
    """Somebody would have fewer places than mentees."""

    def __init__(self, load: int) -> None:
        super().__init__(f"{load} places are taken.")
        self.load = load


def lists_of(version: ProgramVersion | None) -> Lists:
    """What can be chosen in this version; nothing before there is a program."""
    if version is None:
        return Lists()
    return Lists(
        kinds={kind.key: kind.label for kind in version.kinds},
        skills=version.skills,
        topics=version.topics,
        interests=version.interests,
        questions=[Question(each["key"], each["text"], tuple(each["answers"])) for each in version.questions],
    )


def say_offer(
    session: Session, cohort: Cohort, person: Enrolment, said: Offered, about: About, *, at: datetime
) -> Participant:
    """This is what they offer from now on; the caller commits. Raises TooFewPlaces and changes nothing then."""
    participant = held(session, cohort, person, at=at)
    load = loads(session, [participant])[participant.id]
    if said.capacity < load:
        raise TooFewPlaces(load)
    participant.as_mentor = True
    offer = participant.offer = participant.offer or MentorOffer(created=at)
    offer.capacity, offer.kinds, offer.skills = said.capacity, list(said.kinds), list(said.skills)
    offer.topics, offer.types, offer.experience = list(said.topics), list(said.types), said.experience
    offer.words, offer.changed = said.words, at
    if said.shows is not None:
        participant.shows = list(said.shows) or [SHOWS_NOTHING]
    _tell_about(participant, about)
    session.flush()
    return participant


def say_need(
    session: Session, cohort: Cohort, person: Enrolment, said: Needed, about: About, *, at: datetime
) -> Participant:
    """This is what they seek from now on; the caller commits."""
    participant = held(session, cohort, person, at=at)
    participant.as_mentee = True
    need = participant.need = participant.need or MenteeNeed(created=at)
    need.kinds, need.skills, need.topics = list(said.kinds), list(said.skills), list(said.topics)
    need.words, need.changed = said.words, at
    _tell_about(participant, about)
    session.flush()
    return participant


def held(session: Session, cohort: Cohort, person: Enrolment, *, at: datetime) -> Participant:
    """Their part in the cohort, begun if need be, which nobody else changes until the caller commits."""
    join(session, cohort, [person], at=at)
    return hold(session, cohort, [person])[person.id]


def about_of(participant: Participant | None) -> About:
    """What they have said of themselves."""
    return _shared(About, participant)


def offered_by(participant: Participant | None, *, default_capacity: int) -> Offered:
    if participant is None or participant.offer is None:
        return Offered(capacity=default_capacity)
    said = participant.offer
    return Offered(
        capacity=said.capacity,
        kinds=said.kinds,
        skills=said.skills,
        topics=said.topics,
        types=said.types,
        experience=said.experience,
        words=said.words,
        shows=[each.value for each in participant.shown],
    )


def needed_by(participant: Participant | None) -> Needed:
    return _shared(Needed, participant.need if participant else None)


Said = TypeVar("Said", About, Needed)


def _shared(kind: type[Said], row: Participant | MenteeNeed | None) -> Said:
    return kind(**{name: getattr(row, name) for name in kind.__dataclass_fields__}) if row else kind()


def _tell_about(participant: Participant, about: About) -> None:
    participant.languages, participant.timezone = list(about.languages), about.timezone
    participant.hours, participant.interests = list(about.hours), list(about.interests)
    participant.answers, participant.level, participant.team = dict(about.answers), about.level, about.team
