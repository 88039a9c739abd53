"""Learners are told that their answers were marked, or that a mark has changed: once for each attempt and day."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import NoticeKind, Words
from quizzes.models import Attempt

KIND = NoticeKind("quizzes", _l("Marks of your quizzes"), order=46)


def tell_marked(session: Session, attempt: Attempt, *, is_first: bool, at: datetime) -> None:
    """Nothing of the mark itself stands in it: whether that may be seen, its page decides."""

    def say() -> Words:
        title = attempt.quiz.title
        if is_first:
            subject = _("Your answers were marked: %(quiz)s", quiz=title)
        else:
            subject = _("Something has changed in how your answers were marked: %(quiz)s", quiz=title)
        return Words(
            subject,
            (_("What you wrote in attempt %(n)d was read by those who teach.", n=attempt.n),)
            if is_first
            else (_("It is about attempt %(n)d.", n=attempt.n),),
            _("Look at it"),
            url_for("quizzes.attempt", course=attempt.quiz.course.public_id, attempt_id=attempt.public_id),
        )

    key = f"marked:{attempt.public_id}:{at.date().isoformat()}"
    mail.tell(session, attempt.enrolment, KIND.key, say, key=key, at=at)
