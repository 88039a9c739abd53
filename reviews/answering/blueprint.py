"""What the pages of raters share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint(
    "review_answers",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/reviews",
)
