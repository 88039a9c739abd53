"""Attempts: one learner's go at a quiz each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from quizzes.attempts.pages import Pages
from quizzes.designing.models import FrozenOutline, QuizRevision
from quizzes.designing.reviewing import Shown
from quizzes.designing.settings import Navigation, Settings
from quizzes.drawing.by_outline import ALGORITHM
from quizzes.events import AttemptMarked, QuestionAsked, QuizSubmitted
from quizzes.headings import Heading, headings
from quizzes.kinds import Response
from quizzes.marking import raw_of, rounded
from quizzes.models.quiz import Quiz
from quizzes.timing import Timetable, Window

if TYPE_CHECKING:
    from quizzes.models.answer import Answer

Answers = Mapping[int, Response]
"""What was answered to some questions of an attempt, by the question's place from 1."""


class Finish(StrEnum):
    """How an attempt ended."""

    LEARNER = "learner"
    """The learner handed it in."""
    TIMER = "timer"
    """Its time ran out; what was saved until then was marked."""


class AttemptClosed(Exception):
    """The attempt takes no answers any more: it was handed in, or its time is over."""


class Attempt(Base):
    """One learner's go at a quiz."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("quiz_id", "enrolment_id", "n"),
        Index(
            "uq_attempt_open",
            "quiz_id",
            "enrolment_id",
            unique=True,
            sqlite_where=text("submitted IS NULL"),
            postgresql_where=text("submitted IS NULL"),
        ),
        Index(
            "ix_attempt_unmarked",
            "quiz_id",
            sqlite_where=text("unmarked > 0"),
            postgresql_where=text("unmarked > 0"),
        ),
        CheckConstraint("n > 0", name="counts_from_one"),
        CheckConstraint(
            "(submitted IS NULL AND finish IS NULL AND raw IS NULL)"
            " OR (submitted IS NOT NULL AND finish IS NOT NULL AND raw IS NOT NULL)",
            name="submitted_is_marked",
        ),
        CheckConstraint("submitted BETWEEN started AND deadline", name="submitted_in_time"),
        CheckConstraint("maximum > 0 AND raw BETWEEN 0 AND maximum", name="raw_within_maximum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    revision_id: Mapped[int] = mapped_column(ForeignKey(QuizRevision.id), index=True)
    """What it was drawn from and which rules held when it began."""
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    n: Mapped[int]
    """Counts the learner's attempts at this quiz from 1."""
    seed: Mapped[bytes] = mapped_column(LargeBinary(16))
    """What the draw was made from; kept so that it can be derived again."""
    algorithm: Mapped[str] = mapped_column(String(32), default=ALGORITHM)
    outline_id: Mapped[int | None] = mapped_column(ForeignKey(FrozenOutline.id), index=True)
    """What it was drawn from, as it was then; empty for attempts of the first algorithm."""
    pool: Mapped[list[int]] = mapped_column(default=list)
    """Of the first algorithm: the versions it was drawn from, by id, in the order they were handed to the draw."""
    started: Mapped[datetime]
    deadline: Mapped[datetime | None]
    """Empty where nothing ends it."""
    epoch: Mapped[int] = mapped_column(default=0)
    """Counts how often its page was opened; the page opened last is the one that answers."""
    opened_by: Mapped[str] = mapped_column(String(32), default="")
    """The tab or device whose page that is, by a random word of its own."""
    network: Mapped[str] = mapped_column(String(16), default="")
    """What its learner's network looks like, in a short word that leads nowhere; to notice when it changes."""
    page: Mapped[int] = mapped_column(default=1)
    """How far its learner has come where there is no way back."""
    maximum: Mapped[float]
    submitted: Mapped[datetime | None]
    """When it was handed in; its deadline, if its time ran out."""
    finish: Mapped[Finish | None]
    raw: Mapped[float | None]
    """What it earned, to five decimals; what waits for people's marks counts nothing yet."""
    unmarked: Mapped[int] = mapped_column(default=0)
    """How many of its answers wait for people's marks."""

    quiz: Mapped[Quiz] = relationship()
    revision: Mapped[QuizRevision] = relationship()
    outline: Mapped[FrozenOutline | None] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="attempt", order_by="Answer.place")

    @property
    def settings(self) -> Settings:
        """The rules that held when it began."""
        return self.revision.rules

    @property
    def timetable(self) -> Timetable:
        return self.settings.timetable

    @property
    def window(self) -> Window | None:
        """None where nothing ends it."""
        return None if self.deadline is None else Window(self.started, self.deadline)

    @property
    def on_check(self) -> frozenset[Shown]:
        """What is shown of a question once it is checked, by the rules of today; nothing where none can be."""
        return (self.quiz.current or self.revision).rules.review.on_check

    def is_taking(self, at: datetime) -> bool:
        """Whether answers that arrive now count."""
        return self.is_open and (self.window is None or self.window.is_open(at))

    @property
    def is_open(self) -> bool:
        """Whether it still waits to be handed in, be its time over or not."""
        return self.submitted is None

    @property
    def is_marked(self) -> bool:
        """Whether it is closed and no answer of it waits for people's marks."""
        return not self.is_open and not self.unmarked

    @property
    def share(self) -> float | None:
        """What it earned of its maximum, from 0 to 1."""
        return None if self.raw is None else self.raw / self.maximum

    @property
    def has_passed(self) -> bool:
        return self.share is not None and self.settings.is_passed_with(self.share)

    @property
    def unanswered(self) -> list[int]:
        """The places of the questions without an answer."""
        return [answer.place for answer in self.answers if answer.is_open]

    @property
    def flagged(self) -> list[int]:
        """The places of the questions that its learner wants to look at again."""
        return [answer.place for answer in self.answers if answer.is_flagged]

    def leads_to(self, place: int) -> bool:
        """Whether there is a way to this question, to answer it."""
        return not self.has_no_way_back or self.pages.of(place) == self.page

    def asks_before(self, at: datetime) -> bool:
        """Whether handing in now would give something away: a question can still be answered, and there is time."""
        has_time = self.deadline is None or at < self.deadline
        return has_time and any(self.leads_to(place) for place in self.unanswered)

    @property
    def pages(self) -> Pages:
        return Pages(len(self.answers), self.settings.per_page)

    @property
    def has_no_way_back(self) -> bool:
        return self.settings.navigation is Navigation.SEQUENTIAL and self.pages.count > 1

    def on_page(self, page: int) -> list[Answer]:
        return [answer for answer in self.answers if self.pages.of(answer.place) == page]

    def headed(self, page: int) -> list[tuple[Answer, Heading | None]]:
        """The same, each with what stands above it where a section begins or goes on."""
        shown, before = self.on_page(page), self.on_page(page - 1)
        return self._headed(shown, before[-1].section if before else None)

    @property
    def headed_whole(self) -> list[tuple[Answer, Heading | None]]:
        """All questions as on one page."""
        return self._headed(self.answers)

    def _headed(self, shown: list[Answer], before: int | None = None) -> list[tuple[Answer, Heading | None]]:
        above = headings(self.revision.outlined, [answer.section for answer in shown], before)
        return list(zip(shown, above, strict=True))

    def submit(self, answers: Answers, at: datetime) -> QuizSubmitted:
        """Take these last answers, mark all of them and close.

        Raises AttemptClosed, having changed nothing, if it was handed in before or its time is over.
        """
        self.save(answers, at)
        return self._finish(Finish.LEARNER, at)

    def run_out(self, at: datetime) -> QuizSubmitted:
        """Mark what was saved, because the time is over."""
        if not self.is_open:
            raise AttemptClosed
        return self._finish(Finish.TIMER, at)

    def save(self, answers: Answers, at: datetime) -> list[Answer]:
        """Keep these answers, and say which of them changed; others stay as they are, and all that were checked."""
        if not self.is_taking(at):
            raise AttemptClosed
        taken = [answer for answer in self.answers if answer.place in answers and not answer.is_checked]
        return [answer for answer in taken if answer.keep(answers[answer.place], at)]

    def flag(self, flags: Mapping[int, bool]) -> None:
        """Which questions, by place, are to be looked at again."""
        for answer in self.answers:
            answer.is_flagged = flags.get(answer.place, answer.is_flagged)

    def go_on(self, page: int) -> bool:
        """To this page, where there is no way back; whether it was the next one."""
        if page != self.page + 1 or page > self.pages.count:
            return False
        self.page = page
        return True

    def recount(self) -> None:
        """Add up anew what its answers have earned, after some of them were marked."""
        self.raw = raw_of((each.fraction, each.maximum) for each in self.answers)
        self.maximum = sum(each.maximum for each in self.answers)
        self.unmarked = sum(each.fraction is None for each in self.answers)

    def _finish(self, how: Finish, at: datetime) -> QuizSubmitted:
        raw = Fraction(0)
        for answer in self.answers:
            raw += answer.earn()
        self.unmarked = sum(answer.fraction is None for answer in self.answers)
        submitted = max(at, self.started) if self.window is None else self.window.finished(at)
        self.raw, self.finish, self.submitted = rounded(raw), how, submitted
        return self._told(submitted, self.raw)

    def _told(self, submitted: datetime, raw: float) -> QuizSubmitted:
        questions = tuple(answer.told() for answer in self.answers if answer.version.behavior.takes_answers)
        return QuizSubmitted(at=submitted, ran_out=self.finish is Finish.TIMER, **self._result(raw, questions))

    def marked(self, answers: Iterable[Answer], *, is_complete: bool, at: datetime) -> AttemptMarked:
        """What is to be told once these of its answers have other marks."""
        return AttemptMarked(
            at=at,
            is_marked=self.is_marked,
            is_complete=is_complete,
            **self._result(self.raw or 0.0, tuple(answer.told() for answer in answers)),
        )

    def _result(self, raw: float, questions: tuple[QuestionAsked, ...]) -> dict[str, Any]:
        return {
            "who": self.enrolment.who,
            "where": self.quiz.course.where,
            "quiz": self.quiz.public_id,
            "title": self.quiz.title,
            "language": self.revision.bank.language,
            "attempt": self.public_id,
            "n": self.n,
            "started": self.started,
            "submitted": self.submitted,
            "raw": raw,
            "maximum": self.maximum,
            "pass_percent": self.settings.pass_percent,
            "has_passed": self.has_passed,
            "questions": questions,
        }
