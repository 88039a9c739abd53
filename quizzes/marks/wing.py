"""How marking joins the application."""

from __future__ import annotations

from flask import Flask

from lti_tool import mail
from quizzes.marks import telling


def init_app(app: Flask) -> None:
    mail.register_kind(app, telling.KIND)
