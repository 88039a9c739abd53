"""How progress reports by mail join the pages of progress."""

from __future__ import annotations

from flask import Flask

from lti_tool import mail, outbox
from lti_tool.manager_mail import stopping
from lti_tool.manager_mail.falling_due import TimesCarrier
from xapi.progress.mailing import keeping, learner_views, scheduling, sending, telling, views  # noqa: F401
from xapi.progress.mailing.falling_due import fall_due
from xapi.progress.mailing.models import ProgressSchedule
from xapi.progress.mailing.stopping import STOPPING


def init_app(app: Flask) -> None:
    """Comes before the blueprint of progress is registered: these pages hang on it."""
    mail.register_kind(app, telling.KIND)
    outbox.register_carrier(app, scheduling.LANE, TimesCarrier(ProgressSchedule, fall_due))
    outbox.register_carrier(app, sending.LANE, sending.carrier())
    keeping.init_app(app)
    stopping.register(app, "progress_report", sending.PLACE, STOPPING)
