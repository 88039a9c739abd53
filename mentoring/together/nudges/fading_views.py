"""What an instructor sees of mentorships that fade, and does about them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.mentorships.blueprint import held_to_look, shown
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.naming import by_name, title_of
from mentoring.mentorships.refusing import Refusal
from mentoring.names import in_sentence
from mentoring.programs.starting import current
from mentoring.together.nudges import stopping, writing
from mentoring.together.nudges.blueprint import FADING, bp
from mentoring.together.nudges.fading import ON_A_PAGE, Wanted, page_of
from mentoring.together.nudges.forms import ALL, WriteForm, write_form
from mentoring.together.nudges.rescuing import rescues


@bp.get(FADING)
@open_to(Role.INSTRUCTOR)
def fading(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    wanted = Wanted.from_args(request.args)
    found, number = page_of(db.session, cohort, wanted, at=clock.now()) if cohort else ([], 0)
    return render(
        "nudges/fading.html",
        me=me,
        found=found,
        number=number,
        wanted=wanted,
        on_a_page=ON_A_PAGE,
        has_cohort=cohort is not None,
        is_on=cohort is None or stopping.is_on(db.session, cohort.program),
        rescues=rescues,
        title_of=title_of,
    )


@bp.post(f"{FADING}/switch")
@open_to(Role.INSTRUCTOR)
def switch(me: Enrolment) -> ResponseReturnValue:
    """Let the program remind its people by itself, or not."""
    cohort = current(db.session, me.course)
    if cohort is not None:
        is_on = request.form.get("to") == "on"
        stopping.switch(db.session, cohort.program, is_on=is_on)
        db.session.commit()
        flash(_("People are reminded again.") if is_on else _("Nobody is reminded any more."), "success")
    return redirect(url_for(".fading", course=me.course.public_id))


@bp.get(f"{FADING}/<mentorship_id>/write")
@open_to(Role.INSTRUCTOR)
def write(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = shown(me, mentorship_id)
    _must_stand(mentorship)
    return _write_page(me, mentorship, _form(mentorship))


@bp.post(f"{FADING}/<mentorship_id>/write")
@open_to(Role.INSTRUCTOR)
def send(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = held_to_look(me, mentorship_id)
    _must_stand(mentorship)
    form = _form(mentorship)
    if not form.validate_on_submit():
        return _write_page(me, mentorship, form), 422
    to = [each for each in mentorship.people if form.to.data in (ALL, each.public_id)]
    writing.write_to(db.session, mentorship, to, form.message.words, by=me, once=form.token, at=clock.now())
    db.session.commit()
    flash(_("Sent. It stands among their notices, and is mailed to those who wish."), "success")
    return redirect(url_for(".fading", course=me.course.public_id))


def _must_stand(mentorship: Mentorship) -> None:
    if not mentorship.is_standing:
        raise Refusal(_("This mentorship does not stand any more, so nobody is written to about it."))


def _form(mentorship: Mentorship) -> WriteForm:
    return write_form(people=[(each, in_sentence(each.name)) for each in by_name(mentorship.people)])


def _write_page(me: Enrolment, mentorship: Mentorship, form: WriteForm) -> str:
    return render("nudges/write.html", me=me, form=form, mentorship=mentorship, title=title_of(mentorship))
