"""Somebody leaves the course: their mentorships wait for them for a while, and end if they do not come back.

Access ends at once, with the enrolment. The mentorship stays as it is for `GRACE`, because class lists are wrong for
a day more often than people leave for one; partner and instructor see until when. What they were asked, or asked,
rests at once: nobody waits for an answer that cannot come, and a mentee's next choice is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.events import PersonLeftCourse, PersonReturned
from lti_tool.models import Course, Enrolment, Person, Platform
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.mentorships import ending
from mentoring.mentorships.barring import usual_bars
from mentoring.mentorships.circles import absence
from mentoring.mentorships.holding import hold_people, lock
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.passing_on import pass_on
from mentoring.mentorships.states import OPEN, STANDING
from mentoring.mentorships.superseding import supersede
from mentoring.mentorships.winding import GRACE
from mentoring.participants.models import Participant

LANE = "mentoring-grace"


def init_app(app: Flask) -> None:
    # Asks come first: they hold people, and people are held before the mentorships that the grace holds.
    outbox.subscribe(app, PersonLeftCourse, let_asks_rest)
    outbox.subscribe(app, PersonLeftCourse, begin_grace)
    outbox.subscribe(app, PersonReturned, end_grace)
    outbox.register_carrier(app, LANE, GraceCarrier())
    absence.init_app(app)


def let_asks_rest(session: Session, event: PersonLeftCourse) -> None:
    """Whoever they asked, or were asked by, is told; a mentee whose mentor left is passed on."""
    theirs = _belonging_to(event).where(Mentorship.state.in_(OPEN)).with_only_columns(Mentorship.id)
    ids = session.scalars(theirs).all()
    if not ids:
        return
    hold_people(session, ids)
    for asked in lock(session, ids):
        if asked.is_open:
            is_mentor = asked.mentor.enrolment.who == event.who
            reason = ending.MENTOR_LEFT if is_mentor else ending.MENTEE_LEFT
            supersede(session, asked, at=event.at, reason=reason)
            if is_mentor:
                pass_on(session, asked, by=None, at=event.at, bars=usual_bars)


def begin_grace(session: Session, event: PersonLeftCourse) -> None:
    """Let their mentorships wait; one that waits already keeps its day. A circle goes on, and keeps their place."""
    for mentorship in _mentorships_of(session, event):
        if mentorship.is_circle:
            absence.wait(session, mentorship, event)
        elif mentorship.grace_ends is None:
            mentorship.grace_ends = event.at + GRACE
            body, key = {"mentorship": mentorship.id}, f"grace:{mentorship.id}"
            outbox.post(session, LANE, body, due=mentorship.grace_ends, key=key)


def end_grace(session: Session, event: PersonReturned) -> None:
    """Let those go on in which nobody is missing any more."""
    for mentorship in _mentorships_of(session, event):
        if not mentorship.is_circle and not _missing(mentorship):
            mentorship.grace_ends = None


def _mentorships_of(session: Session, event: PersonLeftCourse | PersonReturned) -> Sequence[Mentorship]:
    """The standing mentorships this person belongs to, held until the caller commits."""
    return session.scalars(
        _belonging_to(event)
        .where(Mentorship.state.in_(STANDING))
        .order_by(Mentorship.id)
        .with_for_update(of=Mentorship)
        .execution_options(populate_existing=True)
    ).all()


def _belonging_to(event: PersonLeftCourse | PersonReturned) -> Select[Mentorship]:
    theirs = (
        select(Membership.mentorship_id)
        .join(Membership.participant)
        .join(Participant.enrolment)
        .join(Enrolment.person)
        .join(Person.platform)
        .join(Enrolment.course)
        .where(
            Membership.until.is_(None),
            Platform.public_id == event.who.platform,
            Person.subject == event.who.subject,
            Course.public_id == event.where.course,
        )
    )
    return select(Mentorship).where(Mentorship.id.in_(theirs))


def _missing(mentorship: Mentorship) -> list[Part]:
    """The parts of those who belong to it and are not in the course."""
    present = [member for member in mentorship.members if member.until is None]
    return [member.part for member in present if not member.participant.enrolment.is_active]


class GraceCarrier:
    """Ends mentorships whose grace is over."""

    batch = 50

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_end_if_over(errand) for errand in errands]


def _end_if_over(errand: Errand) -> Outcome:
    at = clock.now()
    with transaction() as session:
        mentorship = session.scalar(
            select(Mentorship)
            .where(Mentorship.id == errand.body["mentorship"])
            .with_for_update(of=Mentorship)
            .execution_options(populate_existing=True)
        )
        if mentorship is None or mentorship.has_ended or mentorship.grace_ends is None:
            return Done()
        if mentorship.grace_ends > at:
            # They had come back and left once more: this letter is older than the grace.
            return Later("the grace still runs", (mentorship.grace_ends - at).total_seconds() + 0.001)
        missing = _missing(mentorship)
        if not missing:
            mentorship.grace_ends = None
            return Done()
        reason = ending.MENTEE_LEFT if Part.MENTEE in missing else ending.MENTOR_LEFT
        ending.end(session, mentorship, by=None, at=at, reason=reason)
    return Done()
