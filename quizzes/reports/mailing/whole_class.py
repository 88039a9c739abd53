"""What the class report says, in plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.arrivals.sessions import hashed
from quizzes import queries
from quizzes.accommodations import standing
from quizzes.class_results import ClassResults, class_results
from quizzes.models import Attempt, Quiz
from quizzes.reporting import TopicResult
from quizzes.reports.people import Line, listed, topics_by_learner
from quizzes.reports.topics import standing_in


@dataclass(frozen=True, kw_only=True)
class ClassReport:
    results: ClassResults
    topics: Sequence[TopicResult]
    """Of the attempts that count, all learners together; what went worst comes first."""
    ready: int
    not_yet: Sequence[Line]
    """Who has handed in something that counts and is not ready."""
    not_taken: Sequence[Line]

    @property
    def digest(self) -> str:
        """The same as long as it says the same."""
        people = [[line.learner.id for line in lines] for lines in (self.not_yet, self.not_taken)]
        numbers = (self.results.learners, self.results.handed_in, self.results.passed, self.ready)
        return hashed(repr((numbers, self.results.average_percent, list(self.topics), people)))


def results_now(session: Session, quiz: Quiz, *, at: datetime) -> ClassResults:
    learners = queries.learners_of(session, quiz.course)
    attempts = session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id))
    return class_results(quiz, learners, attempts, standing.of_all(session, quiz, at=at))


def report_of(session: Session, results: ClassResults) -> ClassReport:
    lines = listed(results)
    topics = topics_by_learner(session, lines)
    standings = {line.learner.id: standing_in(line.progress, topics.get(line.learner.id, [])) for line in lines}
    ready = {learner for learner, each in standings.items() if each is not None and each.is_ready}
    return ClassReport(
        results=results,
        topics=_together(topics.values()),
        ready=len(ready),
        not_yet=[line for line in lines if standings[line.learner.id] and line.learner.id not in ready],
        not_taken=[line for line in lines if not line.progress.finished],
    )


def _together(of_learners: Iterable[Sequence[TopicResult]]) -> list[TopicResult]:
    found: dict[str, list[TopicResult]] = defaultdict(list)
    for topics in of_learners:
        for topic in topics:
            found[topic.title].append(topic)
    summed = [
        replace(
            several[0],
            asked=sum(each.asked for each in several),
            right=sum(each.right for each in several),
            earned=sum(each.earned for each in several),
            maximum=sum(each.maximum for each in several),
        )
        for several in found.values()
    ]
    return sorted(summed, key=lambda topic: topic.share)
