"""Who asks for somebody's mail address, what they say to it, and what is sent then; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from flask import current_app
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lti_tool.db import db, find_or_create
from lti_tool.models import Enrolment, Person, Platform
from xapi.consent.models import MailConsent
from xapi.endpoints import Endpoint
from xapi.identities import Actors
from xapi.translations import course_iri


class Question(NamedTuple):
    """An LRS outside that asks, and what was answered; None as long as nothing was."""

    store: str
    """Its public id."""
    label: str
    url: str
    is_given: bool | None
    said: datetime | None


class NobodyAsks(Exception):
    """No LRS of this id asks for this person's address."""


# Put together once: home pages ask.
_QUESTIONS = (
    select(Endpoint.public_id, Endpoint.label, Endpoint.url, MailConsent.is_given, MailConsent.said)
    .outerjoin(MailConsent, (MailConsent.endpoint_id == Endpoint.id) & (MailConsent.person_id == bindparam("person")))
    .where(
        Endpoint.is_active,
        Endpoint.actors == Actors.MAIL,
        or_(Endpoint.platform_id.is_(None), Endpoint.platform_id == bindparam("platform")),
        or_(Endpoint.course.is_(None), Endpoint.course == bindparam("course")),
    )
    .order_by(Endpoint.id)
)


def questions_to(session: Session, me: Enrolment) -> Sequence[Question]:
    """By whom they are asked in this course. Who has no address is asked by nobody."""
    if not me.person.email:
        return []
    course = course_iri(current_app.config["IRI_BASE"], me.course.public_id)
    asked = {"person": me.person_id, "platform": me.person.platform_id, "course": course}
    return [Question(*row) for row in session.execute(_QUESTIONS, asked)]


def answer(session: Session, me: Enrolment, store: str, *, is_given: bool, at: datetime) -> None:
    """Holds for what is sent from now on. Raises NobodyAsks."""
    if store not in [each.store for each in questions_to(session, me)]:
        raise NobodyAsks
    endpoint = session.scalars(select(Endpoint.id).where(Endpoint.public_id == store)).one()
    key = {"endpoint_id": endpoint, "person_id": me.person_id}
    consent, _is_new = find_or_create(session, MailConsent, key, is_given=is_given, said=at)
    consent.is_given, consent.said = is_given, at


def addresses_for(endpoint: Endpoint) -> Callable[[str, str], str]:
    """The address of an account, by issuer and subject, of those who agree; nothing for everybody else.

    Each account is looked up once, so whoever sends many statements asks anew for each batch.
    """
    found = (
        select(Person.email)
        .join(Platform, Platform.id == Person.platform_id)
        .join(MailConsent, MailConsent.person_id == Person.id)
        .where(MailConsent.endpoint_id == endpoint.id, MailConsent.is_given)
    )

    @cache
    def address_of(issuer: str, subject: str) -> str:
        asked = found.where(Platform.issuer == issuer, Person.subject == subject)
        # An LMS may be registered twice: what was agreed to last holds.
        asked = asked.order_by(MailConsent.said.desc(), MailConsent.id.desc()).limit(1)
        return db.session.scalar(asked) or ""

    return address_of
