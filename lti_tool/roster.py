"""Who is in the course, asked of the LMS (Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox
from lti_tool.claims import ROSTER_SCOPE, TEST_USER, clean_text, role_in_course
from lti_tool.db import db, find_or_create, reading, transaction
from lti_tool.http import CallFailed
from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.outbox import Dead, Done, Errand, Later, Outcome
from lti_tool.quirks import plain_name
from lti_tool.services import Service, ServiceFailed
from lti_tool.welcome import enrol

MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


class RosterUnavailable(Exception):
    """The LMS did not hand out the whole roster; nothing was changed. Says why."""


@dataclass(frozen=True)
class Member:
    """One row of the roster, cleaned."""

    subject: str
    name: str
    given_name: str
    email: str
    role: Role
    is_active: bool
    is_test: bool


@dataclass(frozen=True)
class Refreshed:
    """What a refresh changed."""

    members: int
    joined: int
    left: int


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, "roster", RosterCarrier())


class RosterCarrier:
    """Reads rosters that could not be read while somebody waited for a page."""

    batch = 1

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [self._read(errand) for errand in errands]

    def _read(self, errand: Errand) -> Outcome:
        course = db.session.get(Course, errand.body["course"])
        if course is None:
            return Dead("the course is gone")
        try:
            refresh(course)
        except RosterUnavailable as problem:
            return Later(str(problem))
        return Done()


def read_later(session: Session, course: Course) -> None:
    """Post a letter to read this roster as soon as the LMS hands it out; the caller commits."""
    lane = f"roster:{course.platform.public_id}"
    outbox.post(session, lane, {"course": course.id}, key=f"roster:{course.id}")


def refresh(course: Course, *, within: float | None = None) -> Refreshed:
    """Ask the LMS who is in the course and bring the enrolments up to it; commits.

    Nothing is applied unless every page arrived, `within` so many seconds where somebody waits for it. People
    who vanished become inactive, never deleted. Raises RosterUnavailable.
    """
    if not course.roster_url:
        raise RosterUnavailable("the LMS has not told this tool where the roster is")
    with reading():
        members = ask(course, within=within)
    known = db.session.scalar(select(Enrolment.id).where(Enrolment.course_id == course.id, Enrolment.is_active))
    if not members and known is not None:
        raise RosterUnavailable("the LMS sent an empty roster for a course that has people")
    people = _people(course, members, at=clock.now())
    with transaction() as session:
        session.execute(select(Course.id).where(Course.id == course.id).with_for_update(of=Course))
        return _apply(course, members, people, at=clock.now())


def ask(course: Course, *, within: float | None = None) -> dict[str, Member]:
    """The whole roster by subject; the first of duplicates counts. Raises RosterUnavailable."""
    last_moment = time.monotonic() + within if within is not None else None
    service = Service(course.deployment, [ROSTER_SCOPE], (course.roster_url,), last_moment)
    members: dict[str, Member] = {}
    try:
        for page in service.pages(course.roster_url or "", accept=MEDIA_TYPE):
            document = page.json()
            rows = document.get("members") if isinstance(document, dict) else None
            if not isinstance(rows, list):
                raise RosterUnavailable("the LMS sent something that is not a roster")
            for row in rows:
                if (member := _member(row)) is not None:
                    members.setdefault(member.subject, member)
    except (ServiceFailed, CallFailed) as problem:
        raise RosterUnavailable(str(problem)) from None
    return members


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
    )


def _name(row: Mapping[str, Any], key: str) -> str:
    return clean_text(plain_name(clean_text(row.get(key))))


def _people(course: Course, members: Mapping[str, Member], *, at: datetime) -> dict[str, Person]:
    """The members as people, found or made, with the names of today.

    In a transaction before the one that holds the course, and in one order for everybody: so neither a launch nor
    another course's roster can wait for us while we wait for it.
    """
    people: dict[str, Person] = {}
    with transaction() as session:
        for subject, member in sorted(members.items()):
            person, _ = find_or_create(
                session,
                Person,
                {"platform_id": course.platform.id, "subject": subject},
                name=member.name,
                given_name=member.given_name,
                email=member.email,
                created=at,
            )
            person.name = member.name or person.name
            person.given_name = member.given_name or person.given_name
            person.email = member.email or person.email
            people[subject] = person
    return people


def _apply(course: Course, members: Mapping[str, Member], people: Mapping[str, Person], *, at: datetime) -> Refreshed:
    known = {
        enrolment.person.subject: enrolment
        for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.course_id == course.id))
    }
    was_active = {subject for subject, enrolment in known.items() if enrolment.is_active}
    for subject, member in members.items():
        enrolment = known.get(subject) or enrol(course, people[subject], role=member.role, at=at)
        _update(enrolment, member)
    for subject, enrolment in known.items():
        if subject not in members:
            enrolment.is_active = False
    course.roster_read = at
    now_active = {subject for subject, member in members.items() if member.is_active}
    return Refreshed(len(now_active), len(now_active - was_active), len(was_active - now_active))


def _update(enrolment: Enrolment, member: Member) -> None:
    enrolment.is_active, enrolment.is_test = member.is_active, member.is_test or enrolment.is_test
    # The role of the newest launch outranks the roster's: Moodle lists non-editing teachers as learners.
    if enrolment.last_launch is None:
        enrolment.role = member.role
