"""What people are told about messages: who wrote to them. What was written stays inside."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import NoticeKind, Words
from mentoring.mentorships.models import Mentorship
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.together.conversation.models import Message

MESSAGES = "messages"
KIND = NoticeKind(MESSAGES, _l("Messages of your mentors, your mentees and your circle"), order=45)


def written(session: Session, mentorship: Mentorship, message: Message, *, by: Participant, at: datetime) -> None:
    """One notice for what they write within some minutes."""

    def say() -> Words:
        subject = _("%(name)s has written to you", name=in_sentence(by.name))
        how = _("What was written stands in the tool alone, and so does your answer.")
        return Words(subject, (how,), _("Read and answer"), page_of(mentorship))

    key = f"messages:{mentorship.public_id}:{by.id}:{message.told:%Y%m%d%H%M%S%f}"
    for person in mentorship.people:
        if person.id != by.id:
            mail.tell(session, person.enrolment, MESSAGES, say, key=key, at=at)


def page_of(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return url_for("conversation.thread", course=course, mentorship_id=mentorship.public_id)
