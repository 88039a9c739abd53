"""How reports join the quizzes: pages for those who teach, and what a mentor reads before they meet their mentee."""

from __future__ import annotations

from flask import Flask

from lti_tool import panels
from quizzes.reports import mentors, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    panels.register_brief(app, mentors.PANEL)
