"""Adding activities to a course, by asking the tool; and copying a course with what is placed in it."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from campus import deep_linking, notices, oidc, pages
from campus.deep_linking import AnswerRefused, Asked
from campus.people import Course, Enrolment, Role
from campus.platform import Campus, campus

bp = Blueprint("placing", __name__)
return_bp = Blueprint("deep_links", __name__)
"""Reached from the tool's frame, so from another origin; the answer's signature stands for it."""


def _teaching(course_id: str) -> tuple[Enrolment, Course]:
    seat, found = pages.seat_in(course_id)
    if seat.role != Role.INSTRUCTOR:
        abort(403, "Only instructors change the course page.")
    return seat, found


@bp.get("/courses/<course_id>/add")
def add(course_id: str) -> ResponseReturnValue:
    """The tool in a frame, asked what to place."""
    _seat, found = _teaching(course_id)
    return render_template(
        "add.html",
        course=found,
        tool=campus().tool.origin,
        height=pages.FRAME_HEIGHT,
        allow=pages.ALLOWED_IN_FRAME,
    )


@bp.get("/courses/<course_id>/add/start")
def start(course_id: str) -> ResponseReturnValue:
    """A form that posts itself to the tool: where choosing begins."""
    seat, _found = _teaching(course_id)
    here = campus()
    fields = oidc.initiation(here, seat.person, deep_linking.stand_in(course_id), "iframe")
    deep_linking.ask(here, fields["lti_message_hint"], course_id, seat.person.id)
    return render_template("post.html", action=here.tool.login_url, fields=fields, title="Opening the tool")


@return_bp.post("/deep-link-return")
def take_back() -> ResponseReturnValue:
    """What the tool answered: judged, placed and shown, inside the frame."""
    here = campus()
    asked = deep_linking.asked_with(here, request.args.get("key", ""))
    try:
        if asked is None:
            raise AnswerRefused("the campus did not ask")
        if session.get("person") != asked.person_id:
            raise AnswerRefused("somebody else is logged in to the campus here, or its cookie did not arrive")
        _teaching(asked.course_id)
        items = deep_linking.judge(here, asked, request.form.get("JWT", ""))
    except AnswerRefused as problem:
        here.traffic.refuse(400, str(problem))
        return render_template("answer.html", course=None, problem=str(problem)), 400
    with here.store.writing() as db:
        for item in items:
            _place(here, db, asked, item)
    found = here.register.course(asked.course_id)
    return render_template("answer.html", course=found, items=items)


def _place(here: Campus, db: sqlite3.Connection, asked: Asked, item: dict[str, Any]) -> None:
    number = _next_number(db, "placements")
    db.execute(
        "INSERT INTO placements VALUES (?, ?, ?, ?, ?, ?)",
        (
            str(number),
            asked.course_id,
            f"added{number}",
            item["title"].strip(),
            item.get("text", ""),
            json.dumps(item.get("custom", {})),
        ),
    )
    if (line_item := item.get("lineItem")) is None:
        return
    # Moodle ignores the label: its column is called as the activity is (seen in 4.5).
    label = item["title"] if here.flavor.name == "moodle" else line_item.get("label") or item["title"]
    extra = {name: line_item[name] for name in ("submissionReview",) if name in line_item}
    db.execute(
        "INSERT INTO line_items (course_id, placement_id, label, maximum, resource_id, tag, extra)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            asked.course_id,
            str(number),
            label,
            line_item["scoreMaximum"],
            line_item.get("resourceId"),
            line_item.get("tag"),
            json.dumps(extra),
        ),
    )


def _next_number(db: sqlite3.Connection, table: str) -> int:
    row = db.execute(f"SELECT COALESCE(MAX(CAST(id AS INTEGER)), 0) + 1 AS n FROM {table}").fetchone()
    return int(row["n"])


@bp.post("/courses/<course_id>/copy")
def copy(course_id: str) -> ResponseReturnValue:
    """A new course with the same activities and columns, and those who teach; no learners, no grades."""
    _seat, found = _teaching(course_id)
    made = copy_course(campus(), found)
    copied = campus().register.course(made)
    assert copied is not None
    notices.course_copied(campus(), copied, found)
    flash(f"{found.title} was copied. Only those who teach are in the copy so far.")
    return redirect(url_for("pages.course", course_id=made))


def copy_course(here: Campus, origin: Course) -> str:
    """Copy as Moodle's backup and restore without users does; the new course's id."""
    with here.store.writing() as db:
        number = _next_number(db, "courses")
        made = str(number)
        earlier = db.execute("SELECT count(*) AS n FROM course_copies WHERE origin_id = ?", (origin.id,))
        nth = earlier.fetchone()["n"] + 1
        db.execute(
            "INSERT INTO courses (id, label, title) VALUES (?, ?, ?)",
            (made, f"{origin.label}_{nth}", f"{origin.title} copy {nth}"),
        )
        db.execute("INSERT INTO course_copies VALUES (?, ?)", (made, origin.id))
        db.execute(
            "INSERT INTO enrolments (course_id, person_id, role, status, observes)"
            " SELECT ?, person_id, role, 'active', NULL FROM enrolments"
            " WHERE course_id = ? AND status = 'active' AND role IN (?, ?)",
            (made, origin.id, Role.INSTRUCTOR, Role.ASSISTANT),
        )
        for placement in here.register.placements(origin.id):
            _copy_placement(db, placement.id, made)
    return made


def _copy_placement(db: sqlite3.Connection, placement_id: str, course_id: str) -> None:
    """Under a new id; the column keeps tag and resourceId, columns that no placement has stay behind."""
    number = str(_next_number(db, "placements"))
    db.execute(
        "INSERT INTO placements (id, course_id, key, title, about, custom)"
        " SELECT ?, ?, key, title, about, custom FROM placements WHERE id = ?",
        (number, course_id, placement_id),
    )
    db.execute(
        "INSERT INTO line_items (course_id, placement_id, label, maximum, resource_id, tag, extra)"
        " SELECT ?, ?, label, maximum, resource_id, tag, extra FROM line_items WHERE placement_id = ? ORDER BY id",
        (course_id, number, placement_id),
    )
