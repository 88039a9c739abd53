"""How reports join the quizzes: pages for those who teach, and what a mentor reads before they meet their mentee."""

from __future__ import annotations

from flask import Flask

from lti_tool import panels
from quizzes.reports import mentors
from quizzes.reports.exporting import files
from quizzes.reports.exporting import views as exporting


def init_app(app: Flask) -> None:
    app.register_blueprint(exporting.bp)
    files.init_app(app)
    panels.register_brief(app, mentors.PANEL)
