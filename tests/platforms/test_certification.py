"""The 1EdTech certification suite for the core: 12 bad payloads, 9 launches of teachers, 9 of students.

https://www.imsglobal.org/spec/lti/v1p3/cert/ section 6.1. Deep linking, roster and grades are certified beside
their features.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.claims import LTI, MEMBERSHIP, NRPS
from lti_tool.models import Enrolment, Person, Role
from tests.cast import Cast
from tests.lti_tool.launching import ISSUER, FakeWeb, claims, key_set, launch, private_key, sign, start
from tests.lti_tool.outcomes import SPENT, Outcome, Watch, refused, row_counts

Claims = dict[str, Any]
Sign = Callable[[Claims], str]

INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"
NO_ROSTER: Claims = {NRPS: None}
NAMELESS: Claims = {"name": None, "given_name": None, "family_name": None}


@pytest.fixture(autouse=True)
def web(app: Flask, cast: Cast) -> FakeWeb:
    cast.platform()
    web = FakeWeb()
    web.pages[f"{ISSUER}/jwks"] = key_set("one")
    app.extensions["http"] = web
    return web


def without(*names: str) -> Sign:
    return lambda body: sign({name: value for name, value in body.items() if name not in names})


def with_changes(**changes: Any) -> Sign:
    return lambda body: sign({**body, **changes})


def _no_kid(body: Claims) -> str:
    return jwt.encode(body, private_key("one"), algorithm="RS256")


BAD: dict[str, tuple[Sign, Outcome]] = {
    "CERT-BAD-01": (_no_kid, refused("bad_token")),
    "CERT-BAD-02": (lambda body: sign(body, header={"kid": "nobodys"}), refused("unknown_key", 401)),
    "CERT-BAD-03": (with_changes(**{LTI + "version": "11.3"}), refused("wrong_version")),
    "CERT-BAD-04": (without(LTI + "version"), refused("bad_token")),
    "CERT-BAD-05": (lambda _body: sign({"name": "badltilaunch"}), refused("bad_token")),
    "CERT-BAD-06": (without("aud", "iss", "sub", LTI + "deployment_id", LTI + "roles"), refused("bad_token")),
    "CERT-BAD-07": (with_changes(iat=11111, exp=22222), refused("wrong_time", 401)),
    "CERT-BAD-08": (without(LTI + "message_type"), refused("bad_token")),
    "CERT-BAD-09": (without(LTI + "roles"), refused("bad_token")),
    "CERT-BAD-10": (without(LTI + "deployment_id"), refused("bad_token")),
    "CERT-BAD-11": (without(LTI + "resource_link"), refused("bad_token")),
    "CERT-BAD-12": (without("sub"), refused("bad_token")),
}


@pytest.mark.parametrize(("forge", "expected"), BAD.values(), ids=list(BAD))
def test_a_bad_payload_is_refused_and_leaves_nothing_behind(
    app: Flask, client: FlaskClient, session: Session, forge: Sign, expected: Outcome
):
    launch(app.test_client(), **NO_ROSTER)
    asked = start(client)
    before = row_counts(session)

    with Watch(app) as watch:
        form = {"state": asked["state"], "id_token": forge({"nonce": asked["nonce"], **claims()})}
        outcome = watch.outcome(client.post("/lti/launch", data=form))

    assert outcome == expected
    assert row_counts(session) == before


LAUNCHES: dict[str, Claims] = {
    "01": {},
    "02": {},
    "03": {},
    "04": {"roles": ["http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"]},
    "05": {"roles": []},
    "05 with an empty one": {"roles": [""]},
    "06": NAMELESS,
    "07": {"email": None},
    "08": {**NAMELESS, "email": None},
}


def _roles(number: str, role: str) -> list[str]:
    many = [f"{INSTITUTION}#{'Faculty' if role == 'Instructor' else 'Student'}", f"{SYSTEM}#User"]
    if number == "02":
        return [*many, f"{MEMBERSHIP}#{role}", f"{INSTITUTION}#Other"]
    return [role] if number == "03" else [f"{MEMBERSHIP}#{role}"]


def _valid(area: str, role: str) -> dict[str, Claims]:
    return {f"CERT-{area}-{number}": {"roles": _roles(number, role), **bent} for number, bent in LAUNCHES.items()}


VALID = {**_valid("TEACH", "Instructor"), **_valid("STUD", "Learner")}
SHOWN = {
    "CERT-TEACH": (Role.INSTRUCTOR, "Nobody mentors in this course yet."),
    "CERT-STUD": (Role.LEARNER, "Your instructor chooses one for you."),
    "guest": (Role.GUEST, "Your learning platform says that you are in this course, but not as what."),
}
KEYS_FETCHED = ("INSERT platform_key_set", "UPDATE platform_key_set")
FIRST_LAUNCH = dict.fromkeys(
    (
        *("course", "person", "enrolment", "placement", "browser_session", "visit", "spent_state", "platform_key_set"),
        "letter",
    ),
    1,
)
"""Every row a first launch makes: the last has the visit written down and told a moment later."""


@pytest.mark.parametrize("case", list(VALID))
def test_a_valid_launch_is_let_in_and_shows_the_page_of_its_role(
    app: Flask, client: FlaskClient, session: Session, case: str
):
    """CERT-TEACH-01, CERT-TEACH-02, CERT-TEACH-03, CERT-TEACH-04, CERT-TEACH-05, CERT-TEACH-06, CERT-TEACH-07,
    CERT-TEACH-08, CERT-STUD-01, CERT-STUD-02, CERT-STUD-03, CERT-STUD-04, CERT-STUD-05, CERT-STUD-06, CERT-STUD-07,
    CERT-STUD-08
    """
    before = row_counts(session)

    with Watch(app) as watch:
        answer = launch(client, **NO_ROSTER, **VALID[case])
        lines = watch.lines

    me = session.scalars(select(Enrolment)).one()
    number = case.rpartition("-")[2]
    role, words = SHOWN["guest" if number[:2] in ("04", "05") else case.rpartition("-")[0]]
    assert (answer.status_code, answer.location) == (303, f"/courses/{me.course.public_id}/")
    assert [line.split(" ms=")[0].split(" platform=")[0] for line in lines] == ["launch verdict=ok"]
    assert row_counts(session) - before == FIRST_LAUNCH
    page = client.get(answer.location)
    assert (page.status_code, me.role) == (200, role)
    assert words in page.text
    assert (me.name in page.text, "None" in page.text) == (True, False)


KEPT = {
    "06": ("", "", "leo@campus.example", "Participant 1"),
    "07": ("Leo Fischer", "Leo", "", "Leo Fischer"),
    "08": ("", "", "", "Participant 1"),
}


@pytest.mark.parametrize("area", ["TEACH", "STUD"])
@pytest.mark.parametrize("number", list(KEPT))
def test_somebody_without_name_or_mail_is_kept_as_they_are_and_called_by_a_number(
    client: FlaskClient, session: Session, area: str, number: str
):
    launch(client, **NO_ROSTER, **VALID[f"CERT-{area}-{number}"])

    person = session.scalars(select(Person)).one()
    assert (person.name, person.given_name, person.email, session.scalars(select(Enrolment)).one().name) == KEPT[number]


@pytest.mark.parametrize("role", ["Instructor", "Learner"], ids=["CERT-TEACH-09", "CERT-STUD-09"])
def test_a_launch_with_mail_and_without_a_course_is_told_where_to_go(
    app: Flask, client: FlaskClient, session: Session, role: str
):
    asked = start(client)
    before = row_counts(session)

    with Watch(app) as watch:
        answer = launch(client, asked=asked, roles=[f"{MEMBERSHIP}#{role}"], context=None, **NAMELESS, **NO_ROSTER)
        outcome = watch.outcome(answer)

    assert outcome == Outcome(status=200, verdicts=("no_course",), shown="", wrote=frozenset({SPENT, *KEYS_FETCHED}))
    assert row_counts(session) - before == {"platform_key_set": 1, "spent_state": 1}
    assert "Open one of your courses and follow the link to Mentoring there." in answer.text
