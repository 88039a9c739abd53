"""What meetings hold about a person: given out, and erased; what others wrote about the same meetings stays theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool.models import Person
from mentoring.together.meetings.models import CalendarFeed, Meeting, MeetingEntry, Occasion


def export(session: Session, _person: Person, participants: Sequence[int]) -> list[dict[str, Any]]:
    """What they planned and said themselves."""
    entries = session.scalars(
        select(MeetingEntry)
        .where(MeetingEntry.participant_id.in_(participants))
        .options(joinedload(MeetingEntry.meeting, innerjoin=True))
        .order_by(MeetingEntry.id)
    )
    planned = session.scalars(select(Meeting).where(Meeting.planned_by_id.in_(participants)).order_by(Meeting.id))
    said = [
        {
            "meeting": entry.meeting.public_id,
            "starts": entry.meeting.starts.isoformat(),
            "was_there": entry.has_attended,
            "talked_about": entry.topics,
            "actions": entry.actions,
            "more": entry.more,
            "good_for": entry.functions,
            "useful": entry.useful.value if entry.useful else None,
        }
        for entry in entries
    ]
    given = session.scalars(select(Occasion).where(Occasion.mentor_id.in_(participants)).order_by(Occasion.id))
    offered = [
        {
            "time_given": each.public_id,
            "starts": each.starts.isoformat(),
            "minutes": each.minutes,
            "seats": each.seats,
            "place": each.place,
            "agenda": each.agenda,
        }
        for each in given
    ]
    return (
        said
        + offered
        + [
            {
                "meeting": meeting.public_id,
                "starts": meeting.starts.isoformat(),
                "minutes": meeting.minutes,
                "state": meeting.state.value,
                "place": meeting.place,
                "agenda": meeting.agenda,
            }
            for meeting in planned
        ]
    )


def forget(session: Session, person: Person, participants: Sequence[int]) -> None:
    """Their words and addresses go; that there was a meeting stays, for the others."""
    session.execute(delete(MeetingEntry).where(MeetingEntry.participant_id.in_(participants)))
    session.execute(update(Meeting).where(Meeting.planned_by_id.in_(participants)).values(place="", agenda=""))
    session.execute(update(Occasion).where(Occasion.mentor_id.in_(participants)).values(place="", agenda=""))
    session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == person.id))
