"""What somebody understood and missed by topic, in few statements; whether they are ready, and what to look at next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.models import Attempt
from quizzes.progress import Progress
from quizzes.questions import Category, Question, QuestionVersion
from quizzes.reporting import AttemptReport, TopicResult, Understanding
from quizzes.reports.packing import PackedAttempt
from quizzes.statistics.live import UNITS

NEXT = 3
"""Topics that are named as what to look at next."""


@dataclass(frozen=True)
class Standing:
    """Where somebody stands after an attempt."""

    has_passed: bool
    topics: Sequence[TopicResult]
    least: int
    """What has to be earned in each topic, in percent; 0 where nothing is asked."""
    is_marked: bool = True

    @property
    def is_ready(self) -> bool:
        return self.is_marked and self.has_passed and not self.short

    @property
    def short(self) -> list[TopicResult]:
        """The topics in which too little was earned."""
        return [topic for topic in self.topics if topic.share * 100 < self.least]

    @property
    def next(self) -> list[TopicResult]:
        """What to look at first: the topics that went worst, in which something is still to be understood."""
        missed = [topic for topic in self.topics if topic.understanding is not Understanding.FULL]
        return sorted(missed, key=lambda topic: topic.share)[:NEXT]


def standing_after(attempt: Attempt, topics: Sequence[TopicResult]) -> Standing:
    """Where its learner stands after this attempt, by the rules that held when it began."""
    return Standing(attempt.has_passed, topics, attempt.settings.topic_percent, is_marked=attempt.unmarked == 0)


def standing_of(report: AttemptReport) -> Standing:
    return standing_after(report.attempt, report.topics)


def standing_in(progress: Progress, topics: Sequence[TopicResult]) -> Standing | None:
    """Where somebody stands with all their attempts, by the topics of the one that counts; None while none does."""
    if progress.best is None:
        return None
    return replace(standing_after(progress.best, topics), has_passed=progress.has_passed)


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic of a bank, as reports name it."""

    id: int
    title: str
    place: tuple[int, int, int]
    """Where it stands: its bank, its place there, its row."""


def topics_of(session: Session, versions: Collection[int]) -> dict[int, Topic]:
    """The topic of each of these versions."""
    rows = session.execute(
        select(QuestionVersion.id, Category.id, Category.title, Category.bank_id, Category.position)
        .join(QuestionVersion.question)
        .join(Question.category)
        .where(QuestionVersion.id.in_(versions))
    )
    return {
        version: Topic(id=topic, title=title, place=(bank, position, topic))
        for version, topic, title, bank, position in rows
    }


def results_of(attempt: PackedAttempt, topics: Mapping[int, Topic]) -> list[TopicResult]:
    """Topic by topic, in the order of the bank; what waits for people's marks is left out."""
    found: dict[Topic, list[tuple[int, int]]] = defaultdict(list)
    for answer in attempt.answers:
        if answer.maximum and answer.is_marked and (topic := topics.get(answer.version)):
            found[topic].append((answer.mark, answer.maximum))
    return [_result(topic, found[topic]) for topic in sorted(found, key=lambda topic: topic.place)]


def _result(topic: Topic, marks: Sequence[tuple[int, int]]) -> TopicResult:
    return TopicResult(
        title=topic.title,
        asked=len(marks),
        right=sum(mark == maximum for mark, maximum in marks),
        earned=sum(mark for mark, _maximum in marks) / UNITS,
        maximum=sum(maximum for _mark, maximum in marks) / UNITS,
    )


def asked_in(attempts: Iterable[PackedAttempt]) -> set[int]:
    """The versions that these attempts asked."""
    return {answer.version for attempt in attempts for answer in attempt.answers}
