"""Somebody is erased from the learning record store here, and those outside are told to hide what they did."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, outbox, personal_data
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment
from lti_tool.running.delivering import drain
from mentoring.events import GoalSet, MentorshipBegan
from tests.cast import THEN, Cast
from tests.journeys.outside_lrs import outside_lrs
from tests.xapi.outside import connect
from xapi import personal
from xapi.lrs import storing
from xapi.lrs.models import Attachment, Document, Mention, StoredStatement
from xapi.profile.examples import made_up
from xapi.retelling import authority, retell, whose
from xapi.validation import errors

SUBJECT = "the-sub-of-leo"


@pytest.fixture
def leo(cast: Cast, session: Session) -> Enrolment:
    leo = cast.enrol(cast.course(), "Leo")
    leo.person.subject, leo.person.email = SUBJECT, "leo@example.org"
    session.commit()
    return leo


@pytest.fixture
def maya(cast: Cast, leo: Enrolment) -> Enrolment:
    return cast.enrol(leo.course, "Maya")


def tell(*events: Any) -> None:
    for event in events:
        with transaction() as session:
            retell(session, [event], whose(event))


def began(mentee: Enrolment, mentor: Enrolment, mentorship: str) -> MentorshipBegan:
    [event] = made_up(MentorshipBegan)
    said = vars(event) | {"mentee": mentee.who, "mentor": mentor.who, "where": mentee.course.where}
    return MentorshipBegan(
        **said | {"mentorship": mentorship, "event_id": f"11111111-2222-4333-8444-{mentorship:0>12}"}
    )


def goal(who: Enrolment) -> GoalSet:
    [event] = made_up(GoalSet)
    return GoalSet(**vars(event) | {"who": who.who, "by": who.who, "where": who.course.where})


def consumers(leo: Enrolment, **more: Any) -> str:
    """A consumer of the store tells something, under an id."""
    told = {
        "actor": {"objectType": "Agent", "mbox": "mailto:maya@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/commented"},
        "object": {"objectType": "Activity", "id": "https://simulation.example/1"},
        **more,
    }
    assert errors(told) == []
    with transaction() as session:
        store = storing.store_of(session, leo.who.platform, clock.now())
        [statement_id] = storing.store(session, store, [told], authority(), clock.now())
    return statement_id


def erase(leo: Enrolment) -> list[str]:
    with transaction() as session:
        return list(personal.erase(session, leo.person, THEN))


def stored(session: Session) -> dict[str, dict[str, Any]]:
    session.rollback()
    rows = session.scalars(select(StoredStatement).order_by(StoredStatement.seq)).all()
    return {row.statement_id: {**json.loads(row.body), "voided": row.voided} for row in rows}


def everything(session: Session) -> str:
    session.rollback()
    return "".join(session.scalars(select(StoredStatement.body)))


def test_what_they_did_is_voided_and_a_tombstone_stays(app: Flask, session: Session, leo: Enrolment, maya: Enrolment):
    tell(began(leo, maya, "1"), goal(leo))
    before = stored(session)

    said = erase(leo)

    after = stored(session)
    assert said[0].startswith("Erased: 2 statements")
    assert SUBJECT not in everything(session)
    for statement_id, was in before.items():
        stone = after[statement_id]
        assert stone["voided"]
        assert {part: stone[part] for part in ("id", "verb", "timestamp", "stored")} == {
            part: was[part] for part in ("id", "verb", "timestamp", "stored")
        }
        assert stone["actor"] == authority()
        stone.pop("voided")
        assert errors(stone) == []
    voidings = [each for each in after.values() if each["verb"]["id"].endswith("/voided")]
    assert {each["object"]["id"] for each in voidings} == set(before)
    keys = personal._keys(leo.person)
    assert session.scalars(select(Mention).where(Mention.key.in_(keys))).all() == []


def test_where_they_mentored_the_mentee_keeps_the_statement(session: Session, leo: Enrolment, maya: Enrolment):
    tell(began(maya, leo, "1"))

    said = erase(leo)

    [kept] = stored(session).values()
    assert said[1].startswith("Kept: 1 statements of others")
    assert not kept.pop("voided")
    assert kept["actor"]["account"]["name"] == maya.who.subject
    assert kept["context"]["instructor"]["account"] == {
        "homePage": current_app.config["IRI_BASE"],
        "name": personal.NOBODY,
    }
    assert SUBJECT not in everything(session)
    assert errors(kept) == []


def test_what_a_consumer_told_of_them_goes_wherever_they_are_named(session: Session, leo: Enrolment):
    them = {"objectType": "Agent", "account": {"homePage": leo.who.issuer, "name": SUBJECT}}
    mail = {"objectType": "Agent", "mbox": "mailto:leo@example.org"}
    inner = {
        "objectType": "SubStatement",
        "actor": them,
        "verb": {"id": "http://activitystrea.ms/schedule"},
        "object": {"objectType": "Activity", "id": "https://simulation.example/1"},
    }
    told = [
        consumers(leo, object=mail),
        consumers(leo, actor={"objectType": "Group", "member": [them]}),
        consumers(leo, object=inner),
        consumers(leo, context={"team": {"objectType": "Group", "member": [mail]}}),
    ]
    kept = consumers(leo, context={"team": {"objectType": "Group", "member": [them]}})

    erase(leo)

    after = stored(session)
    assert [after[each]["voided"] for each in told] == [True] * 4
    assert not after[kept]["voided"]
    assert SUBJECT not in everything(session)
    assert "leo@example.org" not in everything(session)


def test_attachments_and_documents_of_theirs_go_unless_somebody_else_names_them(session: Session, leo: Enrolment):
    with transaction() as own:
        store = storing.store_of(own, leo.who.platform, clock.now()).id
        own.add_all(Attachment(store_id=store, sha2=sha2 * 64, size=1, data=b"x") for sha2 in "ab")
        document = {"kind": "state", "activity": "a", "registration": "", "key": "k", "name": "n"}
        content = {"content_type": "text/plain", "content": b"x", "etag": "e", "updated": THEN}
        [key] = personal._keys(leo.person)[:1]
        own.add_all(Document(store_id=store, agent=agent, **document, **content) for agent in (key.hex(), "other"))

    def attached(sha2: str) -> dict[str, Any]:
        told = {"usageType": "https://example.org/u", "display": {"en": "x"}, "contentType": "text/plain", "length": 1}
        return {"attachments": [{**told, "sha2": sha2 * 64}]}

    mail = {"objectType": "Agent", "mbox": "mailto:leo@example.org"}
    consumers(leo, actor=mail, **attached("a"))
    consumers(leo, actor=mail, **attached("b"))
    consumers(leo, **attached("b"))

    said = erase(leo)

    session.rollback()
    assert session.scalars(select(Attachment.sha2)).all() == ["b" * 64]
    assert session.scalars(select(Document.agent)).all() == ["other"]
    assert said[2] == "Erased: 1 documents that consumers kept about them."


def test_stores_outside_hide_it_too(app: Flask, session: Session, leo: Enrolment, maya: Enrolment):
    with outside_lrs() as lrs:
        connect(lrs.url)
        tell(began(leo, maya, "1"))
        drain(app)
        [told] = lrs.stored

        erase(leo)
        drain(app)

        voiding = list(lrs.stored.values())[-1]
        assert (voiding["verb"]["id"], voiding["object"]["id"]) == ("http://adlnet.gov/expapi/verbs/voided", told)
        assert SUBJECT not in json.dumps(voiding)


def test_it_is_given_out_before(session: Session, leo: Enrolment, maya: Enrolment):
    tell(began(leo, maya, "1"), began(maya, leo, "2"))

    given = personal_data.export(session, leo.person)["statements"]

    assert [each["verb"]["display"]["en"] for each in given["statements"]] == ["started"]
    assert given["named_in_statements_of_others"] == 1


def test_whoever_was_never_told_of_is_erased_all_the_same(session: Session, leo: Enrolment):
    assert erase(leo) == ["Not told: anything of them to a learning record store."]
    assert outbox.waiting(db.session) == []
