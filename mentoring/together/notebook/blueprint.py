"""What the pages of a notebook share: their blueprint, and that nobody opens it in its owner's name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships.blueprint import refuse
from mentoring.mentorships.refusing import Refusal
from mentoring.together.notebook import queries
from mentoring.together.notebook.models import NotebookEntry

bp = Blueprint("notebook", __name__, template_folder="templates")
bp.register_error_handler(Refusal, refuse)

ALL = "/courses/<course>/notebook"
ONE = f"{ALL}/<notebook_entry_id>"

Rest = ParamSpec("Rest")
Page = Callable[Concatenate[Enrolment, Rest], ResponseReturnValue]


def only_themselves(page: Page[Rest]) -> Callable[..., ResponseReturnValue]:
    """Whoever acts in somebody's name sees what they see, but for what nobody else is to read."""

    show: Callable[..., ResponseReturnValue] = page

    @wraps(page)
    def shown(me: Enrolment, **rest: Any) -> ResponseReturnValue:
        if g.is_acted:
            return render("notebook/closed.html", me=me), 403
        return show(me, **rest)

    return shown


def own_entry(me: Enrolment, public_id: str, *, is_held: bool = False) -> NotebookEntry:
    """An entry of mine, or a 404: nobody learns that somebody else's exists."""
    return queries.one_of_mine(db.session, me.person, public_id, is_held=is_held) or abort(404)
