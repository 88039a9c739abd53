"""Pay it forward: whose mentor has helped them to the end is asked whether they would mentor somebody themselves."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import mail, outbox
from lti_tool.mail import Words
from mentoring.events import MentorshipCompleted
from mentoring.mentorships.models import Mentorship
from mentoring.participants.queries import is_here
from mentoring.together.closure import evaluating
from mentoring.together.closure.closing import answer_of
from mentoring.together.closure.models import Next

INVITATIONS = "invitations"


def init_app(app: Flask) -> None:
    evaluating.init_app(app)
    outbox.subscribe(app, MentorshipCompleted, invite)


def invite(session: Session, event: MentorshipCompleted) -> None:
    """Once, to a mentee who has not said that they would rather not, and who mentors nobody yet."""
    mentorship = session.scalar(select(Mentorship).where(Mentorship.public_id == event.mentorship))
    if mentorship is None:
        return
    mentee = mentorship.mentee
    said = answer_of(session, mentorship, mentee)
    if mentee.as_mentor or not is_here(mentee.enrolment) or (said is not None and not said.wants(Next.MENTOR)):
        return

    def say() -> Words:
        how = _("What helped you helps somebody who begins now. Say what you could offer; looking promises nothing.")
        url = url_for("taking_part.offer", course=mentorship.cohort.course.public_id)
        return Words(_("Would you mentor somebody yourself?"), (how,), _("See what you could offer"), url)

    key = f"pay-it-forward:{mentorship.public_id}"
    mail.tell(session, mentee.enrolment, INVITATIONS, say, key=key, at=event.at)
