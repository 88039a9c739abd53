"""The pages of one mentorship."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from mentoring.mentorships import ending
from mentoring.mentorships.models import Part
from mentoring.mentorships.queries import mentorship_to_change
from mentoring.names import in_sentence

bp = Blueprint("mentorships", __name__, template_folder="templates")


@bp.post("/courses/<course>/mentoring/mentorships/<mentorship_id>/end")
@open_to(Role.INSTRUCTOR)
def end(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = mentorship_to_change(db.session, me.course, mentorship_id) or abort(404)
    names = {
        "mentor": in_sentence(mentorship.person(Part.MENTOR).name),
        "mentee": in_sentence(mentorship.person(Part.MENTEE).name),
    }
    if ending.end(db.session, mentorship, by=me, at=clock.now()):
        db.session.commit()
        flash(
            _(
                "%(mentor)s and %(mentee)s are no longer paired. To undo this, assign them again.",
                **names,
            ),
            "success",
        )
    else:
        flash(_("%(mentor)s and %(mentee)s were no longer paired already.", **names), "info")
    search = request.args.get("q", "")[:100].strip()
    group = request.args.get("group", "")[:32] or None
    return redirect(url_for("pairing.board", course=me.course.public_id, q=search or None, group=group))
