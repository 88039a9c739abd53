"""What happens in quizzes, told as postcards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lti_tool.events import Event, Where, Who


@dataclass(frozen=True, kw_only=True)
class OptionShown:
    """An answer a learner could choose."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class QuestionAsked:
    """One question of an attempt, as it was shown and answered."""

    question: str
    """The public id of the question's version: what exactly was asked."""
    name: str
    """Bank and question, such as `onboarding/fire-alarm`: the same for all its versions."""
    version: int
    place: int
    """Where it stood in the attempt, from 1."""
    topic: str
    kind: str
    """`single` or `multiple`."""
    text: str
    options: tuple[OptionShown, ...]
    """In the order they were shown."""
    chosen: tuple[str, ...]
    """Option ids; none if the question was left open."""
    right: tuple[str, ...]
    is_right: bool
    mark: float
    maximum: float

    @property
    def was_answered(self) -> bool:
        return bool(self.chosen)


@dataclass(frozen=True, kw_only=True)
class QuizStarted(Event):
    """A learner began an attempt."""

    who: Who
    where: Where
    quiz: str
    """The quiz's public id."""
    title: str
    attempt: str
    """The attempt's public id."""
    n: int
    """Which of the learner's attempts at this quiz it is, from 1."""
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class QuizSubmitted(Event):
    """An attempt was handed in or ran out of time, and was marked."""

    who: Who
    where: Where
    quiz: str
    title: str
    language: str
    """Of the questions' texts."""
    attempt: str
    n: int
    started: datetime
    submitted: datetime
    ran_out: bool
    """Whether its time ran out; then it counts as submitted at its deadline."""
    raw: float
    maximum: float
    pass_percent: int
    has_passed: bool
    questions: tuple[QuestionAsked, ...]
    """Every question asked, in order; those left open have nothing chosen."""

    @property
    def duration(self) -> timedelta:
        return self.submitted - self.started
