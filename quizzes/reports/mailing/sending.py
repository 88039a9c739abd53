"""A learner's report on its way to their manager, as far as it still may go in that moment; once for each occasion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import transaction
from lti_tool.mail import OutsideCarrier, OutsideMail
from lti_tool.manager_mail import posting
from lti_tool.manager_mail.making import made_for, mail_of
from lti_tool.manager_mail.standing import Obstacle
from lti_tool.models import Enrolment
from lti_tool.outbox import Done, Errand, Later, Outcome
from lti_tool.pages import read_by
from quizzes.models import Quiz
from quizzes.reports.mailing import saying, telling
from quizzes.reports.mailing.models import ManagerReport
from quizzes.reports.mailing.scheduling import schedule_of
from quizzes.reports.mailing.standing import Arrangement, arrangement_of
from quizzes.reports.mailing.times import Rhythm
from quizzes.reports.people import Line, topics_by_learner
from quizzes.reports.topics import Standing, standing_in

LANE = "quiz-reports"
PLACE = "quiz-report"
"""Where the addresses stand that stop them."""
HIDDEN = "the learner may not see it yet"


def post(session: Session, quiz: Quiz, learners: Sequence[int], rhythm: Rhythm, occasion: str, *, at: datetime) -> None:
    """Have the reports of these learners, by row, sent for this occasion; the caller commits."""
    body = {"quiz": quiz.id, "rhythm": rhythm.value, "occasion": occasion}
    is_asked_for = rhythm is Rhythm.REQUEST
    posting.post(session, LANE, learners, body, of=f"{quiz.id}:", is_asked_for=is_asked_for, at=at)


def carrier() -> OutsideCarrier:
    return OutsideCarrier(_prepare, _sent)


def _prepare(errand: Errand) -> OutsideMail | Outcome:
    at, rhythm = clock.now(), Rhythm(errand.body["rhythm"])
    with transaction() as session:
        quiz = session.get(Quiz, errand.body["quiz"], populate_existing=True)
        learner = session.get(Enrolment, errand.body["learner"], populate_existing=True)
        if quiz is None or learner is None or not _is_wanted(session, quiz, rhythm):
            return Done()
        arrangement = arrangement_of(session, quiz, learner, at=at)
        if arrangement.obstacle(at) is Obstacle.HIDDEN and (seen := arrangement.seen_from(at)) is not None:
            return Later(HIDDEN, (seen - at).total_seconds() + 0.001)
        standing = None if arrangement.obstacle(at) else standing_of(session, arrangement)
        if standing is None or not _is_news(arrangement, standing, rhythm):
            return Done()
        report = _report(session, errand, arrangement, standing, at)
        if report.sent:
            return Done()
        with read_by(arrangement.reader):
            return mail_of(arrangement, saying.to_manager(arrangement, standing), report, PLACE)


def _is_wanted(session: Session, quiz: Quiz, rhythm: Rhythm) -> bool:
    """Whether such reports still go: managers' mail was not stopped, nor arranged otherwise, since it was posted."""
    schedule = schedule_of(session, quiz, None)
    is_on = schedule is not None and schedule.is_on and quiz.is_published and not quiz.settings.is_practice
    return is_on and (rhythm is Rhythm.REQUEST or (schedule is not None and schedule.rhythm is rhythm))


def standing_of(session: Session, arrangement: Arrangement) -> Standing | None:
    progress = arrangement.progress
    topics = topics_by_learner(session, [Line(progress)]).get(progress.learner.id, [])
    return standing_in(progress, topics)


def _is_news(arrangement: Arrangement, standing: Standing, rhythm: Rhythm) -> bool:
    """By itself nothing is said twice; as soon as somebody is settled, no more than whether they are ready counts."""
    last = arrangement.last if arrangement.last and arrangement.last.whom == arrangement.whom else None
    if rhythm is Rhythm.SETTLED:
        is_settled = standing.is_ready or arrangement.progress.is_done
        return is_settled and (last is None or last.is_ready != standing.is_ready)
    return rhythm is Rhythm.REQUEST or last is None or last.result != saying.digest_of(standing)


def _report(
    session: Session, errand: Errand, arrangement: Arrangement, standing: Standing, at: datetime
) -> ManagerReport:
    """What this letter has made already and perhaps could not bring, or made now."""
    return made_for(
        session,
        ManagerReport,
        _key(errand),
        PLACE,
        at=at,
        whom=arrangement.whom,
        is_ready=standing.is_ready,
        result=saying.digest_of(standing),
    )


def _key(errand: Errand) -> dict[str, object]:
    body = errand.body
    return {"quiz_id": body["quiz"], "enrolment_id": body["learner"], "occasion": body["occasion"]}


def _sent(errand: Errand) -> None:
    """The learner is told that it was sent."""
    with transaction() as session:
        report = session.scalar(select(ManagerReport).filter_by(**_key(errand)).with_for_update())
        if report is not None:
            report.sent = at = clock.now()
            telling.sent(session, report, at=at)
