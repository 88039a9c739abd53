"""Secret addresses at which calendar programs read somebody's meetings; only their hashes are kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool.access import is_let_in
from lti_tool.arrivals.sessions import hashed
from lti_tool.models import Enrolment, Person
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.participants.models import Participant
from mentoring.together.meetings.models import CalendarFeed, Meeting, MeetingState, Occasion

BACK = timedelta(days=60)
"""How long meetings stay in the feed after they began."""
MOST = 1000


def make(session: Session, person: Person, *, at: datetime) -> str:
    """A new address, which is written nowhere else and shown once; the one before leads nowhere. The caller commits."""
    revoke(session, person, at=at)
    secret = secrets.token_urlsafe(24)
    session.add(CalendarFeed(secret=hashed(secret), person_id=person.id, created=at))
    return f"{current_app.config['PUBLIC_URL']}/calendar/{secret}.ics"


def revoke(session: Session, person: Person, *, at: datetime) -> None:
    """Whatever address they had leads nowhere any more; the caller commits."""
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == person.id, CalendarFeed.revoked.is_(None))
        .values(revoked=at)
    )


def feed_of(session: Session, person: Person) -> CalendarFeed | None:
    """The one that works now."""
    return session.scalar(
        select(CalendarFeed).where(CalendarFeed.person_id == person.id, CalendarFeed.revoked.is_(None))
    )


def find(session: Session, secret: str) -> CalendarFeed | None:
    return session.scalar(
        select(CalendarFeed).where(CalendarFeed.secret == hashed(secret), CalendarFeed.revoked.is_(None))
    )


def meetings_for(session: Session, person: Person, *, at: datetime) -> Sequence[Meeting]:
    """Their meetings in all courses they are still in, those called off as well: calendars have to hear of that."""
    enrolments = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.is_active)).all()
    let_in = [each.id for each in enrolments if is_let_in(each.course.deployment)]
    return session.scalars(
        select(Meeting)
        .join(Meeting.mentorship)
        .join(Membership, Membership.mentorship_id == Mentorship.id)
        .join(Membership.participant)
        .where(
            Participant.enrolment_id.in_(let_in),
            or_(Membership.until.is_(None), Membership.until == Mentorship.ended),
            Meeting.starts >= Membership.since,
            # What was called off when somebody stepped in is nothing that their calendar has ever shown.
            or_(Meeting.state != MeetingState.CANCELLED, Meeting.created >= Membership.since),
            Meeting.starts > at - BACK,
        )
        .options(
            joinedload(Meeting.occasion).joinedload(Occasion.mentor).joinedload(Participant.enrolment),
            contains_eager(Meeting.mentorship)
            .selectinload(Mentorship.members)
            .joinedload(Membership.participant, innerjoin=True)
            .joinedload(Participant.enrolment, innerjoin=True)
            .joinedload(Enrolment.person, innerjoin=True),
        )
        .order_by(Meeting.starts, Meeting.id)
        .limit(MOST)
    ).all()
