"""The two buttons of the card that offers to copy settings."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.placing import copies
from lti_tool.placing.copies import CourseCopy

bp = Blueprint("copies", __name__)


@bp.post("/courses/<course>/copies/<copy_id>")
@open_to(Role.INSTRUCTOR)
def copy(me: Enrolment, copy_id: str) -> ResponseReturnValue:
    found = _copy_of(me, copy_id)
    try:
        copies.copy_settings(db.session, found, by=me, at=clock.now())
    except copies.NothingToCopy:
        db.session.rollback()
        flash(_("Nothing was copied: the course has settings of its own by now."), "info")
    else:
        db.session.commit()
        flash(_("The settings of %(title)s were copied.", title=found.origin.title), "success")
    return redirect(url_for("courses.home", course=me.course.public_id))


@bp.post("/courses/<course>/copies/<copy_id>/later")
@open_to(Role.INSTRUCTOR)
def put_off(me: Enrolment, copy_id: str) -> ResponseReturnValue:
    copies.put_off(_copy_of(me, copy_id), at=clock.now())
    db.session.commit()
    flash(_("Nothing was copied. You will be asked again in a week, unless the course has its own settings."), "info")
    return redirect(url_for("courses.home", course=me.course.public_id))


def _copy_of(me: Enrolment, copy_id: str) -> CourseCopy:
    """What is known of where my course came from, or a 404."""
    wanted = select(CourseCopy).where(CourseCopy.course_id == me.course_id, CourseCopy.public_id == copy_id)
    return db.session.scalar(wanted) or abort(404)
