"""A mentee asks a mentor; a mentor takes a break from being asked."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from mentoring.mentorships import breaks, requesting
from mentoring.mentorships.blueprint import bp
from mentoring.mentorships.forms import RequestForm, request_form
from mentoring.mentorships.models import Part
from mentoring.mentorships.queries import asks_of
from mentoring.mentorships.refusing import Refusal
from mentoring.names import in_sentence
from mentoring.participants.models import Participant
from mentoring.programs.models import Cohort, MentorKind
from mentoring.programs.starting import current

REQUESTS = "/courses/<course>/mentoring/requests"


@bp.get(f"{REQUESTS}/new")
@open_to(*MEMBERS)
def new_request(me: Enrolment) -> ResponseReturnValue:
    """Whom I may ask; with `?mentor=`, the form to ask them."""
    cohort = current(db.session, me.course)
    if cohort is None or not cohort.version.takes_requests:
        return render("mentorships/whom_to_ask.html", me=me, mentors=[], takes_requests=False, is_full=False)
    if "mentor" not in request.args:
        mentors = requesting.who_may_be_asked(db.session, cohort, me, kinds=cohort.version.kinds, at=clock.now())
        is_full = len(asks_of(db.session, me, Part.MENTEE)) >= requesting.AT_ONCE
        return render("mentorships/whom_to_ask.html", me=me, mentors=mentors, takes_requests=True, is_full=is_full)
    mentor = _mentor(cohort, request.args["mentor"])
    return _page(me, cohort, mentor, request_form(kinds=_kinds(cohort, mentor)))


@bp.post(f"{REQUESTS}/new")
@open_to(*MEMBERS)
def send_request(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    if cohort is None or "mentor" not in request.args:
        flash(_("Choose first whom you would like to ask."), "error")
        return redirect(url_for(".new_request", course=me.course.public_id))
    mentor = _mentor(cohort, request.args["mentor"])
    kinds = _kinds(cohort, mentor)
    form = request_form(kinds=kinds)
    if not form.validate_on_submit():
        return _page(me, cohort, mentor, form), 422
    [kind] = [each for each in kinds if each.key == form.kind.data]
    try:
        requesting.request(db.session, cohort, mentor.enrolment, kind, form.case.words, by=me, at=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.sentence)
        return _page(me, cohort, mentor, form), 422
    db.session.commit()
    flash(_("%(name)s is asked. You see here when the answer is due.", name=in_sentence(mentor.name)), "success")
    return redirect(url_for("courses.home", course=me.course.public_id))


def _page(me: Enrolment, cohort: Cohort, mentor: Participant, form: RequestForm) -> str:
    return render("mentorships/ask.html", me=me, mentor=mentor, form=form, days=cohort.version.reply_days)


def _mentor(cohort: Cohort, public_id: str) -> Participant:
    """A mentor of the cohort, or a 404."""
    mentor = db.session.scalar(
        select(Participant)
        .where(Participant.cohort_id == cohort.id, Participant.public_id == public_id, Participant.as_mentor)
        .options(joinedload(Participant.offer))
    )
    return mentor or abort(404)


def _kinds(cohort: Cohort, mentor: Participant) -> Sequence[MentorKind]:
    """The kinds of mentor they would be."""
    offered = mentor.offer.kinds if mentor.offer else []
    return [kind for kind in cohort.version.kinds if not offered or kind.key in offered]


@bp.post(f"{REQUESTS}/break")
@open_to(*MEMBERS)
def take_break(me: Enrolment) -> ResponseReturnValue:
    """Be asked no more for a while, or again."""
    cohort = current(db.session, me.course)
    mine = select(Participant).where(Participant.enrolment_id == me.id, Participant.as_mentor)
    held = mine.with_for_update(of=Participant)
    mentor = db.session.scalar(held.where(Participant.cohort_id == cohort.id)) if cohort else None
    if mentor is None:
        flash(_("You do not mentor here, so nobody asks you."), "info")
    elif "back" in request.form:
        breaks.come_back(mentor)
        db.session.commit()
        flash(_("Welcome back. You may be asked again."), "success")
    else:
        breaks.take_break(db.session, mentor, at=clock.now())
        db.session.commit()
        flash(_("Nobody asks you for thirty days. Your mentees stay with you."), "success")
    return redirect(url_for("courses.home", course=me.course.public_id))
