"""What the pages of reminders share."""

from __future__ import annotations

from flask import Blueprint

from mentoring.mentorships.blueprint import refuse
from mentoring.mentorships.refusing import Refusal

bp = Blueprint("nudges", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

MINE = "/courses/<course>/mentoring/reminders"
FADING = "/courses/<course>/mentoring/fading"
