"""What an attempt shows about its learner, and what a class has reached: plain values for pages to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from markupsafe import Markup

from lti_tool.models import Enrolment
from quizzes import showing, wording
from quizzes.models import Answer, Attempt, Quiz
from quizzes.timing import NONE_GRANTED, Accommodation

NOTHING = Markup()


class Understanding(StrEnum):
    """How well a topic was understood."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class TopicResult:
    """How the questions on one topic went."""

    title: str
    asked: int
    right: int
    """Questions answered wholly right."""
    earned: float
    maximum: float

    @property
    def share(self) -> float:
        """Of what could be earned, from 0 to 1."""
        return round(self.earned / self.maximum, 9) if self.maximum else 1.0

    @property
    def understanding(self) -> Understanding:
        if self.right == self.asked:
            return Understanding.FULL
        return Understanding.PARTIAL if self.earned else Understanding.NONE


@dataclass(frozen=True, kw_only=True)
class MissedQuestion:
    """A question not answered wholly right: what was asked and answered; the key, once it may be told."""

    place: int
    topic: str
    text: Markup
    earned: float
    maximum: float
    is_marked: bool
    """False while it waits for people's marks."""
    chosen: Sequence[str]
    right: Sequence[str] = ()
    why: Markup = NOTHING


@dataclass(frozen=True, kw_only=True)
class AttemptReport:
    """A marked attempt, explained."""

    attempt: Attempt
    shows_key: bool
    topics: Sequence[TopicResult]
    missed: Sequence[MissedQuestion]


def report(attempt: Attempt, *, shows_key: bool) -> AttemptReport:
    """What was understood and missed; right answers and reasons are in it only if the key may be shown."""
    titles = {category.name: category.title for category in attempt.quiz.bank.categories}
    return AttemptReport(
        attempt=attempt,
        shows_key=shows_key,
        topics=[_topic(title, answers) for title, answers in _by_topic(attempt.answers, titles)],
        missed=[
            _missed(answer, titles.get(_topic_of(answer), ""), shows_key=shows_key)
            for answer in attempt.answers
            if answer.fraction != 1 and answer.version.behavior.takes_answers
        ],
    )


def _by_topic(answers: Iterable[Answer], titles: dict[str, str]) -> list[tuple[str, list[Answer]]]:
    grouped: dict[str, list[Answer]] = {topic: [] for topic in titles}
    for answer in answers:
        grouped.setdefault(_topic_of(answer), []).append(answer)
    return [(titles.get(topic, topic), asked) for topic, asked in grouped.items() if asked]


def _topic_of(answer: Answer) -> str:
    return answer.version.question.category.name


def _topic(title: str, answers: Sequence[Answer]) -> TopicResult:
    return TopicResult(
        title=title,
        asked=len(answers),
        right=sum(answer.fraction == 1 for answer in answers),
        earned=sum(answer.mark or 0.0 for answer in answers),
        maximum=sum(answer.maximum for answer in answers),
    )


def _missed(answer: Answer, topic: str, *, shows_key: bool) -> MissedQuestion:
    return MissedQuestion(
        place=answer.place,
        topic=topic,
        text=showing.html_of(answer.version, answer.version.text),
        earned=answer.mark or 0.0,
        maximum=answer.maximum,
        is_marked=answer.fraction is not None,
        chosen=wording.said(answer.version, answer.response),
        right=wording.said(answer.version, answer.version.right_answer) if shows_key else (),
        why=showing.html_of(answer.version, answer.version.why) if shows_key else Markup(),
    )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where one learner stands with a quiz."""

    quiz: Quiz
    learner: Enrolment
    attempts: Sequence[Attempt] = field(default_factory=list)
    granted: Accommodation = NONE_GRANTED
    """What the learner has beyond the others."""

    @property
    def allowed(self) -> int:
        """How many attempts the learner has in all."""
        return self.quiz.max_attempts + self.granted.attempts

    @property
    def running(self) -> Attempt | None:
        """The attempt that waits to be handed in."""
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

    @property
    def finished(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if not attempt.is_open]

    @property
    def best(self) -> Attempt | None:
        """The attempt that counts: the best one, the earlier among equals; none that waits for people's marks."""
        marked = [attempt for attempt in self.finished if attempt.is_marked]
        return max(marked, key=lambda attempt: attempt.share or 0.0, default=None)

    @property
    def waiting(self) -> list[Attempt]:
        """Those some of whose answers wait for people's marks."""
        return [attempt for attempt in self.finished if not attempt.is_marked]

    @property
    def left(self) -> int:
        """How many more attempts may be started."""
        return max(self.allowed - len(self.attempts), 0)

    @property
    def minutes(self) -> int | None:
        """How long an attempt of theirs may take; None where nothing ends it."""
        limit = self.granted.limit(self.quiz.limit)
        return None if limit is None else limit // timedelta(minutes=1)

    @property
    def is_done(self) -> bool:
        """Whether no attempt is left or running: from here on right answers may be shown."""
        return not self.left and self.running is None

    @property
    def has_passed(self) -> bool:
        return self.best is not None and self.best.has_passed


@dataclass(frozen=True, kw_only=True)
class ClassResults:
    """What the class has reached in one quiz."""

    quiz: Quiz
    rows: Sequence[Progress]

    @property
    def finished(self) -> list[Progress]:
        return [row for row in self.rows if row.best is not None]

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
        """The mean of the best shares of those who have finished an attempt, in percent."""
        shares = [row.best.share or 0.0 for row in self.finished if row.best is not None]
        return 100 * sum(shares) / len(shares) if shares else None


@dataclass(frozen=True, kw_only=True)
class ClassNumbers:
    """The same in numbers alone."""

    learners: int
    handed_in: int
    passed: int
    average_percent: float | None


def class_numbers(quiz: Quiz, learners: int, best: Sequence[float]) -> ClassNumbers:
    """`best` holds the best share, from 0 to 1, of each learner who has handed in."""
    return ClassNumbers(
        learners=learners,
        handed_in=len(best),
        passed=sum(quiz.is_passed_with(share) for share in best),
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
