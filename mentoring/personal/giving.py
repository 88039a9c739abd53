"""Everything mentoring holds about a person, as plain JSON; of others nothing but that they are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Person
from lti_tool.personal_data import Plain
from mentoring.mentorships import tasks
from mentoring.mentorships.agreement.standing import texts_of
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.timeline.models import StepMark, TimelineEntry
from mentoring.participants.models import (
    Participant,
    Passed,
)
from mentoring.together import wings


def export(session: Session, person: Person) -> Plain:
    parts = participants_of(session, person)
    memberships = session.scalars(
        select(Membership).where(Membership.participant_id.in_([each.id for each in parts])).order_by(Membership.id)
    )
    return {
        "taking_part": [_part(each) for each in parts],
        "mentorships": [_membership(each) for each in memberships],
        "timelines": [
            {"mentorship": each.mentorship.public_id, "title": each.title, "due": each.due.isoformat()}
            for each in _added(session, [each.id for each in parts])
        ],
        "tasks_given": tasks.given_by(session, [each.id for each in parts]),
        "steps_done": [
            {"mentorship": each.entry.mentorship.public_id, "title": each.entry.title, "done": each.done.isoformat()}
            for each in _marks(session, [each.id for each in parts])
        ],
        "agreements": [
            {"mentorship": version.mentorship.public_id, "version": version.number}
            | {name: getattr(version, name) for name in names}
            for version, names in texts_of(session, [each.id for each in parts]).items()
        ],
        "passed": [{"activity": each.activity, "at": each.at.isoformat()} for each in _passed(session, person)],
    } | {wing.key: wing.export(session, person, [each.id for each in parts]) for wing in wings()}


def _part(participant: Participant) -> dict[str, Any]:
    offer, need = participant.offer, participant.need
    return {
        "cohort": participant.cohort.public_id,
        "state": participant.state.value,
        "since": participant.created.isoformat(),
        "consented": participant.consented.isoformat() if participant.consented else None,
        "languages": participant.languages,
        "time_zone": participant.timezone,
        "free_half_hours": participant.hours,
        "interests": participant.interests,
        "answers": participant.answers,
        "level": participant.level,
        "team": participant.team,
        "shown_in_the_directory": participant.shows,
        "offer": offer
        and {
            "places": offer.capacity,
            "kinds": offer.kinds,
            "skills": offer.skills,
            "goals": offer.topics,
            "types": offer.types,
            "experience": offer.experience,
            "words": offer.words,
            "ticked_by_instructors": offer.checked,
        },
        "need": need and {"kinds": need.kinds, "skills": need.skills, "goals": need.topics, "words": need.words},
        "wishes": len(participant.wishes),
        "training": [{"item": each.item, "done": each.done.isoformat()} for each in participant.training],
    }


def _membership(membership: Membership) -> dict[str, Any]:
    mentorship = membership.mentorship
    return {
        "mentorship": mentorship.public_id,
        "kind": mentorship.kind.label,
        "part": membership.part.value,
        "state": mentorship.state.value,
        "since": membership.since.isoformat(),
        "until": membership.until.isoformat() if membership.until else None,
        "own_words": _own_words(mentorship, membership.part),
        "tasks_done": [task.title for task in mentorship.tasks if task.done_by_id == membership.participant_id],
    }


def _added(session: Session, participants: Sequence[int]) -> Sequence[TimelineEntry]:
    """What they put on timelines themselves."""
    return session.scalars(
        select(TimelineEntry).where(TimelineEntry.by_id.in_(participants)).order_by(TimelineEntry.id)
    ).all()


def _marks(session: Session, participants: Sequence[int]) -> Sequence[StepMark]:
    """What they have done of the program's steps."""
    return session.scalars(
        select(StepMark).where(StepMark.participant_id.in_(participants)).order_by(StepMark.id)
    ).all()


def _own_words(mentorship: Mentorship, part: Part) -> list[str]:
    said = [mentorship.question] if part is Part.MENTOR else [mentorship.case_text, mentorship.answer]
    return [words for words in said if words]


def _passed(session: Session, person: Person) -> Sequence[Passed]:
    return session.scalars(
        select(Passed).join(Passed.enrolment).where(Enrolment.person_id == person.id).order_by(Passed.id)
    ).all()


def participants_of(session: Session, person: Person) -> Sequence[Participant]:
    """Their parts in every cohort of every course."""
    return session.scalars(
        select(Participant).join(Participant.enrolment).where(Enrolment.person_id == person.id).order_by(Participant.id)
    ).all()
