"""What stood still is set going again: by an instructor's button, or by a launch that brings better news."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, select, update
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.db import transaction
from lti_tool.gradebook import columns, hearing
from lti_tool.gradebook.models import ColumnState, Grade, GradeColumn, Trouble
from lti_tool.models import Course, Enrolment, Placement
from lti_tool.outbox import Done, Letter, LetterState, Outcome
from lti_tool.outgoing.services import forget_refusals
from lti_tool.quirks import ONE_SECOND


def take_note(session: Session, course: Course, placement: Placement | None) -> None:
    """A launch told anew what this course's gradebook is: columns that stood still get another try."""
    for column in session.scalars(select(GradeColumn).where(GradeColumn.course_id == course.id)):
        line_item = placement.line_item if placement and placement.reference == column.activity else None
        if line_item is not None and line_item != column.line_item:
            _move(session, column, line_item)
        elif column.state in (ColumnState.NONE, ColumnState.UNWANTED, ColumnState.FORBIDDEN):
            try_again(session, column)


def _move(session: Session, column: GradeColumn, line_item: str) -> None:
    """The link that opens the activity has a column of its own: that is where its grades belong."""
    is_other = not columns.is_same_place(column.line_item, line_item)
    column.line_item, column.state, column.held_until = line_item, ColumnState.STANDING, None
    if is_other:
        begin_anew(session, column)
        post_all(session, column)


def make_again(session: Session, column: GradeColumn) -> None:
    """Have a deleted column looked for once more, and else made anew, and every grade entered in it."""
    column.line_item, column.state, column.held_until = None, ColumnState.UNSOUGHT, None
    begin_anew(session, column)
    post_all(session, column)


def try_again(session: Session, column: GradeColumn) -> None:
    """Another try for whatever has not reached this column."""
    if column.state is not ColumnState.DELETED:
        column.state = ColumnState.STANDING if column.line_item else ColumnState.UNSOUGHT
    forget_refusals(column.course.platform)
    post_all(session, column)


def send_again(session: Session, column: GradeColumn, learner: Enrolment) -> None:
    """Enter one learner's grade once more, also where the LMS took it and shows another value."""
    grade = session.scalars(
        select(Grade).where(Grade.enrolment_id == learner.id, Grade.activity == column.activity).with_for_update()
    ).one()
    if grade.has_arrived:
        # What the LMS shows may be newer than our value: this one must be newer still.
        grade.version += 1
        grade.stamp = max(clock.now() - ONE_SECOND, grade.stamp or grade.earned)
    grade.trouble, grade.problem = Trouble.NOTHING, ""
    _set_aside(session, [grade.id])
    hearing.post(session, column, grade)


def after_loss(column: GradeColumn) -> GradeColumn:
    """The column was deleted in the LMS: its grades go into another one of this activity, or wait for an instructor.

    Raises ServiceFailed or CallFailed, having changed nothing, if the LMS does not say whether there is another.
    """
    found = columns.replace_lost(column)
    with transaction() as session:
        begin_anew(session, found)
        if found.line_item is None:
            mark(session, found, Trouble.DELETED, "the gradebook column was deleted in the LMS")
        else:
            post_all(session, found)
    return found


def begin_anew(session: Session, column: GradeColumn) -> None:
    """To this column no grade has been told yet."""
    session.execute(
        update(Grade)
        .where(Grade.id.in_(_grades(column)))
        .values(
            sent_version=0,
            sent=None,
            sent_share=None,
            told_attempt="",
            tries=0,
            trouble=Trouble.NOTHING,
            problem="",
            seen=None,
            seen_score=None,
            seen_maximum=None,
        )
        .execution_options(synchronize_session="fetch")
    )
    column.compared = None


def mark(session: Session, column: GradeColumn, trouble: Trouble, problem: str) -> None:
    """Every grade of this column that is not there has the same trouble."""
    session.execute(
        update(Grade)
        .where(Grade.id.in_(_grades(column)), Grade.sent_version != Grade.version)
        .values(trouble=trouble, problem=problem)
        .execution_options(synchronize_session="fetch")
    )


def _grades(column: GradeColumn) -> ScalarSelect[int]:
    return (
        select(Grade.id)
        .join(Grade.enrolment)
        .where(Enrolment.course_id == column.course_id, Grade.activity == column.activity, ~Enrolment.is_test)
        .scalar_subquery()
    )


def post_all(session: Session, column: GradeColumn) -> None:
    """One letter that becomes a letter for each grade not yet there: a launch need not wait for five hundred."""
    lane = f"gradebook:{column.course.platform.public_id}"
    outbox.post(session, lane, {"column": column.id}, key=f"grade-column:{column.id}")


def spread(column_id: int) -> Outcome:
    with transaction() as session:
        column = session.get(GradeColumn, column_id)
        if column is not None:
            grades = session.scalars(
                select(Grade)
                .where(Grade.id.in_(_grades(column)), Grade.sent_version != Grade.version)
                .order_by(Grade.id)
            ).all()
            _set_aside(session, [grade.id for grade in grades])
            for grade in grades:
                hearing.post(session, column, grade)
    return Done()


def _set_aside(session: Session, grades: list[int]) -> None:
    """Letters that were given up are followed by the one about to be posted."""
    session.execute(
        update(Letter)
        .where(Letter.key.in_([f"grade:{each}" for each in grades]), Letter.state == LetterState.DEAD)
        .values(state=LetterState.DELIVERED, delivered=clock.now(), error="superseded by a newer one")
        .execution_options(synchronize_session=False)
    )
