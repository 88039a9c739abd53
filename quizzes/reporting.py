"""What an attempt shows about its learner, and what a class has reached: plain values for pages to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from markupsafe import Markup

from lti_tool.models import Enrolment
from quizzes import showing
from quizzes.designing.reviewing import Moment, Shown, moment_of
from quizzes.designing.settings import Grading, Settings
from quizzes.grading import Grade, grade_of
from quizzes.headings import Heading, headings
from quizzes.models import Answer, Attempt, Quiz
from quizzes.timing import NONE_GRANTED, Accommodation, Turn, WhyNot

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
    """What could be earned."""

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
class AskedQuestion:
    """A question of an attempt: what was asked and answered; whether it was right and the key, as far as told."""

    place: int
    topic: str
    text: Markup
    earned: float | None
    """None where it is not told."""
    maximum: float | None
    is_marked: bool
    """Whether it has its mark; otherwise people have yet to read it."""
    is_right: bool | None
    """Wholly; None where it is not told."""
    chosen: Sequence[Markup]
    right: Sequence[Markup] = ()
    why: Markup = NOTHING
    section: int | None = None


@dataclass(frozen=True, kw_only=True)
class AttemptReport:
    """A marked attempt, explained, as far as it is shown."""

    attempt: Attempt
    shows: frozenset[Shown]
    topics: Sequence[TopicResult]
    asked: Sequence[AskedQuestion]

    @property
    def missed(self) -> list[AskedQuestion]:
        """Those not answered wholly right, where that is told."""
        return [each for each in self.asked if each.is_right is False and each.is_marked]

    @property
    def waiting(self) -> list[AskedQuestion]:
        """Those whose answers people have yet to mark, where it is told how the others went."""
        return [each for each in self.asked if each.is_right is False and not each.is_marked]

    @property
    def others(self) -> list[AskedQuestion]:
        """Those answered rightly; all, where it is not told which are."""
        return [each for each in self.asked if each.is_right is not False]

    def headed(self, asked: Sequence[AskedQuestion]) -> list[tuple[AskedQuestion, Heading | None]]:
        """Each with what stands above it where another section begins."""
        above = headings(self.attempt.revision.outlined, [each.section for each in asked])
        return list(zip(asked, above, strict=True))


def report(attempt: Attempt, *, shows: frozenset[Shown]) -> AttemptReport:
    """What was understood and missed; nothing is in it that may not be shown."""
    titles = _titles(attempt)
    return AttemptReport(
        attempt=attempt,
        shows=shows,
        topics=[_topic(title, answers) for title, answers in _by_topic(_marked(attempt), titles)]
        if Shown.OVERALL in shows
        else [],
        asked=[
            _asked(answer, titles.get(_topic_of(answer), ""), shows)
            for answer in attempt.answers
            if answer.version.behavior.takes_answers
        ]
        if Shown.ATTEMPT in shows
        else [],
    )


def _marked(attempt: Attempt) -> list[Answer]:
    """What waits for people's marks says nothing of how a topic went yet."""
    return [answer for answer in attempt.answers if answer.fraction is not None]


def _titles(attempt: Attempt) -> dict[str, str]:
    """The topics of the quiz's bank in their order, then those of other banks that it asks from."""
    titles = {category.name: category.title for category in attempt.revision.bank.categories}
    for answer in attempt.answers:
        category = answer.version.question.category
        titles.setdefault(category.name, category.title)
    return titles


def _by_topic(answers: Iterable[Answer], titles: dict[str, str]) -> list[tuple[str, list[Answer]]]:
    """What counts, by topic; what is only read is left out."""
    grouped: dict[str, list[Answer]] = {topic: [] for topic in titles}
    for answer in answers:
        if not answer.version.behavior.takes_answers:
            continue
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


def checked(answers: Iterable[Answer], *, shows: frozenset[Shown]) -> dict[int, AskedQuestion]:
    """Of a running attempt's questions those that were checked, by place, with what is shown of them then."""
    return {answer.place: _asked(answer, "", shows) for answer in answers if answer.is_checked}


def _asked(answer: Answer, topic: str, shows: frozenset[Shown]) -> AskedQuestion:
    """What a question earned tells whether it was right, so the one is told only with the other."""
    version, tells = answer.version, Shown.CORRECTNESS in shows
    return AskedQuestion(
        place=answer.place,
        topic=topic,
        text=showing.html_of(version, version.text),
        earned=(answer.mark or 0.0) if tells and Shown.MARK in shows else None,
        maximum=answer.maximum if Shown.MAXIMUM in shows else None,
        is_marked=answer.fraction is not None,
        is_right=answer.fraction == 1 if tells else None,
        chosen=showing.said(version, answer.response),
        right=showing.said(version, version.right_answer) if Shown.RIGHT_ANSWER in shows else (),
        why=showing.html_of(version, version.why) if Shown.GENERAL in shows else Markup(),
        section=answer.section,
    )


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
