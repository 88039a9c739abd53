"""What progress reports by mail hold about a person: as who they are about, who arranged them, or who was mailed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool import personal_data
from lti_tool.manager_mail.standing import hash_of
from lti_tool.models import Enrolment, Person
from lti_tool.personal_data import Keeper, Plain
from xapi.progress.mailing.models import ProgressConsent, ProgressReport, ProgressSchedule

ORDER = 41
"""After what is told of them; before their name and mail go."""


def init_app(app: Flask) -> None:
    personal_data.register(app, Keeper(key="progress", order=ORDER, export=export, erase=erase))


def export(session: Session, person: Person) -> Plain:
    """To whom a report went is known by a hash alone, so it is not given out."""
    mine = _places(person)
    consents = select(ProgressConsent).where(ProgressConsent.enrolment_id.in_(mine))
    reports = select(ProgressReport).where(ProgressReport.enrolment_id.in_(mine))
    schedules = select(ProgressSchedule).where(ProgressSchedule.said_by_id.in_(mine))
    return {
        "reports_to_manager_agreed": [
            {"course": each.enrolment.course.title, "agreed": each.is_given, "said": each.said.isoformat()}
            for each in session.scalars(consents.order_by(ProgressConsent.id))
        ],
        "reports_to_manager": [
            {
                "course": each.enrolment.course.title,
                "made": each.made.isoformat(),
                "sent": each.sent.isoformat() if each.sent else None,
            }
            for each in session.scalars(reports.order_by(ProgressReport.id))
        ],
        "reports_to_managers_arranged": [
            {
                "course": each.course.title,
                "when": each.rhythm.value if each.rhythm else None,
                "said": each.said.isoformat(),
            }
            for each in session.scalars(schedules.order_by(ProgressSchedule.id))
        ],
    }


def erase(session: Session, person: Person, at: datetime) -> Sequence[str]:
    """What was said and sent about them goes; where they were mailed about others, nothing leads to them any more.

    What they arranged goes on for the course, under nobody's name; that they want no mail stays as a hash.
    """
    mine = _places(person)
    session.execute(update(ProgressSchedule).where(ProgressSchedule.said_by_id.in_(mine)).values(said_by_id=None))
    session.execute(delete(ProgressConsent).where(ProgressConsent.enrolment_id.in_(mine)))
    reports = session.execute(delete(ProgressReport).where(ProgressReport.enrolment_id.in_(mine)))
    if person.email:
        was = ProgressReport.whom == hash_of(person.email)
        session.execute(update(ProgressReport).where(was).values(whom=""))
    return [
        f"Erased: what is kept of {reports.rowcount} progress reports to their manager, "  # type: ignore[attr-defined]
        "and whether they agreed."
    ]


def _places(person: Person) -> Any:
    return select(Enrolment.id).where(Enrolment.person_id == person.id)
