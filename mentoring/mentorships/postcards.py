"""What every postcard about a mentorship says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lti_tool.events import Event
from lti_tool.models import Enrolment
from mentoring.events import (
    CircleBegan,
    CircleCompleted,
    CircleEnded,
    CirclePaused,
    CircleResumed,
    MentorshipBegan,
    MentorshipCompleted,
    MentorshipEnded,
    MentorshipPaused,
    MentorshipResumed,
)
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant


def about(mentorship: Mentorship, at: datetime) -> dict[str, Any]:
    """The part of an event that says which mentorship it is about: accounts and titles, no names and no texts."""
    return {
        **_of_program(mentorship, at),
        "mentee": mentorship.mentee.enrolment.who,
        "mentor": mentorship.mentor.enrolment.who,
        "mentorship": mentorship.public_id,
    }


def about_circle(circle: Mentorship, at: datetime) -> dict[str, Any]:
    """The same of a circle."""
    return {
        **_of_program(circle, at),
        "people": tuple(person.enrolment.who for person in circle.people),
        "circle": circle.public_id,
    }


def within(mentorship: Mentorship, who: Participant, at: datetime) -> dict[str, Any]:
    """The part of an event that says which of its people did something within it."""
    return {**_of_either(mentorship, at), "who": who.enrolment.who}


def among(mentorship: Mentorship, at: datetime) -> dict[str, Any]:
    """The same of what concerns all of its people alike."""
    return {**_of_either(mentorship, at), "people": tuple(person.enrolment.who for person in mentorship.people)}


def _of_either(mentorship: Mentorship, at: datetime) -> dict[str, Any]:
    """Of a pair or a circle."""
    return {
        **_of_program(mentorship, at),
        "mentorship": mentorship.public_id,
        "is_circle": mentorship.is_circle,
    }


def _of_program(mentorship: Mentorship, at: datetime) -> dict[str, Any]:
    program = mentorship.cohort.program
    return {
        "at": at,
        "where": program.course.where,
        "kind": mentorship.kind.label,
        "program": program.public_id,
        "program_title": program.title,
        "cohort": mentorship.cohort.public_id,
        "cohort_title": mentorship.cohort.title,
    }


def began(mentorship: Mentorship, at: datetime) -> Event:
    if mentorship.is_circle:
        return CircleBegan(**about_circle(mentorship, at))
    return MentorshipBegan(**about(mentorship, at))


def paused(mentorship: Mentorship, at: datetime) -> Event:
    if mentorship.is_circle:
        return CirclePaused(**about_circle(mentorship, at))
    return MentorshipPaused(**about(mentorship, at))


def resumed(mentorship: Mentorship, at: datetime) -> Event:
    if mentorship.is_circle:
        return CircleResumed(**about_circle(mentorship, at))
    return MentorshipResumed(**about(mentorship, at))


def completed(mentorship: Mentorship, at: datetime, by: Enrolment | None) -> Event:
    who = by.who if by else None
    if mentorship.is_circle:
        return CircleCompleted(**about_circle(mentorship, at), by=who)
    return MentorshipCompleted(**about(mentorship, at), by=who)


def ended(mentorship: Mentorship, at: datetime, by: Enrolment | None, reason: str) -> Event:
    """`by` nobody and no reason where one of those concerned did it."""
    who, outcome = by.who if by else None, mentorship.state.value
    if mentorship.is_circle:
        return CircleEnded(**about_circle(mentorship, at), by=who, outcome=outcome, reason=reason)
    return MentorshipEnded(**about(mentorship, at), by=who, outcome=outcome, reason=reason)
