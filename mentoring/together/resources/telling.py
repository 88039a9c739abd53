"""What people are told about resources: who shared something; what it is stands inside."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.together.resources.models import Resource


def shared(session: Session, mentorship: Mentorship, resource: Resource, *, by: Participant, at: datetime) -> None:
    def say() -> Words:
        subject = _("%(name)s has shared something with you", name=in_sentence(by.name))
        return Words(subject, (), _("Look at it"), page_of(mentorship))

    for person in mentorship.people:
        if person.id != by.id:
            mail.tell(session, person.enrolment, MENTORSHIPS, say, key=f"resource:{resource.public_id}", at=at)


def page_of(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return url_for("resources.of_mentorship", course=course, mentorship_id=mentorship.public_id)
