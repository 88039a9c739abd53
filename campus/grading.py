"""What a teacher does by hand in the gradebook: override a grade, lock or delete a column, review a result."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campus import gradebook, oidc, pages, reviews
from campus.gradebook import Column
from campus.people import Course, Enrolment, Person
from campus.platform import campus

bp = Blueprint("grading", __name__)


@bp.post("/courses/<course_id>/gradebook/<int:line_item_id>/<act>")
def change(course_id: str, line_item_id: int, act: str) -> ResponseReturnValue:
    column = _taught_column(course_id, line_item_id)
    here = campus()
    if act == "override":
        person = _person(course_id, request.form.get("person", ""))
        gradebook.override(here.store, column, person.id, _points(column), here.settings.now())
        flash(f"{person.shown_name} has a grade set by hand, which the tool does not change.")
    elif act == "release":
        person = _person(course_id, request.form.get("person", ""))
        gradebook.release(here.store, column, person.id)
        flash(f"The tool grades {person.shown_name} again.")
    elif act in ("lock", "unlock"):
        gradebook.lock(here.store, column, is_locked=act == "lock")
        flash(f"The column {column.label} is {'locked' if act == 'lock' else 'open'} now.")
    elif act == "delete":
        gradebook.delete(here.store, column)
        flash(f"The column {column.label} and its grades are deleted.")
    else:
        abort(404, "There is no such thing to do with a column.")
    return redirect(url_for("pages.grades", course_id=course_id))


def _taught_column(course_id: str, line_item_id: int) -> Column:
    seat, _found = pages.seat_in(course_id)
    if not seat.role.sees_all_grades:
        abort(403, "Only those who teach change the gradebook.")
    return _column(course_id, line_item_id)


def _column(course_id: str, line_item_id: int) -> Column:
    column = gradebook.column(campus().store, line_item_id)
    if column is None or column.course_id != course_id:
        abort(404, "There is no such column in this course.")
    return column


def _person(course_id: str, key: str) -> Person:
    person = campus().register.person(key)
    seat = campus().register.enrolment(course_id, person.id) if person else None
    if person is None or seat is None or not seat.role.is_graded:
        abort(404, "Nobody of that name is graded in this course.")
    return person


def _points(column: Column) -> float:
    value = request.form.get("score", type=float)
    if value is None or not 0 <= value <= column.maximum:
        abort(400, f"Give a number from 0 to {column.maximum:g}.")
    return value


@bp.get("/courses/<course_id>/gradebook/<int:line_item_id>/review/<key>")
def review(course_id: str, line_item_id: int, key: str) -> ResponseReturnValue:
    """The tool in a frame, asked for one learner's result."""
    _seat, found, column, person = _reviewed(course_id, line_item_id, key)
    return render_template(
        "review.html",
        course=found,
        column=column,
        person=person,
        tool=campus().settings.tool,
        height=pages.FRAME_HEIGHT,
        allow=pages.ALLOWED_IN_FRAME,
    )


@bp.get("/courses/<course_id>/gradebook/<int:line_item_id>/review/<key>/start")
def start(course_id: str, line_item_id: int, key: str) -> ResponseReturnValue:
    """A form that posts itself to the tool: where a review begins."""
    seat, _found, column, person = _reviewed(course_id, line_item_id, key)
    here = campus()
    placement = here.register.placement(column.placement_id or "")
    if placement is None:
        abort(404, "This column belongs to no activity in the course page, so there is nothing to open.")
    fields = oidc.initiation(here, seat.person, placement, "iframe")
    reviews.ask(here, fields["lti_message_hint"], column.id, person)
    return render_template("post.html", action=here.settings.login_url, fields=fields, title="Opening the result")


def _reviewed(course_id: str, line_item_id: int, key: str) -> tuple[Enrolment, Course, Column, Person]:
    """Those who teach ask about anybody on campus, everybody else about themselves."""
    seat, found = pages.seat_in(course_id)
    person = campus().register.person(key)
    if person is None:
        abort(404, "Nobody of that name is on campus.")
    if person != seat.person and not seat.role.sees_all_grades:
        abort(403, "Only those who teach look at the results of others.")
    return seat, found, _column(course_id, line_item_id), person
