"""What of quizzes a visitor may see: everything that is shown or changed is looked for here, or is not there."""

from __future__ import annotations

from flask import abort
from sqlalchemy import bindparam, select

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Enrolment
from quizzes import queries
from quizzes.accommodations import standing
from quizzes.models import Attempt, Quiz
from quizzes.progress import Progress


def quiz_of(me: Enrolment, quiz_id: str) -> Quiz:
    """A published quiz of my course, or a 404: nobody takes a draft, nor looks at results of one."""
    quiz = any_quiz_of(me, quiz_id)
    return quiz if quiz.is_published else abort(404)


_QUIZ = select(Quiz).where(Quiz.course_id == bindparam("course"), Quiz.public_id == bindparam("quiz"))


def any_quiz_of(me: Enrolment, quiz_id: str) -> Quiz:
    """The same, drafts among them, for those who design and preview."""
    quiz = db.session.scalar(_QUIZ, {"course": me.course_id, "quiz": quiz_id})
    return quiz or abort(404)


def learner_of(me: Enrolment, learner_id: str) -> Enrolment:
    """Somebody of my course, or a 404."""
    learner = db.session.scalar(
        select(Enrolment).where(Enrolment.course_id == me.course_id, Enrolment.public_id == learner_id)
    )
    return learner or abort(404)


def my_attempt(me: Enrolment, attempt_id: str, *, to_change: bool = False) -> Attempt:
    """My own attempt, or a 404: nobody learns that somebody else's exists."""
    is_mine = (Attempt.enrolment_id == me.id) & (Attempt.public_id == attempt_id)
    if to_change:
        return queries.attempt_to_change(db.session, is_mine) or abort(404)
    return db.session.scalar(select(Attempt).where(is_mine).options(queries.with_answers())) or abort(404)


def my_progress(me: Enrolment, quiz: Quiz) -> Progress:
    attempts = queries.attempts_of(db.session, quiz, me)
    return Progress(
        quiz=quiz,
        learner=me,
        attempts=attempts,
        granted=standing.of(db.session, quiz, me, at=clock.now()),
        over_for_all=standing.over_for_all(db.session, quiz),
    )
