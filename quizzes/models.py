"""Quizzes, attempts and answers; the questions themselves live next door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment
from quizzes import rich, wording
from quizzes.attempts.pages import Pages
from quizzes.designing.models import FrozenOutline, QuizRevision
from quizzes.designing.reviewing import Shown
from quizzes.designing.settings import Navigation, Settings
from quizzes.drawing.by_outline import ALGORITHM
from quizzes.events import AttemptMarked, QuestionAsked, QuizSubmitted
from quizzes.headings import Heading, headings
from quizzes.kinds import CHOSEN, NotAnAnswer, Option, Response
from quizzes.marking import mark_of, raw_of, rounded
from quizzes.questions import Bank, QuestionVersion
from quizzes.timing import Timetable, Window

LONGEST_FILE_NAME = 200
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


class Quiz(Base):
    """A quiz of a course; what it asks, and its rules, are in its revisions."""

    __tablename__ = "quiz"
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    name: Mapped[str] = mapped_column(String(64))
    """Which of the course's quizzes it is: `onboarding`."""
    title: Mapped[str]
    created: Mapped[datetime]

    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)
    revisions: Mapped[list[QuizRevision]] = relationship(
        back_populates="quiz", order_by=QuizRevision.n, cascade="all, delete-orphan"
    )
    current: Mapped[QuizRevision | None] = relationship(
        primaryjoin=lambda: and_(QuizRevision.quiz_id == Quiz.id, QuizRevision.is_current),
        lazy="joined",
        viewonly=True,
    )
    """What learners get now; None as long as it is not published."""

    @property
    def reference(self) -> str:
        """What placements and grades call it."""
        return f"quiz:{self.public_id}"

    @property
    def is_published(self) -> bool:
        return self.current is not None

    @property
    def published(self) -> QuizRevision:
        """What learners get now, of a quiz that they can see."""
        if self.current is None:
            raise LookupError(f"Quiz {self.id} is not published.")
        return self.current

    @property
    def settings(self) -> Settings:
        return self.published.rules

    @property
    def bank(self) -> Bank:
        return self.published.bank

    def is_passed_with(self, share: float) -> bool:
        """Whether this share of the maximum, from 0 to 1, is enough."""
        return self.settings.is_passed_with(share)


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


class Answer(Base):
    """One question of an attempt: how it was shown, what was chosen, what that earned."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "place"),
        UniqueConstraint("attempt_id", "version_id"),
        CheckConstraint("place > 0", name="counts_from_one"),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey(Attempt.id))
    place: Mapped[int]
    """Which question of the attempt it is, from 1."""
    section: Mapped[int | None]
    """Which section of the plan it belongs to, from 1; empty for attempts of the first algorithm."""
    version_id: Mapped[int] = mapped_column(ForeignKey(QuestionVersion.id), index=True)
    option_order: Mapped[list[int]]
    """What may change places, as shown: each by its place in the question's text from 0."""
    maximum: Mapped[float] = mapped_column(default=1.0)
    """What it is worth in this attempt."""
    response: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    """What was answered, as `quizzes.kinds` has it; nothing where the question was left open."""
    saved: Mapped[datetime | None]
    """When the answer last changed."""
    seq: Mapped[int] = mapped_column(default=0)
    """Of the newest answer kept; one with a higher number replaces it, any other is too late."""
    is_flagged: Mapped[bool] = mapped_column(default=False)
    """Whether its learner wants to look at it again."""
    checked: Mapped[datetime | None]
    """When its learner had it checked while the attempt ran: from then on the answer stays as it was."""
    fraction: Mapped[float | None]
    """What it earned, from 0 to 1, once checked or closed; empty while it waits for people's marks."""
    mark: Mapped[float | None]

    attempt: Mapped[Attempt] = relationship(back_populates="answers")
    version: Mapped[QuestionVersion] = relationship(lazy="joined", innerjoin=True)
    files: Mapped[list[AnswerFile]] = relationship(
        back_populates="answer", order_by="AnswerFile.id", cascade="all, delete-orphan"
    )
    """Those that the response names."""

    @property
    def options(self) -> list[Option]:
        """The options in the order they are shown."""
        rows = self.version.behavior.options(self.version.body)
        return [rows[place] for place in self.option_order]

    @property
    def chosen(self) -> list[str]:
        """The ids of the options chosen, where there are options."""
        return self.response.get(CHOSEN, [])

    @property
    def is_checked(self) -> bool:
        return self.checked is not None

    @property
    def can_be_checked(self) -> bool:
        """Whether what it earns is known as soon as it is answered."""
        behavior = self.version.behavior
        return behavior.takes_answers and not behavior.is_marked_by_hand

    @property
    def is_open(self) -> bool:
        """Whether there is something to answer, and it has not been answered."""
        behavior = self.version.behavior
        return behavior.takes_answers and not behavior.is_answered(self.version.body, self.response)

    def keep(self, response: Response, at: datetime) -> bool:
        """Keep this answer; whether it is another one than before.

        Raises ValueError for one that the question does not allow.
        """
        try:
            cleaned = self.version.behavior.cleaned(self.version.body, response)
        except NotAnAnswer as problem:
            raise NotAnAnswer(f"Question {self.place}: {problem}") from None
        if cleaned == self.response:
            return False
        self.response, self.saved, self.seq = cleaned, at, self.seq + 1
        return True

    def differs(self, response: Response) -> bool:
        """Whether this is another answer than the one that is kept, or none at all."""
        try:
            return self.version.behavior.cleaned(self.version.body, response) != self.response
        except NotAnAnswer:
            return True

    def earn(self) -> Fraction:
        """Mark it, and say what it earned so far."""
        earned = self.version.behavior.fraction(self.version.body, self.response)
        self.fraction = None if earned is None else rounded(earned)
        mark = (earned or Fraction(0)) * Fraction(self.maximum)
        self.mark = None if earned is None else rounded(mark)
        return mark

    def take(self, fraction: float | None) -> None:
        """Let it have earned this, or wait for people's marks."""
        self.fraction = fraction
        self.mark = mark_of(fraction, self.maximum)

    def told(self) -> QuestionAsked:
        version = self.version
        return QuestionAsked(
            question=version.public_id,
            name=f"{version.question.bank.name}/{version.question.name}",
            version=version.n,
            place=self.place,
            topic=version.question.category.name,
            kind=version.kind.value,
            text=rich.plain(version.text, version.text_format, inline=False),
            is_right=self.fraction == 1,
            is_marked=self.fraction is not None,
            mark=self.mark or 0.0,
            maximum=self.maximum,
            interaction=version.behavior.interaction(wording.plain_body(version), self.response),
        )


class AnswerFile(Base):
    """A file of an answer. It is the learner's own: it goes when they are erased, and when their attempt goes."""

    __tablename__ = "answer_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    """By this the answer names it."""
    answer_id: Mapped[int] = mapped_column(ForeignKey(Answer.id), index=True)
    file: Mapped[str] = mapped_column(String(32), unique=True)
    """The random name it lies under (`lti_tool.uploads`)."""
    file_name: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    """What it is called by whoever takes it away."""
    kind: Mapped[str] = mapped_column(String(16))
    """What its bytes are, a key of `lti_tool.files.kinds.BY_KEY`."""
    size: Mapped[int]
    created: Mapped[datetime]

    answer: Mapped[Answer] = relationship(back_populates="files")
