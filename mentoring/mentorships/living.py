"""A mentorship begins, rests, goes on, and is completed. Each act is handed one that is held; the caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from mentoring.mentorships import postcards, telling_people
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.refusing import Refusal, require
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline import reaching
from mentoring.mentorships.timeline.models import Step
from mentoring.mentorships.winding import wind

LONGEST_PAUSE = timedelta(days=60)


def begin(session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    """The two, or those of a circle, have met for the first time, or have signed their agreement."""
    require(mentorship, Act.BEGIN, by)
    mentorship.move(MentorshipState.ACTIVE, by=by, at=at)
    mentorship.nudged = None
    reaching.reach(session, mentorship, Step.KICK_OFF, at=at)
    wind(session, mentorship)
    outbox.announce(session, postcards.began(mentorship, at))


def latest_pause(mentorship: Mentorship, at: datetime) -> datetime:
    """Until when a pause that begins now may last."""
    longest = at + LONGEST_PAUSE
    return min(longest, mentorship.planned_end) if mentorship.planned_end else longest


def pause(session: Session, mentorship: Mentorship, *, until: datetime, by: Enrolment, at: datetime) -> None:
    """Rest until then; the place is still held, and nobody is reminded."""
    require(mentorship, Act.PAUSE, by)
    latest = latest_pause(mentorship, at)
    if latest <= at:
        raise Refusal(_("The planned end has come. Complete the mentorship instead of pausing it."))
    if until <= at:
        raise Refusal(_("Choose a day to come, on which you go on."))
    if until > latest:
        raise Refusal(_("A pause lasts until %(when)s at the latest. Choose an earlier day.", when=local_time(latest)))
    mentorship.move(MentorshipState.PAUSED, by=by, at=at)
    mentorship.paused_until = until
    wind(session, mentorship)
    outbox.announce(session, postcards.paused(mentorship, at))
    telling_people.paused(session, mentorship, by=by, at=at)


def missing(mentorship: Mentorship) -> list[Membership]:
    """The members without whom it cannot go on, and who are not in the course; a circle goes on without any of them."""
    if mentorship.is_circle:
        return []
    return [
        member for member in mentorship.members if member.until is None and not member.participant.enrolment.is_active
    ]


def resume(session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    """Go on: a member says so, or the day has come. Both of a pair have to be in the course."""
    require(mentorship, Act.RESUME, by)
    if missing(mentorship):
        raise Refusal(_("One of the two is not in the course at present, so this cannot go on."))
    mentorship.move(MentorshipState.ACTIVE, by=by, at=at)
    mentorship.paused_until, mentorship.nudged = None, None
    wind(session, mentorship)
    outbox.announce(session, postcards.resumed(mentorship, at))
    telling_people.resumed(session, mentorship, by=by, at=at)


def complete(session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    """The planned end: its place is free again, and both have done what they set out to do."""
    require(mentorship, Act.COMPLETE, by)
    mentorship.move(MentorshipState.COMPLETED, by=by, at=at)
    session.flush()
    outbox.announce(session, postcards.completed(mentorship, at, by))
    telling_people.completed(session, mentorship, by=by, at=at)
