"""For those who teach: how the class did, each learner, each attempt."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lti_tool import clock, gradebook
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes import queries
from quizzes.accommodations import standing
from quizzes.blueprint import STAFF, bp
from quizzes.class_results import class_results
from quizzes.designing import words
from quizzes.designing.reviewing import EVERYTHING
from quizzes.models import Attempt
from quizzes.reporting import report
from quizzes.reports import class_page
from quizzes.reports.topics import standing_of
from quizzes.visiting import learner_of, my_attempt, my_progress, quiz_of


@bp.get("/courses/<course>/quizzes/<quiz_id>/results")
@open_to(*STAFF)
def results(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    learners = queries.learners_of(db.session, me.course)
    attempts = db.session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id))
    granted = standing.of_all(db.session, quiz, at=clock.now())
    found = class_results(quiz, learners, attempts, granted)
    return render("quizzes/results.html", me=me, quiz=quiz, results=found, words=words, **class_page.given(found))


@bp.get("/courses/<course>/quizzes/<quiz_id>/learners/<learner_id>")
@open_to(*STAFF)
def learner(me: Enrolment, quiz_id: str, learner_id: str) -> ResponseReturnValue:
    """What one learner has made of the quiz: each attempt, and the best one explained."""
    progress = my_progress(learner_of(me, learner_id), quiz_of(me, quiz_id))
    shown = progress.best or next(iter(progress.finished), None)
    best = my_attempt(progress.learner, shown.public_id) if shown else None
    return render(
        "quizzes/learner.html",
        me=me,
        quiz=progress.quiz,
        progress=progress,
        report=(found := report(best, shows=EVERYTHING)) if best else None,
        standing=standing_of(found) if best else None,
        reached=gradebook.own(progress.learner, progress.quiz.reference),
        words=words,
    )


@bp.get("/courses/<course>/quizzes/<quiz_id>/results/<attempt_id>")
@open_to(*STAFF)
def learner_result(me: Enrolment, quiz_id: str, attempt_id: str) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    theirs = db.session.scalar(
        select(Attempt)
        .where(Attempt.quiz_id == quiz.id, Attempt.public_id == attempt_id, Attempt.submitted.is_not(None))
        .options(queries.with_answers())
    )
    if theirs is None:
        abort(404)
    found = report(theirs, shows=EVERYTHING)
    return render(
        "quizzes/learner_result.html", me=me, quiz=quiz, attempt=theirs, report=found, standing=standing_of(found)
    )
