"""Questions about people of a draft that take a while: asked by a button, and looked after until they are answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.pairing.models import MatchRun
from mentoring.pairing.pooling import Gathered, gather
from mentoring.pairing.runs import asking
from mentoring.pairing.runs.asking import Inquiry, Standing
from mentoring.pairing.runs.drafting import draft_of_pairs

bp = Blueprint("inquiries", __name__)


@bp.post("/courses/<course>/mentoring/pairing/runs/<run_id>/people/<mentee>/inquiries")
@open_to(Role.INSTRUCTOR)
def ask(me: Enrolment, run_id: str, mentee: str) -> ResponseReturnValue:
    run = draft_of_pairs(db.session, me.course, run_id) or abort(404)
    inquiry = _asked(mentee)
    gathered = gather(db.session, run.cohort, at=clock.now(), weights=run.weights)
    if not _makes_sense(gathered, run, inquiry):
        flash(_("Things have changed meanwhile, so nothing was done. Look at it again."), "error")
        return redirect(url_for("runs.show", course=me.course.public_id, run_id=run_id))
    if asking.takes_long(gathered) and asking.standing(db.session, gathered, run, inquiry).answer is None:
        if asking.is_busy(db.session, run) and not asking.standing(db.session, gathered, run, inquiry).is_going_on:
            flash(str(asking.BUSY), "info")
            return redirect(_page_of(me, run, inquiry))
        asking.ask(db.session, run, inquiry, by=me)
        db.session.commit()
    return redirect(_page_of(me, run, inquiry))


@bp.get("/courses/<course>/mentoring/pairing/runs/<run_id>/people/<mentee>/inquiries")
@open_to(Role.INSTRUCTOR)
def news(me: Enrolment, run_id: str, mentee: str) -> ResponseReturnValue:
    """How far an answer has come, for htmx; everything else is on the page that shows the answer."""
    run = draft_of_pairs(db.session, me.course, run_id) or abort(404)
    inquiry = Inquiry(mentee, request.args.get("kind", ""), request.args.get("with", ""))
    if request.headers.get("HX-Request") != "true":
        return redirect(_page_of(me, run, inquiry))
    standing = Standing(None, asking.job_of(db.session, run, inquiry))
    answer: Response = make_response(render("pairing/_news.html", me=me, standing=standing))
    if not standing.is_going_on:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _asked(mentee: str) -> Inquiry:
    """What a button said: `help:<kind>`, or `with:<mentor>:<kind>`."""
    what, _colon, about = request.form.get("inquiry", "").partition(":")
    mentor, _colon, kind = about.partition(":") if what == "with" else ("", "", about)
    return Inquiry(mentee, kind, mentor)


def _makes_sense(gathered: Gathered, run: MatchRun, inquiry: Inquiry) -> bool:
    if inquiry.mentor and not (inquiry.mentor in gathered.mentors and asking.knows(run)):
        return False
    return gathered.needs(inquiry.mentee, inquiry.kind)


def _page_of(me: Enrolment, run: MatchRun, inquiry: Inquiry) -> str:
    where: dict[str, Any] = {"course": me.course.public_id, "run_id": run.public_id, "mentee": inquiry.mentee}
    if inquiry.mentor:
        where["with"] = inquiry.mentor
        return url_for("draft_people.show", **where, kind=inquiry.kind, _anchor="asked")
    return url_for("rescues.show", **where, kind=inquiry.kind)
