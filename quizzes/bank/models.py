"""The pictures and recordings of a bank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from quizzes.questions import Bank

LONGEST_NAME = 200


class Medium(Base):
    """A picture or a sound that questions of a bank bring. Versions name it for ever, so it never changes."""

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("bank_id", "sha256"),
        CheckConstraint("size > 0 AND (kind = 'sound' OR (width > 0 AND height > 0))", name="something"),
        Index("ix_picture_file", "file"),
    )
    __mapper_args__: Mapping[str, Any] = {"polymorphic_on": "kind", "polymorphic_abstract": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id))
    kind: Mapped[str] = mapped_column(String(16), server_default="picture")
    file: Mapped[str] = mapped_column(String(32))
    """The random name it lies under (`lti_tool.uploads`); copies share it."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    """What the file was called that it came in."""
    mimetype: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    """In bytes."""
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    """In pixels; 0 of what is only heard."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of its bytes: the same given twice is one."""
    created: Mapped[datetime]

    bank: Mapped[Bank] = relationship()


class Picture(Medium):
    """What is seen."""

    __mapper_args__: Mapping[str, Any] = {"polymorphic_identity": "picture"}


class Sound(Medium):
    """What is heard: a recording."""

    __mapper_args__: Mapping[str, Any] = {"polymorphic_identity": "sound"}
