"""The page on which an instructor has progress reports mailed, sends them now, and stops them."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db, new_public_id
from lti_tool.manager_mail import posting
from lti_tool.manager_mail.forms import TimesForm, as_it_is, once, sent_form
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from xapi.progress.mailing import falling_due, overview, scheduling, sending, wording
from xapi.progress.mailing.scheduling import schedule_of
from xapi.progress.mailing.times import Rhythm
from xapi.progress.views import HERE, bp

MAIL = f"{HERE}/mail"


@bp.get(MAIL)
@open_to(Role.INSTRUCTOR)
def mail(me: Enrolment) -> ResponseReturnValue:
    return _page(me)


@bp.post(MAIL)
@open_to(Role.INSTRUCTOR)
def arrange_mail(me: Enrolment) -> ResponseReturnValue:
    form = sent_form("managers", wording.RHYTHMS)
    if not form.validate_on_submit():
        return _page(me, form), 422
    scheduling.arrange(db.session, me.course, Rhythm(form.rhythm.data), form.weekday.data, by=me, at=clock.now())
    db.session.commit()
    flash(_("Saved. The page of their progress asks each learner whether they agree."), "success")
    return _back(me)


@bp.post(f"{MAIL}/now")
@open_to(Role.INSTRUCTOR)
def mail_now(me: Enrolment) -> ResponseReturnValue:
    at, schedule = clock.now(), schedule_of(db.session, me.course)
    if schedule is None or not schedule.is_on:
        posting.tell_that_nothing_is_arranged()
        return _back(me)
    learners = falling_due.may_be_reported(db.session, me.course)
    sending.post(db.session, learners, Rhythm.REQUEST, f"now:{once()}", at=at)
    db.session.commit()
    posting.tell_how_many(len(learners))
    return _back(me)


@bp.post(f"{MAIL}/stop")
@open_to(Role.INSTRUCTOR)
def stop_mail(me: Enrolment) -> ResponseReturnValue:
    if (schedule := schedule_of(db.session, me.course)) is not None:
        schedule.stop()
    db.session.commit()
    posting.tell_of_stop()
    return _back(me)


def _page(me: Enrolment, refused: TimesForm | None = None) -> str:
    given = overview.given(db.session, me, at=clock.now())
    return render(
        "progress/mail.html",
        me=me,
        wording=wording,
        once=new_public_id(),
        refused=refused,
        form=refused or as_it_is("managers", wording.RHYTHMS, given["schedule"]),
        **given,
    )


def _back(me: Enrolment) -> ResponseReturnValue:
    return redirect(url_for("progress.mail", course=me.course.public_id))
