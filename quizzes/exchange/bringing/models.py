"""The nouns of bringing questions: a file, its questions, and the pictures and recordings in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from quizzes.questions import Bank, Category


class ImportState(StrEnum):
    LOOKING = "looking"
    """The file is being read."""
    LOOKED = "looked"
    """It waits for somebody's choice; nothing of the bank has changed."""
    TAKING = "taking"
    TAKEN = "taken"
    UNDOING = "undoing"
    UNDONE = "undone"


class QuestionImport(Base):
    """A file with questions that somebody brought."""

    __tablename__ = "question_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey(Category.id), index=True)
    """Where questions go of which the file says no topic."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Empty once they were erased."""
    filename: Mapped[str] = mapped_column(String(255))
    file: Mapped[str] = mapped_column(String(32), default="")
    """Its name among the uploads; empty once it was read."""
    format: Mapped[str] = mapped_column(String(32), default="")
    """As the registry names it: what was asked for, then what was found."""
    encoding: Mapped[str] = mapped_column(String(32), default="")
    is_draft: Mapped[bool] = mapped_column(default=False)
    """Whether all of them come as drafts."""
    state: Mapped[ImportState] = mapped_column(default=ImportState.LOOKING)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What is not carried over, in sentences: severity, place, sentence."""
    banks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """The banks of the file and those that its quizzes draw from: see `quizzes.exchange.banks`."""
    counted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Numbers: of questions, of known ones, of findings by severity and of untold ones; then of what became of them."""
    quizzes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Those that the file holds, as `drafting` writes them: what each asks, whether a draft of it is wanted, and which
    became of it."""
    asked: Mapped[datetime]
    ended: Mapped[datetime | None]
    """When they were taken, or taken back."""

    bank: Mapped[Bank] = relationship()
    category: Mapped[Category] = relationship()
    by: Mapped[Enrolment | None] = relationship()


class ImportedQuestion(Base):
    """One of its questions as it was read."""

    __tablename__ = "question_import_row"
    __table_args__ = (Index("ix_question_import_row_wanted", "import_id", "is_wanted"),)

    import_id: Mapped[int] = mapped_column(ForeignKey(QuestionImport.id), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Counts them in the order of the file, from 1."""
    said: Mapped[str] = mapped_column(Text)
    """All of it, as `staging` writes it; empty once it was taken."""
    place: Mapped[str] = mapped_column(String(255), default="")
    """Where it stands in the file, in words."""
    kind: Mapped[str] = mapped_column(String(32), default="", server_default="")
    is_complete: Mapped[bool]
    """Whether it can be asked; a draft otherwise."""
    is_whole: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether all that the file says of it is kept."""
    known_as: Mapped[str] = mapped_column(String(32), default="")
    """The public id of a question of the bank that asks the same."""
    same_as: Mapped[int | None]
    """The number of a question of the file, before it, that asks the same."""
    is_wanted: Mapped[bool]
    question: Mapped[str] = mapped_column(String(32), default="")
    """The public id of what became of it."""

    @property
    def is_known(self) -> bool:
        return bool(self.known_as) or self.same_as is not None


class ImportedPicture(Base):
    """A picture that questions of the file show, or a recording that they play."""

    __tablename__ = "question_import_picture"

    import_id: Mapped[int] = mapped_column(ForeignKey(QuestionImport.id), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    """What texts call it."""
    name: Mapped[str] = mapped_column(String(255))
    mimetype: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
