"""An LRS outside knows somebody by their mail address if they say so, and only as long as they do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from campus.testing import CampusInHand, FlaskBrowser, launch
from lti_tool import clock, keys, personal_data
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment
from lti_tool.running.delivering import drain
from tests.cast import Cast
from tests.journeys.outside_lrs import OutsideLRS, outside_lrs
from tests.xapi.outside import connect, tell
from xapi.consent.saying import NobodyAsks, answer, questions_to
from xapi.endpoints import Endpoint
from xapi.identities import Actors
from xapi.translations import course_iri


@pytest.fixture
def leo(cast: Cast, session: Session) -> Enrolment:
    leo = cast.enrol(cast.course(), "Leo")
    leo.person.email = "leo@example.org"
    session.commit()
    return leo


@pytest.fixture
def lrs() -> Iterator[OutsideLRS]:
    with outside_lrs() as lrs:
        yield lrs


def asking(url: str = "https://lrs.example/xAPI", **more: Any) -> Endpoint:
    return connect(url, "School", actors=Actors.MAIL, sealed_pseudonyms=keys.seal("a key"), **more)


def say(session: Session, me: Enrolment, endpoint: Endpoint, *, is_given: bool) -> None:
    with transaction() as own:
        answer(own, me, endpoint.public_id, is_given=is_given, at=clock.now())


def actor(app: Flask, lrs: OutsideLRS, who: Enrolment) -> dict[str, Any]:
    """Of the newest statement of theirs that has arrived."""
    tell(who.who, 1, after=len(lrs.stored))
    drain(app)
    found: dict[str, Any] = list(lrs.stored.values())[-1]["actor"]
    return found


def test_without_a_yes_there_is_a_pseudonym_and_after_it_until_a_no_the_address(
    app: Flask, session: Session, leo: Enrolment, lrs: OutsideLRS
):
    endpoint = asking(lrs.url)
    unasked = actor(app, lrs, leo)
    say(session, leo, endpoint, is_given=True)
    agreed = actor(app, lrs, leo)
    say(session, leo, endpoint, is_given=False)
    stopped = actor(app, lrs, leo)

    assert agreed == {"objectType": "Agent", "mbox": "mailto:leo@example.org"}
    assert unasked == stopped
    assert unasked["account"]["homePage"] == app.config["IRI_BASE"]


def test_a_yes_is_for_one_store_and_one_person(app: Flask, session: Session, cast: Cast, leo: Enrolment):
    zoe = cast.enrol(leo.course, "Zoe")
    zoe.person.email = "zoe@example.org"
    session.commit()
    with outside_lrs() as one, outside_lrs() as other:
        endpoint, _other = asking(one.url), asking(other.url)
        say(session, leo, endpoint, is_given=True)
        tell(leo.who, 1)
        tell(zoe.who, 1)
        drain(app)

        assert ["mbox" in each["actor"] for each in one.stored.values()] == [True, False]
        assert ["mbox" in each["actor"] for each in other.stored.values()] == [False, False]


def test_a_batch_asks_for_each_person_once(app: Flask, session: Session, leo: Enrolment, lrs: OutsideLRS):
    say(session, leo, asking(lrs.url), is_given=True)
    tell(leo.who, 60)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    drain(app)

    assert len([sql for sql in asked if "lrs_mail_consent" in sql]) == 1
    assert {each["actor"].get("mbox") for each in lrs.stored.values()} == {"mailto:leo@example.org"}


def test_only_who_has_an_address_is_asked_and_only_by_those_that_want_it(
    app: Flask, session: Session, cast: Cast, leo: Enrolment
):
    zoe = cast.enrol(leo.course, "Zoe")
    other = cast.platform("Other school", client_id="other")
    wanted = asking()
    base = app.config["IRI_BASE"]
    asking(platform_id=other.id)
    asking(course=course_iri(base, cast.course("Another").public_id))
    asking(is_active=False)
    connect("https://other.example")

    assert [each.store for each in questions_to(session, leo)] == [wanted.public_id]
    assert questions_to(session, zoe) == []
    with pytest.raises(NobodyAsks), transaction() as own:
        answer(own, zoe, wanted.public_id, is_given=True, at=clock.now())


def test_somebody_agrees_and_takes_it_back_on_their_page(app: Flask, campus: CampusInHand, client: FlaskClient):
    address = launch(campus.visitor("leo"), "mentoring", FlaskBrowser(client)).answer.headers["Location"]
    home = client.get(address).text
    assert "Your mail address elsewhere" not in home
    endpoint = asking()
    page = address.rstrip("/").removesuffix("/home") + "/learning-records"

    assert "School asks whether it may know you by your mail address." in client.get(address).text
    shown = client.get(page).text
    assert "You have not decided yet." in shown
    assert "lrs.example" in shown
    said = client.post(page, data={"store": endpoint.public_id, "answer": "yes"}, follow_redirects=True).text
    assert "From now on you are known there by your mail address." in said
    assert "You agreed on" in said
    said = client.post(page, data={"store": endpoint.public_id, "answer": "no"}, follow_redirects=True).text
    assert "You said on" in said
    said = client.post(page, data={"store": "nobody", "answer": "yes"}, follow_redirects=True).text
    assert "Nobody asks for this any more." in said


def test_what_was_said_is_given_out_and_erased(session: Session, leo: Enrolment):
    say(session, leo, asking(), is_given=True)

    [said] = personal_data.export(session, leo.person)["statements"]["mail_consents"]
    assert (said["store"], said["agreed"]) == ("School", True)
    with transaction() as own:
        personal_data.erase(own, leo.person, at=clock.now())
    assert personal_data.export(session, leo.person)["statements"]["mail_consents"] == []
