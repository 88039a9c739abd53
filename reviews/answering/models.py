"""What was answered. Of anonymous groups nothing leads from here to who answered: no key, no moment, no order."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base
from reviews.campaigns.models import Assignment, RaterGroup, Target


def random_id() -> str:
    return secrets.token_hex(12)


class Response(Base):
    """The ratings of one rater."""

    __tablename__ = "review_response"
    # Rows in the order of random keys: counting numbers, or SQLite's own, would tell who came after whom.
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=random_id)
    target_id: Mapped[int] = mapped_column(ForeignKey(Target.id), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey(RaterGroup.id), index=True)
    day: Mapped[date | None]
    """Empty for anonymous groups: on a quiet day it would tell who it was."""
    ratings: Mapped[dict[str, Any]]
    """A score by the key of each statement, None for *not observed*; what was left open is missing."""
    importance: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """By the key of each competency, where the instrument asks for it."""
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey(Assignment.id), unique=True)
    """Empty for anonymous groups."""

    target: Mapped[Target] = relationship()
    group: Mapped[RaterGroup] = relationship(lazy="joined", innerjoin=True)
    assignment: Mapped[Assignment | None] = relationship()


class Remark(Base):
    """One comment, or the answer to one open question. It stands by itself: no style of writing leads to ratings."""

    __tablename__ = "review_remark"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    id: Mapped[str] = mapped_column(String(24), primary_key=True, default=random_id)
    target_id: Mapped[int] = mapped_column(ForeignKey(Target.id), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey(RaterGroup.id), index=True)
    about: Mapped[str] = mapped_column(String(128))
    """The key of the competency or open question."""
    text: Mapped[str] = mapped_column(Text)
    redacted: Mapped[str | None] = mapped_column(Text)
    """What is shown instead, where whoever runs the campaign has taken a name or an insult out."""
    may_be_quoted: Mapped[bool] = mapped_column(default=False)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey(Assignment.id), index=True)
    """Empty for anonymous groups."""

    target: Mapped[Target] = relationship()
    group: Mapped[RaterGroup] = relationship(lazy="joined", innerjoin=True)
    assignment: Mapped[Assignment | None] = relationship()

    @property
    def shown(self) -> str:
        return self.text if self.redacted is None else self.redacted
