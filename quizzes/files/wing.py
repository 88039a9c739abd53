"""How files of answers join the application."""

from __future__ import annotations

from flask import Flask

from lti_tool import uploads
from quizzes.files import keeping, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    uploads.register_keeper(app, keeping.names_in_use)
