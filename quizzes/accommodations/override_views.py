"""Pages for instructors: what is otherwise in one quiz for a group or for a learner."""

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
from lti_tool.roster.groups import groups_of
from quizzes import queries
from quizzes.accommodations import overrides, overriding, wording
from quizzes.accommodations.override_forms import OverrideForm, Whom, key_of, override_form
from quizzes.accommodations.overrides import Override
from quizzes.accommodations.views import STAFF, bp
from quizzes.models import Quiz
from quizzes.visiting import quiz_of

OVERRIDES = "/courses/<course>/quizzes/<quiz_id>/overrides"


@bp.get(OVERRIDES)
@open_to(*STAFF)
def otherwise(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    return _page(me, quiz, _form(me, quiz, request.args.get("whom", "")))


@bp.post(OVERRIDES)
@open_to(Role.INSTRUCTOR)
def put(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """In place of what is otherwise for them so far."""
    quiz = quiz_of(me, quiz_id)
    form = _form(me, quiz, "")
    if not form.validate_on_submit():
        return _page(me, quiz, form), 422
    whom = next(each for each in _everybody(me) if key_of(each) == form.whom.data)
    row = overriding.put(db.session, quiz, whom, form.instead(), at=clock.now())
    db.session.commit()
    said = _("For %(name)s it is otherwise now. Attempts that run have any longer time already.", name=row.name)
    flash(said, "success")
    return redirect(_address(me, quiz))


@bp.post(f"{OVERRIDES}/<override_id>/removal")
@open_to(Role.INSTRUCTOR)
def put_back(me: Enrolment, quiz_id: str, override_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    wanted = select(Override).where(Override.quiz_id == quiz.id, Override.public_id == override_id)
    row = db.session.scalar(wanted) or abort(404)
    name = row.name
    overriding.remove(db.session, row)
    db.session.commit()
    flash(_("For %(name)s it is as for everybody, from their next attempt on.", name=name), "success")
    return redirect(_address(me, quiz))


def _everybody(me: Enrolment) -> list[Whom]:
    return [*groups_of(db.session, me.course), *queries.learners_of(db.session, me.course)]


def _form(me: Enrolment, quiz: Quiz, whom: str) -> OverrideForm:
    there = {key_of(each): each for each in _everybody(me)}
    given = overriding.found(db.session, quiz, there[whom]) if whom in there else None
    return override_form(
        groups=[each for each in there.values() if not isinstance(each, Enrolment)],
        learners=[each for each in there.values() if isinstance(each, Enrolment)],
        given=given,
        whom=whom if whom in there else "",
        opens=quiz.settings.opens,
        closes=quiz.settings.closes,
    )


def _page(me: Enrolment, quiz: Quiz, form: OverrideForm) -> str:
    return render(
        "accommodations/otherwise.html",
        me=me,
        quiz=quiz,
        form=form,
        rows=overrides.of_quiz(db.session, quiz),
        key_of=key_of,
        wording=wording,
    )


def _address(me: Enrolment, quiz: Quiz) -> str:
    return url_for("accommodations.otherwise", course=me.course.public_id, quiz_id=quiz.public_id)
