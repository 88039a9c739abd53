"""How reports by mail join the quizzes."""

from __future__ import annotations

from flask import Flask

from lti_tool import mail, outbox
from quizzes.reports.mailing import hearing, learner_views, scheduling, sending, telling, views  # noqa: F401
from quizzes.reports.mailing.falling_due import TimesCarrier
from quizzes.reports.mailing.public_views import public


def init_app(app: Flask) -> None:
    """Comes before the blueprint of reports is registered: these pages hang on it."""
    mail.register_kind(app, telling.KIND)
    outbox.register_carrier(app, scheduling.LANE, TimesCarrier())
    outbox.register_carrier(app, sending.LANE, sending.carrier())
    hearing.init_app(app)
    # The secret in its address is the proof, and whoever was mailed it has no session that could bring another.
    app.extensions["csrf"].exempt(public)
    app.register_blueprint(public)
