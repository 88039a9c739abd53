"""Which questions quizzes hold on to: those a plan names, and those attempts were drawn from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.designing import freezing
from quizzes.designing.models import FrozenOutline, QuizRevision
from quizzes.designing.plan import Plan
from quizzes.models import Attempt, Quiz
from quizzes.questions import Question


def is_held(session: Session, question: Question) -> bool:
    """Whether a quiz of the question's course names it, or had it to draw from when an attempt began."""
    own = select(Quiz.id).where(Quiz.course_id == question.bank.course_id)
    plans = session.scalars(select(QuizRevision.plan).where(QuizRevision.quiz_id.in_(own)))
    if any(fixed.question == question.id for plan in plans for fixed in Plan.of(plan).fixed):
        return True
    drawn_from = select(Attempt.outline_id).where(Attempt.quiz_id.in_(own))
    bodies = session.scalars(select(FrozenOutline.body).where(FrozenOutline.id.in_(drawn_from)))
    return any(question.id in freezing.read(body).versions for body in bodies)
