"""The home page of a course, built from the cards that features hang on it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool import panels
from lti_tool.access import open_to
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render

bp = Blueprint("courses", __name__)


@bp.get("/courses/<course>/")
@open_to(*Role)
def home(me: Enrolment) -> ResponseReturnValue:
    cards = panels.cards_for(me)
    return render("panels.html", me=me, panels=cards, next_step=panels.loudest(cards))
