"""What the tables of a feature hold that mails reports to managers: when they go, consents, what was made, stops."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from lti_tool.pages import zone_of


class Schedule(Base):
    """When reports go by themselves, as somebody who teaches has arranged it."""

    __abstract__ = True

    if TYPE_CHECKING:
        rhythm: Mapped[Any]
        """Of the feature's own; empty once it was stopped."""

    id: Mapped[int] = mapped_column(primary_key=True)
    weekday: Mapped[int | None]
    """From Monday, which is 0."""
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Who arranged it, and by whose clocks they go; empty once they were erased."""
    said: Mapped[datetime]
    next_due: Mapped[datetime | None]
    """When they go next; letters that name another moment do nothing."""

    @declared_attr
    @classmethod
    def said_by(cls) -> Mapped[Enrolment | None]:
        return relationship(foreign_keys=lambda: [cls.said_by_id])

    @property
    def is_on(self) -> bool:
        return self.rhythm is not None

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.said_by.person if self.said_by else None)

    def stop(self) -> None:
        """Nothing goes by itself any more, and no learner is asked; letters on their way do nothing."""
        self.rhythm, self.weekday, self.next_due = None, None, None


class Consent(Base):
    """Whether a learner agrees that one certain person gets their report. Without a yes, nobody does."""

    __abstract__ = True

    if TYPE_CHECKING:
        enrolment_id: Mapped[int]

    id: Mapped[int] = mapped_column(primary_key=True)
    is_given: Mapped[bool]
    whom: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the mail address they were shown: a yes to one manager is none to the next."""
    said: Mapped[datetime]


class MadeReport(Base):
    """A learner's report that was made for their manager, for one occasion; what it said is not kept."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    """Whom it is about."""
    occasion: Mapped[str] = mapped_column(String(64))
    whom: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the mail address it went to; empty once that person was erased."""
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address that stops such mails."""
    message_id: Mapped[str] = mapped_column(String(255))
    result: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what it said, so that the same is not said again by itself."""
    made: Mapped[datetime]
    sent: Mapped[datetime | None]
    """When the mail server took it."""

    @declared_attr
    @classmethod
    def enrolment(cls) -> Mapped[Enrolment]:
        return relationship()


class Stop(Base):
    """Somebody who wants no more of a feature's reports by mail, about anybody."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of their mail address."""
    at: Mapped[datetime]
