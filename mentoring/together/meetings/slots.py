"""Flash mentors publish single times; whoever books one is their mentee from then on, and meets them once.

Publishing is the mentor's yes, and booking the mentee's: the pair is proposed as any other, with all its rules, and
agreed to in the same moment. Each act raises Refusal; the caller commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import SlotMoved, SlotPublished, SlotWithdrawn
from mentoring.mentorships import ending
from mentoring.mentorships.barring import usual_bars
from mentoring.mentorships.holding import hold as hold_mentorship
from mentoring.mentorships.ledger import Pair
from mentoring.mentorships.models import Mentorship, Origin, Part
from mentoring.mentorships.proposing import Story, propose_as
from mentoring.mentorships.refusing import Refusal, barred
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.rules import Rule
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_here
from mentoring.programs.choices import MentoringType
from mentoring.programs.models import Cohort
from mentoring.together.meetings import gathering, occasions, scheduling
from mentoring.together.meetings.models import Meeting, Occasion
from mentoring.together.meetings.queries import planned
from mentoring.together.meetings.scheduling import Plan

SLOT_GIVEN_UP = "slot_given_up"
"""Why a mentorship that a booking made was called off before it began."""


def are_published_in(cohort: Cohort | None) -> bool:
    return cohort is not None and cohort.version.mentoring_type == MentoringType.FLASH


def publish(session: Session, cohort: Cohort, mentor: Participant, plan: Plan, seats: int, *, at: datetime) -> Occasion:
    """Offer this time; the mentor is held, so that two of theirs never overlap."""
    if not are_published_in(cohort):
        raise Refusal(_("Times are offered in programs of single meetings only. Book meetings with your mentees."))
    starts = scheduling.moment_to_come(plan, at)
    held = hold(session, cohort, [mentor.enrolment])[mentor.enrolment_id]
    if held.offer is None or not held.as_mentor:
        raise Refusal(_("You do not mentor at present, so there is nobody who could book this."))
    if _to_come(session, held, at) >= occasions.MOST:
        raise Refusal(_("You offer %(most)d times already. Take one away first.", most=occasions.MOST))
    occasions.must_be_free(session, held, starts, plan.minutes)
    made = Occasion(
        mentor=held,
        is_slot=True,
        starts=starts,
        minutes=plan.minutes,
        timezone=plan.zone,
        channel=plan.channel,
        place=plan.place,
        seats=seats,
        created=at,
    )
    session.add(made)
    session.flush()
    outbox.announce(session, SlotPublished(**_about(cohort, made, at)))
    return made


def book(session: Session, cohort: Cohort, slot: Occasion, *, by: Enrolment, at: datetime) -> Meeting:
    """A seat is mine: the pair is one, and meets then. Of two who want the last one, the first gets it."""
    if is_here(by):
        join(session, cohort, [by], at=at)
    people = hold(session, cohort, [by, slot.mentor.enrolment])
    occasions.held(session, slot)
    if by.id not in people or (by.is_instructor and not people[by.id].as_mentee):
        raise barred(Rule.MENTEE_GONE, by, slot.mentor.enrolment)
    if not slot.is_open(at):
        raise Refusal(_("This time is not offered any more. Choose another one."))
    if occasions.is_booked_by(slot, by):
        raise Refusal(_("You have booked this time already."))
    if not slot.free:
        raise Refusal(_("Somebody else has just taken the last seat. Choose another time."))
    if by.id != slot.mentor.enrolment_id:
        occasions.must_be_free(session, people[by.id], slot.starts, slot.minutes)
    mentorship = _theirs(session, cohort, slot, by) or _paired(session, cohort, slot, by=by, at=at)
    [meeting] = scheduling.meet_on(session, slot, [mentorship], by=people[by.id], at=at)
    return meeting


def move(
    session: Session, cohort: Cohort, slot: Occasion, plan: Plan, seats: int, *, by: Participant, at: datetime
) -> int:
    """It is to be then, or so, instead; how many who had booked it are told, each of whom can call theirs off."""
    moved = gathering.move(session, slot, plan, seats, by=by, at=at)
    outbox.announce(session, SlotMoved(**_about(cohort, slot, at)))
    return moved


def give_up(session: Session, meeting: Meeting, *, by: Enrolment, at: datetime) -> None:
    """They do not meet then: the seat is free again, and a mentorship that was for this alone is called off."""
    mentorship = meeting.mentorship
    if not meeting.is_planned or meeting.has_begun(at):
        raise Refusal(_("This meeting is not planned any more, so it stays as it is. Book another one."))
    me = next(person for person in mentorship.people if person.enrolment_id == by.id)
    if mentorship.state is MentorshipState.ACCEPTED and not _meet_besides(session, meeting):
        ending.end(session, mentorship, by=by, at=at, reason=SLOT_GIVEN_UP)
    else:
        scheduling.cancel(session, meeting, with_rest=False, by=me, at=at)


def withdraw(session: Session, cohort: Cohort, slot: Occasion, *, by: Enrolment, at: datetime) -> int:
    """The mentor does not offer it any more; how many who had booked it are told that it is called off."""
    hold(session, cohort, [by])
    occasions.held(session, slot)
    if not slot.is_open(at):
        raise Refusal(_("This time is past or taken back already, so it stays as it is."))
    booked = [meeting for meeting in slot.coming if meeting.is_planned]
    for meeting in booked:
        hold_mentorship(session, meeting.mentorship_id)
        give_up(session, meeting, by=by, at=at)
    slot.cancelled = at
    session.flush()
    outbox.announce(session, SlotWithdrawn(**_about(cohort, slot, at)))
    return len(booked)


def _theirs(session: Session, cohort: Cohort, slot: Occasion, me: Enrolment) -> Mentorship | None:
    """The mentorship in which this mentor is mine already, held."""
    mine = occasions.standing_of(session, cohort, me, (Part.MENTEE,))
    found = next((each.id for each in mine if each.mentor.id == slot.mentor_id), None)
    held = hold_mentorship(session, found) if found is not None else None
    return held if held is not None and held.is_standing else None


def _paired(session: Session, cohort: Cohort, slot: Occasion, *, by: Enrolment, at: datetime) -> Mentorship:
    """The pair, for the first kind of mentor that I have a place for and they offer; raises Refusal."""
    mentor, story = slot.mentor.enrolment, Story(origin=Origin.REQUEST, is_agreed=True)
    offered = slot.mentor.offer.kinds if slot.mentor.offer else []
    kinds = [kind for kind in cohort.version.kinds if not offered or kind.key in offered]
    rule = Rule.NOT_OFFERED
    for kind in kinds:
        pair = Pair(by, mentor, kind)
        result = propose_as(session, cohort, [pair], story, by=by, at=at, bars=usual_bars)
        if result.made:
            return result.made[0]
        rule = result.refused[0].rule
        if rule is not Rule.KIND_FILLED:
            break
    raise barred(rule, by, mentor)


def _meet_besides(session: Session, meeting: Meeting) -> bool:
    """Whether the two have planned something else."""
    return any(each.id != meeting.id for each in planned(session, meeting.mentorship))


def _to_come(session: Session, mentor: Participant, at: datetime) -> int:
    given = (Occasion.mentor_id == mentor.id, Occasion.cancelled.is_(None), Occasion.starts > at)
    return session.scalar(select(func.count()).select_from(Occasion).where(*given)) or 0


def _about(cohort: Cohort, slot: Occasion, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "where": cohort.course.where,
        "kind": cohort.version.kinds[0].label,
        "program": cohort.program.public_id,
        "program_title": cohort.program.title,
        "who": slot.mentor.enrolment.who,
        "slot": slot.public_id,
        "starts": slot.starts,
        "minutes": slot.minutes,
        "seats": slot.seats,
    }
