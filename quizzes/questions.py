"""Banks, their questions, and the versions a question has had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from quizzes.marking import Key, Kind


class Bank(Base):
    """A store of questions, shared by all courses; its texts are in the bank's own language."""

    __tablename__ = "bank"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str]
    language: Mapped[str] = mapped_column(String(35))
    license: Mapped[str]
    topics: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """Each topic's `id` and `title`, in the order topics are reported in."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file its questions were last read from."""


class Question(Base):
    """One question over time; what it says is in its versions."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("bank_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    name: Mapped[str] = mapped_column(String(64))
    is_retired: Mapped[bool] = mapped_column(default=False)
    """Whether it is no longer drawn; attempts that asked it keep it."""

    bank: Mapped[Bank] = relationship()


class QuestionVersion(Base):
    """One immutable text of a question: attempts point here, so they show and mark for ever as they were."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    question_id: Mapped[int] = mapped_column(ForeignKey(Question.id))
    n: Mapped[int]
    topic: Mapped[str] = mapped_column(String(64))
    difficulty: Mapped[int]
    kind: Mapped[Kind]
    body: Mapped[dict[str, Any]]
    """`text`, `options` (each with `id`, `text`, `fixed`), `right` (option ids) and `why`."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of everything above from the topic on: what tells a changed question from an unchanged one."""
    created: Mapped[datetime]

    question: Mapped[Question] = relationship()

    @property
    def text(self) -> str:
        return str(self.body["text"])

    @property
    def why(self) -> str:
        return str(self.body["why"])

    @property
    def options(self) -> list[str]:
        """The option ids, in the order of the bank."""
        return [option["id"] for option in self.body["options"]]

    @property
    def fixed(self) -> frozenset[int]:
        return frozenset(place for place, option in enumerate(self.body["options"]) if option["fixed"])

    @property
    def right(self) -> list[str]:
        return list(self.body["right"])

    @property
    def key(self) -> Key:
        return Key.of(self.kind, self.options, self.right)


@event.listens_for(QuestionVersion, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, version: QuestionVersion) -> None:
    raise TypeError(f"Question version {version.id} is immutable. Add a new version instead.")
