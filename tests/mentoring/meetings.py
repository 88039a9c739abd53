"""Meetings booked and held, for tests that go on from there."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from mentoring.mentorships.circles.forming import form
from mentoring.mentorships.models import Mentorship
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Participant
from mentoring.programs.choices import Channel
from mentoring.together.meetings import attending, scheduling
from mentoring.together.meetings.attending import Log
from mentoring.together.meetings.models import Meeting, MeetingState
from mentoring.together.meetings.scheduling import Plan
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.circles import of_peers
from tests.mentoring.conftest import School

A_DAY = timedelta(days=1)
NOON = time(12, 0)


def a_pair(school: School) -> Mentorship:
    """Leo and Maya, who have not met yet."""
    school.mentors(maya=1)
    return school.paired(school.leo, school.maya)


def a_circle(school: School) -> Mentorship:
    """Leo, Maya and Zoe, who have not met yet."""
    of_peers(school, smallest=2, largest=3)
    people = (school.leo, school.maya, school.zoe)
    join(school.session, school.cohort, people, at=THEN)
    found = hold(school.session, school.cohort, people)
    [circle] = form(school.session, school.cohort, [list(found.values())], by=school.ines, at=THEN)
    school.session.commit()
    return circle


def plan(days: int = 1, **said: Any) -> Plan:
    """At noon, so many days after Monday, 23 November 2026."""
    usual: dict[str, Any] = {"clock": NOON, "zone": "UTC", "minutes": 60, "channel": Channel.ANY}
    return Plan(**{"day": (THEN + days * A_DAY).date(), **usual, **said})


def booked(
    school: School, mentorship: Mentorship, by: Participant, days: int = 1, *, times: int = 1, **said: Any
) -> list[Meeting]:
    """So many meetings, a week apart."""
    wanted = plan(days, **said)
    made = scheduling.book(school.session, held(school, mentorship), wanted, times=times, by=by, at=THEN)
    school.session.commit()
    return list(made)


def said(school: School, meeting: Meeting, by: Participant, *, was_there: bool = True, **words: Any) -> None:
    held(school, meeting.mentorship)
    log = Log(has_attended=was_there, **words)
    attending.say(school.session, meeting, log, by=by, at=meeting.ends)
    school.session.commit()


def many(school: School, mentorship: Mentorship, number: int) -> None:
    """So many meetings, half of them planned and half of them held, in rows alone."""
    for each in range(number):
        is_past = each % 2
        starts = datetime(2026, 11, 23, 12, tzinfo=UTC) + (-1 if is_past else 1) * (each + 1) * A_DAY / 4
        school.session.add(
            Meeting(
                mentorship_id=mentorship.id,
                state=MeetingState.HELD if is_past else MeetingState.PLANNED,
                starts=starts,
                minutes=30,
                timezone="UTC",
                channel=Channel.ANY,
                planned_by=mentorship.mentee,
                created=THEN,
                changed=THEN,
            )
        )
    school.session.commit()
