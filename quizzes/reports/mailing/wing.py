"""How reports by mail join the quizzes."""

from __future__ import annotations

from flask import Flask

from lti_tool import mail, outbox
from lti_tool.manager_mail import stopping
from lti_tool.manager_mail.falling_due import TimesCarrier
from quizzes.reports.mailing import hearing, learner_views, scheduling, sending, telling, views  # noqa: F401
from quizzes.reports.mailing.falling_due import fall_due
from quizzes.reports.mailing.models import ReportSchedule
from quizzes.reports.mailing.stopping import STOPPING


def init_app(app: Flask) -> None:
    """Comes before the blueprint of reports is registered: these pages hang on it."""
    mail.register_kind(app, telling.KIND)
    outbox.register_carrier(app, scheduling.LANE, TimesCarrier(ReportSchedule, fall_due))
    outbox.register_carrier(app, sending.LANE, sending.carrier())
    hearing.init_app(app)
    stopping.register(app, "quiz_report", sending.PLACE, STOPPING)
