"""The campaigns that the program's evaluation plan names are drafted and started, all at once; by instructors."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.names import in_sentence
from reviews.blueprint import OF_COURSE
from reviews.campaigns import planned
from reviews.campaigns.pages import bp


@bp.post(f"{OF_COURSE}/plan/drafts")
@open_to(Role.INSTRUCTOR)
def draft_plan(me: Enrolment) -> ResponseReturnValue:
    made = planned.draft(db.session, me.course, by=me, at=clock.now())
    db.session.commit()
    if made:
        said = ngettext(
            "%(num)d draft is made. Nobody is asked before you start it.",
            "%(num)d drafts are made. Nobody is asked before you start them.",
            made,
        )
        flash(said, "success")
    return redirect(_back(me))


@bp.post(f"{OF_COURSE}/plan/start")
@open_to(Role.INSTRUCTOR)
def start_plan(me: Enrolment) -> ResponseReturnValue:
    started, stuck = planned.start(db.session, me.course, by=me, at=clock.now())
    db.session.commit()
    if started:
        said = ngettext(
            "%(num)d evaluation is started. It opens by itself for each when their time comes.",
            "%(num)d evaluations are started. They open by themselves for each when their time comes.",
            started,
        )
        flash(said, "success")
    for campaign in stuck:
        title = in_sentence(campaign.title)
        flash(_("%(title)s cannot begin as it is. Open it to see what stands in the way.", title=title), "error")
    return redirect(_back(me))


def _back(me: Enrolment) -> str:
    return url_for("reviews.index", course=me.course.public_id)
