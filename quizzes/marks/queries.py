"""Which answers wait for people's marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool.models import Course, Enrolment
from quizzes.marks.models import MarkingWay
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import Question, QuestionVersion


class By(StrEnum):
    """In which order answers are read."""

    QUESTION = "question"
    """All answers to one question, then those to the next."""
    PERSON = "person"
    """All answers of one attempt, then those of the next."""


@dataclass(frozen=True)
class Heap:
    """Answers that wait: to one question, or of one attempt."""

    first: Answer
    """Of one question, any version of it."""
    answers: int
    oldest: datetime


@dataclass(frozen=True)
class Waiting:
    """An answer that waits, by its address."""

    attempt: str
    place: int

    def __str__(self) -> str:
        return f"{self.attempt}/{self.place}"


def _waiting(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Answer)
        .join(Answer.attempt)
        .join(Attempt.enrolment)
        .join(Answer.version)
        .where(Attempt.submitted.is_not(None), Attempt.unmarked > 0, Answer.fraction.is_(None), ~Enrolment.is_test)
    )


def in_course(session: Session, course: Course) -> dict[int, int]:
    """How many answers wait, by the row of the quiz."""
    counted = _waiting(Attempt.quiz_id, func.count()).where(Enrolment.course_id == course.id)
    return {row[0]: row[1] for row in session.execute(counted.group_by(Attempt.quiz_id))}


def how_many(session: Session, course: Course) -> int:
    """How many answers wait in all its quizzes, as the attempts say it."""
    counted = (
        select(func.coalesce(func.sum(Attempt.unmarked), 0))
        .join(Attempt.quiz)
        .join(Attempt.enrolment)
        .where(Quiz.course_id == course.id, Attempt.unmarked > 0, ~Enrolment.is_test)
    )
    return session.scalar(counted) or 0


def heaps(session: Session, quiz: Quiz, by: By, *, is_blind: bool = False) -> Sequence[Heap]:
    """What waits in a quiz, the heap with the oldest answer first, or attempts in an order that says nothing."""
    column = QuestionVersion.question_id if by is By.QUESTION else Attempt.id
    counted = _waiting(func.min(Answer.id), func.count(), func.min(Attempt.submitted)).where(Attempt.quiz_id == quiz.id)
    # As in the order in which they are marked: when somebody handed in stands beside their name elsewhere.
    age = func.min(Attempt.public_id if is_blind and by is By.PERSON else Attempt.submitted)
    rows = session.execute(counted.group_by(column).order_by(age, func.min(Answer.id))).all()
    first = {
        answer.id: answer
        for answer in session.scalars(
            select(Answer)
            .where(Answer.id.in_([row[0] for row in rows]))
            .options(
                joinedload(Answer.attempt).joinedload(Attempt.enrolment),
                joinedload(Answer.version).joinedload(QuestionVersion.question).joinedload(Question.bank),
            )
        )
    }
    return [Heap(first[answer], answers, oldest) for answer, answers, oldest in rows]


def in_order(session: Session, quiz: Quiz, by: By, *, is_blind: bool) -> Sequence[Waiting]:
    """Everything that waits in a quiz: the oldest first, or in an order that says nothing of anybody."""
    # Public ids are drawn at random.
    age = Attempt.public_id if is_blind else Attempt.submitted
    order = (QuestionVersion.question_id, age, Attempt.id) if by is By.QUESTION else (age, Attempt.id, Answer.place)
    wanted = _waiting(Attempt.public_id, Answer.place).where(Attempt.quiz_id == quiz.id).order_by(*order)
    return [Waiting(*row) for row in session.execute(wanted)]


def first_of(
    session: Session, quiz: Quiz, by: By, *, question: str = "", attempt: str = "", is_blind: bool
) -> Waiting | None:
    """Where to begin, with this question or attempt if one is named; None if nothing of it waits."""
    age = Attempt.public_id if is_blind else Attempt.submitted
    wanted = _waiting(Attempt.public_id, Answer.place).where(Attempt.quiz_id == quiz.id)
    if question:
        wanted = wanted.join(QuestionVersion.question).where(Question.public_id == question)
    if attempt:
        wanted = wanted.where(Attempt.public_id == attempt)
    row = session.execute(wanted.order_by(age, Attempt.id, Answer.place).limit(1)).one_or_none()
    return Waiting(*row) if row else None


def after(waiting: Sequence[Waiting], here: Waiting) -> Waiting | None:
    """What comes next; at the end it begins again with what was passed over. None if nothing else waits."""
    if here not in waiting:
        return waiting[0] if waiting else None
    place = waiting.index(here)
    rest = [*waiting[place + 1 :], *waiting[:place]]
    return rest[0] if rest else None


def answer_of(session: Session, quiz: Quiz, attempt: str, place: int) -> Answer | None:
    """An answer of a closed attempt at this quiz, with everything its page shows."""
    return session.scalar(
        select(Answer)
        .join(Answer.attempt)
        .where(
            Attempt.quiz_id == quiz.id,
            Attempt.public_id == attempt,
            Attempt.submitted.is_not(None),
            Answer.place == place,
        )
        .options(
            contains_eager(Answer.attempt).joinedload(Attempt.enrolment),
            joinedload(Answer.version).joinedload(QuestionVersion.question).joinedload(Question.bank),
        )
    )


def is_blind(session: Session, quiz: Quiz) -> bool:
    way = session.get(MarkingWay, quiz.id)
    return way is not None and way.is_blind
