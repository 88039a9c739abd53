"""The answers to one question that has no options to choose from, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes import showing
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import QuestionVersion

MOST_READ, MOST_SHOWN = 2_000, 20


@dataclass(frozen=True)
class Given:
    """One answer, and how many gave it."""

    lines: tuple[Markup, ...]
    """Empty where the question was left open."""
    fraction: float | None
    number: int


def given(session: Session, quiz: Quiz, version: QuestionVersion) -> list[Given]:
    """The commonest of the newest two thousand answers."""
    rows = session.execute(
        select(Answer.response, Answer.fraction)
        .join(Answer.attempt)
        .join(Attempt.enrolment)
        .where(
            Answer.version_id == version.id,
            Attempt.quiz_id == quiz.id,
            Attempt.submitted.is_not(None),
            ~Enrolment.is_test,
        )
        .order_by(Answer.id.desc())
        .limit(MOST_READ)
    )
    counted = Counter((tuple(showing.said(version, response)), fraction) for response, fraction in rows)
    return [Given(lines, fraction, number) for (lines, fraction), number in counted.most_common(MOST_SHOWN)]
