"""Names and Role Provisioning Services 2.0: who is in the course, page by page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from campus import addresses, groups
from campus.people import Course, Enrolment, Status
from campus.platform import Campus, campus
from campus.services import (
    ROSTER,
    ServiceRefused,
    answer,
    page_address,
    page_size,
    require_accept,
    require_scope,
)

bp = Blueprint("names_roles", __name__)

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
STATUSES = {Status.ACTIVE: "Active", Status.SUSPENDED: "Inactive", Status.DELETED: "Deleted"}
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
    start, size = _place(), page_size()
    if here.faults.roster_page_fails and start // (size or 1) + 1 == here.faults.roster_page_fails:
        raise ServiceRefused(500, "this page fails on purpose")
    members = _stretch(here, course_id, start, size)
    body = {
        "id": addresses.roster(here, course_id),
        "context": {"id": course.id, "label": course.label, "title": course.title},
        "members": _told(here, course_id, members[:size] if size else members),
    }
    response = answer(body, f"{MEDIA_TYPE}; charset=utf-8")
    if size and len(members) > size:
        response.headers["Link"] = _link(here, _next_page(here, start + size))
    return response


def _stretch(here: Campus, course_id: str, start: int, size: int | None) -> list[Enrolment]:
    """Those of this page and, where there are more, one beyond it."""
    if here.faults.roster_empty:
        return []
    statuses = [Status.ACTIVE, *([Status.SUSPENDED, Status.DELETED] if here.flavor.shows_suspended else [])]
    role = request.args.get("role", "")
    beyond = None if size is None else size + 1
    if not role:
        return here.register.seats(course_id, statuses, start=start, size=beyond)
    everybody = _with_role(here, here.register.seats(course_id, statuses), role)
    return everybody[start : start + beyond if beyond else None]


def _told(here: Campus, course_id: str, members: Sequence[Enrolment]) -> list[dict[str, Any]]:
    told = [_member(here, seat) for seat in members]
    if here.flavor.name == "strict" and request.args.get("groups") == "true":
        teams = groups.teams_of(here.store, course_id, [seat.person.id for seat in members])
        for row in told:
            row["group_enrollments"] = [{"group_id": int(team)} for team in teams.get(row["user_id"], [])]
    return [row for row in told for _time in range(2 if here.faults.roster_twice else 1)]


def _link(here: Campus, address: str) -> str:
    """The Link header, in whichever way it is to read."""
    here_again = f"{here.settings.url}{request.full_path.rstrip('?')}"
    links = {
        "loop": f'<{here_again}>; rel="next"',
        "elsewhere": '<https://elsewhere.example/members?page=2>; rel="next"',
        "unquoted": f"<{address}>; rel=next",
        "among others": f'<{here_again}>; rel="current",<{address}>; rel="next",<{here_again}>; rel="first"',
    }
    return links.get(here.faults.roster_links, f'<{address}>; rel="next"')


def _check_link(here: Campus, course: Course) -> None:
    link = request.args.get("rlid")
    if link is None:
        return
    placement = here.register.placement(link)
    if placement is None or (placement.course_id != course.id and here.flavor.guards_courses):
        raise ServiceRefused(404, f"LTI link {link} doesn't exist")


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
        "status": STATUSES[seat.status],
        "roles": list(_roles(here, seat)),
        "user_id": person.id,
        "lis_person_sourcedid": f"SIS-{person.key}",
        **{name: text(value) for name, value in names.items() if value is not None},
    }


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
