"""A pair is taken apart: by an instructor, or by the clock when one of them has left the course."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import MentorshipEnded
from mentoring.mentorships.models import Mentorship, Part

UNPAIRED, MENTEE_LEFT, MENTOR_LEFT = "unpaired", "mentee_left", "mentor_left"


def end(
    session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime, reason: str = UNPAIRED
) -> bool:
    """End it, free its places and announce it; the caller commits. False if it had ended before.

    `by` is nobody when the clock did.
    """
    if mentorship.has_ended:
        return False
    mentorship.end(by=by, at=at, reason=reason)
    session.flush()
    outbox.announce(session, _told(mentorship, by, at))
    return True


def _told(mentorship: Mentorship, by: Enrolment | None, at: datetime) -> MentorshipEnded:
    program = mentorship.cohort.program
    return MentorshipEnded(
        at=at,
        mentee=mentorship.person(Part.MENTEE).enrolment.who,
        mentor=mentorship.person(Part.MENTOR).enrolment.who,
        by=by.who if by else None,
        where=program.course.where,
        mentorship=mentorship.public_id,
        kind=mentorship.kind.label,
        program=program.public_id,
        program_title=program.title,
        outcome=mentorship.state.value,
        reason=mentorship.end_reason,
    )
