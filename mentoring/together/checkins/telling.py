"""The two of a pair are told that a check-in was answered, if it is theirs to read; the mentee hears, too, of
somebody new who is asked.

None of it names who is asked: the page does, as long as it is so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from mentoring.mentorships.earlier.reading import was_there
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.together.checkins.models import CheckIn


def answered(session: Session, check_in: CheckIn, *, at: datetime) -> None:
    mentorship = check_in.mentorship

    def say() -> Words:
        how = _("Somebody outside has said what change they see. It stands on the page of your mentorship.")
        return Words(_("A check-in was answered"), (how,), _("Read it"), _page(mentorship))

    readers = [person for person in mentorship.people if was_there(mentorship, person, check_in.asked)]
    for person in readers:
        mail.tell(session, person.enrolment, MENTORSHIPS, say, key=f"check-in:{check_in.public_id}", at=at)


def first_asked(session: Session, check_in: CheckIn, *, at: datetime) -> None:
    """Once for each who is asked, however often they are asked."""
    mentorship = check_in.mentorship

    def say() -> Words:
        how = _(
            "For the first time somebody was asked by mail what change they see in you, as you agreed. Whom, and when"
            " next, stands on the page of your mentorship; there you can stop it as well."
        )
        return Words(_("Somebody was asked about you"), (how,), _("See whom"), _page(mentorship))

    _tell_mentee(session, mentorship, say, key=_key("asked", mentorship, check_in.mail), at=at)


def named(session: Session, mentorship: Mentorship, whom: str, *, at: datetime) -> None:
    """An instructor would like somebody to be asked about them."""

    def say() -> Words:
        how = _(
            "Your instructor has named somebody who may be asked now and then what change they see in you. Nothing is"
            " sent unless you agree. Whom it is stands on the page of your mentorship."
        )
        return Words(_("May somebody be asked about you?"), (how,), _("Look, then decide"), _page(mentorship))

    _tell_mentee(session, mentorship, say, key=_key("named", mentorship, whom), at=at)


def _tell_mentee(session: Session, mentorship: Mentorship, say: Callable[[], Words], *, key: str, at: datetime) -> None:
    mail.tell(session, mentorship.mentee.enrolment, MENTORSHIPS, say, key=key, at=at)


def _key(what: str, mentorship: Mentorship, whom: str) -> str:
    return f"check-in-{what}:{mentorship.public_id}:{whom[:32]}"


def _page(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return url_for("mentorships.mentorship", course=course, mentorship_id=mentorship.public_id)
