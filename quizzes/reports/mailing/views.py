"""The page on which an instructor has reports mailed, sends them now, and stops them."""

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
from lti_tool.notifying.wishes import wish_of
from lti_tool.pages import render
from quizzes.models import Quiz
from quizzes.reports.mailing import falling_due, overview, scheduling, sending, wording
from quizzes.reports.mailing.models import ReportSchedule
from quizzes.reports.mailing.scheduling import schedule_of
from quizzes.reports.mailing.telling import KIND
from quizzes.reports.mailing.times import Rhythm
from quizzes.reports.views import OF_QUIZ, bp
from quizzes.visiting import quiz_of

__all__ = ["bp"]
MAIL = f"{OF_QUIZ}/mail"


@bp.get(MAIL)
@open_to(Role.INSTRUCTOR)
def mail(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    return _page(me, quiz_of(me, quiz_id))


@bp.post(f"{MAIL}/class")
@open_to(Role.INSTRUCTOR)
def mail_class(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """When the class report comes to me."""
    quiz = quiz_of(me, quiz_id)
    form = sent_form("mine", wording.TO_ME)
    if not form.validate_on_submit() or not _can_fall_due(quiz, form):
        return _page(me, quiz, mine=form), 422
    scheduling.arrange(db.session, quiz, me, Rhythm(form.rhythm.data), form.weekday.data, by=me, at=clock.now())
    db.session.commit()
    flash(_("Saved. The class report comes to you as it says here."), "success")
    return _back(me, quiz)


@bp.post(f"{MAIL}/class/now")
@open_to(Role.INSTRUCTOR)
def mail_class_now(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz, at = quiz_of(me, quiz_id), clock.now()
    schedule = schedule_of(db.session, quiz, me) or _unarranged(quiz, me)
    falling_due.tell(db.session, schedule, me, f"now:{once()}", at=at, is_asked_for=True)
    db.session.commit()
    flash(wording.on_its_way(wish_of(db.session, me, KIND), at), "success")
    return _back(me, quiz)


@bp.post(f"{MAIL}/class/stop")
@open_to(Role.INSTRUCTOR)
def stop_class(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    return _stop(me, quiz_of(me, quiz_id), me)


@bp.post(f"{MAIL}/managers")
@open_to(Role.INSTRUCTOR)
def mail_managers(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """When the manager of each learner gets their report."""
    quiz = quiz_of(me, quiz_id)
    form = sent_form("managers", wording.TO_MANAGERS)
    if not form.validate_on_submit() or not _can_fall_due(quiz, form):
        return _page(me, quiz, managers=form), 422
    scheduling.arrange(db.session, quiz, None, Rhythm(form.rhythm.data), form.weekday.data, by=me, at=clock.now())
    db.session.commit()
    flash(_("Saved. The page of the quiz asks each learner whether they agree."), "success")
    return _back(me, quiz)


@bp.post(f"{MAIL}/managers/now")
@open_to(Role.INSTRUCTOR)
def mail_managers_now(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz, at = quiz_of(me, quiz_id), clock.now()
    schedule = schedule_of(db.session, quiz, None)
    if schedule is None or not schedule.is_on or quiz.settings.is_practice:
        posting.tell_that_nothing_is_arranged()
        return _back(me, quiz)
    learners = falling_due.may_be_reported(db.session, quiz)
    sending.post(db.session, quiz, learners, Rhythm.REQUEST, f"now:{once()}", at=at)
    db.session.commit()
    posting.tell_how_many(len(learners))
    return _back(me, quiz)


@bp.post(f"{MAIL}/managers/stop")
@open_to(Role.INSTRUCTOR)
def stop_managers(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    return _stop(me, quiz_of(me, quiz_id), None)


def _stop(me: Enrolment, quiz: Quiz, reader: Enrolment | None) -> ResponseReturnValue:
    if (schedule := schedule_of(db.session, quiz, reader)) is not None:
        schedule.stop()
    db.session.commit()
    posting.tell_of_stop()
    return _back(me, quiz)


def _unarranged(quiz: Quiz, me: Enrolment) -> ReportSchedule:
    """What remembers that I was sent the report, with nothing that goes by itself."""
    schedule = ReportSchedule(quiz=quiz, reader=me, said_by=me, said=clock.now(), told="")
    db.session.add(schedule)
    db.session.flush()
    return schedule


def _can_fall_due(quiz: Quiz, form: TimesForm) -> bool:
    closes = quiz.settings.closes
    if Rhythm(form.rhythm.data) is not Rhythm.CLOSING or (closes is not None and closes > clock.now()):
        return True
    form.rhythm.errors = [
        _("The quiz has closed already. Send the report now, or choose another time.")
        if closes is not None
        else _("The quiz does not close. Set a day in its settings and publish it, or choose another time.")
    ]
    return False


def _page(me: Enrolment, quiz: Quiz, *, mine: TimesForm | None = None, managers: TimesForm | None = None) -> str:
    given = overview.given(db.session, quiz, me, at=clock.now())
    forms = {
        "my_form": mine or as_it_is("mine", wording.TO_ME, given["mine"]),
        "managers_form": managers or as_it_is("managers", wording.TO_MANAGERS, given["managers"]),
    }
    return render(
        "quiz_reports/mail.html",
        me=me,
        quiz=quiz,
        wording=wording,
        once=new_public_id(),
        refused=mine or managers,
        **forms,
        **given,
    )


def _back(me: Enrolment, quiz: Quiz) -> ResponseReturnValue:
    return redirect(url_for("quiz_reports.mail", course=me.course.public_id, quiz_id=quiz.public_id))
