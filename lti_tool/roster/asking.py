"""The roster as the LMS tells it: asked page by page, cleaned, each person once. Nothing is stored here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lti_tool.claims import ROSTER_SCOPE, STRONGEST_FIRST, TEST_USER, clean_id, clean_text, role_in_course
from lti_tool.models import Course, Role
from lti_tool.outgoing.http import CallFailed
from lti_tool.outgoing.services import Service, ServiceFailed
from lti_tool.quirks import plain_name

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
PAGE_SIZE = 500
"""How many people we ask for at once. Only a hint: Canvas never sends more than 50, Moodle everybody unless asked."""
MOST_PAGE_BYTES = 32 * 1024 * 1024
"""A platform that takes no hint sends everybody at once: 50,000 people are 9 MB, or more with pictures."""
LONGEST_NAME = 255
REFUSALS = (401, 403, 404)

Report = Callable[[int], None]
"""Hears after each page how many people have been read so far; may raise to stop."""


class Problem(StrEnum):
    """Why a roster was not brought in, as pages tell it."""

    UNKNOWN_ADDRESS = "unknown_address"
    NO_TOKEN = "no_token"
    REFUSED = "refused"
    SILENT = "silent"
    FAULTY = "faulty"
    EMPTY = "empty"
    INSIDE = "inside"


class RosterUnavailable(Exception):
    """The LMS did not hand out the whole roster; nothing was changed. Says why."""

    def __init__(
        self, message: str, problem: Problem, *, may_pass: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.problem = problem
        self.may_pass = may_pass
        """Whether trying again later can help without anybody's doing."""
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the roster, cleaned."""

    subject: str
    name: str
    given_name: str
    email: str
    role: Role
    is_active: bool
    is_test: bool
    groups: tuple[str, ...] = ()
    """The ids of the course groups they are in, where the platform has a service for them."""


def ask(course: Course, *, within: float | None = None, report: Report | None = None) -> dict[str, Member]:
    """The whole roster by subject, each person once however often they are listed. Raises RosterUnavailable."""
    if not course.roster_url:
        raise RosterUnavailable("the LMS has not told this tool where the roster is", Problem.UNKNOWN_ADDRESS)
    last_moment = time.monotonic() + within if within is not None else None
    service = Service(course.deployment, [ROSTER_SCOPE], (course.roster_url,), last_moment)
    members: dict[str, Member] = {}
    try:
        for page in service.pages(first_page(course), accept=MEDIA_TYPE, most_bytes=MOST_PAGE_BYTES):
            for row in _rows(page.json()):
                if (member := _member(row)) is not None:
                    known = members.get(member.subject)
                    members[member.subject] = _together(known, member) if known else member
            if report is not None:
                report(len(members))
    except ServiceFailed as problem:
        raise _unavailable(problem) from None
    except CallFailed as problem:
        raise RosterUnavailable(str(problem), Problem.FAULTY) from None
    return members


def first_page(course: Course) -> str:
    """The address the launch named, exactly as it was sent, with what we ask for added where it is not said yet."""
    url = course.roster_url or ""
    said = {name for name, _value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    wanted = {"limit": str(PAGE_SIZE)} | ({"groups": "true"} if course.groups_url else {})
    added = "&".join(f"{name}={value}" for name, value in wanted.items() if name not in said)
    return f"{url}{'&' if '?' in url else '?'}{added}" if added else url


def _unavailable(problem: ServiceFailed) -> RosterUnavailable:
    kind = Problem.FAULTY
    if problem.may_pass:
        kind = Problem.SILENT
    elif problem.is_token:
        kind = Problem.NO_TOKEN
    elif problem.status in REFUSALS:
        kind = Problem.REFUSED
    return RosterUnavailable(str(problem), kind, may_pass=problem.may_pass, retry_after=problem.retry_after)


def _rows(document: Any) -> list[Any]:
    rows = document.get("members") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise RosterUnavailable("the LMS sent something that is not a roster", Problem.FAULTY)
    return rows


def _member(row: Any) -> Member | None:
    if not isinstance(row, Mapping):
        return None
    subject = clean_text(row.get("user_id"))
    if not 1 <= len(subject) <= 255:
        return None
    said = row.get("roles")
    roles = [role for role in said if isinstance(role, str)] if isinstance(said, list) else []
    given, family = _name(row, "given_name"), _name(row, "family_name")
    return Member(
        subject=subject,
        name=_name(row, "name") or f"{given} {family}".strip(),
        given_name=given,
        email=_name(row, "email"),
        role=role_in_course(roles),
        is_active=str(row.get("status") or "Active").lower() == "active",
        is_test=TEST_USER in roles,
        groups=_groups(row.get("group_enrollments")),
    )


def _name(row: Mapping[str, Any], key: str) -> str:
    return clean_text(plain_name(clean_text(row.get(key))))[:LONGEST_NAME]


def _groups(said: Any) -> tuple[str, ...]:
    """Ids may be numbers or texts (course groups service 1.0)."""
    rows = said if isinstance(said, list) else []
    ids = [clean_id(row.get("group_id")) for row in rows if isinstance(row, Mapping)]
    return tuple(each for each in ids if each)


def _together(one: Member, other: Member) -> Member:
    """One person listed twice, as Canvas may do for two sections: active beats inactive, the stronger role counts."""
    first, second = (one, other) if one.is_active or not other.is_active else (other, one)
    roles = [first.role, second.role] if second.is_active == first.is_active else [first.role]
    return Member(
        subject=first.subject,
        name=first.name or second.name,
        given_name=first.given_name or second.given_name,
        email=first.email or second.email,
        role=next((role for role in STRONGEST_FIRST if role in roles), Role.GUEST),
        is_active=first.is_active,
        is_test=first.is_test or second.is_test,
        groups=tuple(dict.fromkeys(first.groups + second.groups)),
    )
