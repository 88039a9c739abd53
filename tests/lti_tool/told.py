"""What tests of notices share: a kind of notice, people with addresses, and something to tell them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.db import transaction
from lti_tool.mail import NoticeKind, Words
from lti_tool.models import Course, Enrolment, Role
from lti_tool.notifying.models import PersonalNotice
from tests.cast import Cast

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATE = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
ASKED = "asked-to-mentor"


def register_kinds(app: Flask) -> None:
    """Two kinds of the tests' own in place of the features': one is mailed by default, the other is not."""
    app.extensions["notice_kinds"].clear()
    mail.register_kind(app, NoticeKind(ASKED, _l("Requests of the tests"), order=1))
    mail.register_kind(app, NoticeKind("chatter", _l("Small talk of the tests"), order=2, is_mailed=False))


def enrol(cast: Cast, course: Course, name: str, role: Role = Role.LEARNER, **rest: Any) -> Enrolment:
    """Somebody whose address the LMS has given."""
    person = cast.enrol(course, name, role, **rest)
    person.person.email = f"{name.lower()}@school.example"
    cast.session.commit()
    return person


def leads_to(to: Enrolment) -> str:
    return url_for("courses.home", course=to.course.public_id)


def tell(
    to: Enrolment,
    words: str = "Leo asks you to mentor him",
    *,
    key: str = "asked:1",
    kind: str = ASKED,
    at: datetime = NOON,
) -> None:
    """Tell them, and commit."""

    def say() -> Words:
        return Words(words, ("He would like to learn welding.",), "Answer Leo", leads_to(to))

    with transaction() as session:
        mail.tell(session, to, kind, say, key=key, at=at)


def notices(session: Session) -> list[PersonalNotice]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(PersonalNotice).order_by(PersonalNotice.id)))
