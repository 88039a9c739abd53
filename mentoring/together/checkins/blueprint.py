"""What the pages of check-ins share: a blueprint for the course's, and one for whoever was mailed an address."""

from __future__ import annotations

from flask import Blueprint

from mentoring.mentorships.blueprint import refuse
from mentoring.mentorships.refusing import Refusal

bp = Blueprint("check_ins", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)
public = Blueprint("check_in", __name__, template_folder="templates")
