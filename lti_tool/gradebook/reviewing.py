"""Submission review: a launch from the LMS's gradebook opens one learner's own result."""

from __future__ import annotations

from enum import StrEnum

from flask import url_for
from sqlalchemy import select

from lti_tool import activities
from lti_tool.claims import Launch
from lti_tool.db import db
from lti_tool.gradebook.models import GradeColumn
from lti_tool.models import Enrolment, Person, Placement, Role

REVIEWERS = (Role.INSTRUCTOR, Role.ASSISTANT)


class NoReview(StrEnum):
    """Why there is nothing to show; stands in the page's address."""

    FORBIDDEN = "forbidden"
    UNKNOWN_LEARNER = "unknown-learner"
    UNKNOWN_ACTIVITY = "unknown-activity"


def destination(me: Enrolment, placement: Placement | None, launch: Launch) -> str:
    """Where this review launch leads: the learner's result, or the page that says why it cannot be shown."""
    is_own = launch.for_user == me.person.subject
    if me.role not in REVIEWERS and not (me.role is Role.LEARNER and is_own):
        return _instead(me, NoReview.FORBIDDEN)
    learner = me if is_own else _learner(me, launch.for_user)
    if learner is None:
        return _instead(me, NoReview.UNKNOWN_LEARNER)
    reference = _reference(me, placement, launch.gradebook.line_item if launch.gradebook else None)
    key = reference.partition(":")[0] or (placement.activity if placement else "")
    activity = activities.find(key)
    if activity is None or activity.review is None:
        return _instead(me, NoReview.UNKNOWN_ACTIVITY)
    return activity.review(me, reference, learner) or _instead(me, NoReview.UNKNOWN_ACTIVITY)


def _instead(me: Enrolment, why: NoReview) -> str:
    return url_for("gradebook.no_review", course=me.course.public_id, why=why.value)


def _learner(me: Enrolment, subject: str) -> Enrolment | None:
    """Somebody of my course whom the LMS calls so."""
    return db.session.scalar(
        select(Enrolment)
        .join(Enrolment.person)
        .where(
            Enrolment.course_id == me.course_id, Person.subject == subject, Person.platform_id == me.person.platform_id
        )
    )


def _reference(me: Enrolment, placement: Placement | None, line_item: str | None) -> str:
    """Which activity it is about: what the column stands for, else what the link opens."""
    if line_item is None:  # Then it is none of our columns, and not the first that has no address yet.
        return placement.reference if placement else ""
    of_column = db.session.scalar(
        select(GradeColumn.activity).where(GradeColumn.course_id == me.course_id, GradeColumn.line_item == line_item)
    )
    of_link = db.session.scalar(
        select(Placement.reference).where(
            Placement.course_id == me.course_id, Placement.line_item == line_item, Placement.reference != ""
        )
    )
    return of_column or of_link or (placement.reference if placement else "")
