"""The pages of check-ins inside the course: how often, for instructors, and whether, for each mentee."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.paging import paging
from mentoring.mentorships.blueprint import ONE, back_to, held_as_mine, look_at, shown
from mentoring.mentorships.models import Mentorship, Part
from mentoring.programs.models import Cohort
from mentoring.programs.starting import current
from mentoring.together.checkins import arranging
from mentoring.together.checkins.blueprint import bp
from mentoring.together.checkins.forms import RhythmForm
from mentoring.together.checkins.overview import everybody_asked
from mentoring.together.checkins.standing import count_seen, rhythm_of, seen_in
from mentoring.together.checkins.wording import CHANGES, OBSTACLES

AT_ONCE = 25
SETTINGS = "/courses/<course>/mentoring/check-ins"


@bp.get(SETTINGS)
@open_to(Role.INSTRUCTOR)
def settings(me: Enrolment) -> ResponseReturnValue:
    cohort = current(db.session, me.course)
    rhythm = rhythm_of(db.session, cohort.id) if cohort else None
    return _page(me, cohort, RhythmForm(formdata=None, weeks=rhythm.weeks if rhythm else None))


@bp.post(SETTINGS)
@open_to(Role.INSTRUCTOR)
def set_rhythm(me: Enrolment) -> ResponseReturnValue:
    cohort, form = current(db.session, me.course), RhythmForm()
    if cohort is None or not form.validate_on_submit():
        return _page(me, cohort, form), 422
    arranging.set_rhythm(db.session, cohort, form.weeks.data, by=me, at=clock.now())
    db.session.commit()
    if form.weeks.data:
        flash(_("Saved. Each mentee is asked on the page of their mentorship whether they agree."), "success")
    else:
        flash(_("Check-ins are off. Nobody is asked anything."), "success")
    return redirect(url_for(".settings", course=me.course.public_id))


@bp.get(f"{ONE}/check-ins/answers")
@open_to(*MEMBERS)
def answers(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    """All that was asked in a mentorship, for whoever reads it."""
    mentorship = shown(me, mentorship_id)
    if mentorship.is_circle or mentorship.is_open:
        abort(404)
    look = look_at(me, mentorship)
    page = paging(count_seen(look), AT_ONCE)
    return render(
        "checkins/answers.html",
        me=me,
        look=look,
        page=page,
        found=seen_in(look, AT_ONCE, page.first),
        changes=CHANGES,
    )


@bp.post(f"{ONE}/check-ins/agree")
@open_to(*MEMBERS)
def agree(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = _mine_as_mentee(me, mentorship_id)
    arranging.agree(db.session, mentorship, whom=request.form.get("whom", ""), at=clock.now())
    db.session.commit()
    flash(_("Thank you. They are asked as it says here, and you can stop it at any time."), "success")
    return back_to(mentorship)


@bp.post(f"{ONE}/check-ins/refuse")
@open_to(*MEMBERS)
def refuse(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    mentorship = _mine_as_mentee(me, mentorship_id)
    arranging.refuse(db.session, mentorship, whom=request.form.get("whom", ""), at=clock.now())
    db.session.commit()
    flash(_("They are not asked about you. You can change your mind at any time."), "success")
    return back_to(mentorship)


def _mine_as_mentee(me: Enrolment, mentorship_id: str) -> Mentorship:
    """A pair in which I am the mentee, held; or a 404: nobody else agrees to anything about them."""
    look = held_as_mine(me, mentorship_id)
    return look.mentorship if look.part is Part.MENTEE else abort(404)


def _page(me: Enrolment, cohort: Cohort | None, form: RhythmForm) -> str:
    rhythm = rhythm_of(db.session, cohort.id) if cohort else None
    return render(
        "checkins/settings.html",
        me=me,
        cohort=cohort,
        rhythm=rhythm,
        form=form,
        arrangements=everybody_asked(db.session, cohort, rhythm) if cohort else (),
        obstacles=OBSTACLES,
    )
