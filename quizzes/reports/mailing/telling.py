"""Notices about reports: the class report itself, and to a learner that their manager's was sent.

To whom it went stands on the quiz's page and in no notice: there it goes as soon as it is not so any more.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import NoticeKind, Words, path_to
from lti_tool.models import Enrolment
from lti_tool.names import in_sentence
from quizzes.models import Quiz
from quizzes.reports.mailing import saying
from quizzes.reports.mailing.models import ManagerReport
from quizzes.reports.mailing.whole_class import ClassReport

REPORTS = "quiz-reports"
KIND = NoticeKind(REPORTS, _l("Reports of quizzes"), order=60)


def of_class(session: Session, to: Enrolment, quiz: Quiz, report: ClassReport, occasion: str, *, at: datetime) -> None:
    """Once for each occasion."""
    key = f"quiz-report:{quiz.public_id}:{occasion}"
    mail.tell(session, to, REPORTS, lambda: saying.of_class(quiz, report), key=key, at=at)


def sent(session: Session, report: ManagerReport, *, at: datetime) -> None:
    quiz, learner = report.quiz, report.enrolment

    def say() -> Words:
        return Words(
            _("Your manager was sent your report: %(quiz)s", quiz=in_sentence(quiz.title)),
            (
                _(
                    "As you agreed, it says how each topic went and whether you are ready or not yet; no question and"
                    " no answer of yours. Whom it went to stands on the page of the quiz; there you can stop it."
                ),
            ),
            _("See the quiz"),
            path_to("quizzes.quiz", course=quiz.course.public_id, quiz_id=quiz.public_id),
        )

    mail.tell(session, learner, REPORTS, say, key=f"quiz-report-sent:{report.public_id}", at=at)
