"""Notices to people, what they wish to be mailed and when, and the addresses by which they stop it."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment, Person

LONGEST_SUBJECT = 150
LONGEST_ACTION = 100
LONGEST_PATH = 500
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 0)
"""When nobody is mailed who has not chosen otherwise."""


class PersonalNotice(Base):
    """Something a person was told in a course, in the language they read it in. (A `Notice` is what an LMS sends.)"""

    __tablename__ = "personal_notice"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "key"),
        Index("ix_personal_notice_newest", "enrolment_id", "created"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    """What it tells of: the same is told the same person once."""
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    paragraphs: Mapped[list[str]]
    action: Mapped[str] = mapped_column(String(LONGEST_ACTION))
    """What can be done about it, in the words of a button; empty where there is nothing to do."""
    path: Mapped[str] = mapped_column(String(LONGEST_PATH))
    """Where that is done: a path within its course, or nothing."""
    message_id: Mapped[str | None] = mapped_column(String(255))
    """The mail's own id, the same however often it has to be sent; none for what stands in the tool alone."""
    created: Mapped[datetime]
    read: Mapped[datetime | None]
    mailed: Mapped[datetime | None]
    """When the mail server took it."""

    enrolment: Mapped[Enrolment] = relationship()


class MailingChoice(Base):
    """Whether a person wants notices of one kind by mail, in all their courses; without one, the kind's own default."""

    __tablename__ = "mailing_choice"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    kind: Mapped[str] = mapped_column(String(64))
    is_mailed: Mapped[bool]


class MailingHours(Base):
    """When a person may be mailed; without a row, as the defaults say."""

    __tablename__ = "mailing_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), unique=True)
    wants_mail: Mapped[bool] = mapped_column(default=True)
    """False for those who stopped all mail: kinds that come later are not mailed to them either."""
    is_quiet: Mapped[bool] = mapped_column(default=True)
    """Whether there are hours at all in which no mail goes."""
    quiet_from: Mapped[time] = mapped_column(default=QUIET_FROM)
    """By the clocks where the person is, like its end."""
    quiet_until: Mapped[time] = mapped_column(default=QUIET_UNTIL)


class UnsubscribeAddress(Base):
    """A secret address in a mail, by which whoever holds that mail stops further ones."""

    __tablename__ = "unsubscribe_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what stands in the address."""
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    """What the mail was about."""
    created: Mapped[datetime]
    revoked: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
