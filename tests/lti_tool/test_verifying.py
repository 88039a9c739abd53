"""What a good launch does, once and many at once. Those that must not be let in: tests/lti_tool/hostile."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock, platform_keys
from lti_tool.models import Enrolment, Role
from lti_tool.outgoing.http import Answer
from tests.lti_tool.launching import (
    ISSUER,
    FakeWeb,
    claims,
    key_set,
    launch,
    start,
)

pytestmark = pytest.mark.usefixtures("web")


def verdict(answer: TestResponse) -> str:
    """The reason code an error page carries, or `ok` for a redirect into the tool."""
    if answer.status_code == 303:
        return "ok"
    assert 400 <= answer.status_code < 600
    found = re.search(r"name this code: (\w+)", answer.text)
    assert found is not None, answer.text
    return found[1]


def test_a_good_launch_leads_to_the_course_page_with_no_token_in_the_address(client: FlaskClient, session: Session):
    answer = launch(client)

    me = session.scalars(select(Enrolment)).one()
    assert (answer.status_code, answer.location) == (303, f"/courses/{me.course.public_id}/")
    assert (me.person.name, me.role, me.is_active) == ("Leo Fischer", Role.LEARNER, True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(answer.location).status_code == 200


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_a_warm_launch_asks_the_platform_for_nothing(client: FlaskClient, web: FakeWeb):
    launch(client)
    web.asked.clear()

    assert (verdict(launch(client)), web.asked) == ("ok", [])


def test_a_rotated_platform_key_costs_one_fetch(client: FlaskClient, web: FakeWeb):
    launch(client)
    web.pages[f"{ISSUER}/jwks"] = key_set("one", "two")
    web.asked.clear()

    with clock.moved_by(timedelta(minutes=2)):
        at = int(clock.now().timestamp())
        answers = [verdict(launch(client, key="two", iat=at, exp=at + 60)) for _ in range(2)]

    assert (answers, web.asked) == (["ok", "ok"], [f"GET {ISSUER}/jwks"])


def test_eight_first_launches_at_once_are_all_let_in(app: Flask, session: Session, web: FakeWeb):
    """Whoever arrives while another fetches the platform's keys waits for them instead of being refused."""
    session.rollback()
    together = threading.Barrier(8, timeout=20)
    page, verdicts = web.pages[f"{ISSUER}/jwks"], []

    def slowly() -> Answer:
        time.sleep(0.3)
        return Answer(200, {}, json.dumps(page).encode(), f"{ISSUER}/jwks")

    web.pages[f"{ISSUER}/jwks"] = slowly

    def arrive(number: int) -> None:
        client = app.test_client()
        asked = start(client)
        together.wait()
        verdicts.append(verdict(launch(client, asked=asked, sub=f"learner{number}")))

    threads = [threading.Thread(target=arrive, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts == ["ok"] * 8
    assert web.asked.count(f"GET {ISSUER}/jwks") == 1


def test_one_person_launching_eight_times_at_once_is_let_in_each_time(app: Flask, session: Session):
    session.rollback()
    together, verdicts = threading.Barrier(8, timeout=20), []

    def arrive() -> None:
        client = app.test_client()
        asked = start(client)
        together.wait()
        verdicts.append(verdict(launch(client, asked=asked)))

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts == ["ok"] * 8
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_an_unsigned_token_learns_nothing_and_breaks_nothing(client: FlaskClient):
    asked = start(client)
    body = claims(deployment_id="\ud800")
    token = f"{_encoded({'alg': 'RS256', 'kid': 'one'})}.{_encoded(body)}.c2lnbmF0dXJl"

    assert verdict(client.post("/lti/launch", data={"state": asked["state"], "id_token": token})) == "bad_token"
    assert verdict(launch(client, asked=asked)) == "ok"


def test_keys_that_cannot_be_had_are_never_called_unknown(
    client: FlaskClient, web: FakeWeb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(platform_keys, "PATIENCE", 0.1)
    page = web.pages.pop(f"{ISSUER}/jwks")

    assert [verdict(launch(client)) for _ in range(2)] == ["keys_unavailable"] * 2
    web.pages[f"{ISSUER}/jwks"] = page
    with clock.moved_by(timedelta(seconds=61)):
        assert verdict(launch(client)) == "ok"
