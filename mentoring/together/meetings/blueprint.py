"""What the pages of meetings share: their blueprint, what a visitor may open, and a refusal as an answer."""

from __future__ import annotations

from flask import Blueprint, abort

from mentoring.mentorships.blueprint import ONE as MENTORSHIP
from mentoring.mentorships.blueprint import refuse
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.together.meetings import queries
from mentoring.together.meetings.models import Meeting

bp = Blueprint("meetings", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

ALL = f"{MENTORSHIP}/meetings"
ONE = f"{ALL}/<meeting_id>"


def meeting_in(look: Look, meeting_id: str) -> Meeting:
    """A meeting of this mentorship that I know of, or a 404."""
    return queries.one(look, meeting_id) or abort(404)
