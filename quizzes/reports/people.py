"""The class in a table: what each has reached, found by name, sorted, a page at a time, in few statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from lti_tool.names import alphabetically, answers_to
from quizzes.class_results import ClassResults
from quizzes.progress import Progress
from quizzes.reporting import TopicResult
from quizzes.reports import reading
from quizzes.reports.packing import unpack
from quizzes.reports.topics import asked_in, results_of, topics_of

AT_ONCE = 50


class Sort(StrEnum):
    NAME = "name"
    BEST = "best"
    """The lowest first: who may need somebody."""
    TAKEN = "taken"
    LAST = "last"
    """Who did something last comes first."""


class Show(StrEnum):
    ALL = "all"
    PASSED = "passed"
    NOT_PASSED = "not-passed"
    NOT_TAKEN = "not-taken"
    """Who has handed in nothing."""


@dataclass(frozen=True)
class Line:
    """Somebody and what they have reached."""

    progress: Progress

    @property
    def learner(self) -> Enrolment:
        return self.progress.learner

    @property
    def share(self) -> float | None:
        """What counts, from 0 to 1."""
        grade = self.progress.grade
        return grade.share if grade else None

    @property
    def taken(self) -> timedelta | None:
        """How long the attempt that counts took."""
        best = self.progress.best
        return None if best is None or best.submitted is None else best.submitted - best.started

    @property
    def last(self) -> datetime | None:
        """When they last began or handed in an attempt."""
        return max((attempt.submitted or attempt.started for attempt in self.progress.attempts), default=None)

    @property
    def state(self) -> Show:
        if self.progress.best is None:
            return Show.NOT_TAKEN
        return Show.PASSED if self.progress.has_passed else Show.NOT_PASSED


@dataclass(frozen=True)
class Part:
    """What stands on one page of the table."""

    lines: Sequence[Line]
    topics: Mapping[int, Sequence[TopicResult]]
    """Of the attempt that counts, by learner."""
    found: int
    first: int
    at_once: int = AT_ONCE


_KEYS: dict[Sort, Callable[[Line], Any]] = {
    Sort.NAME: lambda line: alphabetically(line.learner),
    Sort.BEST: lambda line: (line.share is None, line.share or 0.0, alphabetically(line.learner)),
    Sort.TAKEN: lambda line: (line.taken is None, line.taken or timedelta(0), alphabetically(line.learner)),
    Sort.LAST: lambda line: (-line.last.timestamp() if line.last else 0.0, alphabetically(line.learner)),
}


def listed(results: ClassResults, *, search: str = "", sort: Sort = Sort.NAME, show: Show = Show.ALL) -> list[Line]:
    """Those who are looked for, in this order."""
    lines = [Line(progress) for progress in results.rows]
    found = [line for line in lines if show in (Show.ALL, line.state) and answers_to(line.learner, search)]
    return sorted(found, key=_KEYS[sort])


def part_of(session: Session, lines: Sequence[Line], first: int) -> Part:
    """The page that begins there, with the topics of those on it."""
    shown = lines[first : first + AT_ONCE]
    return Part(shown, topics_by_learner(session, shown), len(lines), first)


def topics_by_learner(session: Session, lines: Sequence[Line]) -> dict[int, list[TopicResult]]:
    """In two statements, however many they are."""
    counted = {line.progress.best.id: line.learner.id for line in lines if line.progress.best}
    packed = {attempt: unpack(each) for attempt, each in reading.packed_of(session, counted).items()}
    topics = topics_of(session, asked_in(packed.values()))
    return {counted[attempt]: results_of(each, topics) for attempt, each in packed.items()}
