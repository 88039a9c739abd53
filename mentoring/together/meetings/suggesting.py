"""Times to suggest to the people of a mentorship: within everybody's windows, beside what they have planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lti_tool.pages import zone_of as clocks_of
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant
from mentoring.participants.suggesting import course_zone, zone_of
from mentoring.together.meetings.finding import Free, find
from mentoring.together.meetings.queries import taken


@dataclass(frozen=True)
class Suggested:
    moments: Sequence[datetime]
    silent: Sequence[Participant]
    """Who has not said when they are free, so that nothing can be suggested."""


def suggest(look: Look, *, minutes: int) -> Suggested:
    people = look.mentorship.people
    silent = [person for person in people if not person.hours]
    if silent:
        return Suggested([], silent)
    usual = course_zone(look.session, look.me.course)
    moments = find(
        [Free(tuple(person.hours), zone_of(person, usual)) for person in people],
        minutes=minutes,
        taken=taken(look.session, people, look.at),
        at=look.at,
        reader=clocks_of(look.me.person),
    )
    return Suggested(moments, [])
