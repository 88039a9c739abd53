"""A progress report on its way to a manager, as far as it still may go in that moment; once for each occasion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.mail import OutsideCarrier, OutsideMail
from lti_tool.manager_mail import posting
from lti_tool.manager_mail.making import made_for, mail_of
from lti_tool.models import Course, Enrolment
from lti_tool.outbox import Done, Errand, Outcome
from lti_tool.pages import read_by
from xapi.progress.mailing import saying, telling
from xapi.progress.mailing.models import ProgressReport
from xapi.progress.mailing.scheduling import schedule_of
from xapi.progress.mailing.standing import Arrangement, of_one
from xapi.progress.mailing.times import Rhythm
from xapi.progress.reading import account_of, folded_of
from xapi.progress.report import Learner, learner_of

LANE = "progress-reports"
PLACE = "progress-report"
"""Where the addresses stand that stop them."""


def post(session: Session, learners: Sequence[int], rhythm: Rhythm, occasion: str, *, at: datetime) -> None:
    """Have the reports of these learners, by row, sent for this occasion; the caller commits."""
    body = {"rhythm": rhythm.value, "occasion": occasion}
    posting.post(session, LANE, learners, body, is_asked_for=rhythm is Rhythm.REQUEST, at=at)


def carrier() -> OutsideCarrier:
    return OutsideCarrier(_prepare, _sent)


def _prepare(errand: Errand) -> OutsideMail | Outcome:
    """What statements say is read before anything is held: of a large course that takes a while."""
    at, rhythm = clock.now(), Rhythm(errand.body["rhythm"])
    found = _found(db.session, errand.body["learner"], at)
    if found is None:
        return Done()
    with transaction() as session:
        learner = session.get(Enrolment, errand.body["learner"], populate_existing=True)
        if learner is None or not _is_wanted(session, learner.course, rhythm):
            return Done()
        arrangement = of_one(session, learner, found)
        if arrangement.obstacle is not None or not _is_news(arrangement, found, rhythm):
            return Done()
        report = made_for(
            session,
            ProgressReport,
            _key(errand),
            PLACE,
            at=at,
            whom=arrangement.whom,
            result=saying.digest_of(found),
        )
        if report.sent:
            return Done()
        with read_by(arrangement.reader):
            return mail_of(arrangement, saying.to_manager(learner, found, at), report, PLACE)


def _found(session: Session, learner_id: int, at: datetime) -> Learner | None:
    learner = session.get(Enrolment, learner_id, populate_existing=True)
    return learner_of(folded_of(session, learner.course), account_of(learner), at) if learner else None


def _is_wanted(session: Session, course: Course, rhythm: Rhythm) -> bool:
    """Whether such reports still go: they were not stopped, nor arranged otherwise, since this one was posted."""
    schedule = schedule_of(session, course)
    return schedule is not None and schedule.is_on and rhythm in (Rhythm.REQUEST, schedule.rhythm)


def _is_news(arrangement: Arrangement, found: Learner, rhythm: Rhythm) -> bool:
    """By itself nothing is said twice to the same manager."""
    last = arrangement.last if arrangement.last and arrangement.last.whom == arrangement.whom else None
    return rhythm is Rhythm.REQUEST or last is None or last.result != saying.digest_of(found)


def _key(errand: Errand) -> dict[str, object]:
    return {"enrolment_id": errand.body["learner"], "occasion": errand.body["occasion"]}


def _sent(errand: Errand) -> None:
    """The learner is told that it was sent."""
    with transaction() as session:
        report = session.scalar(select(ProgressReport).filter_by(**_key(errand)).with_for_update())
        if report is not None:
            report.sent = at = clock.now()
            telling.sent(session, report, at=at)
