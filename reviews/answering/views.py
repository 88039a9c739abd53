"""The page on which somebody answers about somebody else, or about themselves."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from reviews.answering import queries, taking, writing
from reviews.answering.blueprint import bp
from reviews.answering.forms import DeclineForm
from reviews.answering.promise import heading
from reviews.answering.standing import Standing, standing_of
from reviews.answering.taking import Came
from reviews.blueprint import OF_COURSE
from reviews.campaigns.models import Assignment

ONE = f"{OF_COURSE}/answers/<assignment_id>"


@bp.get(ONE)
@open_to(*MEMBERS)
def page(me: Enrolment, assignment_id: str) -> ResponseReturnValue:
    assignment, at = _mine(me, assignment_id), clock.now()
    if standing_of(assignment, at) is not Standing.OPEN:
        return _shut(me, assignment, at)
    return _page(me, taking.begun(db.session, assignment))


@bp.post(ONE)
@open_to(*MEMBERS)
def answer(me: Enrolment, assignment_id: str) -> ResponseReturnValue:
    """Save and go on later, or hand in."""
    assignment, at = _mine(me, assignment_id), clock.now()
    wants_to_hand_in = request.form.get("do") == "hand_in"
    try:
        came = taking.take(db.session, assignment, request.form, hands_in=wants_to_hand_in, at=at)
    except writing.NotTaken:
        db.session.rollback()
        return _shut(me, _mine(me, assignment_id), at, 409)
    db.session.commit()
    if came.is_refused:
        return _page(me, came), 422
    flash(_said(came), "success")
    return redirect(url_for("reviews.index", course=me.course.public_id))


@bp.post(f"{ONE}/draft")
@open_to(*MEMBERS)
def draft(me: Enrolment, assignment_id: str) -> ResponseReturnValue:
    """What the page keeps by itself while somebody writes."""
    assignment, at = _mine(me, assignment_id), clock.now()
    try:
        told, status = taking.keep(db.session, assignment, request.form, at=at)
    except writing.NotTaken:
        db.session.rollback()
        return jsonify({"error": _("It was handed in, or its time is over. Reload the page.")}), 410
    db.session.commit()
    return jsonify(told), status


@bp.get(f"{ONE}/decline")
@open_to(*MEMBERS)
def ask_to_decline(me: Enrolment, assignment_id: str) -> ResponseReturnValue:
    assignment, at = _mine(me, assignment_id), clock.now()
    if standing_of(assignment, at) is not Standing.OPEN:
        return _shut(me, assignment, at)
    return _decline_page(me, assignment, DeclineForm(formdata=None))


@bp.post(f"{ONE}/decline")
@open_to(*MEMBERS)
def decline(me: Enrolment, assignment_id: str) -> ResponseReturnValue:
    assignment, form, at = _mine(me, assignment_id), DeclineForm(), clock.now()
    if not form.validate_on_submit():
        return _decline_page(me, assignment, form), 422
    try:
        writing.decline(db.session, assignment, form.why, at=at)
    except writing.NotTaken:
        db.session.rollback()
        return _shut(me, _mine(me, assignment_id), at, 409)
    db.session.commit()
    flash(_("Declined. What you had written is gone."), "success")
    return redirect(url_for("reviews.index", course=me.course.public_id))


def _mine(me: Enrolment, assignment_id: str) -> Assignment:
    """What I am asked, or a 404: nobody learns who is asked what. Whoever acts in my name reads no draft of mine."""
    if g.get("is_acted"):
        abort(403)
    assignment = queries.mine(db.session, me, assignment_id)
    if assignment is None or standing_of(assignment, clock.now()) is Standing.NOT_ASKED:
        abort(404)
    return assignment


def _page(me: Enrolment, came: Came) -> str:
    assignment, course = came.assignment, me.course.public_id
    return render(
        "answering/page.html",
        me=me,
        came=came,
        promise=taking.promise(db.session, assignment),
        save_url=url_for(".answer", course=course, assignment_id=assignment.public_id),
        draft_url=url_for(".draft", course=course, assignment_id=assignment.public_id),
        decline_url=url_for(".ask_to_decline", course=course, assignment_id=assignment.public_id),
    )


def _decline_page(me: Enrolment, assignment: Assignment, form: DeclineForm) -> str:
    has_draft = assignment.sealed_draft is not None
    return render(
        "answering/decline.html",
        me=me,
        form=form,
        heading=heading(assignment),
        has_draft=has_draft,
        back_url=url_for(".page", course=me.course.public_id, assignment_id=assignment.public_id),
    )


def _shut(me: Enrolment, assignment: Assignment, at: datetime, status: int = 200) -> ResponseReturnValue:
    standing = standing_of(assignment, at)
    opens = assignment.target.opens or assignment.target.campaign.opens
    told = render("answering/shut.html", me=me, heading=heading(assignment), standing=standing.value, opens=opens)
    return told, status


def _said(came: Came) -> str:
    if came.is_handed_in:
        return str(_("Handed in. Thank you."))
    words: str = ngettext(
        "Saved. %(num)d part is open; you can go on until it closes.",
        "Saved. %(num)d parts are open; you can go on until it closes.",
        came.sheet.open,
    )
    return words if came.sheet.open else _("Saved, and complete. It counts once you hand it in.")
