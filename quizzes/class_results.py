"""What a class has reached in a quiz."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lti_tool.models import Enrolment
from quizzes.models import Attempt, Quiz
from quizzes.progress import Progress
from quizzes.timing import NONE_GRANTED, Accommodation


@dataclass(frozen=True, kw_only=True)
class ClassResults:
    """What the class has reached in one quiz."""

    quiz: Quiz
    rows: Sequence[Progress]

    @property
    def finished(self) -> list[Progress]:
        return [row for row in self.rows if row.grade is not None]

    @property
    def handed_in(self) -> int:
        return len(self.finished)

    @property
    def learners(self) -> int:
        return len(self.rows)

    @property
    def passed(self) -> int:
        return sum(row.has_passed for row in self.rows)

    @property
    def average_percent(self) -> float | None:
        """The mean of the shares that count, of those who have one, in percent."""
        shares = [row.grade.share for row in self.finished if row.grade is not None]
        return 100 * sum(shares) / len(shares) if shares else None


@dataclass(frozen=True, kw_only=True)
class ClassNumbers:
    """The same in numbers alone."""

    learners: int
    handed_in: int
    passed: int
    average_percent: float | None


def class_numbers(quiz: Quiz, learners: int, best: Sequence[float]) -> ClassNumbers:
    """`best` holds the share that counts, from 0 to 1, of each learner who has handed in."""
    return ClassNumbers(
        learners=learners,
        handed_in=len(best),
        passed=sum(quiz.settings.is_passed_with(share) for share in best),
        average_percent=100 * sum(best) / len(best) if best else None,
    )


def class_results(
    quiz: Quiz,
    learners: Sequence[Enrolment],
    attempts: Iterable[Attempt],
    granted: Mapping[int, Accommodation],
) -> ClassResults:
    """Everybody's progress, in the order of the learners handed in; `granted` by the row of an enrolment."""
    by_learner: dict[int, list[Attempt]] = {learner.id: [] for learner in learners}
    for attempt in sorted(attempts, key=lambda attempt: attempt.n):
        if attempt.enrolment_id in by_learner:
            by_learner[attempt.enrolment_id].append(attempt)
    rows = [
        Progress(
            quiz=quiz,
            learner=learner,
            attempts=by_learner[learner.id],
            granted=granted.get(learner.id, NONE_GRANTED),
        )
        for learner in learners
    ]
    return ClassResults(quiz=quiz, rows=rows)
