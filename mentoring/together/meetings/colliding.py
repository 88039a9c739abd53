"""Who meets somebody else at a time that has just been booked: told in words to whoever booked it, and no refusal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import flash
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mentoring.mentorships.naming import by_name, names_of
from mentoring.participants.models import Participant
from mentoring.together.meetings.models import LONGEST, Meeting
from mentoring.together.meetings.queries import taken_by


def warn(session: Session, meetings: Sequence[Meeting], *, by: Participant) -> None:
    """Says on the next page who of these meetings, besides whoever booked them, is busy in one of them."""
    if busy := who_is_busy(session, meetings, by=by):
        names = names_of(busy)
        flash(
            _("At that time there is something else planned for: %(names)s. Ask whether it suits.", names=names),
            "warning",
        )


def who_is_busy(session: Session, meetings: Sequence[Meeting], *, by: Participant) -> list[Participant]:
    if not meetings:
        return []
    people = {each.id: each for meeting in meetings for each in meeting.mentorship.people if each.id != by.id}
    since = min(meeting.starts for meeting in meetings) - timedelta(minutes=LONGEST)
    until = max(meeting.ends for meeting in meetings)
    taken = taken_by(session, people.values(), since, until, but=meetings)
    busy = {
        person.id
        for meeting in meetings
        for person in meeting.mentorship.people
        if any(other.starts < meeting.ends and meeting.starts < other.ends for other in taken.get(person.id, ()))
    }
    return by_name(people[id] for id in busy)
