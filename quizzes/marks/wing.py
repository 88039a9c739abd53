"""How marking joins the application."""

from __future__ import annotations

from flask import Flask

from lti_tool import mail, panels
from quizzes.marks import panel, regrading, telling, views
from quizzes.marks import regrade_views as _regrade_views  # noqa: F401 (adds its pages)


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    regrading.init_app(app)
    mail.register_kind(app, telling.KIND)
    panels.register(app, panel.PANEL)
