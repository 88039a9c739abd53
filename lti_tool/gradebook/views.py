"""The gradebook as the LMS holds it beside ours, for instructors: compare, send again, have a column made again."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.gradebook import comparing, mending, showing
from lti_tool.gradebook.models import ColumnState, Grade, GradeColumn
from lti_tool.gradebook.reviewing import NoReview
from lti_tool.models import Enrolment, Role
from lti_tool.outgoing.connecting import patience
from lti_tool.pages import render

bp = Blueprint("gradebook", __name__)
PATIENCE = 2.0
"""Seconds within which the last page of results may begin while an instructor waits."""
LONGEST_PAGE = 9.0
"""Seconds after which all calls are over, whatever the first of them took."""
STAFF = (Role.INSTRUCTOR, Role.ASSISTANT)


@bp.get("/courses/<course>/gradebook")
@open_to(*STAFF)
def index(me: Enrolment) -> ResponseReturnValue:
    views = showing.views_of(me.course)
    if len(views) == 1:
        return redirect(_address(me, views[0].column))
    return render("gradebook/index.html", me=me, views=views)


@bp.get("/courses/<course>/gradebook/<column_id>")
@open_to(*STAFF)
def column(me: Enrolment, column_id: str) -> ResponseReturnValue:
    view = showing.view_of(column_of(me, column_id), page=request.args.get("page", 1, type=int))
    return render("gradebook/column.html", me=me, view=view)


@bp.post("/courses/<course>/gradebook/<column_id>/compare")
@open_to(Role.INSTRUCTOR)
def compare(me: Enrolment, column_id: str) -> ResponseReturnValue:
    found = column_of(me, column_id)
    try:
        with patience(LONGEST_PAGE):
            differ = comparing.compare(found, within=PATIENCE)
    except comparing.CannotCompare as problem:
        _say_why_not(found, problem)
    else:
        flash(
            ngettext("Compared: one grade differs.", "Compared: %(num)d grades differ.", differ)
            if differ
            else _("Compared: the gradebook shows every grade as we sent it."),
            "warning" if differ else "success",
        )
    return redirect(_address(me, found))


def _say_why_not(found: GradeColumn, problem: comparing.CannotCompare) -> None:
    """Tell the instructor; what only takes longer than a page may is done without them."""
    if problem.may_pass:
        comparing.arrange(db.session, found, delay=timedelta(0))
        db.session.commit()
        flash(
            _(
                "The gradebook could not be read in time: %(why)s. It is read in the background; come back in a while.",
                why=problem,
            ),
            "warning",
        )
    else:
        flash(_("The gradebook could not be compared: %(why)s. Nothing was changed.", why=problem), "error")


@bp.post("/courses/<course>/gradebook/<column_id>/send-again")
@open_to(Role.INSTRUCTOR)
def send_again(me: Enrolment, column_id: str) -> ResponseReturnValue:
    """One learner's grade where one is named, else all that have not arrived."""
    found = column_of(me, column_id)
    mending.try_again(db.session, found)
    if learner := request.form.get("learner", ""):
        mending.send_again(db.session, found, learner_of(me, found, learner))
        flash(_("The grade is sent again. Come back in a minute to see whether it has arrived."), "success")
    else:
        flash(_("The grades that have not arrived are sent again. Come back in a minute."), "success")
    db.session.commit()
    return redirect(_address(me, found))


@bp.post("/courses/<course>/gradebook/<column_id>/make-again")
@open_to(Role.INSTRUCTOR)
def make_again(me: Enrolment, column_id: str) -> ResponseReturnValue:
    found = column_of(me, column_id)
    if found.state is ColumnState.DELETED:
        mending.make_again(db.session, found)
        db.session.commit()
        flash(_("The column is made again and every grade is entered in it. Come back in a minute."), "success")
    else:
        flash(_("The column was not deleted, so there is none to make."), "info")
    return redirect(_address(me, found))


@bp.get("/courses/<course>/gradebook/reviews/<why>")
@open_to(*Role)
def no_review(me: Enrolment, why: str) -> ResponseReturnValue:
    """Why a review launch shows no result."""
    if why not in list(NoReview):
        abort(404)
    reason = NoReview(why)
    page = render("gradebook/no_review.html", me=me, why=reason)
    return page, 403 if reason is NoReview.FORBIDDEN else 404


def column_of(me: Enrolment, column_id: str) -> GradeColumn:
    """A column of my course, or a 404."""
    found = db.session.scalar(
        select(GradeColumn).where(GradeColumn.course_id == me.course_id, GradeColumn.public_id == column_id)
    )
    return found or abort(404)


def learner_of(me: Enrolment, found: GradeColumn, learner: str) -> Enrolment:
    """Somebody of my course with a grade for this column's activity, or a 404."""
    enrolment = db.session.scalar(
        select(Enrolment)
        .join(Grade, Grade.enrolment_id == Enrolment.id)
        .where(
            Enrolment.course_id == me.course_id,
            Enrolment.public_id == learner,
            ~Enrolment.is_test,
            Grade.activity == found.activity,
        )
    )
    return enrolment or abort(404)


def _address(me: Enrolment, found: GradeColumn) -> str:
    return url_for("gradebook.column", course=me.course.public_id, column_id=found.public_id)
