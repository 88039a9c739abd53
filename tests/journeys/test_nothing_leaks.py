"""Whole visits with everything logged: no token, key, state, cookie, name or mail is in any line or error page."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import Answer, CampusInHand, FlaskBrowser, FormPost, begin, launch, review
from lti_tool import keys, outbox, roster
from lti_tool.db import transaction
from lti_tool.gradebook import GradeColumn
from lti_tool.models import Course, Platform
from lti_tool.operating import operators
from lti_tool.running.delivering import drain
from tests.conftest import SECRET, Arrive
from tests.journeys.outside_lrs import outside_lrs
from tests.journeys.secrecy import Secrets, lines, named_in, names
from tests.journeys.walking import pair, right_answers, start_quiz, sure
from tests.lti_tool.choosing import ticked
from tests.lti_tool.registering import invite, pressed
from tests.lti_tool.test_reviewing import QUIZ_COLUMN
from xapi.endpoints import Endpoint

LRS_SECRET = "lrs-secret-4711"


@pytest.fixture
def secrets(app: Flask, monkeypatch: pytest.MonkeyPatch, session: Session) -> Secrets:
    secrets = Secrets(app, monkeypatch, **{"the secret key": SECRET, "the LRS's password": LRS_SECRET})
    pem = keys.unseal(keys.signing(session).sealed_pem)
    secrets.keep("private key", pem.splitlines()[3])
    return secrets


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("lti_tool").setLevel(logging.DEBUG)
    return caplog


def test_nothing_of_a_whole_visit_is_in_the_log(
    app: Flask,
    session: Session,
    campus: CampusInHand,
    arrive: Arrive,
    secrets: Secrets,
    everything: pytest.LogCaptureFixture,
):
    """TOKEN-08 and KEY-06"""
    with outside_lrs() as lrs, transaction():
        session.add(
            Endpoint(
                label="LRS",
                url=lrs.url,
                key="key",
                sealed_secret=keys.seal(LRS_SECRET),
                created=session.query(Platform).one().created,
            )
        )
    ines, leo = arrive("ines"), arrive("leo", "quiz")
    arrive("olga")
    pair(session, ines, mentor=campus.person("maya").id, mentee=campus.person("leo").id)
    attempt = start_quiz(leo, leo.page)  # type: ignore[attr-defined]
    leo.post(attempt, data=sure(right_answers(session, attempt, how_many=14)))
    drain(app)

    _everything_fails(app, session, campus, arrive, secrets)

    text = lines(everything)
    assert len(everything.records) > 20
    assert {"access token", "client assertion", "sealed text", "cookie mentoring", "id_token", "state"} <= secrets.kinds
    assert (secrets.seen_in(text), named_in(text, campus)) == ([], [])


def _everything_fails(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, secrets: Secrets) -> None:
    """The LMS goes down in every way, launches are refused, a page breaks, an operator looks."""
    client = app.test_client()
    form = begin(campus.visitor("leo"), "mentoring", FlaskBrowser(client))
    spoiled = {**form.fields, "id_token": form.fields["id_token"][:-9] + "AAAAAAAAA"}
    refused = [client.post("/lti/launch", data=each) for each in (spoiled, {"state": "x"})]
    assert [answer.status_code for answer in refused] == [401, 400]
    assert [secrets.seen_in(answer.text) for answer in refused] == [[], []]
    assert [named_in(answer.text, campus) for answer in refused] == [[], []]

    course = session.query(Course).filter_by(context_id="2").one()
    for fault in ("services_down", "tokens_down"):
        setattr(campus.faults, fault, True)
        campus.expire_tokens()
        with pytest.raises(roster.RosterUnavailable):
            roster.refresh(course)
        drain(app, rounds=3)
        setattr(campus.faults, fault, False)

    outbox.post(session, "lrs:unknown", {})
    session.commit()
    drain(app, rounds=2)
    with transaction():
        code = secrets.keep("operator's code", operators.new_code(session))
    app.test_client().post("/lti/check", data={"code": code})
    assert app.test_client().get("/lti/check").status_code == 200
    app.test_cli_runner().invoke(args=["check"])


def test_an_error_inside_the_tool_tells_no_secret(
    app: Flask,
    session: Session,
    campus: CampusInHand,
    arrive: Arrive,
    secrets: Secrets,
    everything: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    """KEY-06: a fault in the middle of a launch shows neither the token nor the person, in the log or on the page."""
    from lti_tool.arrivals import arriving

    def break_down(*_args: object, **_rest: object) -> None:
        raise RuntimeError(f"a fault of ours, about {' and '.join(names(campus))}")

    monkeypatch.setattr(arriving, "welcome", break_down)
    client = app.test_client()
    form = begin(campus.visitor("leo"), "mentoring", FlaskBrowser(client))

    answer = client.post("/lti/launch", data=form.fields)

    told = lines(everything) + answer.text
    assert answer.status_code == 500
    assert "RuntimeError" in told
    assert (secrets.seen_in(told), named_in(told, campus)) == ([], [])


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/", "/lti/jwks"])
def test_what_anybody_may_read_tells_nothing(app: Flask, client: FlaskClient, secrets: Secrets, address: str):
    """KEY-06"""
    assert secrets.seen_in(client.get(address).text) == []


def test_nothing_of_what_an_lms_sets_up_is_in_the_log(
    app: Flask,
    session: Session,
    campus: CampusInHand,
    arrive: Arrive,
    secrets: Secrets,
    everything: pytest.LogCaptureFixture,
):
    """TOKEN-08: registration, placing, a copied course, a result opened from the gradebook, columns compared."""
    _register_anew(app, campus)
    ines = arrive("ines")
    secrets.keep("deep linking answer", _place(app, campus)["JWT"])
    leo = arrive("leo", "quiz")
    attempt = start_quiz(leo, leo.page)  # type: ignore[attr-defined]
    leo.post(attempt, data=sure(right_answers(session, attempt, how_many=14)))
    drain(app)
    assert review(campus.visitor("ines"), QUIZ_COLUMN, "leo", FlaskBrowser(app.test_client())).status == 303
    campus.copy_course("ines")
    column = session.scalars(select(GradeColumn)).one()
    ines.post(f"/courses/{column.course.public_id}/gradebook/{column.public_id}/compare")
    drain(app)

    text = lines(everything)
    assert campus.notices_sent()[-1] == ("LtiContextCopyNotice", 200)
    assert {
        "invitation",
        "registration_token",
        "confirm",
        "id_token",
        "state",
        "access token",
        "notice",
    } <= secrets.kinds
    assert (secrets.seen_in(text), named_in(text, campus)) == ([], [])


def _register_anew(app: Flask, campus: CampusInHand) -> None:
    """By invitation, beside the registration that is there; first with a token that the campus does not take."""
    client = app.test_client()
    invited = invite()
    address = campus.begin_registration(invited.link)
    spoiled = client.get(address.replace("registration_token=", "registration_token=spoiled."))
    assert pressed(client, spoiled).status_code == 502
    assert pressed(client, client.get(address)).status_code == 200
    assert invited.state == "used"


def _place(app: Flask, campus: CampusInHand) -> dict[str, str]:
    """Place the quiz in the course page; the form that was sent home."""
    client, visitor = app.test_client(), campus.visitor("ines")
    address = launch(visitor, "add", FlaskBrowser(client)).answer.goes_to
    page = client.post(address, data=ticked("quiz-onboarding"))
    form = FormPost.read(Answer(page.status_code, address, dict(page.headers), page.text))
    assert form.sent_by(visitor.browser).status == 200
    return form.fields


def test_the_search_would_find_something(campus: CampusInHand, secrets: Secrets, everything: pytest.LogCaptureFixture):
    """Shows that the tests above can fail."""
    token = secrets.keep("access token", "abc.def")
    logging.getLogger("lti_tool.anything").debug("Authorization: %s for Leo, zoe@campus.example; 陳 wrote", token)

    text = lines(everything)
    assert secrets.seen_in(text) == ["access token 3"]
    assert named_in(text, campus) == ["Leo", "zoe@campus.example", "陳"]
