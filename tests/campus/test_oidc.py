"""The authorization endpoint takes a right request and refuses every wrong one, saying why."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import jwt
import pytest
from jwt import PyJWK

from campus.testing import Answer, CampusInHand, FlaskBrowser, FormPost, Visitor, begin, launch
from tests.campus.fake_tool import Clock, FakeTool, auth_request

LTI = "https://purl.imsglobal.org/spec/lti/claim/"


def answer_to(campus: CampusInHand, leo: Visitor, request: dict[str, str], method: str = "POST") -> Answer:
    assert isinstance(leo.browser, FlaskBrowser)
    address = f"{campus.url}/oidc/auth"
    if method == "POST":
        return leo.browser.send("POST", address, request)
    response = leo.browser.client.get(address, query_string=request)
    return Answer(response.status_code, address, dict(response.headers), response.get_data(as_text=True))


def shown_text(answer: Answer) -> str:
    words: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.extend(data.split())

    Reader().feed(answer.text)
    return " ".join(words)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_a_right_request_brings_a_signed_token_and_the_state_unchanged(
    campus: CampusInHand, flavor: str, method: str
) -> None:
    campus.set_flavor(flavor)
    leo = campus.visitor("leo")
    initiation = leo.start("quiz")

    form = FormPost.read(answer_to(campus, leo, auth_request(initiation.fields), method))

    assert form.url == "http://localhost:8000/lti/launch"
    assert form.fields["state"] == 'state "1" & <more>'
    claims = verified(campus, form.fields["id_token"])
    assert claims["nonce"] == "nonce-1"
    assert claims["sub"] == campus.person("leo").id
    assert campus.refusals() == []


def verified(campus: CampusInHand, token: str) -> dict[str, object]:
    header = jwt.get_unverified_header(token)
    keys = campus.app.test_client().get("/jwks").get_json()["keys"]
    (key,) = [PyJWK(each) for each in keys if each["kid"] == header["kid"]]
    options = {"verify_exp": False, "verify_iat": False}
    claims: dict[str, object] = jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        audience="campus-tool",
        issuer=campus.url,
        options=options,  # type: ignore[arg-type]
    )
    return claims


WRONG = {
    "no scope": ({"scope": ""}, "scope is missing"),
    "another scope": ({"scope": "openid email"}, "scope is “openid email” instead of “openid”"),
    "no response_type": ({"response_type": ""}, "response_type is missing"),
    "a code": ({"response_type": "code"}, "response_type is “code” instead of “id_token”"),
    "no response_mode": ({"response_mode": ""}, "response_mode is missing"),
    "a fragment": ({"response_mode": "fragment"}, "response_mode is “fragment” instead of “form_post”"),
    "no prompt": ({"prompt": ""}, "prompt is missing"),
    "a prompt": ({"prompt": "login"}, "prompt is “login” instead of “none”"),
    "no state": ({"state": ""}, "state is missing"),
    "no nonce": ({"nonce": ""}, "nonce is missing"),
    "no client": ({"client_id": ""}, "client_id is missing"),
    "another client": ({"client_id": "other"}, "client_id “other” is not registered"),
    "no redirect": ({"redirect_uri": ""}, "redirect_uri is missing"),
    "a longer redirect": (
        {"redirect_uri": "http://localhost:8000/lti/launch/"},
        "redirect_uri “http://localhost:8000/lti/launch/” is not registered; only http://localhost:8000/lti/launch is",
    ),
    "a redirect with a query": (
        {"redirect_uri": "http://localhost:8000/lti/launch?quiz=1"},
        "redirect_uri “http://localhost:8000/lti/launch?quiz=1” is not registered; "
        "only http://localhost:8000/lti/launch is",
    ),
    "no login_hint": ({"login_hint": ""}, "login_hint is missing"),
    "a changed login_hint": (
        {"login_hint": "5"},
        "login_hint is not the one issued with this lti_message_hint, or was changed on the way",
    ),
    "no message hint": ({"lti_message_hint": ""}, "lti_message_hint is missing"),
    "a changed message hint": (
        {"lti_message_hint": "{}"},
        "lti_message_hint is not one the campus issued, or was changed on the way",
    ),
}


@pytest.mark.parametrize(("changes", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_request_is_refused_with_the_reason(campus: CampusInHand, changes: dict[str, str], reason: str) -> None:
    leo = campus.visitor("leo")
    initiation = leo.start("quiz")

    answer = answer_to(campus, leo, auth_request(initiation.fields, **changes))

    assert (answer.status, campus.refusals()) == (400, [reason])
    assert " ".join(reason.split()) in shown_text(answer)
    assert "id_token" not in answer.text.replace(reason, "").replace("“id_token”", "")


def test_a_parameter_sent_twice_is_refused(campus: CampusInHand) -> None:
    leo = campus.visitor("leo")
    request = [*auth_request(leo.start("quiz").fields).items(), ("state", "another")]
    assert isinstance(leo.browser, FlaskBrowser)

    answer = leo.browser.client.get(f"{campus.url}/oidc/auth", query_string=request)

    assert (answer.status_code, campus.refusals()) == (400, ["state is there more than once"])


def test_somebody_else_at_the_browser_gets_no_token(campus: CampusInHand) -> None:
    initiation = campus.visitor("leo").start("quiz")

    answer = answer_to(campus, campus.visitor("maya"), auth_request(initiation.fields))

    assert answer.status == 400
    assert campus.refusals() == ["login_hint names somebody else than the person logged in to the campus"]


def test_a_browser_without_the_campus_cookie_gets_no_token(campus: CampusInHand) -> None:
    initiation = campus.visitor("leo").start("quiz")
    stranger = Visitor(FlaskBrowser(campus.app.test_client()), campus.url)

    answer = answer_to(campus, stranger, auth_request(initiation.fields))

    assert answer.status == 400
    assert campus.refusals() == ["nobody is logged in to the campus in this browser, or its cookie did not arrive"]


def test_a_hint_starts_one_launch_only(campus: CampusInHand) -> None:
    leo = campus.visitor("leo")
    initiation = leo.start("quiz")
    answer_to(campus, leo, auth_request(initiation.fields))

    again = answer_to(campus, leo, auth_request(initiation.fields, nonce="nonce-2"))

    assert again.status == 400
    assert campus.refusals() == ["lti_message_hint has been used already; open the activity again"]


def test_a_refused_request_leaves_the_hint_good(campus: CampusInHand) -> None:
    leo = campus.visitor("leo")
    initiation = leo.start("quiz")
    answer_to(campus, leo, auth_request(initiation.fields, prompt="login"))

    assert answer_to(campus, leo, auth_request(initiation.fields)).status == 200


def test_a_nonce_is_taken_once_and_the_hint_stays_good(campus: CampusInHand) -> None:
    leo = campus.visitor("leo")
    answer_to(campus, leo, auth_request(leo.start("quiz").fields))
    second = leo.start("quiz")

    answer = answer_to(campus, leo, auth_request(second.fields))

    assert answer.status == 400
    assert campus.refusals() == ["nonce has been used in an earlier launch"]
    assert answer_to(campus, leo, auth_request(second.fields, nonce="nonce-2")).status == 200


def test_a_hint_expires_after_an_hour(campus: CampusInHand, clock: Clock) -> None:
    leo = campus.visitor("leo")
    initiation = leo.start("quiz")
    clock.forward(minutes=61)

    assert answer_to(campus, leo, auth_request(initiation.fields)).status == 400
    assert campus.refusals() == ["lti_message_hint has expired; open the activity again"]


def test_whoever_left_the_course_meanwhile_gets_no_token(campus: CampusInHand) -> None:
    leo = campus.visitor("leo")
    initiation = leo.start("quiz")
    campus.unenrol("leo")

    assert answer_to(campus, leo, auth_request(initiation.fields)).status == 400
    assert campus.refusals() == ["the person is not enrolled in this course any more"]


def test_rotated_keys_sign_at_once_and_old_ones_stay_published_until_retired(
    campus: CampusInHand, tool: FakeTool
) -> None:
    (old,) = campus.here.keys.kids()
    browser = FlaskBrowser(tool.app().test_client())

    new = campus.rotate_keys()

    form = begin(campus.visitor("leo"), "quiz", browser)
    assert jwt.get_unverified_header(form.fields["id_token"]) == {"alg": "RS256", "typ": "JWT", "kid": new}
    assert [key["kid"] for key in campus.app.test_client().get("/jwks").get_json()["keys"]] == [new, old]
    campus.retire_keys()
    assert [key["kid"] for key in campus.app.test_client().get("/jwks").get_json()["keys"]] == [new]


def test_the_key_set_holds_no_private_part(campus: CampusInHand) -> None:
    (key,) = campus.app.test_client().get("/jwks").get_json()["keys"]

    assert set(key) == {"kty", "alg", "use", "kid", "n", "e"}


def test_a_whole_launch_can_be_walked_without_a_browser(campus: CampusInHand, tool: FakeTool) -> None:
    launched = launch(campus.visitor("leo"), "quiz", FlaskBrowser(tool.app().test_client()))

    assert launched.initiation.url == "http://localhost:8000/lti/login"
    assert set(launched.initiation.fields) == {
        "iss",
        "target_link_uri",
        "login_hint",
        "lti_message_hint",
        "client_id",
        "lti_deployment_id",
        "lti_storage_target",
    }
    assert launched.answer.goes_to == "http://localhost:8000/home"
    assert tool.launches == [launched.form.fields]


@pytest.mark.parametrize(
    ("flavor", "target", "offered"),
    [
        ("strict", "iframe", "_parent"),
        ("canvas", "iframe", "post_message_forwarding"),
        ("moodle", "iframe", None),
        ("strict", "window", None),
    ],
)
def test_storage_is_offered_to_frames_at_login_and_launch(
    campus: CampusInHand, tool: FakeTool, flavor: str, target: str, offered: str | None
) -> None:
    campus.set_flavor(flavor)

    launched = launch(campus.visitor("leo"), "quiz", FlaskBrowser(tool.app().test_client()), target=target)

    said = [step.fields.get("lti_storage_target") for step in (launched.initiation, launched.form)]
    assert said == [offered, offered]


def test_moodle_hints_look_like_the_recorded_ones(campus: CampusInHand) -> None:
    campus.set_flavor("moodle")

    fields = campus.visitor("leo").start("quiz").fields

    assert fields["login_hint"] == campus.person("leo").id
    assert list(json.loads(fields["lti_message_hint"])) == ["cmid", "launchid"]
