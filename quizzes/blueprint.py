"""Where the pages of quizzes are put together."""

from __future__ import annotations

from flask import Blueprint

from lti_tool.models import Role

bp = Blueprint(
    "quizzes",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/quizzes",
)
STAFF = (Role.INSTRUCTOR, Role.ASSISTANT)
