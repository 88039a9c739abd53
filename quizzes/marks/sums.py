"""Attempts in numbers alone, where thousands are marked anew at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.marking import raw_of
from quizzes.marks.judging import Change
from quizzes.models import Answer, Attempt, Quiz

AT_ONCE = 500
"""Rows named in one statement."""


@dataclass(frozen=True)
class Sum:
    """A closed attempt, as far as the grade is concerned."""

    id: int
    public_id: str
    enrolment: int
    n: int
    raw: float | None
    maximum: float
    unmarked: int

    @property
    def is_open(self) -> bool:
        return False

    @property
    def is_marked(self) -> bool:
        return not self.unmarked

    @property
    def share(self) -> float:
        return (self.raw or 0.0) / self.maximum


def sums_of(session: Session, quiz: Quiz, learners: Collection[int]) -> dict[int, list[Sum]]:
    """The closed attempts of these learners at the quiz, by the row of the enrolment."""
    found: dict[int, list[Sum]] = {learner: [] for learner in learners}
    for block in blocks(sorted(learners)):
        rows = session.execute(
            select(
                Attempt.id,
                Attempt.public_id,
                Attempt.enrolment_id,
                Attempt.n,
                Attempt.raw,
                Attempt.maximum,
                Attempt.unmarked,
            ).where(Attempt.quiz_id == quiz.id, Attempt.submitted.is_not(None), Attempt.enrolment_id.in_(block))
        )
        for row in rows:
            found[row.enrolment_id].append(Sum(*row))
    return found


def sums_by_row(session: Session, attempts: Iterable[int]) -> dict[int, Sum]:
    """These attempts."""
    found: dict[int, Sum] = {}
    for block in blocks(sorted(attempts)):
        columns = (Attempt.id, Attempt.public_id, Attempt.enrolment_id, Attempt.n)
        rows = session.execute(
            select(*columns, Attempt.raw, Attempt.maximum, Attempt.unmarked).where(Attempt.id.in_(block))
        )
        found |= {row.id: Sum(*row) for row in rows}
    return found


def recounted(session: Session, attempts: Mapping[int, Sum], changes: Iterable[Change]) -> dict[int, Sum]:
    """These attempts with the changes in them; those in which nothing would count any more are left out."""
    changed = {change.answer: change for change in changes}
    earned: dict[int, list[tuple[float | None, float]]] = {attempt: [] for attempt in attempts}
    for block in blocks(sorted(attempts)):
        rows = session.execute(
            select(Answer.id, Answer.attempt_id, Answer.fraction, Answer.maximum).where(Answer.attempt_id.in_(block))
        )
        for answer, attempt, fraction, maximum in rows:
            change = changed.get(answer)
            earned[attempt].append((change.fraction, change.maximum) if change else (fraction, maximum))
    return {
        attempt: _summed(attempts[attempt], each)
        for attempt, each in earned.items()
        if any(maximum for _fraction, maximum in each)
    }


def _summed(attempt: Sum, earned: Sequence[tuple[float | None, float]]) -> Sum:
    return replace(
        attempt,
        raw=raw_of(earned),
        maximum=sum(maximum for _fraction, maximum in earned),
        unmarked=sum(fraction is None for fraction, _maximum in earned),
    )


def blocks(rows: Sequence[int], size: int = AT_ONCE) -> Iterable[Sequence[int]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
