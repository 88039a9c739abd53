"""What a person sees: who to be, the course page, the tool in its frame, and the gradebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from campus import gradebook, oidc
from campus.gradebook import Cell, Column, points
from campus.people import Course, Enrolment, Person, Placement, Role
from campus.platform import campus
from campus.seed import CAST, CLASS

bp = Blueprint("pages", __name__)

FRAME_HEIGHT = 640
ALLOWED_IN_FRAME = "clipboard-write; fullscreen"


def init_app(app: Flask) -> None:
    app.add_template_filter(points)
    app.add_template_filter(spoken_time)
    app.context_processor(lambda: {"me": visitor(), "my_courses": _my_courses(), "flavor": campus().flavor})
    app.before_request(keep_strangers_out)
    app.after_request(add_headers)
    app.register_error_handler(HTTPException, _explain)


def visitor() -> Person | None:
    return campus().register.person(session["person"]) if "person" in session else None


def _my_courses() -> list[Course]:
    me = visitor()
    return campus().register.courses_of(me) if me else []


def keep_strangers_out() -> ResponseReturnValue | None:
    """Pages are read at the campus's own address, where its cookie is, and changed only from there."""
    if request.blueprint not in ("pages", "controls", "placing", "registering", "grading"):
        return None
    own = campus().settings.url
    if request.method == "GET" and request.host != urlsplit(own).netloc:
        return redirect(own + request.full_path.rstrip("?"))
    if request.method == "POST" and request.headers.get("Origin", own) != own:
        abort(403, f"This form was not sent from {own}.")
    return None


def add_headers(response: Response) -> Response:
    tool = campus().tool.origin
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        f"form-action 'self' {tool}; frame-src 'self' {tool}; frame-ancestors 'self'; base-uri 'none'",
    )
    return response


def _explain(problem: HTTPException) -> ResponseReturnValue:
    if problem.code is None or problem.code < 400:
        return problem
    return render_template("error.html", title=problem.name, reason=problem.description), problem.code


def spoken_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M:%S} UTC"


@bp.get("/")
def chooser() -> ResponseReturnValue:
    register = campus().register
    cast, classmates = ([register.person(newcomer.key) for newcomer in newcomers] for newcomers in (CAST, CLASS))
    extras = [person for person in register.people() if person.key.startswith("extra")]
    return render_template(
        "chooser.html",
        cast=[(person, _seat_in_words(person)) for person in cast if person],
        classmates=[person for person in classmates if person],
        extras=len(extras),
    )


def _seat_in_words(person: Person) -> str:
    register = campus().register
    seats = [(course, register.enrolment(course.id, person.id)) for course in register.courses_of(person)]
    words = ", ".join(f"{seat.role} in {course.label}" for course, seat in seats if seat)
    return words or "not enrolled anywhere at the moment"


@bp.post("/be")
def be() -> ResponseReturnValue:
    """Become somebody; the cookie remembers who."""
    person = campus().register.person(request.form.get("person", ""))
    if person is None:
        abort(404, "Nobody of that name is on campus.")
    session.clear()
    session["person"] = person.id
    courses = _my_courses()
    return redirect(url_for(".course", course_id=courses[0].id) if courses else url_for(".chooser"))


@bp.get("/courses/<course_id>")
def course(course_id: str) -> ResponseReturnValue:
    seat, found = seat_in(course_id)
    placements = campus().register.placements(course_id)
    return render_template(
        "course.html",
        course=found,
        seat=seat,
        placements=[(placement, _columns(placement)) for placement in placements],
        message=request.args.get("lti_msg"),
        complaint=request.args.get("lti_errormsg"),
    )


def _columns(placement: Placement) -> list[Column]:
    return gradebook.columns_of_placement(campus().store, placement.id)


def seat_in(course_id: str) -> tuple[Enrolment, Course]:
    """My place in this course, or a page that says I have none."""
    me = visitor()
    if me is None:
        abort(401, "Say who you are first: choose somebody on the first page.")
    found = campus().register.course(course_id)
    seat = campus().register.enrolment(course_id, me.id)
    if found is None or seat is None or not seat.is_active:
        abort(403, f"{me.shown_name} is not in this course. Be somebody else, or open another course.")
    return seat, found


def _placed(course_id: str, key: str) -> Placement:
    placement = campus().register.placement_called(course_id, key)
    if placement is None:
        abort(404, "There is no such activity in this course.")
    return placement


@bp.get("/courses/<course_id>/<key>/open")
def frame(course_id: str, key: str) -> ResponseReturnValue:
    """The tool inside the course page, as an LMS shows it."""
    seat, found = seat_in(course_id)
    return render_template(
        "frame.html",
        course=found,
        seat=seat,
        placement=_placed(course_id, key),
        tool=campus().tool.origin,
        storage=campus().flavor.storage_target,
        faults=campus().faults,
        height=FRAME_HEIGHT,
        allow=ALLOWED_IN_FRAME,
    )


@bp.get("/post_message_forwarding")
def forwarding() -> ResponseReturnValue:
    """The frame that passes tools' messages on to the course page, as Canvas has one."""
    return render_template("forwarding.html", tool=campus().tool.origin)


@bp.get("/courses/<course_id>/<key>/start")
def start(course_id: str, key: str) -> ResponseReturnValue:
    """A form that posts itself to the tool: where a launch begins, in the frame or in a window of its own."""
    seat, _ = seat_in(course_id)
    target = "window" if request.args.get("target") == "window" else "iframe"
    here = campus()
    fields = oidc.initiation(here, seat.person, _placed(course_id, key), target)
    return render_template("post.html", action=here.tool.login_url, fields=fields, title="Opening the tool")


@dataclass(frozen=True)
class Row:
    person: Person
    cells: list[Cell | None]


@bp.get("/gradebook")
def my_gradebook() -> ResponseReturnValue:
    courses = _my_courses()
    if visitor() is None:
        return redirect(url_for(".chooser"))
    if not courses:
        abort(403, "You are in no course at the moment, so there are no grades to show.")
    return redirect(url_for(".grades", course_id=courses[0].id))


@bp.get("/courses/<course_id>/gradebook")
def grades(course_id: str) -> ResponseReturnValue:
    """Everybody's grades for those who teach; a learner sees their own row."""
    seat, found = seat_in(course_id)
    if seat.role == Role.OBSERVER:
        abort(403, "Observers do not see the gradebook here. Be an instructor or a learner to look at it.")
    here = campus()
    columns = gradebook.columns(here.store, course_id)
    cells = {(column.id, cell.person_id): cell for column in columns for cell in gradebook.cells(here.store, column.id)}
    people = [
        other.person
        for other in here.register.enrolments(course_id)
        if other.role.is_graded and other.is_active and (seat.role.sees_all_grades or other.person == seat.person)
    ]
    rows = [Row(person, [cells.get((column.id, person.id)) for column in columns]) for person in people]
    return render_template(
        "gradebook.html",
        course=found,
        seat=seat,
        columns=columns,
        locked={column.id for column in columns if gradebook.is_locked(here.store, column.id)},
        rows=rows,
        arrived=len(cells),
    )
