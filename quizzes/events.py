"""What happens in quizzes, told as postcards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lti_tool.events import Event, Where, Who
from quizzes.kinds import Interaction


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
    """Such as `single`, as `quizzes.kinds` names them."""
    text: str
    is_right: bool
    is_marked: bool
    """Whether it has its mark; until people have read it, it earned nothing and is not told as right or wrong."""
    mark: float
    maximum: float
    interaction: Interaction
    """The question, what is right and what was answered, as xAPI puts it."""

    @property
    def was_answered(self) -> bool:
        return bool(self.interaction.response)


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


@dataclass(frozen=True, kw_only=True)
class OfAttempt(Event):
    """What an attempt that is over has come to."""

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
    raw: float
    maximum: float
    pass_percent: int
    has_passed: bool
    questions: tuple[QuestionAsked, ...]

    @property
    def duration(self) -> timedelta:
        return self.submitted - self.started


@dataclass(frozen=True, kw_only=True)
class QuizSubmitted(OfAttempt):
    """An attempt was handed in or ran out of time, and was marked as far as no person has to.

    It tells of every question asked, in order; those left open have no response.
    """

    ran_out: bool
    """Whether its time ran out; then it counts as submitted at its deadline."""

    @property
    def is_marked(self) -> bool:
        """Whether nothing in it waits for people's marks."""
        return all(asked.is_marked for asked in self.questions)


@dataclass(frozen=True, kw_only=True)
class AttemptMarked(OfAttempt):
    """Somebody marked answers of an attempt, or they were marked anew.

    It tells of the questions whose marks are new.
    """

    is_marked: bool
    """Whether nothing in it waits for people's marks any more."""
    is_complete: bool
    """Whether this was the last mark that it waited for."""
