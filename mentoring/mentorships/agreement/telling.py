"""What people are told about their agreement: that there is something to sign, and that it holds; none of its words."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from mentoring.mentorships.agreement.models import Agreement
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.names import in_sentence
from mentoring.participants.models import Participant


def to_sign(session: Session, mentorship: Mentorship, version: Agreement, *, by: Participant, at: datetime) -> None:
    """Ask everybody but whoever wrote it."""

    def say() -> Words:
        subject = _("%(name)s has written down what you agree on", name=in_sentence(by.name))
        how = _("Read it and sign it, or change it: what you change waits for their signature.")
        return Words(subject, (how,), _("Read it"), _page(mentorship))

    for person in mentorship.people:
        if person is not by:
            key = f"agreement:{version.public_id}"
            mail.tell(session, person.enrolment, MENTORSHIPS, say, key=key, at=at)


def holds(
    session: Session, mentorship: Mentorship, version: Agreement, *, by: Participant | None, at: datetime
) -> None:
    """Tell everybody but whoever signed last."""

    def say() -> Words:
        how = _("All of you have signed it. It can be changed at any time, by a new version.")
        return Words(_("Your agreement holds"), (how,), _("Open"), _page(mentorship))

    for person in mentorship.people:
        if person is not by:
            key = f"agreed:{version.public_id}"
            mail.tell(session, person.enrolment, MENTORSHIPS, say, key=key, at=at)


def _page(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return url_for("mentorships.agreement", course=course, mentorship_id=mentorship.public_id)
