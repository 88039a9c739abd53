"""Pages for instructors: who was granted what, and granting it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from quizzes import queries
from quizzes.accommodations import granting, standing, wording
from quizzes.accommodations.forms import GrantForm, grant_form
from quizzes.accommodations.models import Grant
from quizzes.models import Quiz

bp = Blueprint("accommodations", __name__, template_folder="templates")
STAFF = (Role.INSTRUCTOR, Role.ASSISTANT)
OF_ONE = "/courses/<course>/quizzes/accommodations/<learner_id>"
OF_ONE_QUIZ = "/courses/<course>/quizzes/<quiz_id>/accommodations/<learner_id>"


@bp.get("/courses/<course>/quizzes/accommodations")
@open_to(*STAFF)
def index(me: Enrolment) -> ResponseReturnValue:
    wanted = select(Grant).join(Grant.enrolment).where(Enrolment.course_id == me.course_id)
    grants = db.session.scalars(wanted.order_by(Enrolment.number, Grant.quiz_id.is_not(None), Grant.id)).all()
    learners = queries.learners_of(db.session, me.course)
    return render("accommodations/index.html", me=me, grants=grants, learners=learners, wording=wording)


@bp.get(OF_ONE)
@bp.get(OF_ONE_QUIZ)
@open_to(Role.INSTRUCTOR)
def person(me: Enrolment, learner_id: str, quiz_id: str | None = None) -> ResponseReturnValue:
    learner, quiz = _learner(me, learner_id), _quiz(me, quiz_id)
    return _page(me, learner, quiz, grant_form(given=_given(learner, quiz)))


@bp.post(OF_ONE)
@bp.post(OF_ONE_QUIZ)
@open_to(Role.INSTRUCTOR)
def grant(me: Enrolment, learner_id: str, quiz_id: str | None = None) -> ResponseReturnValue:
    learner, quiz = _learner(me, learner_id), _quiz(me, quiz_id)
    form = grant_form(given=_given(learner, quiz))
    if not form.validate_on_submit():
        return _page(me, learner, quiz, form), 422
    granting.grant(
        db.session,
        learner,
        quiz,
        form.accommodation(),
        reason=form.why(),
        valid_until=form.until(),
        by=me,
        at=clock.now(),
    )
    db.session.commit()
    flash(_("Granted to %(name)s. Whatever they are taking now has it already.", name=learner.name), "success")
    return redirect(url_for(".index", course=me.course.public_id))


@bp.post(f"{OF_ONE}/withdrawal")
@bp.post(f"{OF_ONE_QUIZ}/withdrawal")
@open_to(Role.INSTRUCTOR)
def withdraw(me: Enrolment, learner_id: str, quiz_id: str | None = None) -> ResponseReturnValue:
    learner, quiz = _learner(me, learner_id), _quiz(me, quiz_id)
    if (given := _given(learner, quiz)) is not None:
        granting.withdraw(db.session, given)
        flash(_("From their next attempt on, %(name)s has it no more.", name=learner.name), "success")
    db.session.commit()
    return redirect(url_for(".index", course=me.course.public_id))


def _page(me: Enrolment, learner: Enrolment, quiz: Quiz | None, form: GrantForm) -> str:
    return render(
        "accommodations/person.html",
        me=me,
        learner=learner,
        quiz=quiz,
        form=form,
        given=_given(learner, quiz),
        grants=standing.grants_of(db.session, learner),
        quizzes=queries.quizzes_of(db.session, me.course),
        wording=wording,
    )


def _given(learner: Enrolment, quiz: Quiz | None) -> Grant | None:
    wanted = quiz.id if quiz else None
    return next((each for each in standing.grants_of(db.session, learner) if each.quiz_id == wanted), None)


def _learner(me: Enrolment, learner_id: str) -> Enrolment:
    """A learner of my course, or a 404."""
    learner = db.session.scalar(
        select(Enrolment).where(
            Enrolment.course_id == me.course_id, Enrolment.public_id == learner_id, Enrolment.role == Role.LEARNER
        )
    )
    return learner or abort(404)


def _quiz(me: Enrolment, quiz_id: str | None) -> Quiz | None:
    """A quiz of my course, or a 404; none where it is about all of them."""
    if quiz_id is None:
        return None
    quiz = db.session.scalar(select(Quiz).where(Quiz.course_id == me.course_id, Quiz.public_id == quiz_id))
    return quiz or abort(404)
