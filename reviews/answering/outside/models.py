"""The nouns of raters outside: the address each was mailed, and who wants no mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base
from reviews.campaigns.models import Assignment


class OutsideLink(Base):
    """One secret address for one assignment. Sent anew it is another one, and the older ones are worth nothing."""

    __tablename__ = "review_link"
    __table_args__ = (UniqueConstraint("assignment_id", "n"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey(Assignment.id, ondelete="CASCADE"))
    n: Mapped[int]
    """Counts the addresses of an assignment from 1."""
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address."""
    opened_by: Mapped[str] = mapped_column(String(64), default="")
    """Hash of the word that the first browser there was given: another one does not get in. Empty until then."""
    is_revoked: Mapped[bool] = mapped_column(default=False)
    made: Mapped[datetime]
    sent: Mapped[datetime | None]
    """When the mail server took it."""

    assignment: Mapped[Assignment] = relationship()


class ReviewStop(Base):
    """Somebody outside who wants no more mails that ask for reviews, about anybody."""

    __tablename__ = "review_stop"

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of their mail address."""
    at: Mapped[datetime]
