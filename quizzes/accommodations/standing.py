"""What holds for whom: the standing right of a learner and what was granted for one quiz, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes.accommodations.models import Grant
from quizzes.models import Quiz
from quizzes.timing import NONE_GRANTED, Accommodation, more_generous


def of(session: Session, quiz: Quiz, learner: Enrolment, *, at: datetime) -> Accommodation:
    """What this learner has in an attempt at this quiz that begins then."""
    return together(grants_of(session, learner), quiz, at=at)


def of_all(session: Session, quiz: Quiz, *, at: datetime) -> Mapping[int, Accommodation]:
    """The same of everybody in the course who was granted something, by the row of their enrolment."""
    found: dict[int, list[Grant]] = {}
    wanted = select(Grant).join(Grant.enrolment).where(Enrolment.course_id == quiz.course_id)
    for grant in session.scalars(wanted):
        found.setdefault(grant.enrolment_id, []).append(grant)
    return {learner: together(grants, quiz, at=at) for learner, grants in found.items()}


_GRANTS = select(Grant).where(Grant.enrolment_id == bindparam("learner")).order_by(Grant.quiz_id.is_not(None), Grant.id)


def grants_of(session: Session, learner: Enrolment) -> Sequence[Grant]:
    """Everything this learner was granted in the course, the standing right first."""
    return session.scalars(_GRANTS, {"learner": learner.id}).all()


def together(grants: Iterable[Grant], quiz: Quiz, *, at: datetime) -> Accommodation:
    """Of each thing the more: what is granted for one quiz takes nothing of the standing right away."""
    held = [each.accommodation for each in grants if each.quiz_id in (None, quiz.id) and each.holds(at)]
    return reduce(more_generous, held) if held else NONE_GRANTED
