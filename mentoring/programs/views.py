"""The page on which instructors decide what holds for the whole program."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.programs.forms import SettingsForm
from mentoring.programs.starting import ensure, lets_observers_follow

bp = Blueprint("programs", __name__, template_folder="templates")


@bp.get("/courses/<course>/mentoring/settings")
@open_to(Role.INSTRUCTOR)
def settings(me: Enrolment) -> ResponseReturnValue:
    form = SettingsForm(observers=lets_observers_follow(db.session, me.course))
    return render("programs/settings.html", me=me, form=form)


@bp.post("/courses/<course>/mentoring/settings")
@open_to(Role.INSTRUCTOR)
def save_settings(me: Enrolment) -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate_on_submit():
        return render("programs/settings.html", me=me, form=form), 422
    program = ensure(db.session, me.course, at=clock.now()).program
    program.observers_may_follow = form.observers.data
    db.session.commit()
    if form.observers.data:
        flash(_("Saved. Observers see how far the learners they are linked to have come."), "success")
    else:
        flash(_("Saved. Observers see nothing of anybody."), "success")
    return redirect(url_for(".settings", course=me.course.public_id))
