"""What people are told about results of theirs: that one can be read, and that one was taken back. No figure, ever."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from lti_tool.models import Enrolment
from lti_tool.names import in_sentence
from reviews.results.models import ReportSnapshot

KIND = "review-results"


def released(session: Session, snapshot: ReportSnapshot, *, at: datetime) -> None:
    target = snapshot.target
    if target is None or target.enrolment is None:
        return
    title, course = target.campaign.title, target.enrolment.course.public_id

    def say() -> Words:
        path = url_for("review_results.report", course=course, snapshot_id=snapshot.public_id)
        how = _("Take your time for it, and talk about it with somebody you trust.")
        return Words(_("Your result of %(title)s can be read", title=title), (how,), _("Read it"), path)

    mail.tell(session, target.enrolment, KIND, say, key=f"result:{snapshot.public_id}", at=at)


def taken_back(session: Session, snapshot: ReportSnapshot, why: str, *, by: Enrolment, at: datetime) -> None:
    target = snapshot.target
    if target is None or target.enrolment is None:
        return
    title, course = target.campaign.title, target.enrolment.course.public_id

    def say() -> Words:
        said = _("%(name)s says why: %(why)s", name=in_sentence(by.name), why=why)
        path = url_for("reviews.index", course=course)
        return Words(_("Your result of %(title)s was taken back", title=title), (said,), _("Your reviews"), path)

    mail.tell(session, target.enrolment, KIND, say, key=f"result-back:{snapshot.public_id}", at=at)
