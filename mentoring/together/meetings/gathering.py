"""A mentor meets several of their mentees at once: with seats, those who come, and one list of who was there.

Everybody concerned is held, people first and their mentorships after them, so that a seat is given once. Each act
raises Refusal; the caller commits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mentoring.mentorships.holding import hold_people, lock
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import Refusal
from mentoring.participants.joining import hold
from mentoring.participants.models import Participant
from mentoring.together.meetings import attending, occasions, scheduling
from mentoring.together.meetings.models import Meeting, Occasion
from mentoring.together.meetings.scheduling import Plan


def gather(
    session: Session, mentor: Participant, wanted: Sequence[Mentorship], plan: Plan, seats: int, *, at: datetime
) -> Occasion:
    """Meet the mentees of these mentorships at once; the others of the mentor's may take a seat that is left."""
    starts = scheduling.moment_to_come(plan, at)
    mentorships = _held(session, [each.id for each in wanted])
    if not mentorships:
        raise Refusal(_("Choose who is to come."))
    if len(mentorships) > seats:
        raise Refusal(_("More are to come than there are seats. Add seats, or choose fewer people."))
    occasions.must_be_free(session, mentor, starts, plan.minutes)
    occasion = Occasion(
        mentor=mentor,
        is_slot=False,
        starts=starts,
        minutes=plan.minutes,
        timezone=plan.zone,
        channel=plan.channel,
        place=plan.place,
        agenda=plan.agenda,
        seats=seats,
        created=at,
    )
    session.add(occasion)
    session.flush()
    scheduling.meet_on(session, occasion, mentorships, by=mentor, at=at)
    return occasion


def come(session: Session, occasion: Occasion, mentorship: Mentorship, *, by: Participant, at: datetime) -> Meeting:
    """A mentee takes a seat that is left."""
    held = next(iter(_held(session, [mentorship.id])), None)
    occasions.held(session, occasion)
    if held is None or occasion.is_slot or not occasion.is_open(at):
        raise Refusal(_("This meeting is not open any more."))
    if any(each.mentorship_id == held.id for each in occasion.coming):
        raise Refusal(_("You have a seat already."))
    if not occasion.free:
        raise Refusal(_("All seats are taken. Ask your mentor whether there can be one more."))
    occasions.must_be_free(session, by, occasion.starts, occasion.minutes)
    [meeting] = scheduling.meet_on(session, occasion, [held], by=by, at=at)
    return meeting


def move(session: Session, occasion: Occasion, plan: Plan, seats: int, *, by: Participant, at: datetime) -> int:
    """The same for all who come; how many meetings are different now."""
    hold_all(session, occasion)
    if not occasion.is_open(at):
        raise Refusal(_("This meeting is not planned any more, so it stays as it is. Book another one."))
    if seats < len(occasion.coming):
        raise Refusal(_("More come than there would be seats. Add seats, or ask somebody to stay away."))
    starts = scheduling.moment_to_come(plan, at)
    occasions.must_be_free(session, by, starts, plan.minutes, but=occasion)
    occasion.seats = seats
    return scheduling.move_occasion(session, occasion, plan, by=by, at=at)


def call_off(session: Session, occasion: Occasion, *, by: Participant, at: datetime) -> int:
    """It does not take place; how many are told."""
    hold_all(session, occasion)
    if not occasion.is_open(at):
        raise Refusal(_("This meeting is not planned any more, so it stays as it is. Book another one."))
    planned = [meeting for meeting in occasion.coming if meeting.is_planned]
    for meeting in planned:
        scheduling.cancel(session, meeting, with_rest=False, by=by, at=at)
    occasion.cancelled = at
    return len(planned)


def list_present(
    session: Session, occasion: Occasion, present: Collection[str], *, by: Participant, at: datetime
) -> None:
    """Who was there, by the public ids of their meetings; who is not named was not. Their own word wins."""
    hold_all(session, occasion)
    if not occasion.has_begun(at):
        raise Refusal(_("This meeting has not begun yet. Say who was there when you have met."))
    for meeting in occasion.coming:
        if meeting.mentorship.is_standing:
            there = {person.id for person in meeting.mentorship.people} if meeting.public_id in present else set()
            attending.list_present(session, meeting, there, by=by, at=at)


def _held(session: Session, mentorship_ids: Sequence[int]) -> list[Mentorship]:
    """Those of them that stand, held with their people."""
    hold_people(session, mentorship_ids)
    return [each for each in lock(session, mentorship_ids) if each.is_standing]


def hold_all(session: Session, occasion: Occasion) -> None:
    """Everybody who comes, their mentorships, and the seats."""
    mentorships = [meeting.mentorship for meeting in occasion.coming]
    people = [person.enrolment for each in mentorships for person in each.people]
    hold(session, occasion.mentor.cohort, [occasion.mentor.enrolment, *people])
    lock(session, [each.id for each in mentorships])
    occasions.held(session, occasion)
