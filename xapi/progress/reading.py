"""A report of a course: the questions put to our own store, through the same door as anybody's."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Person, Role
from xapi.lrs import reading
from xapi.lrs.asking import Query, ask
from xapi.lrs.models import Store
from xapi.lrs.reading import Sight
from xapi.progress import questions
from xapi.progress.facts import Account, Statement, fact_of
from xapi.progress.folding import Folded
from xapi.progress.keeping import Kept, keeping
from xapi.progress.report import Part, Report, report
from xapi.translations import course_iri
from xapi.validation.statements import VOIDED


def report_of(session: Session, course: Course, part: Part, at: datetime) -> Report:
    """What the statements of the course say until this moment."""
    return report(folded_of(session, course), part, at)


def folded_of(session: Session, course: Course) -> Folded:
    iri = course_iri(current_app.config["IRI_BASE"], course.public_id)
    return keeping().folded(iri, _kept_of(session, course, iri))


def _kept_of(session: Session, course: Course, iri: str) -> Kept:
    """What is known of the course already, and what came since."""
    row = session.execute(
        select(Store.id, Store.last_seq).where(Store.platform_id == course.deployment.platform_id)
    ).one_or_none()
    if row is None:
        return Kept()
    store, newest = Known(row.id), row.last_seq
    kept = keeping().of(iri)
    if kept.seq < newest:
        if kept.seq and _is_any_voided(session, store, kept.seq):
            kept = Kept()
        for said in _answers(session, store, iri, kept.seq):
            if (fact := fact_of(said)) is not None:
                kept.facts[fact.id] = fact
        kept.seq = newest
        keeping().keep(iri, newest, kept.facts)
    return kept


@dataclass(frozen=True)
class Known:
    """A store, by its row."""

    id: int


def _is_any_voided(session: Session, store: Known, since: int) -> bool:
    return bool(reading.find(session, store, Query(verb=VOIDED, limit=1, ascending=True, cursor=since)).found)


def _answers(session: Session, store: Known, course: str, since: int) -> Iterator[Statement]:
    """The answers to all questions about the course, page after page."""
    for parameters in questions.news_of(course) if since else questions.about(course):
        query = replace(ask({name: [value] for name, value in parameters.items()}), cursor=since)
        while True:
            page = reading.find(session, store, query, Sight(course))
            for body in page.bodies:
                yield json.loads(body)
            if page.cursor is None:
                break
            query = replace(query, cursor=page.cursor)


def account_of(person: Enrolment) -> Account:
    """How statements name somebody of a course."""
    return (person.course.deployment.platform.issuer, person.person.subject)


def people_of(session: Session, course: Course, accounts: Collection[Account]) -> dict[Account, Enrolment]:
    """Who in the course stands behind these accounts; nobody behind one whose person was erased."""
    issuer = course.deployment.platform.issuer
    subjects = {name for home, name in accounts if home == issuer}
    found = session.scalars(
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course.id, Person.subject.in_(subjects))
    )
    return {(issuer, each.person.subject): each for each in found}


def untold(session: Session, course: Course, report: Report) -> int:
    """How many learners of the course the report of all of it says nothing of: neither they nor whom they mentor."""
    told = {each.account for each in report.learners} | {each.mentor for each in report.mentorships}
    issuer = course.deployment.platform.issuer
    learners = session.scalars(
        select(Person.subject)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.course_id == course.id,
            Enrolment.role == Role.LEARNER,
            Enrolment.is_active,
            ~Enrolment.is_test,
        )
    )
    return sum((issuer, subject) not in told for subject in learners)


def everybody(session: Session, course: Course) -> dict[Account, Enrolment]:
    """The same of all people of the course."""
    issuer = course.deployment.platform.issuer
    found = session.scalars(select(Enrolment).where(Enrolment.course_id == course.id))
    return {(issuer, each.person.subject): each for each in found}
