"""What the gradebook's pages and cards show: counts, one page of a column's grades, and my own grade's way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import contains_eager

from lti_tool import clock
from lti_tool.db import db
from lti_tool.gradebook import columns, results, sending
from lti_tool.gradebook.models import ColumnState, Grade, GradeColumn, GradeState, Trouble
from lti_tool.models import Course, Enrolment
from lti_tool.panels import Card

PAGE = 100
LONG = timedelta(hours=1)
"""How long a grade may be on its way before its instructor is told."""


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """One activity's column with its grades counted, and one page of them, those that need attention first."""

    column: GradeColumn
    counts: Counter[GradeState]
    grades: Sequence[Grade]
    page: int
    pages: int

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def may_compare(self) -> bool:
        return self.column.state is ColumnState.STANDING and results.are_readable(self.column)

    @property
    def may_send(self) -> bool:
        return self.column.state in (ColumnState.STANDING, ColumnState.UNSOUGHT) and sending.may_enter(self.column)

    @property
    def may_try_again(self) -> bool:
        """Whether it makes sense to send once more: a forbidden column may be allowed by now."""
        return self.may_send or self.column.state in (ColumnState.FORBIDDEN, ColumnState.NONE)

    @property
    def may_be_made(self) -> bool:
        return self.column.state is ColumnState.DELETED and columns.may_make(self.column.course)


LOUDEST_FIRST = (
    GradeState.STUCK,
    GradeState.OVERRIDDEN,
    GradeState.MISSING,
    GradeState.WAITING,
    GradeState.ENTERED,
    GradeState.SAME,
)


def columns_of(course: Course) -> Sequence[GradeColumn]:
    return db.session.scalars(
        select(GradeColumn).where(GradeColumn.course_id == course.id).order_by(GradeColumn.title, GradeColumn.id)
    ).all()


def view_of(column: GradeColumn, *, page: int = 1) -> ColumnView:
    grades = sorted(_grades([column]), key=lambda grade: (LOUDEST_FIRST.index(grade.state), grade.enrolment.number))
    pages = max(1, -(-len(grades) // PAGE))
    page = min(max(page, 1), pages)
    counts = Counter(grade.state for grade in grades)
    shown = grades[(page - 1) * PAGE : page * PAGE]
    return ColumnView(column=column, counts=counts, grades=shown, page=page, pages=pages)


def views_of(course: Course) -> list[ColumnView]:
    """Every column with its counts, by two queries."""
    found = columns_of(course)
    grades = _grades(found)
    return [
        ColumnView(
            column=column,
            counts=Counter(grade.state for grade in grades if grade.activity == column.activity),
            grades=[],
            page=1,
            pages=1,
        )
        for column in found
    ]


def _grades(of: Sequence[GradeColumn]) -> Sequence[Grade]:
    """The grades of everybody who is in the course, without preview students."""
    if not of:
        return []
    return db.session.scalars(
        select(Grade)
        .join(Grade.enrolment)
        .join(Enrolment.person)
        .options(contains_eager(Grade.enrolment).contains_eager(Enrolment.person))
        .where(
            Enrolment.course_id == of[0].course_id,
            Grade.activity.in_([column.activity for column in of]),
            Enrolment.is_active,
            ~Enrolment.is_test,
        )
    ).all()


def own(me: Enrolment, activity: str) -> GradeState | None:
    """How far my grade for this activity has come; None if there is none, or nowhere for it to go."""
    grade = db.session.scalar(select(Grade).where(Grade.enrolment_id == me.id, Grade.activity == activity))
    if grade is None or me.is_test or grade.trouble in (Trouble.NO_COLUMN, Trouble.UNWANTED):
        return None
    return grade.state


_IS_STUCK = Grade.trouble.in_([each for each in Trouble if each.is_stuck and each is not Trouble.UNWANTED])
_HOW_MANY_STUCK = (
    select(func.count(Grade.id))
    .join(Grade.enrolment)
    .where(
        Enrolment.course_id == bindparam("course"),
        Enrolment.is_active,
        ~Enrolment.is_test,
        Grade.sent_version != Grade.version,
        or_(_IS_STUCK, (Grade.trouble == Trouble.NO_ANSWER) & (Grade.earned < bindparam("long_ago"))),
    )
)


def stuck_card(me: Enrolment) -> Card | None:
    """A quiet word to the instructor if grades do not get through."""
    count = db.session.scalar(_HOW_MANY_STUCK, {"course": me.course_id, "long_ago": clock.now() - LONG})
    if not count:
        return None
    url = url_for("gradebook.index", course=me.course.public_id)
    return Card(
        title=_("Gradebook"),
        template="gradebook/_stuck_card.html",
        context={"count": count, "url": url},
    )
