"""What the pages of goals share: their blueprint, what a visitor may open, and a refusal as an answer."""

from __future__ import annotations

from flask import Blueprint, abort

from mentoring.mentorships.blueprint import ONE as MENTORSHIP
from mentoring.mentorships.blueprint import refuse
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look
from mentoring.together.goals import queries
from mentoring.together.goals.models import Goal

bp = Blueprint("goals", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

ALL = f"{MENTORSHIP}/goals"
ONE = f"{ALL}/<goal_id>"


def goal_in(look: Look, goal_id: str) -> Goal:
    """A goal of this mentorship that I know of, or a 404."""
    return queries.one(look, goal_id) or abort(404)


def own_goal_in(look: Look, goal_id: str) -> Goal:
    """One that is mine, or a 404: nobody changes somebody else's."""
    goal = goal_in(look, goal_id)
    return goal if look.mine is not None and goal.participant_id == look.mine.id else abort(404)
