"""The two of a pair are told that a check-in was answered, if it is theirs to read; none of its words."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from mentoring.mentorships.earlier.reading import was_there
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.together.checkins.models import CheckIn


def answered(session: Session, check_in: CheckIn, *, at: datetime) -> None:
    mentorship = check_in.mentorship

    def say() -> Words:
        course = mentorship.cohort.course.public_id
        page = url_for("mentorships.mentorship", course=course, mentorship_id=mentorship.public_id)
        how = _("A manager has said what change they see. It stands on the page of your mentorship.")
        return Words(_("A check-in was answered"), (how,), _("Read it"), page)

    readers = [person for person in mentorship.people if was_there(mentorship, person, check_in.asked)]
    for person in readers:
        mail.tell(session, person.enrolment, MENTORSHIPS, say, key=f"check-in:{check_in.public_id}", at=at)
