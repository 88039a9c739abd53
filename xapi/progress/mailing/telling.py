"""A notice to a learner that their manager was sent their progress report.

To whom it went stands on the learner's page and in no notice: there it goes as soon as it is not so any more.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import NoticeKind, Words, path_to
from xapi.progress.mailing.models import ProgressReport

REPORTS = "progress-reports"
KIND = NoticeKind(REPORTS, _l("Progress reports to your manager"), order=61)


def sent(session: Session, report: ProgressReport, *, at: datetime) -> None:
    learner = report.enrolment

    def say() -> Words:
        return Words(
            _("Your manager was sent your progress report"),
            (
                _(
                    "As you agreed, it says how your mentorships stand, how many meetings were held, goals reached and"
                    " quizzes passed, and when you were last here; nothing that anybody wrote, and nothing of reviews."
                    " Whom it went to stands on the page of your progress; there you can stop it."
                ),
            ),
            _("See my progress"),
            path_to("progress.mine", course=learner.course.public_id),
        )

    mail.tell(session, learner, REPORTS, say, key=f"progress-report-sent:{report.public_id}", at=at)
