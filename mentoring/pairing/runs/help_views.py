"""The page that says what would place somebody who is left over, and does it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.pairing.pooling import gather
from mentoring.pairing.runs import asking
from mentoring.pairing.runs.asking import Inquiry
from mentoring.pairing.runs.drafting import NotChanged, draft_of_pairs, draft_to_change, token
from mentoring.pairing.runs.helping import NotHelped, certain, do, helps
from mentoring.pairing.runs.proving import few
from mentoring.pairing.runs.views import begun, refused

bp = Blueprint("rescues", __name__)


@bp.get("/courses/<course>/mentoring/pairing/runs/<run_id>/people/<mentee>/help")
@open_to(Role.INSTRUCTOR)
def show(me: Enrolment, run_id: str, mentee: str) -> ResponseReturnValue:
    run = draft_of_pairs(db.session, me.course, run_id) or abort(404)
    gathered = gather(db.session, run.cohort, at=clock.now(), weights=run.weights)
    if mentee not in gathered.mentees:
        abort(404)
    kind = request.args.get("kind") or next(iter(gathered.mentees[mentee].needs))
    if not gathered.needs(mentee, kind):
        abort(404)
    standing = asking.standing(db.session, gathered, run, Inquiry(mentee, kind))
    found = standing.answer
    is_solved = found is not None and "is_unsolved" not in found
    return render(
        "pairing/help.html",
        me=me,
        run=run,
        seen=token(run),
        person=gathered.participant(mentee),
        kind=kind,
        standing=standing,
        certain=few(certain(gathered, run, mentee, kind)) if found is None else "",
        helps=helps(gathered, mentee, kind, found) if found is not None and is_solved else [],
        is_solved=is_solved,
    )


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/people/<mentee>/help")
@open_to(Role.INSTRUCTOR)
def apply(me: Enrolment, run_id: str, mentee: str) -> ResponseReturnValue:
    """Make the change, and have pairs suggested again with it."""
    at = clock.now()
    try:
        run = draft_to_change(db.session, me.course, run_id, seen=request.form.get("seen", ""))
    except NotChanged as problem:
        return refused(me, run_id, problem)
    gathered = gather(db.session, run.cohort, at=at, weights=run.weights)
    try:
        sentence = do(db.session, gathered, request.form.get("deed", ""), at=at)
    except NotHelped:
        db.session.rollback()
        flash(_("Things have changed meanwhile, so nothing was done. Look at it again."), "error")
        return redirect(url_for("draft_people.show", course=me.course.public_id, run_id=run_id, mentee=mentee))
    return begun(me, run.cohort, said=sentence)
