"""Somebody gives an answer its mark: written down beside those before, and everything that follows from it told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool import outbox
from lti_tool.models import Enrolment
from quizzes import closing
from quizzes.marks import telling
from quizzes.marks.models import Grading, Source
from quizzes.models import Answer, Attempt
from quizzes.queries import attempts_of


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody says an answer is worth."""

    fraction: float
    """From 0 to 1, to five decimals."""
    comment: str = ""
    rubric: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""


class MarkedMeanwhile(Exception):
    """Somebody else has marked the answer since the page was opened."""

    def __init__(self, grading: Grading) -> None:
        super().__init__()
        self.grading = grading


def give(
    session: Session, attempt: Attempt, place: int, given: Given, *, by: Enrolment, seen: int, at: datetime
) -> Grading:
    """Let the answer in this place have that mark from now on; the caller commits.

    `seen` is the row of the grading that its marker saw as the newest one, 0 where there was none. Load the attempt
    by `queries.attempt_to_change`. Raises MarkedMeanwhile, having changed nothing.
    """
    answer = next(each for each in attempt.answers if each.place == place)
    newest = newest_of(session, answer)
    if newest is not None and newest.id != seen:
        if newest.by_id == by.id and _says_the_same(newest, given):
            return newest
        raise MarkedMeanwhile(newest)
    grading = Grading(
        answer_id=answer.id,
        source=Source.HAND,
        fraction=given.fraction,
        maximum=answer.maximum,
        was_fraction=answer.fraction,
        was_maximum=answer.maximum,
        comment=given.comment,
        rubric=dict(given.rubric),
        reason=given.reason,
        by_id=by.id,
        at=at,
    )
    session.add(grading)
    _follow(session, attempt, answer, given.fraction, at=at)
    return grading


def newest_of(session: Session, answer: Answer) -> Grading | None:
    return next(iter(gradings_of(session, answer)), None)


def gradings_of(session: Session, answer: Answer) -> Sequence[Grading]:
    """Every mark an answer got from people and regrades, the newest first."""
    wanted = select(Grading).where(Grading.answer_id == answer.id).order_by(Grading.id.desc())
    return session.scalars(wanted.options(joinedload(Grading.by, innerjoin=True))).all()


def _says_the_same(grading: Grading, given: Given) -> bool:
    return (grading.fraction, grading.comment, grading.rubric) == (given.fraction, given.comment, dict(given.rubric))


def _follow(session: Session, attempt: Attempt, answer: Answer, fraction: float, *, at: datetime) -> None:
    """The attempt and the grade take the new mark, and whoever is concerned hears of it."""
    was_marked, was_fraction = attempt.is_marked, answer.fraction
    before = closing.grade_in(attempt.quiz, attempts_of(session, attempt.quiz, attempt.enrolment))
    answer.take(fraction)
    attempt.recount()
    session.flush()
    if attempt.enrolment.is_test:
        return
    is_complete = attempt.is_marked and not was_marked
    if attempt.is_marked:
        telling.tell_marked(session, attempt, is_first=is_complete, at=at)
    if fraction != was_fraction:
        outbox.announce(session, attempt.marked([answer], is_complete=is_complete, at=at))
        # Last, for it holds sums that others wait for.
        closing.announce_grade(session, attempt, before=before, is_complete=is_complete, at=at)
