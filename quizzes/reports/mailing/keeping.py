"""What reports by mail hold about a person: as who reads them, as whose result it is, or as who was mailed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.manager_mail.standing import hash_of
from lti_tool.models import Enrolment, Person
from quizzes.reports.mailing.models import ManagerReport, ReportConsent, ReportSchedule


def given_out(session: Session, person: Person) -> dict[str, Any]:
    """To whom a report went is known by a hash alone, so it is not given out."""
    mine = _places(person)
    schedules = select(ReportSchedule).where(ReportSchedule.reader_id.in_(mine))
    consents = select(ReportConsent).where(ReportConsent.enrolment_id.in_(mine))
    reports = select(ManagerReport).where(ManagerReport.enrolment_id.in_(mine))
    return {
        "reports_wanted": [
            {
                "quiz": each.quiz.title,
                "when": each.rhythm.value if each.rhythm else None,
                "last": each.last.isoformat() if each.last else None,
            }
            for each in session.scalars(schedules.order_by(ReportSchedule.id))
        ],
        "reports_to_manager_agreed": [
            {"quiz": each.quiz.title, "agreed": each.is_given, "said": each.said.isoformat()}
            for each in session.scalars(consents.order_by(ReportConsent.id))
        ],
        "reports_to_manager": [
            {
                "quiz": each.quiz.title,
                "ready": each.is_ready,
                "made": each.made.isoformat(),
                "sent": each.sent.isoformat() if each.sent else None,
            }
            for each in session.scalars(reports.order_by(ManagerReport.id))
        ],
    }


def forget(session: Session, person: Person) -> None:
    """What was said and sent about them goes; where they were mailed about others, nothing leads to them any more.

    What they arranged for managers goes on for the course, under nobody's name; that they want no mail stays as a hash.
    """
    mine = _places(person)
    session.execute(delete(ReportSchedule).where(ReportSchedule.reader_id.in_(mine)))
    session.execute(update(ReportSchedule).where(ReportSchedule.said_by_id.in_(mine)).values(said_by_id=None))
    session.execute(delete(ReportConsent).where(ReportConsent.enrolment_id.in_(mine)))
    session.execute(delete(ManagerReport).where(ManagerReport.enrolment_id.in_(mine)))
    if person.email:
        was = ManagerReport.whom == hash_of(person.email)
        session.execute(update(ManagerReport).where(was).values(whom=""))


def _places(person: Person) -> Any:
    return select(Enrolment.id).where(Enrolment.person_id == person.id)
