"""Whole visits with everything logged: no token, key, state, cookie, name or mail is in any line or error page."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campus.testing import CampusInHand, FlaskBrowser, begin
from lti_tool import keys, outbox, roster
from lti_tool.db import transaction
from lti_tool.models import Course, Platform
from lti_tool.operating import operators
from lti_tool.outgoing.services import Connector
from lti_tool.running.delivering import drain
from tests.conftest import SECRET, Arrive
from tests.journeys.outside_lrs import outside_lrs
from tests.journeys.walking import pair, right_answers, start_quiz
from xapi.endpoints import Endpoint

LRS_SECRET = "lrs-secret-4711"


class Secrets:
    """What must never be seen, as it comes along."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found: dict[str, str] = {"the secret key": SECRET, "the LRS's password": LRS_SECRET}
        ask, sign, seal = Connector.get_access_token, Connector.encode_jwt, keys.seal

        def asked(connector: Connector, scopes: Any) -> str:
            return self.keep("access token", ask(connector, scopes))

        def signed(connector: Connector, *rest: Any) -> str:
            return self.keep("client assertion", sign(connector, *rest))

        def sealed(text: str) -> str:
            self.keep("sealed text", text)
            return seal(text)

        monkeypatch.setattr(Connector, "get_access_token", asked)
        monkeypatch.setattr(Connector, "encode_jwt", signed)
        monkeypatch.setattr(keys, "seal", sealed)

    def keep(self, what: str, secret: str) -> str:
        self.found[f"{what} {len(self.found)}"] = secret
        return secret

    def seen_in(self, text: str) -> list[str]:
        return [what for what, secret in self.found.items() if secret in text]


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, session: Session) -> Secrets:
    secrets = Secrets(monkeypatch)
    pem = keys.unseal(keys.signing(session).sealed_pem)
    secrets.keep("private key", pem.splitlines()[3])
    return secrets


def lines(caplog: pytest.LogCaptureFixture) -> str:
    """Every record with its traceback, as a handler that knows no mercy writes it."""
    told = []
    for record in caplog.records:
        told.append(f"{record.name} {record.getMessage()} {record.args}")
        if record.exc_info:
            told.append("".join(traceback.format_exception(*record.exc_info)))
    return "\n".join(told)


def names(campus: CampusInHand) -> dict[str, str]:
    """Everybody's names and mails that are long enough not to be found by chance."""
    people = campus.here.register.people()
    words = [word for each in people for word in (each.name, each.family, each.email) if word and len(word) > 4]
    return {word: word for word in words if word != "Learner"}


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
    leo.post(attempt, data=right_answers(session, attempt, how_many=14))
    drain(app)
    _keep_cookies(secrets, ines, leo)

    _everything_fails(app, session, campus, arrive, secrets)

    text = lines(everything)
    assert len(everything.records) > 20
    assert any(what.startswith("access token") for what in secrets.found)
    assert any(what.startswith("client assertion") for what in secrets.found)
    assert (secrets.seen_in(text), [name for name in names(campus) if name in text]) == ([], [])


def _keep_cookies(secrets: Secrets, *clients: FlaskClient) -> None:
    for client in clients:
        cookie = client.get_cookie("mentoring")
        assert cookie is not None
        secrets.keep("session cookie", cookie.value)


def _everything_fails(app: Flask, session: Session, campus: CampusInHand, arrive: Arrive, secrets: Secrets) -> None:
    """The LMS goes down in every way, launches are refused, a page breaks, an operator looks."""
    client = app.test_client()
    form = begin(campus.visitor("leo"), "mentoring", FlaskBrowser(client))
    secrets.keep("id_token", form.fields["id_token"])
    secrets.keep("state", form.fields["state"])
    spoiled = {**form.fields, "id_token": form.fields["id_token"][:-9] + "AAAAAAAAA"}
    refused = [client.post("/lti/launch", data=each) for each in (spoiled, {"state": "x"})]
    assert [answer.status_code for answer in refused] == [401, 400]
    assert [secrets.seen_in(answer.text) for answer in refused] == [[], []]
    assert [name for name in names(campus) for answer in refused if name in answer.text] == []

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
    secrets.keep("id_token", form.fields["id_token"])
    secrets.keep("state", form.fields["state"])

    answer = client.post("/lti/launch", data=form.fields)

    told = lines(everything) + answer.text
    assert answer.status_code == 500
    assert "RuntimeError" in told
    assert (secrets.seen_in(told), [name for name in names(campus) if name in told]) == ([], [])


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/", "/lti/jwks"])
def test_what_anybody_may_read_tells_nothing(app: Flask, client: FlaskClient, secrets: Secrets, address: str):
    """KEY-06"""
    assert secrets.seen_in(client.get(address).text) == []


def test_the_search_would_find_something(secrets: Secrets, everything: pytest.LogCaptureFixture):
    """Shows that the tests above can fail."""
    logging.getLogger("lti_tool.anything").debug("Authorization: %s", secrets.keep("access token", "abc.def"))

    assert secrets.seen_in(lines(everything)) == ["access token 3"]
