"""Answers: one for each question of an attempt, and the files that some of them are."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from quizzes import rich, wording
from quizzes.events import QuestionAsked
from quizzes.kinds import CHOSEN, NotAnAnswer, Option, Response
from quizzes.marking import mark_of, rounded
from quizzes.models.attempt import Attempt
from quizzes.questions import QuestionVersion

LONGEST_FILE_NAME = 200


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
