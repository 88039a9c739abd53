"""A quiz shown to those who design or teach the course: what learners may be asked, and nothing of any learner."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from lti_tool.panels import Card, Panel
from quizzes import queries, rehearsing
from quizzes.attempts.checking import No
from quizzes.attempts.wording import why_not
from quizzes.blueprint import STAFF, bp
from quizzes.designing import revising, words
from quizzes.designing.reviewing import EVERYTHING
from quizzes.forms import AnswersForm, answers_form, given
from quizzes.models import Attempt, Quiz
from quizzes.reporting import AttemptReport, checked, report
from quizzes.visiting import any_quiz_of


@bp.get("/courses/<course>/quizzes/<quiz_id>/preview")
@open_to(Role.DESIGNER, *STAFF)
def preview(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = any_quiz_of(me, quiz_id)
    attempt = _rehearsal(quiz)
    return _page(me, quiz, attempt, answers_form(questions=attempt.answers))


@bp.post("/courses/<course>/quizzes/<quiz_id>/preview")
@open_to(Role.DESIGNER, *STAFF)
def try_out(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """What these answers would earn. Nothing is kept, so that it may be done as often as anybody likes."""
    quiz = any_quiz_of(me, quiz_id)
    attempt = _rehearsal(quiz)
    form = answers_form(questions=attempt.answers)
    if place := request.form.get("check", type=int):
        return _check(me, quiz, attempt, form, place)
    if not rehearsing.mark(attempt, form, clock.now()):
        return _page(me, quiz, attempt, form), 422
    return _page(me, quiz, attempt, form, found=report(attempt, shows=EVERYTHING))


def _check(me: Enrolment, quiz: Quiz, attempt: Attempt, form: AnswersForm, place: int) -> ResponseReturnValue:
    """What learners would see of this question, and of those that were checked before on this page."""
    before = request.form.getlist("checked", type=int)
    if rehearsing.check(attempt, form, before, place, clock.now()):
        return _page(me, quiz, attempt, form)
    form.form_errors = form.form_errors or [why_not(No.OPEN, place)]
    return _page(me, quiz, attempt, form), 422


def _rehearsal(quiz: Quiz) -> Attempt:
    number = max(request.args.get("draw", 1, type=int), 1)
    return rehearsing.rehearsal(db.session, revising.newest(db.session, quiz), number)


def _page(me: Enrolment, quiz: Quiz, attempt: Attempt, form: AnswersForm, *, found: AttemptReport | None = None) -> str:
    revision = attempt.revision
    shows = revision.rules.review.on_check
    return render(
        "quizzes/preview.html",
        me=me,
        quiz=quiz,
        revision=revision,
        attempt=attempt,
        form=form,
        report=found,
        checked=checked(attempt.answers, shows=shows),
        check_words=words.checking(shows),
        given=given,
        headed=attempt.headed_whole,
        missing=max(revision.outlined.asks - len(attempt.answers), 0),
        number=attempt.n,
        words=words,
        may_design=me.role is Role.INSTRUCTOR,
    )


def designers_card(me: Enrolment) -> Card:
    """What a designer may look at: the quizzes as learners meet them."""
    quizzes = queries.quizzes_of(db.session, me.course)
    return Card(
        title=_("Quizzes of this course"),
        template="quizzes/_designers_card.html",
        context={
            "quizzes": [
                (quiz, url_for("quizzes.preview", course=me.course.public_id, quiz_id=quiz.public_id))
                for quiz in quizzes
            ]
        },
    )


PANEL = Panel(key="quiz-previews", order=30, open_to=(Role.DESIGNER,), fill=designers_card)
