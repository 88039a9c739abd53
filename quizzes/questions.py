"""Banks, their questions, and the versions a question has had."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Course, Enrolment
from quizzes.kinds import CHOSEN, Places, QuestionKind, Response, kind_of
from quizzes.marking import Kind
from quizzes.rich import TextFormat

LONGEST_TITLE = 255
"""Of what a question is called."""


class QuestionState(StrEnum):
    DRAFT = "draft"
    """Not drawn yet."""
    READY = "ready"
    RETIRED = "retired"
    """No longer drawn; attempts that asked it keep it."""


class Bank(Base):
    """A store of questions: a course's own, or one that comes with the tool and that all courses share.

    Its texts are in the bank's own language.
    """

    __tablename__ = "bank"
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        Index(
            "uq_bank_shared",
            "name",
            unique=True,
            sqlite_where=text("course_id IS NULL"),
            postgresql_where=text("course_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int | None] = mapped_column(ForeignKey(Course.id))
    """Empty for a bank that comes with the tool: nobody changes it here."""
    name: Mapped[str] = mapped_column(String(64))
    title: Mapped[str]
    language: Mapped[str] = mapped_column(String(35))
    license: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the file its questions were last read from; empty where people write them."""

    categories: Mapped[list[Category]] = relationship(
        back_populates="bank", order_by="(Category.position, Category.id)"
    )


class Category(Base):
    """A topic of a bank, perhaps inside another; reports speak of topics."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("bank_id", "name"), CheckConstraint("parent_id <> id", name="not_itself"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    """Stays as it is when the title changes: files and reports know it by this."""
    title: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    bank: Mapped[Bank] = relationship(back_populates="categories")
    parent: Mapped[Category | None] = relationship(remote_side=[id])


class Tag(Base):
    """A word by which questions of a bank are found and drawn."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("bank_id", "word"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    word: Mapped[str] = mapped_column(String(64))


QUESTION_TAG = Table(
    "question_tag",
    Base.metadata,
    Column("question_id", ForeignKey("question.id"), primary_key=True),
    Column("tag_id", ForeignKey(Tag.id), primary_key=True, index=True),
)


class EnemySet(Base):
    """Questions of which at most one stands in an attempt, because one would answer another."""

    __tablename__ = "enemy_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), index=True)

    questions: Mapped[list[Question]] = relationship(back_populates="enemies", order_by="Question.id")


class Question(Base):
    """One question over time; what it says is in its versions."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("bank_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    name: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), default="", server_default="")
    """What its authors call it, if that is more than how it begins; learners never see it."""
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id), index=True)
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.READY)
    enemy_set_id: Mapped[int | None] = mapped_column(ForeignKey(EnemySet.id), index=True)

    bank: Mapped[Bank] = relationship()
    category: Mapped[Category] = relationship(lazy="joined", innerjoin=True)
    enemies: Mapped[EnemySet | None] = relationship(back_populates="questions")
    tags: Mapped[list[Tag]] = relationship(secondary=QUESTION_TAG, order_by=Tag.word)

    @property
    def is_drawn(self) -> bool:
        return self.state is QuestionState.READY


class QuestionVersion(Base):
    """One immutable text of a question: attempts point here, so they show and mark for ever as they were."""

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "n"),
        CheckConstraint("maximum >= 0", name="maximum"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id))
    n: Mapped[int]
    difficulty: Mapped[int]
    """As declared: 1 easy, 2 medium, 3 hard."""
    kind: Mapped[Kind]
    text_format: Mapped[TextFormat] = mapped_column(default=TextFormat.PLAIN)
    maximum: Mapped[float] = mapped_column(default=1.0)
    """What it is worth where a quiz does not say otherwise; nothing for what is only read."""
    body: Mapped[dict[str, Any]]
    """`text`, `why`, and what `quizzes.kinds` says of its kind."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of everything above from the difficulty on, and the topic of questions that come in files: what tells a changed
    question from an unchanged one."""
    created: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Empty for what came with the tool."""
    note: Mapped[str] = mapped_column(default="")
    """What was changed, in its author's words."""

    question: Mapped[Question] = relationship()

    @property
    def behavior(self) -> QuestionKind:
        return kind_of(self.kind)

    @property
    def text(self) -> str:
        return str(self.body["text"])

    @property
    def why(self) -> str:
        return str(self.body.get("why", ""))

    @property
    def places(self) -> Places:
        return self.behavior.places(self.body)

    @property
    def right_answer(self) -> Response:
        return self.behavior.right(self.body)

    @property
    def right(self) -> list[str]:
        """The ids of the right options, where there are options."""
        return self.right_answer.get(CHOSEN, [])


@event.listens_for(QuestionVersion, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, version: QuestionVersion) -> None:
    raise TypeError(f"Question version {version.id} is immutable. Add a new version instead.")
