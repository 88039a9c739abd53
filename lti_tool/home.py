"""The home page of a course, built from the cards that features hang on it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import panels, roster
from lti_tool.access import open_to
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render

bp = Blueprint("courses", __name__)


@bp.get("/courses/<course>/")
@open_to(*Role)
def home(me: Enrolment) -> ResponseReturnValue:
    cards = panels.cards_for(me)
    return render("panels.html", me=me, panels=cards, next_step=panels.loudest(cards))


@bp.post("/courses/<course>/roster")
@open_to(Role.INSTRUCTOR)
def refresh_roster(me: Enrolment) -> ResponseReturnValue:
    try:
        found = roster.refresh(me.course, within=8)
    except roster.RosterUnavailable as problem:
        flash(
            _("The roster could not be read: %(why)s. Nothing was changed; try again later.", why=problem),
            "error",
        )
    else:
        count = ngettext("The course has one person.", "The course has %(num)d people.", found.members)
        flash(
            _(
                "%(count)s %(joined)d joined, %(left)d left.",
                count=count,
                joined=found.joined,
                left=found.left,
            ),
            "success",
        )
    return redirect(url_for(".home", course=me.course.public_id))
