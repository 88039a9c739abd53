"""The nouns of the ground floor: platforms, deployments, courses, people, enrolments, placements."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.events import Where, Who


class Role(StrEnum):
    """A person's seat in one course, read from the context roles of their newest launch."""

    INSTRUCTOR = "instructor"
    ASSISTANT = "assistant"
    DESIGNER = "designer"
    LEARNER = "learner"
    OBSERVER = "observer"
    GUEST = "guest"


class Standing(StrEnum):
    """Whether an operator lets a platform or a deployment in."""

    WAITING = "waiting"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class Platform(Base):
    """A registered LMS: one client of one issuer."""

    __tablename__ = "platform"
    # A Canvas of one's own may go on calling itself canvas.instructure.com: its keys tell it from the hosted one.
    __table_args__ = (UniqueConstraint("issuer", "client_id", "jwks_url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    name: Mapped[str] = mapped_column(String(255))
    issuer: Mapped[str] = mapped_column(String(512))
    client_id: Mapped[str] = mapped_column(String(255))
    auth_url: Mapped[str]
    token_url: Mapped[str]
    token_audience: Mapped[str | None]
    """What the client assertion is addressed to, where it is not the token URL itself."""
    jwks_url: Mapped[str]
    family: Mapped[str] = mapped_column(String(64), default="")
    """What the LMS calls itself in its launches: moodle, canvas, ... Filled in by the first launch."""
    standing: Mapped[Standing] = mapped_column(default=Standing.ACTIVE)
    is_self_registered: Mapped[bool] = mapped_column(default=False)
    """Whether the LMS registered itself by an invitation; an operator typed in the others."""
    granted_scopes: Mapped[list[str]] = mapped_column(default=list)
    """What its registration granted; empty where nobody said, then each launch tells what it offers."""
    remarks: Mapped[list[str]] = mapped_column(default=list)
    """What an operator should look at before approving it."""
    framed_from: Mapped[list[str]] = mapped_column(default=list)
    """Further origins its course pages were seen at: a school's Canvas frames from a domain of its own."""
    created: Mapped[datetime]

    deployments: Mapped[list[Deployment]] = relationship(back_populates="platform")


class Deployment(Base):
    """One installation of the tool under a platform."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("platform_id", "deployment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id))
    deployment_id: Mapped[str] = mapped_column(String(255))
    standing: Mapped[Standing] = mapped_column(default=Standing.WAITING)
    created: Mapped[datetime]

    platform: Mapped[Platform] = relationship(back_populates="deployments")


class Course(Base):
    """A course of a deployment; never merged with one of another."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("deployment_id", "context_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    deployment_id: Mapped[int] = mapped_column(ForeignKey(Deployment.id))
    context_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str]
    label: Mapped[str]
    roster_url: Mapped[str | None]
    """Where the LMS lists who is in the course, if it lets us ask."""
    line_items_url: Mapped[str | None]
    line_item_scopes: Mapped[list[str]] = mapped_column(default=list)
    """What the newest launch allowed us to do with the gradebook."""
    roster_read: Mapped[datetime | None]
    """When a whole roster was last brought in."""
    roster_asked: Mapped[datetime | None]
    """When a launch last had it read, so that the next few launches do not."""
    groups_url: Mapped[str | None]
    """Where the LMS lists the course's groups, if it has such a service."""
    next_number: Mapped[int] = mapped_column(default=1)
    """The number the next person without a name will carry: *Participant 7*."""
    created: Mapped[datetime]

    deployment: Mapped[Deployment] = relationship(lazy="joined", innerjoin=True)

    @property
    def platform(self) -> Platform:
        return self.deployment.platform

    @property
    def where(self) -> Where:
        return Where(course=self.public_id, title=self.title)


class Person(Base):
    """Somebody with an account at a platform; unique by `sub` within it, never merged across."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("platform_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id))
    subject: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(default="")
    given_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(String(32), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    """What their newest launch said."""
    own_time_zone: Mapped[str | None] = mapped_column(String(64))
    """What they chose here, which goes before what launches say."""
    created: Mapped[datetime]

    platform: Mapped[Platform] = relationship(lazy="joined", innerjoin=True)

    @property
    def who(self) -> Who:
        return Who(platform=self.platform.public_id, issuer=self.platform.issuer, subject=self.subject)


def called(name: str, number: int) -> str:
    """The name the LMS gave, or a number that stays theirs."""
    return name or str(_("Participant %(number)s", number=number))


class Enrolment(Base):
    """One person's place in one course."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("course_id", "person_id"), UniqueConstraint("course_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    role: Mapped[Role]
    number: Mapped[int]
    """Counts the people of the course; what somebody without a name is called by."""
    is_active: Mapped[bool] = mapped_column(default=True)
    """Whether the LMS still has them in the course."""
    left: Mapped[datetime | None]
    """Since when the LMS no longer has them; empty while it does."""
    roster_role: Mapped[Role | None]
    """What the newest roster that named them called them; empty as long as none has."""
    is_test: Mapped[bool] = mapped_column(default=False)
    """A preview student of the LMS: kept out of everything counted."""
    is_namesake: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether somebody else of the course has the same name, as the newest roster had it."""
    last_launch: Mapped[datetime | None]
    created: Mapped[datetime]

    course: Mapped[Course] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        """What to call them, with their number where two have the same name."""
        name = called(self.person.name, self.number)
        return f"{name} ({self.number})" if self.is_namesake and self.person.name else name

    @property
    def is_instructor(self) -> bool:
        return self.role == Role.INSTRUCTOR

    @property
    def who(self) -> Who:
        return self.person.who


class Placement(Base):
    """A link in the course page that opens an activity."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("deployment_id", "resource_link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    deployment_id: Mapped[int] = mapped_column(ForeignKey(Deployment.id))
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), index=True)
    resource_link_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(default="")
    activity: Mapped[str] = mapped_column(String(64), default="")
    """Which activity it opens, such as `quiz`; empty for the mentoring home."""
    reference: Mapped[str] = mapped_column(String(128), default="", index=True)
    """Which one of that activity, such as `quiz:` and its public id, once it has been opened."""
    resource: Mapped[str] = mapped_column(String(128), default="")
    """What the link itself says it opens: something of this course, or of the one this course was copied from."""
    is_graded: Mapped[bool] = mapped_column(default=True)
    """False where whoever placed it wanted no column in the gradebook."""
    line_item: Mapped[str | None]
    """The placement's gradebook column, if the LMS made one."""
    created: Mapped[datetime]

    course: Mapped[Course] = relationship()
