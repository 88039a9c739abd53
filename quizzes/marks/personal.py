"""What marks hold about people: those whose answers were marked, and those who marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Person
from quizzes.marks.models import Grading
from quizzes.models import Answer, Attempt


def of_answer(session: Session, answer: Answer) -> list[dict[str, Any]]:
    """Every mark that people or a regrade gave, first to last. Why it is another one is for those who mark."""
    wanted = select(Grading).where(Grading.answer_id == answer.id).order_by(Grading.id)
    return [_told(each) for each in session.scalars(wanted)]


def given_by(session: Session, person: Person) -> list[dict[str, Any]]:
    """What somebody said as a marker, without whose answers it was about."""
    wanted = select(Grading).join(Enrolment, Enrolment.id == Grading.by_id).where(Enrolment.person_id == person.id)
    return [{**_told(each), "reason": each.reason} for each in session.scalars(wanted.order_by(Grading.id))]


def forget(session: Session, attempts: Sequence[Attempt]) -> None:
    """What was written about these answers goes, what they are worth stays; past what guards gradings otherwise."""
    theirs = select(Answer.id).where(Answer.attempt_id.in_([attempt.id for attempt in attempts]))
    session.execute(
        update(Grading)
        .where(Grading.answer_id.in_(theirs))
        .values(comment="", reason="")
        .execution_options(synchronize_session=False)
    )


def _told(grading: Grading) -> dict[str, Any]:
    return {
        "fraction": grading.fraction,
        "maximum": grading.maximum,
        "comment": grading.comment,
        "rubric": grading.rubric,
        "at": grading.at.isoformat(),
    }
