"""Times to suggest to people who would meet: within their windows, beside what they have planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from lti_tool.pages import zone_of as clocks_of
from mentoring.mentorships.naming import by_name
from mentoring.mentorships.sections import Look
from mentoring.participants.models import Participant
from mentoring.participants.suggesting import course_zone, zone_of
from mentoring.together.meetings.finding import WEEKS, Free, Member, find, find_for_most
from mentoring.together.meetings.models import LONGEST
from mentoring.together.meetings.queries import taken, taken_by


@dataclass(frozen=True)
class ForMost:
    """A time that does not suit all."""

    starts: datetime
    missing: Sequence[Participant]
    """Who cannot, by name."""


@dataclass(frozen=True)
class Suggested:
    moments: Sequence[datetime]
    """That suit all."""
    silent: Sequence[Participant]
    """Who has not said when they are free."""
    most: Sequence[ForMost] = field(default=())
    """Of several, where none suits all."""

    @property
    def is_anything(self) -> bool:
        return bool(self.moments or self.most)

    def holds(self, moment: datetime) -> bool:
        return moment in self.moments or any(each.starts == moment for each in self.most)


def suggest(look: Look, *, minutes: int) -> Suggested:
    """To the people of a mentorship: what suits all, else to several what suits most and whoever looks."""
    people, mine = look.mentorship.people, look.mine
    silent = [person for person in people if not person.hours]
    if not silent:
        usual = course_zone(look.session, look.me.course)
        moments = find(
            [Free(tuple(person.hours), zone_of(person, usual)) for person in people],
            minutes=minutes,
            taken=taken(look.session, people, look.at),
            at=look.at,
            reader=clocks_of(look.me.person),
        )
        if moments:
            return Suggested(moments, [])
    if len(people) < 3 or mine is None:
        return Suggested([], silent)
    others = [person for person in people if person.id != mine.id]
    return suggest_to_several(look.session, look.me, mine, others, minutes=minutes, at=look.at)


def suggest_to_several(
    session: Session, me: Enrolment, mine: Participant, others: Sequence[Participant], *, minutes: int, at: datetime
) -> Suggested:
    """What suits whoever looks and as many of the others as possible, of those who have said when they are free."""
    silent = [person for person in (mine, *others) if not person.hours]
    known = [person for person in others if person.hours]
    if not mine.hours or not known:
        return Suggested([], silent)
    usual, longest = course_zone(session, me.course), timedelta(minutes=LONGEST)
    busy = taken_by(session, [mine, *known], at - longest, at + timedelta(weeks=WEEKS) + longest)

    def member(person: Participant) -> Member:
        return Member(Free(tuple(person.hours), zone_of(person, usual)), busy[person.id])

    found = find_for_most(
        member(mine), [member(each) for each in known], minutes=minutes, at=at, reader=clocks_of(me.person)
    )
    chances = [ForMost(each.starts, by_name(known[place] for place in each.missing)) for each in found]
    return Suggested(
        [each.starts for each in chances if not each.missing], silent, [each for each in chances if each.missing]
    )
