"""The pictures of a bank."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from quizzes.questions import Bank

LONGEST_NAME = 200


class Picture(Base):
    """A picture that questions of a bank show. Versions name it for ever, so it never changes."""

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("bank_id", "sha256"),
        CheckConstraint("width > 0 AND height > 0 AND size > 0", name="something"),
        Index("ix_picture_file", "file"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    file: Mapped[str] = mapped_column(String(32))
    """The random name it lies under (`lti_tool.uploads`); copies of a picture share it."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    """What the file was called that it came in."""
    mimetype: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    """In bytes."""
    width: Mapped[int]
    height: Mapped[int]
    """In pixels."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of its bytes: the same picture given twice is one."""
    created: Mapped[datetime]

    bank: Mapped[Bank] = relationship()
