"""Gradings, which are added and never changed, and the regrades that write many of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Connection, ForeignKey, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from quizzes.marks.judging import Policy
from quizzes.models import Answer, Quiz
from quizzes.questions import Question, QuestionVersion


class Source(StrEnum):
    """How a mark came about."""

    HAND = "hand"
    """Somebody read the answer."""
    REGRADE = "regrade"
    UNDO = "undo"
    """What was there before a regrade."""


class RunState(StrEnum):
    LOOKING = "looking"
    """What it would change is being worked out; nothing is written."""
    LOOKED = "looked"
    WRITING = "writing"
    STOPPED = "stopped"
    """Somebody stopped it in the middle: it can go on, or be undone."""
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RegradeRun(Base):
    """Marking the answers of a quiz anew: who, when, how, and what it changed."""

    __tablename__ = "regrade_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey(Question.id), index=True)
    """Empty where all questions of the quiz are marked anew."""
    from_version_id: Mapped[int | None] = mapped_column(ForeignKey(QuestionVersion.id))
    """The oldest version of the question that was asked."""
    to_version_id: Mapped[int | None] = mapped_column(ForeignKey(QuestionVersion.id))
    """The version that answers are marked by, where it is about one question."""
    policy: Mapped[Policy]
    worth: Mapped[float | None]
    """What the question is worth from now on; empty where that stays."""
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[RunState] = mapped_column(default=RunState.LOOKING)
    foreseen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What it would change, as the dry run found."""
    changed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What it has changed."""
    done: Mapped[int] = mapped_column(default=0)
    """The last attempt that is done, by its row: here it goes on."""
    by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    asked: Mapped[datetime]
    ended: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    undone: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship()
    question: Mapped[Question | None] = relationship()
    from_version: Mapped[QuestionVersion | None] = relationship(foreign_keys=from_version_id)
    to_version: Mapped[QuestionVersion | None] = relationship(foreign_keys=to_version_id)
    by: Mapped[Enrolment] = relationship(foreign_keys=by_id)
    undone_by: Mapped[Enrolment | None] = relationship(foreign_keys=undone_by_id)

    @property
    def has_written(self) -> bool:
        """Whether marks were changed by it and stand."""
        return self.state in (RunState.WRITING, RunState.STOPPED, RunState.DONE) and bool(self.changed.get("answers"))

    @property
    def is_working(self) -> bool:
        return self.state in (RunState.LOOKING, RunState.WRITING, RunState.UNDOING)


class Grading(Base):
    """One mark that an answer got; the newest one counts."""

    __tablename__ = "grading"
    __table_args__ = (
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction"),
        CheckConstraint("maximum >= 0 AND was_maximum >= 0", name="maximum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey(Answer.id), index=True)
    source: Mapped[Source]
    fraction: Mapped[float | None]
    """What the answer earned, from 0 to 1; empty where it waits for people's marks again."""
    maximum: Mapped[float]
    """What the question was worth then."""
    was_fraction: Mapped[float | None]
    """What the answer had earned before."""
    was_maximum: Mapped[float]
    comment: Mapped[str] = mapped_column(Text, default="")
    """For the learner, in Markdown."""
    rubric: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The level chosen, counted from 0, for each criterion by its id."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is not what it was; for those who mark."""
    by_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey(RegradeRun.id), index=True)
    at: Mapped[datetime]

    answer: Mapped[Answer] = relationship()
    by: Mapped[Enrolment] = relationship()
    run: Mapped[RegradeRun | None] = relationship()

    @property
    def is_by_hand(self) -> bool:
        return self.source is Source.HAND


class MarkingWay(Base):
    """How a quiz is marked, for everybody who marks it."""

    __tablename__ = "marking_way"

    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id), primary_key=True)
    is_blind: Mapped[bool] = mapped_column(default=False)
    """Whether those who mark do not see whose answers they read."""


@event.listens_for(Grading, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, grading: Grading) -> None:
    raise TypeError(f"Grading {grading.id} is kept as it is. Add another one instead.")
