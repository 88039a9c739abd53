"""Where a learner stands with a quiz: what counts, what is left, what may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from lti_tool.models import Enrolment
from quizzes.designing.reviewing import Moment, Shown, moment_of
from quizzes.designing.settings import Grading, Settings
from quizzes.grading import Grade, grade_of
from quizzes.models import Attempt, Quiz
from quizzes.timing import NONE_GRANTED, Accommodation, Turn, WhyNot


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where one learner stands with a quiz."""

    quiz: Quiz
    learner: Enrolment
    attempts: Sequence[Attempt] = field(default_factory=list)
    granted: Accommodation = NONE_GRANTED
    """What the learner has beyond the others."""
    over_for_all: datetime | None = None
    """When the quiz is closed for everybody, where some may take it later than its settings say."""

    @property
    def settings(self) -> Settings:
        """The rules for this learner's next attempt."""
        return self.quiz.settings.for_one(self.granted.instead)

    @property
    def running(self) -> Attempt | None:
        """The attempt that waits to be handed in."""
        return next((attempt for attempt in self.attempts if attempt.is_open), None)

    @property
    def finished(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if not attempt.is_open]

    @cached_property
    def grade(self) -> Grade | None:
        """What counts, by the method of the quiz."""
        return grade_of(self.settings.grading, self.attempts)

    @property
    def best(self) -> Attempt | None:
        """The attempt that counts; of an average the newest. None that waits for people's marks."""
        counting = self.grade.attempt if self.grade else ""
        return next((attempt for attempt in self.attempts if attempt.public_id == counting), None)

    def counts(self, attempt: Attempt) -> bool:
        """Whether the grade is this attempt's, among several."""
        is_one = self.settings.grading is not Grading.AVERAGE
        return is_one and len(self.finished) > 1 and self.best is not None and self.best.id == attempt.id

    @property
    def is_marked(self) -> bool:
        """Whether there is something that counts."""
        return self.grade is not None

    @property
    def waiting(self) -> list[Attempt]:
        """Those some of whose answers wait for people's marks."""
        return [attempt for attempt in self.finished if not attempt.is_marked]

    @property
    def allowed(self) -> int | None:
        """How many attempts the learner has in all; None for any number."""
        return None if self.settings.attempts is None else self.settings.attempts + self.granted.attempts

    @property
    def left(self) -> int | None:
        """How many more attempts may be started; None for any number."""
        if self.settings.until_passed and self.has_passed:
            return 0
        return None if self.allowed is None else max(self.allowed - len(self.attempts), 0)

    @property
    def has_more(self) -> bool:
        return self.left is None or self.left > 0

    @property
    def minutes(self) -> int | None:
        """How long an attempt of theirs may take; None where nothing ends it."""
        own = self.settings.limit
        limit = None if own is None else self.granted.limit(own)
        return None if limit is None else -(-limit // timedelta(minutes=1))

    @property
    def is_done(self) -> bool:
        """Whether no attempt is left or running: from here on right answers may be shown."""
        return not self.has_more and self.running is None

    @property
    def has_passed(self) -> bool:
        return self.grade is not None and self.settings.is_passed_with(self.grade.share)

    def shows(self, attempt: Attempt, at: datetime) -> frozenset[Shown]:
        """What its learner may see of an attempt at this moment."""
        moment = moment_of(attempt.submitted, self._closes, at)
        return self.settings.review.shows(moment, is_last=self.is_done or moment is Moment.CLOSED)

    @property
    def _closes(self) -> datetime | None:
        """When the quiz is closed for everybody; not as long as an attempt of the learner's own runs."""
        if self.running is not None:
            return None
        own = self.settings.timetable.own_close(self.granted)
        ends = (self.quiz.settings.closes, self.settings.closes, own, self.over_for_all)
        return max((each for each in ends if each), default=None)

    def shows_score(self, at: datetime) -> bool:
        """Whether the learner may see what counts, as far as there is something."""
        return Shown.MARK in self._shows_of_best(at)

    def shows_maximum(self, at: datetime) -> bool:
        """Whether they may see what could be earned."""
        return Shown.MAXIMUM in self._shows_of_best(at)

    def _shows_of_best(self, at: datetime) -> frozenset[Shown]:
        return frozenset() if self.best is None else self.shows(self.best, at)

    def turn(self, at: datetime) -> Turn:
        """Whether the next attempt may begin now, all so far being over; or why not, and since when one may."""
        finished = [attempt.submitted for attempt in self.finished if attempt.submitted is not None]
        if self.settings.until_passed and self.waiting:
            return Turn(len(finished) + 1, WhyNot.UNMARKED)
        return self.settings.timetable.next_attempt(finished, at, self.granted, has_passed=self.has_passed)
