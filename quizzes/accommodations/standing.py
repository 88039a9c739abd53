"""What holds for whom: a learner's standing right, what was granted for one quiz, and other rules, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes.accommodations import overrides
from quizzes.accommodations.models import Grant
from quizzes.accommodations.overrides import Override
from quizzes.models import Attempt, Quiz
from quizzes.timing import AS_FOR_ALL, NONE_GRANTED, Accommodation, Instead, more_generous


def of(session: Session, quiz: Quiz, learner: Enrolment, *, at: datetime) -> Accommodation:
    """What this learner has in an attempt at this quiz that begins then."""
    return of_each(session, [quiz], learner, at=at)[quiz.id]


def of_each(
    session: Session, quizzes: Sequence[Quiz], learner: Enrolment, *, at: datetime
) -> Mapping[int, Accommodation]:
    """The same in several quizzes of a course, by the quiz's row."""
    grants = grants_of(session, learner)
    otherwise = overrides.for_learner_in(session, quizzes, learner)
    return {quiz.id: together(grants, quiz, otherwise.get(quiz.id, AS_FOR_ALL), at=at) for quiz in quizzes}


def of_all(session: Session, quiz: Quiz, *, at: datetime) -> Mapping[int, Accommodation]:
    """The same of everybody in the course for whom something is otherwise, by the row of their enrolment."""
    found: dict[int, list[Grant]] = {}
    wanted = select(Grant).join(Grant.enrolment).where(Enrolment.course_id == quiz.course_id)
    for grant in session.scalars(wanted):
        found.setdefault(grant.enrolment_id, []).append(grant)
    otherwise = overrides.for_all(session, quiz)
    return {
        learner: together(found.get(learner, ()), quiz, otherwise.get(learner, AS_FOR_ALL), at=at)
        for learner in {*found, *otherwise}
    }


def over_for_all(session: Session, quiz: Quiz) -> datetime | None:
    """When the quiz is closed for everybody, those among them who may take it, or are taking it, later than most."""
    return over_for_each(session, [quiz]).get(quiz.id)


def over_for_each(session: Session, quizzes: Sequence[Quiz]) -> Mapping[int, datetime]:
    """The same of several, by the quiz's row, in one statement; nothing of those that do not close."""
    closing = {quiz.id: quiz.settings.closes for quiz in quizzes if quiz.settings.closes is not None}
    if not closing:
        return {}
    later = session.execute(
        select(
            Quiz.id,
            select(func.max(Override.closes)).where(Override.quiz_id == Quiz.id).scalar_subquery(),
            select(func.max(Grant.closes)).where(Grant.quiz_id == Quiz.id).scalar_subquery(),
            select(func.max(Attempt.deadline))
            .where(Attempt.quiz_id == Quiz.id, Attempt.submitted.is_(None))
            .scalar_subquery(),
        ).where(Quiz.id.in_(closing))
    )
    return {quiz: max([closing[quiz], *(each for each in moments if each is not None)]) for quiz, *moments in later}


_GRANTS = select(Grant).where(Grant.enrolment_id == bindparam("learner")).order_by(Grant.quiz_id.is_not(None), Grant.id)


def grants_of(session: Session, learner: Enrolment) -> Sequence[Grant]:
    """Everything this learner was granted in the course, the standing right first."""
    return session.scalars(_GRANTS, {"learner": learner.id}).all()


def together(grants: Iterable[Grant], quiz: Quiz, instead: Instead = AS_FOR_ALL, *, at: datetime) -> Accommodation:
    """Of each thing the more: what is granted for one quiz takes nothing of the standing right away."""
    held = [each.accommodation for each in grants if each.quiz_id in (None, quiz.id) and each.holds(at)]
    return replace(reduce(more_generous, held) if held else NONE_GRANTED, instead=instead)
