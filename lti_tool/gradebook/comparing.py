"""The LMS's values are read back and kept beside ours, so that what a teacher changed or locked is seen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import db, reading, transaction
from lti_tool.gradebook import columns, mending, results
from lti_tool.gradebook.models import ColumnState, Grade, GradeColumn
from lti_tool.gradebook.results import Result
from lti_tool.models import Enrolment
from lti_tool.outbox import Dead, Done, Errand, Later, Outcome
from lti_tool.outgoing.http import CallFailed
from lti_tool.outgoing.services import ServiceFailed

AFTERWARDS = timedelta(minutes=15)
"""How long after grades were sent a column is looked at by itself: once for a whole class that hands in together."""
LONGEST = 60.0
"""Seconds within which the last page begins when nobody waits for it."""


class CannotCompare(Exception):
    """The LMS did not show all of its results; nothing was changed. Says why."""

    def __init__(self, message: str, *, may_pass: bool = False) -> None:
        super().__init__(message)
        self.may_pass = may_pass


def compare(column: GradeColumn, *, within: float) -> int:
    """Read every result of the column and keep it beside our grades; how many grades differ. Commits.

    Nothing is kept unless every page arrived, the last one begun `within` so many seconds. Raises CannotCompare.
    """
    if not results.are_readable(column):
        raise CannotCompare(_("your learning platform does not let this tool read the column"))
    at = clock.now()
    with reading():
        shown = _asked(column, within)
    with transaction() as session:
        grades = session.scalars(
            select(Grade)
            .join(Grade.enrolment)
            .where(Enrolment.course_id == column.course_id, Grade.activity == column.activity)
            .order_by(Grade.id)
            .with_for_update(of=Grade)
            .execution_options(populate_existing=True)
        ).all()
        for grade in grades:
            result = shown.get(grade.enrolment.person.subject)
            grade.seen, grade.seen_score = at, result.score if result else None
            grade.seen_maximum = result.maximum if result else None
        session.get_one(GradeColumn, column.id).compared = at
        return sum(
            grade.has_arrived and not grade.is_shown_as(grade.seen_score, grade.seen_maximum) for grade in grades
        )


def _asked(column: GradeColumn, within: float) -> dict[str, Result]:
    try:
        return results.of_everybody(column, last_moment=time.monotonic() + within)
    except ServiceFailed as problem:
        if problem.status in columns.GONE:
            mending.after_loss(column)
            raise CannotCompare(_("the column was deleted there")) from None
        raise CannotCompare(str(problem), may_pass=problem.may_pass) from None
    except CallFailed as problem:
        raise CannotCompare(str(problem)) from None


def arrange(session: Session, column: GradeColumn, *, delay: timedelta = AFTERWARDS) -> None:
    """Have the column compared by itself later on; the caller commits."""
    if results.are_readable(column):
        lane = f"grade-comparing:{column.course.platform.public_id}"
        outbox.post(session, lane, {"column": column.id}, due=clock.now() + delay, key=f"compare:{column.id}")


class ComparingCarrier:
    """Compares columns while nobody waits for the page."""

    batch = 1

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_compare(errand) for errand in errands]


def _compare(errand: Errand) -> Outcome:
    column = db.session.get(GradeColumn, errand.body["column"], populate_existing=True)
    if column is None or column.state is not ColumnState.STANDING:
        return Done()
    try:
        compare(column, within=LONGEST)
    except CannotCompare as problem:
        return Later(str(problem)) if problem.may_pass else Dead(str(problem))
    return Done()
