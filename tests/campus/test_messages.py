"""What a launch says, flavor by flavor, beside what Moodle was recorded saying."""

from __future__ import annotations

import itertools
from typing import Any

import jwt
import pytest

from campus.testing import CampusInHand, FormPost
from tests.campus.fake_tool import THEN, auth_request

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
CONTEXT = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
ASSISTANT = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"
PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
USER = "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
NONCES = itertools.count(1)

# The keys of `id_token-student.json`, recorded from Moodle 4.5.6.
RECORDED_FROM_MOODLE = {
    "nonce",
    "iat",
    "exp",
    "iss",
    "aud",
    LTI + "deployment_id",
    LTI + "target_link_uri",
    "sub",
    LTI + "lis",
    LTI + "roles",
    LTI + "context",
    LTI + "message_type",
    LTI + "resource_link",
    "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome",
    "given_name",
    "family_name",
    "name",
    LTI + "ext",
    "email",
    LTI + "launch_presentation",
    LTI + "tool_platform",
    LTI + "version",
    LTI + "custom",
    AGS,
    NRPS,
}


def claims_of(campus: CampusInHand, key: str, placement: str = "quiz", **where: str) -> dict[str, Any]:
    visitor = campus.visitor(key)
    request = auth_request(visitor.start(placement, **where).fields, nonce=f"nonce-{next(NONCES)}")
    form = FormPost.read(visitor.browser.send("POST", f"{campus.url}/oidc/auth", request))
    claims: dict[str, Any] = jwt.decode(form.fields["id_token"], options={"verify_signature": False})
    return claims


def test_a_launch_in_the_moodle_flavor_has_the_claims_of_a_recorded_one(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    claims = claims_of(campus, "leo")

    assert set(claims) == RECORDED_FROM_MOODLE
    assert claims["aud"] == "campus-tool"
    assert claims["exp"] - claims["iat"] == 60
    assert claims[LTI + "context"]["type"] == ["CourseSection"]
    assert claims[LTI + "tool_platform"]["product_family_code"] == "moodle"
    assert claims[AGS]["lineitem"] == f"{campus.url}/services/2/lineitems/1/lineitem?type_id=1"


@pytest.mark.parametrize(("flavor", "life"), [("strict", 300), ("moodle", 60), ("canvas", 3600)])
def test_a_token_lives_as_long_as_the_flavor_has_it(campus: CampusInHand, flavor: str, life: int) -> None:
    campus.set_flavor(flavor)

    claims = claims_of(campus, "leo")

    now = int(THEN.timestamp())
    assert (claims["iat"], claims["exp"]) == (now, now + life)


ROLES = {
    ("strict", "ines"): [CONTEXT + "Instructor"],
    ("strict", "anouk"): [CONTEXT + "Instructor", ASSISTANT],
    ("strict", "maya"): [CONTEXT + "Learner"],
    ("strict", "olga"): [CONTEXT + "Mentor"],
    ("strict", "preview"): [CONTEXT + "Learner", TEST_USER],
    ("moodle", "ines"): [CONTEXT + "Instructor"],
    ("moodle", "anouk"): [CONTEXT + "Instructor"],
    ("moodle", "olga"): [CONTEXT + "Learner"],
    ("moodle", "preview"): [CONTEXT + "Learner"],
    ("canvas", "ines"): [PERSON + "Instructor", CONTEXT + "Instructor", USER],
    ("canvas", "anouk"): [PERSON + "Instructor", ASSISTANT, CONTEXT + "Instructor", USER],
    ("canvas", "leo"): [PERSON + "Student", CONTEXT + "Learner", USER],
    ("canvas", "olga"): [PERSON + "Observer", CONTEXT + "Mentor", USER],
    ("canvas", "preview"): [PERSON + "Student", CONTEXT + "Learner", TEST_USER, USER],
}


@pytest.mark.parametrize(("flavor", "key"), ROLES)
def test_everybody_has_the_roles_of_the_flavor(campus: CampusInHand, flavor: str, key: str) -> None:
    campus.set_flavor(flavor)

    assert claims_of(campus, key)[LTI + "roles"] == ROLES[flavor, key]


@pytest.mark.parametrize(("flavor", "scope"), [("strict", True), ("moodle", False), ("canvas", True)])
def test_an_observer_comes_with_whom_they_may_watch_where_the_platform_says_so(
    campus: CampusInHand, flavor: str, scope: bool
) -> None:
    campus.set_flavor(flavor)

    watched = claims_of(campus, "olga").get(LTI + "role_scope_mentor")

    assert watched == ([campus.person("leo").id] if scope else None)


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_whoever_has_no_name_and_no_email_has_no_such_claims(campus: CampusInHand, flavor: str) -> None:
    campus.set_flavor(flavor)

    claims = claims_of(campus, "noname")

    assert {"name", "given_name", "family_name", "email"} & set(claims) == set()
    assert claims["sub"] == campus.person("noname").id


def test_names_arrive_as_they_are_written(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    assert claims_of(campus, "siobhan")["name"] == "Siobhán O'Brien & Söhne <Ltd>"


def test_the_mentoring_home_has_no_line_item_and_the_quiz_has_one(campus: CampusInHand) -> None:
    mentoring, quiz = claims_of(campus, "leo", "mentoring"), claims_of(campus, "leo", "quiz")

    lineitems = f"{campus.url}/services/2/lineitems"
    assert (mentoring[AGS]["lineitems"], mentoring[AGS].get("lineitem")) == (lineitems, None)
    assert (quiz[AGS]["lineitems"], quiz[AGS].get("lineitem")) == (lineitems, f"{lineitems}/1/lineitem")


def test_custom_parameters_are_filled_in_and_unknown_variables_stay(campus: CampusInHand) -> None:
    assert claims_of(campus, "chloe", "mentoring")[LTI + "custom"] == {
        "activity": "mentoring",
        "time_zone": "Europe/Paris",
        "closes": "$ResourceLink.submission.endDateTime",
        "context_history": "",
        "canvas_sections": "$Canvas.course.sectionIds",
        "canvas_section_names": "$com.instructure.User.sectionNames",
        "moodle_groups": "$Moodle.Person.userGroupIds",
    }


def test_another_course_has_its_own_context_and_placements(campus: CampusInHand) -> None:
    here, there = claims_of(campus, "amara", "quiz"), claims_of(campus, "amara", "quiz", course="3")

    assert here["sub"] == there["sub"]
    assert [claims[LTI + "context"]["label"] for claims in (here, there)] == ["MENTOR101", "OTHER200"]
    assert here[LTI + "resource_link"]["id"] != there[LTI + "resource_link"]["id"]


def test_a_launch_in_a_window_says_so(campus: CampusInHand) -> None:
    presentation = claims_of(campus, "chloe", target="window")[LTI + "launch_presentation"]

    assert presentation == {
        "document_target": "window",
        "locale": "fr",
        "return_url": f"{campus.url}/courses/2",
    }
