"""The page on which the mentee, or an instructor, says who else is asked, and an instructor how often it is here."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.blueprint import ONE, held_to_look, shown
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import Refusal, why_not
from mentoring.together.checkins import arranging, naming
from mentoring.together.checkins.blueprint import bp
from mentoring.together.checkins.forms import ContactForm, OwnRhythmForm, contact_form, own_rhythm_form
from mentoring.together.checkins.standing import (
    arrangements_of,
    asked_in,
    contact_of,
    own_rhythm_of,
    rhythm_of,
)
from mentoring.together.checkins.wording import OBSTACLES

HERE = f"{ONE}/check-ins"


@bp.get(HERE)
@open_to(*MEMBERS)
def one(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    return _page(me, _of_mine(me, shown(me, mentorship_id)))


@bp.post(f"{HERE}/contact")
@open_to(*MEMBERS)
def name_contact(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = _held(me, mentorship_id)
    form = contact_form(contact_of(db.session, mentorship))
    if not form.validate_on_submit() or not _is_named(me, mentorship, form):
        return _page(me, mentorship, contact=form), 422
    db.session.commit()
    if _is_mentee(me, mentorship):
        flash(_("Saved. They are asked as it says here, and you can stop it at any time."), "success")
    else:
        flash(_("Saved. Nothing is sent before the mentee has agreed."), "success")
    return _back(mentorship)


def _is_named(me: Enrolment, mentorship: Mentorship, form: ContactForm) -> bool:
    """Name them; if that cannot be, the form says why."""
    try:
        naming.name(db.session, mentorship, form.named, by=me, at=clock.now())
    except Refusal as refusal:
        form.refuse(refusal.sentence)
        return False
    return True


@bp.post(f"{HERE}/contact/remove")
@open_to(*MEMBERS)
def take_contact_away(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = _held(me, mentorship_id)
    naming.take_away(db.session, mentorship)
    db.session.commit()
    flash(_("Taken away, name and mail. They are not asked any more."), "success")
    return _back(mentorship)


@bp.post(f"{HERE}/rhythm")
@open_to(Role.INSTRUCTOR)
def set_own_rhythm(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = _held(me, mentorship_id)
    form = own_rhythm_form(own_rhythm_of(db.session, mentorship))
    if not form.validate_on_submit():
        return _page(me, mentorship, rhythm=form), 422
    if form.how.data == "cohort":
        arranging.follow_cohort(db.session, mentorship, at=clock.now())
    else:
        weeks = form.weeks.data if form.how.data == "own" else None
        arranging.set_own_rhythm(db.session, mentorship, weeks, by=me, at=clock.now())
    db.session.commit()
    flash(_("Saved. It holds for this mentorship alone."), "success")
    return _back(mentorship)


def _of_mine(me: Enrolment, mentorship: Mentorship) -> Mentorship:
    """A pair in which I am the mentee, or that I look after as an instructor; or a 404."""
    if mentorship.is_circle or mentorship.is_open or not (me.is_instructor or _is_mentee(me, mentorship)):
        abort(404)
    return mentorship


def _held(me: Enrolment, mentorship_id: str) -> Mentorship:
    mentorship = _of_mine(me, held_to_look(me, mentorship_id))
    if not mentorship.is_standing:
        raise Refusal(why_not(mentorship, Act.END))
    return mentorship


def _is_mentee(me: Enrolment, mentorship: Mentorship) -> bool:
    return mentorship.mentee.enrolment_id == me.id


def _back(mentorship: Mentorship) -> ResponseReturnValue:
    course = mentorship.cohort.course.public_id
    return redirect(url_for(".one", course=course, mentorship_id=mentorship.public_id))


def _page(
    me: Enrolment,
    mentorship: Mentorship,
    *,
    contact: ContactForm | None = None,
    rhythm: OwnRhythmForm | None = None,
) -> str:
    known, cohorts = contact_of(db.session, mentorship), rhythm_of(db.session, mentorship.cohort_id)
    return render(
        "checkins/one.html",
        me=me,
        mentorship=mentorship,
        is_mentee=_is_mentee(me, mentorship),
        known=known,
        arrangements=asked_in(arrangements_of(db.session, mentorship)),
        obstacles=OBSTACLES,
        contact=contact or contact_form(known),
        rhythm=rhythm or own_rhythm_form(own_rhythm_of(db.session, mentorship)),
        cohort_weeks=cohorts.weeks if cohorts else None,
        wrong=contact or rhythm,
    )
