"""Names and Role Provisioning Services 2.0: who is in the course, page by page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from campus import addresses
from campus.people import Course, Enrolment, Status
from campus.platform import Campus, campus
from campus.services import (
    ROSTER,
    ServiceRefused,
    answer,
    asked_limit,
    page_address,
    require_accept,
    require_scope,
)

bp = Blueprint("names_roles", __name__)

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
OLDER_MEDIA_TYPE = "application/vnd.ims.lis.v2.membershipcontainer+json"


@bp.get("/services/<course_id>/memberships")
def memberships(course_id: str) -> Response:
    here = campus()
    require_scope(ROSTER)
    if here.flavor.name == "strict":
        require_accept(MEDIA_TYPE)
    course = here.register.course(course_id)
    if course is None:
        raise ServiceRefused(404, f"there is no course {course_id}")
    _check_link(here, course)
    members = [seat for seat in here.register.enrolments(course_id) if _is_listed(here, seat)]
    members = _with_role(here, members, request.args.get("role", ""))
    start, size = _place(), _page_size(here)
    body = {
        "id": addresses.roster(here, course_id),
        "context": {"id": course.id, "label": course.label, "title": course.title},
        "members": [_member(here, seat) for seat in members[start : start + size if size else None]],
    }
    response = answer(body, f"{MEDIA_TYPE}; charset=utf-8")
    if size and start + size < len(members):
        response.headers["Link"] = f'<{_next_page(here, start + size)}>; rel="next"'
    return response


def _check_link(here: Campus, course: Course) -> None:
    link = request.args.get("rlid")
    if link is None:
        return
    placement = here.register.placement(link)
    if placement is None or (placement.course_id != course.id and here.flavor.guards_courses):
        raise ServiceRefused(404, f"LTI link {link} doesn't exist")


def _is_listed(here: Campus, seat: Enrolment) -> bool:
    return seat.is_active or (here.flavor.shows_suspended and seat.status == Status.SUSPENDED)


def _with_role(here: Campus, members: Sequence[Enrolment], wanted: str) -> list[Enrolment]:
    short = wanted.rpartition("#")[2]
    if not wanted or (here.flavor.name == "moodle" and short not in ("Instructor", "Learner")):
        return list(members)
    return [
        seat
        for seat in members
        if any(wanted == role or role.rpartition("#")[2] == wanted or role == short for role in _roles(here, seat))
    ]


def _roles(here: Campus, seat: Enrolment) -> tuple[str, ...]:
    return here.flavor.roster_roles[seat.role]


def _member(here: Campus, seat: Enrolment) -> dict[str, Any]:
    person, text = seat.person, here.flavor.roster_text
    names = {
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "email": person.email,
    }
    return {
        "status": "Active" if seat.is_active else "Inactive",
        "roles": list(_roles(here, seat)),
        "user_id": person.id,
        "lis_person_sourcedid": f"SIS-{person.key}",
        **{name: text(value) for name, value in names.items() if value is not None},
    }


def _page_size(here: Campus) -> int | None:
    """How many on a page; None for all at once. A limit is a hint that never makes pages larger."""
    own = here.settings.page_size if here.flavor.name == "strict" else here.flavor.largest_page
    asked = asked_limit()
    if own is None:
        return asked
    return min(own, asked) if asked else own


def _place() -> int:
    """Where this page starts, from Moodle's `from` or from a bookmark."""
    if (text := request.args.get("from", "")).isdecimal():
        return int(text)
    bookmark = request.args.get("page", "").removeprefix("bookmark:")
    try:
        return int(base64.urlsafe_b64decode(bookmark).decode().removeprefix("Row ")) if bookmark else 0
    except ValueError:
        raise ServiceRefused(400, "page is no bookmark of ours") from None


def _next_page(here: Campus, start: int) -> str:
    """Its bookmark is case-sensitive, as Canvas's are."""
    if here.flavor.name == "moodle":
        return page_address("from", str(start))
    return page_address("page", "bookmark:" + base64.urlsafe_b64encode(f"Row {start}".encode()).decode())
