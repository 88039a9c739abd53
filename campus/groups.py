"""Groups and sections of a course, and how each platform tells of them.

The strict one has the course groups service (lti-gs 1.0), and its roster names everybody's groups when it is asked
to; Canvas tells a person's sections in their launches, Moodle the ids of their groups.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from campus import addresses
from campus.platform import Campus, campus
from campus.services import GROUPS, ServiceRefused, answer, asked_limit, page_address, require_accept, require_scope
from campus.store import Store

bp = Blueprint("groups", __name__)

MEDIA_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
CLAIM = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
SECTION, TEAM = "section", "team"
SEEDED = (
    ("101", SECTION, "Morning, with Ines"),
    ("102", SECTION, "Evening"),
    ("201", TEAM, "Team Red"),
    ("202", TEAM, "Team Blue"),
)


@dataclass(frozen=True)
class Group:
    id: str
    name: str


def seed(db: sqlite3.Connection, course_id: str) -> None:
    """Two sections and two teams; everybody who learns is in one of each, who teaches is in both sections."""
    for group_id, kind, name in SEEDED:
        db.execute("INSERT OR IGNORE INTO groups VALUES (?, ?, ?, ?)", (group_id, course_id, kind, name))
    people = db.execute(
        "SELECT person_id, role FROM enrolments WHERE course_id = ? ORDER BY CAST(person_id AS INTEGER)", (course_id,)
    ).fetchall()
    for number, (person, role) in enumerate(people):
        mine = ("101" if number % 2 else "102", "201" if number % 4 < 2 else "202")
        for group_id in mine if role == "learner" else ("101", "102"):
            db.execute("INSERT OR IGNORE INTO group_members VALUES (?, ?)", (group_id, person))


def groups_of(store: Store, course_id: str, kind: str, person_id: str | None = None) -> list[Group]:
    """The groups of a course, or those of one person in it."""
    rows = store.all(
        "SELECT id, name FROM groups WHERE course_id = ? AND kind = ? AND (? IS NULL OR id IN"
        " (SELECT group_id FROM group_members WHERE person_id = ?)) ORDER BY CAST(id AS INTEGER)",
        *(course_id, kind, person_id, person_id),
    )
    return [Group(row["id"], row["name"]) for row in rows]


def teams_of(store: Store, course_id: str, people: Sequence[str]) -> dict[str, list[str]]:
    """The teams of each of these people."""
    marks = ", ".join("?" * len(people))
    rows = store.all(
        "SELECT m.person_id, m.group_id FROM group_members m JOIN groups g ON g.id = m.group_id"
        f" WHERE m.person_id IN ({marks}) AND g.course_id = ? AND g.kind = ? ORDER BY m.group_id",
        *(*people, course_id, TEAM),
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(row["group_id"])
    return found


def claim(here: Campus, course_id: str) -> dict[str, Any]:
    return {
        CLAIM: {
            "scope": [GROUPS],
            "context_groups_url": addresses.groups(here, course_id),
            "service_versions": ["1.0"],
        }
    }


def variables(here: Campus, course_id: str, person_id: str) -> dict[str, str]:
    """What this platform fills in for a person's sections and groups; the others' variables stay as they are."""
    if here.flavor.name == "canvas":
        sections = groups_of(here.store, course_id, SECTION, person_id)
        return {
            "$Canvas.course.sectionIds": ",".join(section.id for section in sections),
            # In an order of its own, as nothing promises another.
            "$com.instructure.User.sectionNames": json.dumps(sorted(section.name for section in sections)),
        }
    if here.flavor.name == "moodle":
        teams = groups_of(here.store, course_id, TEAM, person_id)
        return {"$Moodle.Person.userGroupIds": ",".join(team.id for team in teams)}
    return {}


@bp.get("/services/<course_id>/groups")
def listed(course_id: str) -> Response:
    here = campus()
    require_scope(GROUPS)
    require_accept(MEDIA_TYPE)
    if here.flavor.name != "strict" or here.register.course(course_id) is None:
        raise ServiceRefused(404, f"there is no groups service for course {course_id}")
    found = groups_of(here.store, course_id, TEAM, request.args.get("user_id"))
    start, size = request.args.get("from", 0, type=int), asked_limit() or 1
    body = {
        "id": addresses.groups(here, course_id),
        "groups": [{"id": int(group.id), "name": group.name} for group in found[start : start + size]],
    }
    response = answer(body, MEDIA_TYPE)
    if start + size < len(found):
        response.headers["Link"] = f"<{page_address('from', str(start + size))}>; rel=next"
    return response
