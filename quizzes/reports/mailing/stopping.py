"""Whoever was mailed a report wants no more of them: by the secret in the mail's own address; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.arrivals.sessions import hashed
from lti_tool.db import find_or_create
from quizzes.reports.mailing.models import ManagerReport, ReportStop


def find(session: Session, secret: str) -> ManagerReport | None:
    """The report with this address, of somebody who can still be told apart by it."""
    return session.scalar(select(ManagerReport).where(ManagerReport.secret == hashed(secret), ManagerReport.whom != ""))


def has_stopped(session: Session, report: ManagerReport) -> bool:
    return session.scalar(select(ReportStop.id).where(ReportStop.mail == report.whom)) is not None


def stop(session: Session, report: ManagerReport, *, at: datetime) -> None:
    """About anybody."""
    find_or_create(session, ReportStop, {"mail": report.whom}, at=at)


def go_on(session: Session, report: ManagerReport) -> None:
    session.execute(delete(ReportStop).where(ReportStop.mail == report.whom))
