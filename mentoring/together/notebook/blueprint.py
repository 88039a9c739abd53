"""What the pages of a notebook share: their blueprint, and that nobody opens it in its owner's name."""

from __future__ import annotations

from flask import Blueprint, abort

from lti_tool.db import db
from lti_tool.models import Enrolment
from mentoring.mentorships.blueprint import refuse
from mentoring.mentorships.refusing import Refusal
from mentoring.together import themselves
from mentoring.together.notebook import queries
from mentoring.together.notebook.models import NotebookEntry

bp = Blueprint("notebook", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

ALL = "/courses/<course>/notebook"
ONE = f"{ALL}/<notebook_entry_id>"

only_themselves = themselves.only_themselves("notebook/closed.html")


def own_entry(me: Enrolment, public_id: str, *, is_held: bool = False) -> NotebookEntry:
    """An entry of mine, or a 404: nobody learns that somebody else's exists."""
    return queries.one_of_mine(db.session, me.person, public_id, is_held=is_held) or abort(404)
