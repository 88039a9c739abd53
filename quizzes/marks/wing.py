"""How marking joins the application."""

from __future__ import annotations

from flask import Flask

from lti_tool import mail
from quizzes.marks import telling, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    mail.register_kind(app, telling.KIND)
