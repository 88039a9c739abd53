"""What instructors see of all mentorships, and the acts that are theirs."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.mentorships import answering, substituting
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.blueprint import ALL, ONE, back_to, bp, held, shown
from mentoring.mentorships.coordinating import mentor_form
from mentoring.mentorships.listing import Filter, listed
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.refusing import Refusal, why_not
from mentoring.mentorships.views import page
from mentoring.mentorships.wording import STATES
from mentoring.names import in_sentence
from mentoring.programs.starting import current


@bp.get(ALL)
@open_to(Role.INSTRUCTOR)
def everything(me: Enrolment) -> ResponseReturnValue:
    wanted = Filter.from_args(request.args)
    cohort = current(db.session, me.course)
    rows, number = listed(db.session, cohort, wanted) if cohort else ([], 0)
    return render(
        "mentorships/all.html", me=me, rows=rows, number=number, wanted=wanted, states=STATES, title_of=title_of
    )


@bp.post(f"{ONE}/nudge")
@open_to(Role.INSTRUCTOR)
def nudge(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    asked = held(me, mentorship_id, Act.NUDGE)
    answering.nudge(db.session, asked, by=me, at=clock.now())
    db.session.commit()
    flash(_("A reminder is on its way."), "success")
    return _where_from(asked)


@bp.post(f"{ONE}/pass-on")
@open_to(Role.INSTRUCTOR)
def pass_on(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    asked = held(me, mentorship_id, Act.PASS_ON)
    next_ = answering.pass_on_now(db.session, asked, by=me, at=clock.now())
    db.session.commit()
    names = {"mentor": in_sentence(next_.mentor.name), "mentee": in_sentence(next_.mentee.name)}
    flash(_("%(mentor)s is asked for %(mentee)s now.", **names), "success")
    return _where_from(next_)


@bp.post(f"{ONE}/substitute")
@open_to(Role.INSTRUCTOR)
def substitute(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    chosen = _chosen(me, mentorship_id, Act.SUBSTITUTE)
    if not isinstance(chosen, Enrolment):
        return chosen
    pair = held(me, mentorship_id, Act.SUBSTITUTE, also=[chosen])
    substituting.substitute(db.session, pair, chosen, by=me, at=clock.now())
    db.session.commit()
    names = {"mentor": in_sentence(pair.mentor.name), "mentee": in_sentence(pair.mentee.name)}
    flash(_("%(mentor)s mentors %(mentee)s from now on.", **names), "success")
    return back_to(pair)


@bp.post(f"{ONE}/rematch")
@open_to(Role.INSTRUCTOR)
def rematch(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    chosen = _chosen(me, mentorship_id, Act.REMATCH)
    if not isinstance(chosen, Enrolment):
        return chosen
    was = held(me, mentorship_id, Act.REMATCH, also=[chosen])
    made = substituting.rematch(db.session, was, chosen, by=me, at=clock.now())
    db.session.commit()
    names = {"mentor": in_sentence(made.mentor.name), "mentee": in_sentence(made.mentee.name)}
    if made.is_open:
        flash(_("%(mentor)s is asked whether they would mentor %(mentee)s.", **names), "success")
    else:
        flash(_("%(mentor)s mentors %(mentee)s from now on.", **names), "success")
    return back_to(made)


def _chosen(me: Enrolment, mentorship_id: str, act: Act) -> Enrolment | ResponseReturnValue:
    """Who was chosen from the list, or the page again; nothing is held yet."""
    mentorship = shown(me, mentorship_id)
    if mentorship.is_circle:
        raise Refusal(why_not(mentorship, act))
    form = mentor_form(mentorship, act)
    if not form.validate_on_submit():
        return page(me, mentorship, form), 422
    theirs = select(Enrolment).where(Enrolment.course_id == me.course_id, Enrolment.public_id == form[act.value].data)
    return db.session.scalar(theirs) or abort(404)


def _where_from(mentorship: Mentorship) -> ResponseReturnValue:
    """Back to the page the button stood on: home, where stalled asks are, or the mentorship's own."""
    if request.form.get("from") == "home":
        return redirect(url_for("courses.home", course=mentorship.cohort.course.public_id))
    return back_to(mentorship)
