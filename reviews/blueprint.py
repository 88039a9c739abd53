"""What the pages of reviews share: their blueprint, and what is told where something cannot be done."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("reviews", __name__, template_folder="templates")
OF_COURSE = "/courses/<course>/reviews"
