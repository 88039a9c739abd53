"""What people say after a meeting: each of themselves whether they were there, what was talked about, what it gave.

Each act is handed a meeting of a mentorship that is held; the caller commits. All raise Refusal.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from mentoring.events import MeetingAttended, MeetingHeld, MeetingMissed
from mentoring.mentorships import living
from mentoring.mentorships.earlier.reading import was_there
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import Participant
from mentoring.together.meetings import closing
from mentoring.together.meetings.models import Function, Meeting, MeetingEntry, MeetingState, Useful
from mentoring.together.meetings.postcards import about, of_one


@dataclass(frozen=True, kw_only=True)
class Log:
    """What somebody says of a meeting."""

    has_attended: bool
    topics: str = ""
    actions: str = ""
    more: dict[str, str] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()


def say(session: Session, meeting: Meeting, log: Log, *, by: Participant, at: datetime) -> MeetingEntry:
    """Keep it, and see what it makes of the meeting; the first one that was held begins the mentorship."""
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(_("This meeting was called off, so there is nothing to say about it."))
    if not meeting.has_begun(at):
        raise Refusal(_("This meeting has not begun yet. Say how it was when you have met."))
    if not was_there(meeting.mentorship, by, meeting.starts):
        raise Refusal(_("This meeting was before you came, so there is nothing for you to say about it."))
    entry = meeting.entry_of(by)
    had_attended = entry is not None and entry.has_attended
    if entry is None:
        entry = MeetingEntry(participant=by, participant_id=by.id, written=at)
        meeting.entries.append(entry)
    entry.has_attended, entry.topics, entry.actions, entry.more = log.has_attended, log.topics, log.actions, log.more
    entry.functions = [each.value for each in log.functions] if log.has_attended else []
    entry.changed, entry.said_by_id = at, None
    if not log.has_attended:
        entry.useful = None
    session.flush()
    if log.has_attended and not had_attended:
        outbox.announce(session, MeetingAttended(**of_one(meeting, by, at)))
    _settle(session, meeting, by, at)
    return entry


def list_present(
    session: Session, meeting: Meeting, present: Collection[int], *, by: Participant, at: datetime
) -> None:
    """Who was there, ticked for everybody at once; what somebody has said of themselves stays as they said it.

    `present` are participant ids. Whoever ticks the list has been there, if anybody has whom they met.
    """
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(_("This meeting was called off, so there is nothing to say about it."))
    if not meeting.has_begun(at):
        raise Refusal(_("This meeting has not begun yet. Say who was there when you have met."))
    others = [person for person in meeting.mentorship.people if person.id != by.id]
    was_anybody = any(person.id in present for person in others)
    for person in [*others, by]:
        is_there = was_anybody if person.id == by.id else person.id in present
        _note(session, meeting, person, is_there, by=by, at=at)
    session.flush()
    _settle(session, meeting, by, at)


def _note(
    session: Session, meeting: Meeting, person: Participant, is_there: bool, *, by: Participant, at: datetime
) -> None:
    entry = meeting.entry_of(person)
    if entry is not None and entry.said_by_id is None:
        return
    was_there = entry is not None and entry.has_attended
    if entry is None:
        entry = MeetingEntry(participant=person, participant_id=person.id, written=at)
        meeting.entries.append(entry)
    entry.has_attended, entry.said_by_id, entry.changed = is_there, by.id, at
    if is_there and not was_there:
        session.flush()
        outbox.announce(session, MeetingAttended(**of_one(meeting, person, at)))


def judge(meeting: Meeting) -> MeetingState:
    """Held where somebody was there and another may have been; missed where no two can have been."""
    there = sum(entry.has_attended for entry in meeting.entries)
    spoken = {entry.participant_id for entry in meeting.entries}
    silent = sum(person.id not in spoken for person in meeting.mentorship.people)
    if there + silent < 2:
        return MeetingState.MISSED if spoken else MeetingState.PLANNED
    return MeetingState.HELD if there else MeetingState.PLANNED


def rate(meeting: Meeting, useful: Useful, *, by: Participant) -> None:
    entry = meeting.entry_of(by)
    if entry is None or not entry.has_attended:
        raise Refusal(_("Say first that you were there."))
    entry.useful = useful


def _settle(session: Session, meeting: Meeting, by: Participant, at: datetime) -> None:
    _judge_again(session, meeting, by, at)
    closing.close_when_all_have_said(session, meeting, at=at)


def _judge_again(session: Session, meeting: Meeting, by: Participant, at: datetime) -> None:
    judged = judge(meeting)
    if judged is meeting.state:
        return
    meeting.state = judged
    session.flush()
    if judged is MeetingState.HELD:
        outbox.announce(session, MeetingHeld(**about(meeting, at)))
        if meeting.mentorship.state is MentorshipState.ACCEPTED:
            living.begin(session, meeting.mentorship, by=by.enrolment, at=at)
        closing.close_soon(session, meeting, at=at)
    elif judged is MeetingState.MISSED:
        outbox.announce(session, MeetingMissed(**about(meeting, at)))
