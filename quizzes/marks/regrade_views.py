"""Pages for instructors: marking anew, what it would change, and what was ever marked anew."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lti_tool import clock, jobs
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.pages import render
from quizzes import showing
from quizzes.marks import finding, regrading
from quizzes.marks.judging import Policy
from quizzes.marks.models import RegradeRun
from quizzes.marks.regrade_forms import ALL, POLICIES, RegradeForm, regrade_form
from quizzes.marks.views import bp
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import Question, QuestionVersion
from quizzes.visiting import quiz_of

HERE = "/courses/<course>/quizzes/<quiz_id>/regrades"
OF_ONE = f"{HERE}/<regrade_id>"


@dataclass(frozen=True)
class Asked:
    """A question that was asked in closed attempts at a quiz."""

    newest: QuestionVersion
    answers: int
    oldest_asked: int
    """The number of the oldest version that was asked."""

    @property
    def is_changed(self) -> bool:
        return self.oldest_asked < self.newest.n


@bp.get(HERE)
@open_to(Role.INSTRUCTOR)
def regrades(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """Choose what is marked anew; what was, is listed below."""
    quiz = quiz_of(me, quiz_id)
    asked = _asked(quiz)
    chosen = request.args.get("question", "")
    return _choice(me, quiz, asked, regrade_form(questions=_called(asked), chosen=chosen))


@bp.post(HERE)
@open_to(Role.INSTRUCTOR)
def look(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """Work out what would change, without changing it."""
    quiz = quiz_of(me, quiz_id)
    asked = _asked(quiz)
    form = regrade_form(questions=_called(asked))
    if not form.validate_on_submit():
        return _choice(me, quiz, asked, form), 422
    questions = {each.newest.question.public_id: each.newest.question for each in asked}
    try:
        run = regrading.plan(
            db.session,
            quiz,
            None if form.question.data == ALL else questions[form.question.data],
            Policy(form.policy.data),
            worth=form.said_worth(),
            reason=(form.reason.data or "").strip(),
            by=me,
            at=clock.now(),
        )
    except regrading.AlreadyAtIt:
        form.form_errors.append(_("Answers of this quiz are being marked anew just now. Wait until that is done."))
        return _choice(me, quiz, asked, form), 409
    db.session.commit()
    return redirect(_address(me, run))


@bp.get(OF_ONE)
@open_to(Role.INSTRUCTOR)
def regrade(me: Enrolment, quiz_id: str, regrade_id: str) -> ResponseReturnValue:
    run = _run(me, quiz_id, regrade_id)
    people = finding.learners_by_row(db.session, [each[0] for each in run.foreseen.get("people", ())])
    return render(
        "marks/regrade.html",
        me=me,
        quiz=run.quiz,
        run=run,
        policies=POLICIES,
        people=[(people[row], before, after) for row, before, after in run.foreseen.get("people", ()) if row in people],
        job=jobs.newest(db.session, f"{regrading.JOB}:{run.id}") if run.is_working else None,
    )


@bp.post(f"{OF_ONE}/marks")
@open_to(Role.INSTRUCTOR)
def regrade_now(me: Enrolment, quiz_id: str, regrade_id: str) -> ResponseReturnValue:
    """Write what was foreseen, or go on with what was stopped."""
    run = _run(me, quiz_id, regrade_id, to_change=True)
    regrading.commit(db.session, run, at=clock.now())
    db.session.commit()
    return redirect(_address(me, run))


@bp.post(f"{OF_ONE}/undoing")
@open_to(Role.INSTRUCTOR)
def undo_regrade(me: Enrolment, quiz_id: str, regrade_id: str) -> ResponseReturnValue:
    run = _run(me, quiz_id, regrade_id, to_change=True)
    regrading.undo(db.session, run, by=me, at=clock.now())
    db.session.commit()
    return redirect(_address(me, run))


@bp.post(f"{OF_ONE}/stop")
@open_to(Role.INSTRUCTOR)
def stop_regrade(me: Enrolment, quiz_id: str, regrade_id: str) -> ResponseReturnValue:
    run = _run(me, quiz_id, regrade_id, to_change=True)
    regrading.stop(db.session, run)
    db.session.commit()
    flash(_("Stopped."), "success")
    return redirect(_address(me, run))


def _choice(me: Enrolment, quiz: Quiz, asked: list[Asked], form: RegradeForm) -> str:
    runs = db.session.scalars(
        select(RegradeRun)
        .where(RegradeRun.quiz_id == quiz.id)
        .options(
            joinedload(RegradeRun.by),
            joinedload(RegradeRun.undone_by),
            joinedload(RegradeRun.to_version),
            joinedload(RegradeRun.question),
        )
        .order_by(RegradeRun.id.desc())
        .limit(100)
    ).all()
    return render(
        "marks/regrades.html",
        me=me,
        quiz=quiz,
        asked=asked,
        form=form,
        runs=runs,
        policies=POLICIES,
    )


def _asked(quiz: Quiz) -> list[Asked]:
    """Those that have a newer version first, then by name."""
    counted = (
        select(QuestionVersion.question_id, func.count().label("answers"), func.min(QuestionVersion.n).label("oldest"))
        .select_from(Answer)
        .join(Answer.attempt)
        .join(Answer.version)
        .where(Attempt.quiz_id == quiz.id, Attempt.submitted.is_not(None))
        .group_by(QuestionVersion.question_id)
        .subquery()
    )
    last = select(func.max(QuestionVersion.n)).where(QuestionVersion.question_id == counted.c.question_id)
    rows = db.session.execute(
        select(QuestionVersion, counted.c.answers, counted.c.oldest)
        .join(counted, counted.c.question_id == QuestionVersion.question_id)
        .where(QuestionVersion.n == last.correlate(counted).scalar_subquery())
        .options(joinedload(QuestionVersion.question).joinedload(Question.bank))
    )
    found = [Asked(*row) for row in rows]
    takes = [each for each in found if each.newest.behavior.takes_answers]
    return sorted(takes, key=lambda each: (not each.is_changed, each.newest.question.name))


def _called(asked: list[Asked]) -> list[tuple[str, str]]:
    return [(each.newest.question.public_id, _words(each)) for each in asked]


def _words(asked: Asked) -> str:
    text = showing.in_a_line(asked.newest)
    called = text if len(text) <= 80 else text[:79] + "…"
    return str(_("%(question)s (changed since)", question=called)) if asked.is_changed else called


def _run(me: Enrolment, quiz_id: str, regrade_id: str, *, to_change: bool = False) -> RegradeRun:
    """Of a quiz of my course, or a 404."""
    quiz = quiz_of(me, quiz_id)
    wanted = select(RegradeRun).where(RegradeRun.quiz_id == quiz.id, RegradeRun.public_id == regrade_id)
    if to_change:
        wanted = wanted.with_for_update(of=RegradeRun).execution_options(populate_existing=True)
    return db.session.scalar(wanted) or abort(404)


def _address(me: Enrolment, run: RegradeRun) -> str:
    return url_for(".regrade", course=me.course.public_id, quiz_id=run.quiz.public_id, regrade_id=run.public_id)
