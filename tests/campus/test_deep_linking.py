"""The campus asks what to place, each flavor in its manner, and takes back only what deep linking allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from campus import gradebook
from campus.deep_linking import DL
from campus.flavors import FLAVORS
from campus.messages import AGS, CANVAS, LTI, NRPS
from campus.testing import Answer, CampusInHand, FlaskBrowser, Visitor, begin
from tests.campus.fake_tool import KEY, OTHER_KEY, Clock, FakeTool

Claims = dict[str, Any]
SETTINGS = DL + "deep_linking_settings"
QUIZ = {
    "type": "ltiResourceLink",
    "title": " Week one ",
    "text": "Twenty questions",
    "url": "http://localhost:8000/lti/launch",
    "custom": {"activity": "quiz", "resource": "quiz:abc", "context_history": "$Context.id.history"},
    "lineItem": {"label": "Week one, marked", "scoreMaximum": 20, "resourceId": "quiz:abc", "tag": "quiz"},
}


def asked(visitor: Visitor, tool: FakeTool, course: str = "2") -> Claims:
    """The claims the tool is sent when this person adds an activity."""
    form = begin(visitor, "add", FlaskBrowser(tool.app().test_client()), course=course)
    claims: Claims = jwt.decode(form.fields["id_token"], options={"verify_signature": False})
    return claims


def good(campus: CampusInHand, request: Mapping[str, Any], *items: Mapping[str, Any]) -> Claims:
    now = int(campus.settings.now().timestamp())
    data = request[SETTINGS].get("data")
    return {
        "iss": "campus-tool",
        "aud": campus.url,
        "iat": now,
        "exp": now + 300,
        "nonce": "nonce-1",
        LTI + "deployment_id": "1",
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        DL + "content_items": list(items),
        **({DL + "data": data} if data is not None else {}),
    }


def answer(
    visitor: Visitor, request: Mapping[str, Any], claims: Claims, *, key: RSAPrivateKey = KEY, kid: str | None = "first"
) -> Answer:
    token = jwt.encode(claims, key, "RS256", headers={"kid": kid} if kid else {})
    return visitor.browser.send("POST", request[SETTINGS]["deep_link_return_url"], {"JWT": token})


def placed(campus: CampusInHand, course: str = "2") -> list[str]:
    return [each.title for each in campus.here.register.placements(course)][2:]


@pytest.mark.parametrize("flavor", FLAVORS)
def test_a_request_has_no_link_and_no_column_yet(campus: CampusInHand, tool: FakeTool, flavor: str) -> None:
    campus.set_flavor(flavor)

    claims = asked(campus.visitor("ines"), tool)

    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest"
    assert LTI + "resource_link" not in claims
    assert "lineitem" not in claims[AGS]
    assert claims[LTI + "custom"]["context_history"] == ""


def test_the_flavors_ask_in_their_own_manner(campus: CampusInHand, tool: FakeTool) -> None:
    found = {}
    for flavor in FLAVORS:
        campus.set_flavor(flavor)
        claims = asked(campus.visitor("ines"), tool)
        settings = claims[SETTINGS]
        found[flavor] = (settings["accept_types"], "data" in settings, NRPS in claims, claims.get(CANVAS + "placement"))

    assert found == {
        "strict": (["link", "ltiResourceLink"], True, True, None),
        "moodle": (["ltiResourceLink"], False, False, None),
        "canvas": (["ltiResourceLink"], True, True, "link_selection"),
    }


@pytest.mark.parametrize("person", ["leo", "anouk", "olga"])
def test_only_instructors_add_and_copy(campus: CampusInHand, person: str) -> None:
    browser = campus.visitor(person).browser

    statuses = [
        browser.send(method, f"{campus.url}/courses/2/{path}").status
        for method, path in (("GET", "add"), ("GET", "add/start"), ("POST", "copy"))
    ]

    assert statuses == [403, 403, 403]
    assert "Add an activity" not in browser.send("GET", f"{campus.url}/courses/2").text


def test_a_good_answer_places_its_items_with_their_columns(campus: CampusInHand, tool: FakeTool) -> None:
    ines = campus.visitor("ines")
    request = asked(ines, tool)
    plain = {"type": "ltiResourceLink", "title": "Mentoring", "url": QUIZ["url"]}

    said = answer(ines, request, good(campus, request, QUIZ, plain))

    quiz, mentoring = campus.here.register.placements("2")[2:]
    (column,) = gradebook.columns_of_placement(campus.here.store, quiz.id)
    assert (said.status, "2 activities were placed" in said.text, campus.refusals()) == (200, True, [])
    assert (quiz.title, quiz.about, quiz.custom) == ("Week one", "Twenty questions", QUIZ["custom"])
    assert (mentoring.title, mentoring.custom) == ("Mentoring", {})
    assert (column.label, column.maximum, column.resource_id, column.tag) == (
        *("Week one, marked", 20, "quiz:abc", "quiz"),
    )
    assert gradebook.columns_of_placement(campus.here.store, mentoring.id) == []


def test_moodle_calls_a_column_as_the_activity_is_called(campus: CampusInHand, tool: FakeTool) -> None:
    campus.set_flavor("moodle")
    ines = campus.visitor("ines")
    request = asked(ines, tool)

    answer(ines, request, good(campus, request, {**QUIZ, "title": "Week one"}))

    assert gradebook.columns(campus.here.store, "2")[-1].label == "Week one"


def test_nothing_is_an_answer_too(campus: CampusInHand, tool: FakeTool) -> None:
    ines = campus.visitor("ines")
    request = asked(ines, tool)

    said = answer(ines, request, good(campus, request))

    assert (said.status, "Nothing was placed" in said.text, placed(campus), campus.refusals()) == (200, True, [], [])


def changed(**changes: Any) -> Callable[[Claims], Claims]:
    """The answer with these claims; a short name stands for LTI's own, `dl_` for deep linking's, ... leaves it out."""

    def bend(claims: Claims) -> Claims:
        for name, value in changes.items():
            full = DL + name[3:] if name.startswith("dl_") else name if name in claims else LTI + name
            if value is ...:
                claims.pop(full)
            else:
                claims[full] = value
        return claims

    return bend


def later(seconds: float, **names: float) -> Callable[[Claims], Claims]:
    return lambda claims: {
        **claims,
        "iat": claims["iat"] + seconds,
        "exp": claims["exp"] + seconds + sum(names.values()),
    }


def item(**changes: Any) -> Callable[[Claims], Claims]:
    bent = {name: value for name, value in {**QUIZ, **changes}.items() if value is not ...}
    return changed(dl_content_items=[bent])


WRONG = {
    "another issuer": (changed(iss="somebody"), "iss is not “campus-tool”"),
    "another audience": (changed(aud="https://evil.example"), "aud is not http://localhost:8001"),
    "several audiences": (changed(aud=["http://localhost:8001", "x"]), "aud is not http://localhost:8001"),
    "another deployment": (changed(deployment_id="2"), "deployment_id is not “1”"),
    "another message": (changed(message_type="LtiDeepLinkingRequest"), "message_type is not “LtiDeepLinkingResponse”"),
    "another version": (changed(version="1.3"), "version is not “1.3.0”"),
    "no nonce": (changed(nonce=...), "nonce is missing"),
    "no exp": (changed(exp=...), "iat or exp is missing or no number"),
    "iat as text": (changed(iat="now"), "iat or exp is missing or no number"),
    "too old": (later(-301), "the answer is too old, or from the future"),
    "from the future": (later(120), "the answer is too old, or from the future"),
    "for too long": (later(0, more=301), "the answer lives longer than ten minutes"),
    "other data": (changed(dl_data="mine"), "data is not what the campus sent, or came though none was sent"),
    "no data": (changed(dl_data=...), "data is not what the campus sent, or came though none was sent"),
    "no items": (changed(dl_content_items=...), "content_items is not a list of objects"),
    "items of texts": (changed(dl_content_items=["quiz"]), "content_items is not a list of objects"),
    "a file": (item(type="file"), "an item is of type “file”, which is not accepted"),
    "a link": (item(type="link"), "the campus places activities only, no “link”"),
    "another address": (
        item(url="https://evil.example/"),
        "the url of an item is not http://localhost:8000/lti/launch",
    ),
    "no title": (item(title=" "), "an item has no title"),
    "custom numbers": (item(custom={"n": 1}), "custom of an item is not an object of texts"),
    "no maximum": (item(lineItem={"label": "x"}), "a line item has no scoreMaximum above 0"),
    "a column as text": (item(lineItem="x"), "a line item has no scoreMaximum above 0"),
    "a tag as number": (item(lineItem={"scoreMaximum": 1, "tag": 1}), "tag of a line item is not text"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_places_nothing(campus: CampusInHand, tool: FakeTool, name: str) -> None:
    bend, reason = WRONG[name]
    ines = campus.visitor("ines")
    request = asked(ines, tool)

    said = answer(ines, request, bend(good(campus, request, QUIZ)))

    assert (said.status, campus.refusals(), placed(campus)) == (400, [reason], [])
    assert answer(ines, request, good(campus, request, QUIZ)).status == 200, "The nonce is still good."


@pytest.mark.parametrize(
    ("accepts", "items", "reason"),
    [
        ({"accept_multiple": False}, [QUIZ, QUIZ], "there are several items though one is accepted"),
        ({"accept_lineitem": False}, [QUIZ], "an item brings a line item though none is accepted"),
        (
            {"accept_presentation_document_targets": ["window"]},
            [{**QUIZ, "iframe": {}}],
            "an item wants to be shown in iframe, which is not accepted",
        ),
    ],
    ids=["several", "columns", "frames"],
)
def test_what_was_not_asked_for_is_refused(
    campus: CampusInHand, tool: FakeTool, accepts: dict[str, Any], items: list[dict[str, Any]], reason: str
) -> None:
    campus.here.accepts |= accepts
    ines = campus.visitor("ines")
    request = asked(ines, tool)

    said = answer(ines, request, good(campus, request, *items))

    assert (said.status, campus.refusals(), placed(campus)) == (400, [reason], [])


def test_a_signature_must_be_the_tools(campus: CampusInHand, tool: FakeTool) -> None:
    ines = campus.visitor("ines")
    request = asked(ines, tool)
    claims = good(campus, request, QUIZ)

    answers = [
        answer(ines, request, claims, key=OTHER_KEY),
        answer(ines, request, claims, kid="unknown"),
        answer(ines, request, claims, kid=None),
        ines.browser.send("POST", request[SETTINGS]["deep_link_return_url"], {"JWT": "no.token"}),
        ines.browser.send("POST", request[SETTINGS]["deep_link_return_url"], {}),
    ]

    assert [each.status for each in answers] == [400] * 5
    assert placed(campus) == []


def test_an_answer_counts_once_and_for_whoever_was_asked(campus: CampusInHand, tool: FakeTool, clock: Clock) -> None:
    ines = campus.visitor("ines")
    request = asked(ines, tool)
    claims = good(campus, request, QUIZ)

    by_tariq = answer(campus.visitor("tariq"), request, claims)
    first, second = answer(ines, request, claims), answer(ines, request, claims)
    unasked = ines.browser.send("POST", f"{campus.url}/deep-link-return?key=guessed", {"JWT": "a.b.c"})

    assert [each.status for each in (by_tariq, first, second, unasked)] == [400, 200, 400, 400]
    assert campus.refusals() == [
        "somebody else is logged in to the campus here, or its cookie did not arrive",
        "nonce has been used before",
        "the campus did not ask",
    ]
    assert placed(campus) == ["Week one"]


def test_whoever_teaches_no_longer_places_nothing(campus: CampusInHand, tool: FakeTool) -> None:
    ines = campus.visitor("ines")
    request = asked(ines, tool)
    campus.unenrol("ines")

    assert answer(ines, request, good(campus, request, QUIZ)).status == 403
    assert placed(campus) == []


def test_a_copied_course_has_the_activities_the_columns_and_those_who_teach(
    campus: CampusInHand, tool: FakeTool
) -> None:
    ines = campus.visitor("ines")
    request = asked(ines, tool)
    answer(ines, request, good(campus, request, QUIZ))

    made = campus.copy_course("ines")

    register = campus.here.register
    here, there = register.placements("2"), register.placements(made)
    course = register.course(made)
    assert course is not None
    assert (course.label, course.title) == ("MENTOR101_1", "Starting at work 101 copy 1")
    assert [(each.key, each.title, each.about, each.custom) for each in there] == [
        (each.key, each.title, each.about, each.custom) for each in here
    ]
    assert not {each.id for each in here} & {each.id for each in there}
    assert [_kept(column) for column in gradebook.columns(campus.here.store, made)] == [
        _kept(column) for column in gradebook.columns(campus.here.store, "2")
    ]
    assert [person.key for person in campus.people(made)] == ["ines", "tariq", "anouk"]


def _kept(column: gradebook.Column) -> tuple[object, ...]:
    return column.label, column.maximum, column.resource_id, column.tag, column.extra


def test_a_copy_of_a_copy_tells_both_the_nearest_first(campus: CampusInHand, tool: FakeTool) -> None:
    first = campus.copy_course("ines")
    second = campus.copy_course("ines", first)

    claims = asked(campus.visitor("ines"), tool, course=second)

    assert claims[LTI + "custom"]["context_history"] == f"{first},2"
