"""A course gets its onboarding quiz, and a link in the course page learns which quiz it opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Course, Placement
from quizzes import banks
from quizzes.models import Quiz
from quizzes.stocking import stock

ONBOARDING = "onboarding"


def offer(session: Session, course: Course, *, at: datetime) -> Quiz:
    """The course's onboarding quiz, found or made, its bank as the file has it; the caller commits."""
    bank = stock(session, banks.load(ONBOARDING), at=at)
    quiz, _ = find_or_create(
        session,
        Quiz,
        {"course_id": course.id, "name": ONBOARDING},
        bank_id=bank.id,
        title=bank.title,
        created=at,
    )
    return quiz


def place(session: Session, placement: Placement, course: Course, *, at: datetime) -> Quiz:
    """The quiz this link opens: the one it refers to, else from now on the course's onboarding quiz."""
    onboarding = offer(session, course, at=at)
    public_id = placement.reference.removeprefix("quiz:")
    known = session.scalar(select(Quiz).where(Quiz.course_id == course.id, Quiz.public_id == public_id))
    quiz = known or onboarding
    placement.reference = quiz.reference
    return quiz
