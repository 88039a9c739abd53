"""How reports join the quizzes: pages for those who teach, and what a mentor reads before they meet their mentee."""

from __future__ import annotations

from flask import Flask

from lti_tool import panels
from quizzes.reports import mentors
from quizzes.reports import usage_views as _usage_pages  # noqa: F401
from quizzes.reports.exporting import files
from quizzes.reports.exporting import result_views as _result_pages  # noqa: F401
from quizzes.reports.exporting import views as exporting
from quizzes.reports.mailing import wing as mailing


def init_app(app: Flask) -> None:
    mailing.init_app(app)
    app.register_blueprint(exporting.bp)
    files.init_app(app)
    panels.register_brief(app, mentors.PANEL)
