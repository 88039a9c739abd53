"""Courses that were copied in the LMS: where they came from, what copying brings along, and what a thing was called.

The LMS copies its own course page, so a copied link names something of the course it was copied from, and a copied
gradebook column carries that thing's old name. Which course is a copy of which is believed only if the platform
says so in a signed message, and only among the courses of one deployment. Copied are settings, never people,
pairings or answers; whoever teaches the copy may read and take them over, because their LMS has handed them the rest
of that course already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from lti_tool import clock, outbox, panels
from lti_tool.claims import CourseClaim
from lti_tool.db import Base, db, find_or_create, new_public_id
from lti_tool.events import CourseSettingsCopied
from lti_tool.models import Course, Deployment, Enrolment, Role
from lti_tool.panels import Card, Panel

ASKED_AGAIN_AFTER = timedelta(days=7)


class CourseCopy(Base):
    """That one course was made as a copy of another, and whether its settings were taken over."""

    __tablename__ = "course_copy"
    __table_args__ = (
        UniqueConstraint("course_id", "origin_id"),
        CheckConstraint("course_id <> origin_id", name="another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    origin_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    recognized: Mapped[datetime]
    put_off_until: Mapped[datetime | None]
    """Until when the instructors do not want to be asked."""
    copied: Mapped[datetime | None]
    copied_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))

    course: Mapped[Course] = relationship(foreign_keys=[course_id])
    origin: Mapped[Course] = relationship(foreign_keys=[origin_id], lazy="joined", innerjoin=True)


class Alias(Base):
    """What something of a course is called by links and columns that were copied along with the course."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("course_id", "was"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    reference: Mapped[str] = mapped_column(String(128))
    was: Mapped[str] = mapped_column(String(128))


@dataclass(frozen=True, kw_only=True)
class Copier:
    """How one feature takes its settings over from one course into another."""

    key: str
    order: int
    plan: Callable[[Session, Course, Course], Sequence[str]]
    """What would be copied from the first course to the second, a sentence each; nothing that it has of its own."""
    copy: Callable[[Session, Course, Course, datetime], None]
    """Copy exactly that, in the caller's transaction."""


class NothingToCopy(Exception):
    """The settings were copied before, or the course has its own by now."""


def init_app(app: Flask) -> None:
    app.extensions["copiers"] = []
    panels.register(app, Panel(key="copy", order=1, open_to=(Role.INSTRUCTOR,), fill=copy_card))


def register(app: Flask, copier: Copier) -> None:
    app.extensions["copiers"].append(copier)


def _copiers() -> list[Copier]:
    return sorted(current_app.extensions["copiers"], key=lambda copier: copier.order)


def recognize(session: Session, course: Course, origin_context_ids: Sequence[str], at: datetime) -> CourseCopy | None:
    """Note that this course is a copy, if one of these contexts (nearest first) is a course of the same deployment.

    The ids come from a signed message of the platform. Those of another tenant are unknown here, whatever they name.
    The caller commits.
    """
    nearest = _nearest(session, course.deployment_id, course.context_id, origin_context_ids)
    if nearest is None:
        return None
    key = {"course_id": course.id, "origin_id": nearest.id}
    return find_or_create(session, CourseCopy, key, recognized=at)[0]


def recognize_unseen(
    session: Session, deployment: Deployment, claim: CourseClaim, origin_context_ids: Sequence[str], at: datetime
) -> CourseCopy | None:
    """The same for a course that nobody may have opened yet, as a platform's copy notice names it.

    It is made only if one of the origins is known; the caller commits.
    """
    if _nearest(session, deployment.id, claim.id, origin_context_ids) is None:
        return None
    course, _new = find_or_create(
        session,
        Course,
        {"deployment_id": deployment.id, "context_id": claim.id},
        title=claim.title,
        label=claim.label,
        line_item_scopes=[],
        created=at,
    )
    return recognize(session, course, origin_context_ids, at)


def _nearest(session: Session, deployment_id: int, context_id: str, origins: Sequence[str]) -> Course | None:
    wanted = [each for each in origins if each != context_id]
    if not wanted:
        return None
    found = session.scalars(select(Course).where(Course.deployment_id == deployment_id, Course.context_id.in_(wanted)))
    by_context = {course.context_id: course for course in found}
    return next((by_context[each] for each in wanted if each in by_context), None)


def origins(session: Session, course: Course) -> list[int]:
    """The ids of the courses this one is known to be a copy of."""
    wanted = select(CourseCopy.origin_id).where(CourseCopy.course_id == course.id).order_by(CourseCopy.id.desc())
    return list(session.scalars(wanted))


def note(session: Session, course: Course, reference: str, *, was: str) -> None:
    """Remember that what a copied link or column calls `was` is `reference` in this course; the caller commits."""
    if was and was != reference:
        alias, _new = find_or_create(session, Alias, {"course_id": course.id, "was": was[:128]}, reference=reference)
        alias.reference = reference


def here(session: Session, course: Course, was: str) -> str | None:
    """What this course calls the thing that a copied link calls `was`, if that is known."""
    return session.scalar(select(Alias.reference).where(Alias.course_id == course.id, Alias.was == was))


def known_as(course: Course, reference: str) -> list[str]:
    """The other names, oldest first, under which copied links and gradebook columns of this course know a thing."""
    wanted = select(Alias.was).where(Alias.course_id == course.id, Alias.reference == reference).order_by(Alias.id)
    return list(db.session.scalars(wanted))


def plan(session: Session, copy: CourseCopy) -> list[str]:
    """What would be copied now, a sentence each."""
    return [sentence for copier in _copiers() for sentence in copier.plan(session, copy.origin, copy.course)]


def copy_settings(session: Session, copy: CourseCopy, *, by: Enrolment, at: datetime) -> None:
    """Take over the settings of every feature, once; the caller commits. Raises NothingToCopy."""
    # Two instructors who press the button at once follow one another; the second finds it done.
    session.refresh(copy, with_for_update=True)
    if copy.copied is not None or not plan(session, copy):
        raise NothingToCopy
    for copier in _copiers():
        copier.copy(session, copy.origin, copy.course, at)
    copy.copied, copy.copied_by_id = at, by.id
    outbox.announce(session, CourseSettingsCopied(at=at, who=by.who, where=copy.course.where, origin=copy.origin.where))


def put_off(copy: CourseCopy, *, at: datetime) -> None:
    copy.put_off_until = at + ASKED_AGAIN_AFTER


def copy_card(me: Enrolment) -> Card | None:
    """The offer to copy, as long as the course has nothing of its own and nobody put it off."""
    for copy in _open_copies(me.course, at=clock.now()):
        if sentences := plan(db.session, copy):
            return Card(
                title=_("This course is a copy"),
                template="copies/_card.html",
                context={"origin": copy.origin.title, "copy_id": copy.public_id, "sentences": sentences},
            )
    return None


def _open_copies(course: Course, *, at: datetime) -> list[CourseCopy]:
    found = list(
        db.session.scalars(select(CourseCopy).where(CourseCopy.course_id == course.id).order_by(CourseCopy.id.desc()))
    )
    is_done = any(copy.copied for copy in found)
    return [] if is_done else [copy for copy in found if copy.put_off_until is None or copy.put_off_until <= at]
