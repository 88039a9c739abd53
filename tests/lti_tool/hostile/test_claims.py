"""CLAIM, OUT, PLAT: claims of odd types, sizes and contents, and what becomes of them on pages and in the log."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.claims import LTI, NRPS, Launch
from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.running.delivering import drain
from tests.lti_tool.hostile.trying import Claims, Forge, Trying, bent
from tests.lti_tool.launching import ISSUER, FakeWeb, claims, launch, private_key, sign, start
from tests.lti_tool.outcomes import PERSONAL, Outcome, Watch, refused, shown_on
from xapi.lrs.models import StoredStatement

BAD_TOKEN = refused("bad_token")


def of_parts(header: object, body: object) -> Forge:
    """A token of these parts, signed as it stands."""

    def forge(_plain: Claims) -> str:
        signed = f"{encoded(header)}.{encoded(body)}"
        signature = jwt.get_algorithm_by_name("RS256").sign(signed.encode(), private_key("one"))
        return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    return forge


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def nested(depth: int) -> Forge:
    """A claim of so many lists in one another; written by hand, because no JSON writer goes that deep."""

    def forge(body: Claims) -> str:
        text = json.dumps(body)[:-1] + ', "deep": ' + "[" * depth + "]" * depth + "}"
        return jwt.api_jws.encode(text.encode(), private_key("one"), algorithm="RS256", headers={"kid": "one"})

    return forge


HEADER = {"alg": "RS256", "kid": "one"}

ODD: dict[str, tuple[Forge, Outcome]] = {
    "CLAIM-01": (bent(resource_link="7"), BAD_TOKEN),
    "CLAIM-02": (lambda body: sign({**body, LTI + "resource_link": None}), BAD_TOKEN),
    "CLAIM-02 without an id": (bent(resource_link={"title": "x"}), BAD_TOKEN),
    "CLAIM-02 with an id of 300 letters": (bent(resource_link={"id": "7" * 300}), BAD_TOKEN),
    "CLAIM-04": (of_parts(HEADER, []), BAD_TOKEN),
    "CLAIM-05": (of_parts([], claims()), BAD_TOKEN),
    "CLAIM-05 a text": (of_parts("RS256", claims()), BAD_TOKEN),
    "CLAIM-05 crit": (bent(header={"crit": ["exp"]}), BAD_TOKEN),
    "CLAIM-05 kid is a number": (of_parts({"alg": "RS256", "kid": 1}, claims()), BAD_TOKEN),
    "CLAIM-07": (bent(roles="Learner"), BAD_TOKEN),
    "CLAIM-08 numbers": (bent(roles=[1, 2]), BAD_TOKEN),
    "CLAIM-08 null": (bent(roles=["Learner", None]), BAD_TOKEN),
    "CLAIM-08 objects": (bent(roles=[{"role": "Learner"}]), BAD_TOKEN),
    "CLAIM-08 a hundred and one": (bent(roles=["Learner"] * 101), BAD_TOKEN),
    "CLAIM-09": (bent(target_link_uri="http://localhost:8000/lti/launch?quiz=2"), refused("wrong_target")),
    "CLAIM-09 another host": (bent(target_link_uri="https://evil.example/steal"), refused("wrong_target")),
    "CLAIM-09 absent": (bent(target_link_uri=None), BAD_TOKEN),
    "CLAIM-11 just over 32 KB": (bent(custom={"long": "x" * 33_000}), refused("too_large", 413)),
    "CLAIM-21": (nested(10_000), BAD_TOKEN),
    "CLAIM-21 thirteen deep": (nested(13), BAD_TOKEN),
    "sub is a number": (bent(sub=6), BAD_TOKEN),
    "sub is a list": (bent(sub=["leo"]), BAD_TOKEN),
    "sub is blank": (bent(sub=" "), BAD_TOKEN),
    "sub of 256 letters": (bent(sub="s" * 256), BAD_TOKEN),
    "sub with a NUL": (bent(sub="le\x00o"), BAD_TOKEN),
    "no nonce": (bent(nonce=None), BAD_TOKEN),
    "nonce is an object": (bent(nonce={"a": 1}), BAD_TOKEN),
    "context is a text": (bent(context="101"), BAD_TOKEN),
    "context without an id": (bent(context={"title": "x"}), BAD_TOKEN),
    "deployment of 256 letters": (bent(deployment_id="d" * 256), BAD_TOKEN),
    "deployment is a lone surrogate": (bent(deployment_id="\ud800"), BAD_TOKEN),
    "a lone surrogate in a name": (bent(name="Leo \ud800"), BAD_TOKEN),
    "a lone surrogate deep in a claim": (bent(custom={"a": ["\udfff"]}), BAD_TOKEN),
    "another message": (bent(message_type="LtiStartProctoring"), refused("wrong_message")),
    "not a token": (lambda _body: "abc", BAD_TOKEN),
    "two parts": (lambda _body: "a.b", BAD_TOKEN),
    "no base64": (lambda _body: "!!.!!.!!", BAD_TOKEN),
    "no token at all": (lambda _body: "", BAD_TOKEN),
}


@pytest.mark.parametrize(("forge", "expected"), ODD.values(), ids=list(ODD))
def test_what_is_no_launch_is_refused(trying: Trying, forge: Forge, expected: Outcome):
    assert trying.token(forge) == expected


@pytest.mark.parametrize("address", ["/lti/launch", "/lti/login"])
@pytest.mark.parametrize("size", [1_200_000, 4_000_000, 50_000_000], ids=["CLAIM-21", "CLAIM-11", "CLAIM-22"])
def test_what_is_larger_than_any_form_is_not_read(trying: Trying, address: str, size: int):
    """CLAIM-21 (a million items in a claim are more than a form may hold), CLAIM-11, CLAIM-22"""
    asked = start(trying.client)
    body = f"state={asked['state']}&id_token=".encode() + b"a" * size

    with trying.unmoved() as watch:
        answer = trying.client.post(address, data=body, content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, shown_on(answer), watch.wrote) == (413, "too_large", set())


FINE: dict[str, dict[str, Any]] = {
    "CLAIM-13": {"https://example.org/claim": {"deep": [1, 2, 3]}, "groups": None},
    "CLAIM-14": {"custom": {"a": None, "b": 3, "c": {"d": 1}, "e": [], "activity": 5}},
    "CLAIM-14 no object": {"custom": "activity=quiz"},
    "CLAIM-15": {"custom": {"activity": "$Canvas.user.id", "time_zone": "$Person.address.timezone"}},
    "CLAIM-18": {"launch_presentation": {"locale": "xx-INVALID"}},
    "CLAIM-18 endless": {"launch_presentation": {"locale": "d" * 5_000}},
    "CLAIM-18 a NUL": {"launch_presentation": {"locale": "de\x00"}},
    "NUL in what is free": {"custom": {"activity": "qu\x00iz"}, "name": "Le\x00o", "context": {"id": "1\x002"}},
    "presentation is a text": {"launch_presentation": "iframe"},
    "services are lists": {NRPS: [], "tool_platform": []},
    "PLAT-06": {"name": None, "given_name": None, "family_name": None, "email": None},
    "PLAT-07": {},
    "PLAT-10": {"launch_presentation": {"document_target": "window"}},
    "ROLE-09": {"roles": []},
}


@pytest.mark.parametrize("changes", FINE.values(), ids=list(FINE))
def test_what_is_odd_beside_the_point_is_let_in(client: FlaskClient, web: FakeWeb, changes: dict[str, Any]):
    answer = launch(client, **changes)

    assert answer.status_code == 303
    page = client.get(answer.location)
    assert (page.status_code, '<html lang="en"' in page.text) == (200, True)


def test_values_the_platform_did_not_fill_in_count_as_absent():
    """CLAIM-14, CLAIM-15"""
    custom = {"number": 3, "nothing": None, "list": [1], "object": {"a": 1}, "user": "$Canvas.user.id", "kept": "yes"}

    assert Launch.from_claims(claims(custom=custom)).custom == {"kept": "yes"}


def test_custom_parameters_give_no_rights(client: FlaskClient, web: FakeWeb, session: Session):
    """CLAIM-16"""
    custom = {"role": "instructor", "roles": "Instructor", "user_id": "maya", "is_admin": "1", "sub": "maya"}

    launch(client, custom=custom)

    me = session.scalars(select(Enrolment)).one()
    assert (me.role, me.person.subject) == (Role.LEARNER, "leo")


MARKUP = "</script><img src=x onerror=alert(1)>{{7*7}}"


def test_markup_in_names_and_titles_is_shown_as_text(client: FlaskClient, web: FakeWeb):
    """CLAIM-17, OUT-02, OUT-05"""
    answer = launch(client, name=MARKUP, context={"id": "101", "title": MARKUP, "label": MARKUP})

    page = client.get(answer.location).text
    assert "<img" not in page
    assert page.count("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{7*7}}") >= 2
    assert "49" not in page


def test_statements_name_an_account_and_nothing_else_of_anybody(
    app: Flask, client: FlaskClient, web: FakeWeb, session: Session
):
    """OUT-07"""
    launch(client)
    session.rollback()
    with clock.moved_by(timedelta(hours=1)):
        drain(app)

    bodies = session.scalars(select(StoredStatement.body)).all()
    actors = [json.loads(body)["actor"] for body in bodies]
    assert actors == [{"objectType": "Agent", "account": {"homePage": ISSUER, "name": "leo"}}]
    assert [word for word in PERSONAL if word in "".join(bodies)] == []


def test_long_names_and_titles_are_cut(client: FlaskClient, web: FakeWeb, session: Session):
    """CLAIM-17"""
    name, title = "x" * 10_000, "y" * 3_000

    launch(client, name=name, given_name=title, context={"id": "101", "title": title, "label": title})

    person, course = session.scalars(select(Person)).one(), session.scalars(select(Course)).one()
    assert [len(each) for each in (person.name, person.given_name, course.title, course.label)] == [255] * 4


def test_marks_that_turn_or_break_a_line_reach_neither_header_nor_log(
    app: Flask, client: FlaskClient, web: FakeWeb, session: Session
):
    """CLAIM-17, OUT-06, OUT-08"""
    forged = "Leo\r\nSet-Cookie: a=b\r\nlaunch verdict=ok platform=forged\x1b[31m\u202egnp.exe"

    with Watch(app) as watch:
        answer = launch(client, name=forged, context={"id": "101", "title": forged, "label": forged})
        page = client.get(answer.location)
        refusal = launch(client, deployment_id="2\r\nlaunch verdict=ok platform=forged\x1b[31m", name=forged)

    assert (answer.status_code, page.status_code, refusal.status_code) == (303, 200, 403)
    assert "a=b" not in " ".join(value for sent in (answer, page, refusal) for value in sent.headers.values())
    assert [line for line in watch.lines if not line.isprintable()] == []
    assert [line for line in watch.lines if line.startswith("launch verdict=ok platform=forged")] == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://evil.example/back", "//evil.example", "\x00", 5]
)
def test_the_way_back_is_never_a_link_of_ours(client: FlaskClient, web: FakeWeb, url: object):
    """CLAIM-19"""
    answer = launch(client, launch_presentation={"return_url": url})

    page = client.get(answer.location)
    links = re.findall(r"(?:href|src|action|formaction)=\"([^\"]*)\"", page.text)
    assert [link for link in links if not link.startswith(("/courses/", "/static/", "#", "data:,"))] == []
    assert "javascript" not in page.headers["Content-Security-Policy"]


def test_pictures_are_neither_fetched_nor_shown(client: FlaskClient, web: FakeWeb):
    """CLAIM-20"""
    picture = {"picture": "http://169.254.169.254/latest", "icon": {"url": "javascript:alert(1)"}}
    launch(client)
    web.asked.clear()

    answer = client.post("/lti/launch", data=_with(client, picture))

    page = client.get(answer.location)
    assert (web.asked, page.status_code) == ([], 200)
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]
    assert [word for word in ("169.254", "alert(1)") if word in page.text] == []


def _with(client: FlaskClient, more: dict[str, Any]) -> dict[str, str]:
    asked = start(client)
    return {"state": asked["state"], "id_token": sign({"nonce": asked["nonce"], **claims(), **more})}


def test_an_anonymous_visitor_of_canvas_is_told_that_this_cannot_be(trying: Trying):
    """PLAT-02"""
    assert trying.token(bent(sub=None)) == BAD_TOKEN


def test_a_refusal_names_cause_and_cure_and_nobody(client: FlaskClient, web: FakeWeb):
    page = launch(client, aud="somebody-else").text

    assert "meant for another tool" in page
    assert "Ask the person who runs your learning platform" in page


def test_a_launch_answers_with_nothing_that_could_be_kept_or_sent_on(client: FlaskClient, web: FakeWeb):
    """COOKIE-16, COOKIE-18"""
    answer = launch(client)

    assert {name: answer.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")} == {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    assert [word for word in ("id_token", "state", "nonce", "eyJ") if word in answer.location] == []


def test_the_browser_keeps_a_random_key_and_nothing_of_its_launches(client: FlaskClient, web: FakeWeb):
    """COOKIE-05"""
    for number in range(6):
        launch(client, context={"id": f"{number}", "title": f"Course {number}"})

    cookies = client._cookies or {}
    assert [cookie.key for cookie in cookies.values()] == ["mentoring"]
    assert [len(cookie.value) for cookie in cookies.values()] == [43]
