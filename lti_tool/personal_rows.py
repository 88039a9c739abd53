"""The ground floor's own share of personal data: the account, courses, grades, notices, contacts, and the history."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, String, cast, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_tool import personal_data
from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.contacts.models import ManagerLink
from lti_tool.gradebook.models import Grade
from lti_tool.models import Enrolment, Person
from lti_tool.notifying.models import (
    LONGEST_SUBJECT,
    MailingChoice,
    MailingHours,
    PersonalNotice,
    UnsubscribeAddress,
)
from lti_tool.notifying.telling import LONGEST_PARAGRAPH, one_line
from lti_tool.observing import Observed
from lti_tool.outbox import Happening, Letter
from lti_tool.personal_data import Keeper, Plain, enrolments_of
from lti_tool.roster.groups import CourseGroup, GroupMembership

CUT = "…"
"""How a subject ends that was too long (`telling.one_line`)."""
SHORTEST = 3
"""Letters of a name; fewer say nothing of anybody."""
LAST = 100
"""Everybody else's share comes before the name goes."""


def init_app(app: Flask) -> None:
    personal_data.register(app, Keeper(key="account", order=LAST, export=export, erase=erase))


def export(session: Session, person: Person) -> Plain:
    theirs = enrolments_of(session, person)
    ids = [each.id for each in theirs]
    grades = session.scalars(select(Grade).where(Grade.enrolment_id.in_(ids)).order_by(Grade.id))
    notices = session.scalars(select(PersonalNotice).where(PersonalNotice.enrolment_id.in_(ids)).order_by("id"))
    choices = session.scalars(select(MailingChoice).where(MailingChoice.person_id == person.id).order_by("id"))
    return {
        "platform": person.platform.issuer,
        "id": person.subject,
        "name": person.name,
        "given_name": person.given_name,
        "mail": person.email,
        "language": person.locale,
        "time_zone": person.own_time_zone or person.time_zone,
        "known_since": person.created.isoformat(),
        "courses": [_course(session, each) for each in theirs],
        "grades": [
            {"of": each.title, "score": each.score, "maximum": each.maximum, "earned": each.earned.isoformat()}
            for each in grades
        ],
        "notices": [
            {"subject": each.subject, "text": each.paragraphs, "at": each.created.isoformat()} for each in notices
        ],
        "mail_choices": {each.kind: each.is_mailed for each in choices},
    }


def _course(session: Session, enrolment: Enrolment) -> dict[str, Any]:
    groups = session.scalars(
        select(CourseGroup.name)
        .join(GroupMembership, GroupMembership.group_id == CourseGroup.id)
        .where(GroupMembership.enrolment_id == enrolment.id)
        .order_by(CourseGroup.id)
    )
    manager = session.scalar(select(ManagerLink).where(ManagerLink.enrolment_id == enrolment.id))
    return {
        "title": enrolment.course.title,
        "role": enrolment.role.value,
        "since": enrolment.created.isoformat(),
        "left": enrolment.left.isoformat() if enrolment.left else None,
        "last_visit": enrolment.last_launch.isoformat() if enrolment.last_launch else None,
        "groups": list(groups),
        "has_manager_on_record": manager is not None,
    }


def erase(session: Session, person: Person, at: datetime) -> Sequence[str]:
    theirs = enrolments_of(session, person)
    ids = [each.id for each in theirs]
    _forget_rows(session, person, ids)
    nobody = f"erased-{secrets.token_hex(16)}"
    told = _rename_in_history(session, person, nobody)
    name, person.name = person.name, ""
    _take_name_out_of_notices(session, name, theirs)
    for enrolment in theirs:
        if enrolment.is_active:
            enrolment.is_active, enrolment.left = False, at
    person.subject, person.given_name, person.email = nobody, "", ""
    person.locale, person.time_zone, person.own_time_zone = "", "", None
    session.flush()
    return [
        "Erased: name, mail, language and time zone, the id at the learning platform, sessions, notices, mail "
        "choices, groups, manager, and the grades kept here.",
        f"Kept: {len(theirs)} places in courses and {told} lines of the history, under a number that leads nowhere.",
        "Not touched: the learning platform itself with its gradebook. As "
        "long as the platform lists this person in a course, they come back with the next roster as somebody new.",
    ]


def _forget_rows(session: Session, person: Person, enrolments: Sequence[int]) -> None:
    of_person: list[InstrumentedAttribute[int]] = [
        BrowserSession.person_id,
        MailingChoice.person_id,
        MailingHours.person_id,
        UnsubscribeAddress.person_id,
    ]
    of_enrolment: list[InstrumentedAttribute[int]] = [
        PersonalNotice.enrolment_id,
        Grade.enrolment_id,
        GroupMembership.enrolment_id,
        ManagerLink.enrolment_id,
        Observed.learner_id,
        Observed.observer_id,
    ]
    for column in of_person:
        session.execute(delete(column.class_).where(column == person.id))
    for column in of_enrolment:
        session.execute(delete(column.class_).where(column.in_(enrolments)))
    session.execute(delete(ManagerLink).where(ManagerLink.manager_enrolment_id.in_(enrolments)))


def _take_name_out_of_notices(session: Session, name: str, theirs: Sequence[Enrolment]) -> None:
    """What others were told about them is the others' to keep; it calls them by their number from here on."""
    told = one_line(name, LONGEST_PARAGRAPH)
    if not told:
        return
    for enrolment in theirs:
        others = session.scalars(
            select(PersonalNotice)
            .join(PersonalNotice.enrolment)
            .where(
                Enrolment.course_id == enrolment.course_id,
                or_(
                    _holds(PersonalNotice.subject, told),
                    _holds(PersonalNotice.paragraphs, told),
                    PersonalNotice.subject.endswith(CUT),
                ),
            )
        )
        for notice in others:
            notice.subject = one_line(_without(notice.subject, told, enrolment.name), LONGEST_SUBJECT)
            notice.paragraphs = [_without(each, told, enrolment.name) for each in notice.paragraphs]


def _without(text: str, name: str, instead: str) -> str:
    """The text with this in place of the name, and of the beginning of it where the text was cut within it."""
    text = text.replace(name, instead)
    whole = text.removesuffix(CUT)
    for length in range(len(name) - 1, SHORTEST - 1, -1) if whole != text else ():
        start = name[:length].rstrip()
        before = whole.removesuffix(start)
        if before != whole and not before[-1:].isalnum():
            return f"{before}{instead}{CUT}"
    return text


def _holds(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Whether this stands in the column, or in its JSON, which writes some letters by their numbers."""
    told, escaped = cast(column, String), json.dumps(text)[1:-1]
    return or_(told.contains(text, autoescape=True), told.contains(escaped, autoescape=True))


def _rename_in_history(session: Session, person: Person, nobody: str) -> int:
    """Put the number in place of their id in everything that happened, and in letters about it; how many lines."""
    rows = session.scalars(select(Happening).where(_holds(Happening.body, person.subject)))
    changed = 0
    for row in rows:
        body = json.loads(row.body)
        if _rename(body, person, nobody):
            session.execute(update(Happening).where(Happening.id == row.id).values(body=json.dumps(body)))
            changed += 1
    for letter in session.scalars(select(Letter).where(_holds(Letter.body, person.subject))):
        body = json.loads(json.dumps(letter.body))
        if _rename(body, person, nobody):
            letter.body = body
    return changed


def _rename(body: Any, person: Person, nobody: str) -> bool:
    """Wherever this tells of the person; whether it does."""
    found = False
    for each in _walked(body):
        if each.get("subject") == person.subject and each.get("platform") == person.platform.public_id:
            each["subject"] = nobody
            found = True
    return found


def _walked(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, dict):
        yield body
    for each in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from _walked(each)
