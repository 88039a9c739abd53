"""Deep linking: who may place what, and what the LMS is answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from lti_tool import clock
from lti_tool.claims import LTI, MEMBERSHIP
from lti_tool.db import transaction
from lti_tool.models import Deployment, Enrolment, Person, Platform, Standing
from lti_tool.placing.deep_linking import LinkRequest
from lti_tool.running import housekeeping
from quizzes.models import Quiz
from tests.cast import Cast
from tests.lti_tool.choosing import HOME, TEACHES, ask, place, read, ticked
from tests.lti_tool.launching import ISSUER, TARGET, FakeWeb, claims, launch, sign, start
from tests.lti_tool.outcomes import Watch, refused, row_counts

pytestmark = pytest.mark.usefixtures("web")

HISTORY = "$Context.id.history"


@pytest.fixture
def knows_keys(app: Flask, web: FakeWeb) -> None:
    """The platform's keys have been fetched before, so that a launch writes nothing about them."""
    ask(app.test_client(), roles=[f"{MEMBERSHIP}#Learner"])


def asked_for(client: FlaskClient, **changes: Any) -> str:
    """The page an instructor's request leads to."""
    answer = ask(client, **changes)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def form_action(page_headers: Headers) -> str:
    return re.findall(r"form-action ([^;]*);", page_headers["Content-Security-Policy"])[0]


def test_what_is_ticked_goes_back_as_items_that_find_their_activity_again(client: FlaskClient, session: Session):
    reply = place(client, "mentoring", "quiz-onboarding")

    quiz = session.scalars(select(Quiz)).one()
    names = {"activity": "quiz", "resource": f"quiz:{quiz.public_id}"}
    assert reply.url == HOME
    assert reply["content_items"] == [
        {
            "type": "ltiResourceLink",
            "title": "Mentoring",
            "text": "Everybody's start page: mentors, mentees, and what comes next for each.",
            "url": TARGET,
            "custom": {"activity": "mentoring", "context_history": HISTORY},
            "iframe": {"width": 1000, "height": 720},
        },
        {
            "type": "ltiResourceLink",
            "title": "Onboarding quiz",
            "text": "20 questions in at most 30 minutes. 2 attempts. The best one counts.",
            "url": TARGET,
            "custom": {**names, "context_history": HISTORY},
            "iframe": {"width": 1000, "height": 720},
            "lineItem": {
                "label": "Onboarding quiz",
                "scoreMaximum": 20,
                "resourceId": f"quiz:{quiz.public_id}",
                "tag": "quiz",
                "submissionReview": {"reviewableStatus": ["Completed"], "url": TARGET, "custom": names},
            },
        },
    ]
    assert reply["msg"] == "2 activities were chosen."


def test_the_answer_names_who_it_is_from_and_for(client: FlaskClient):
    moment = clock.now()
    at = int(moment.timestamp())
    with clock.moved_to(moment):
        reply = place(client, do="cancel")

    said = {name: value for name, value in reply.claims.items() if name != "nonce"}
    assert said == {
        "iss": "campus-tool",
        "aud": ISSUER,
        "iat": at,
        "exp": at + 300,
        LTI + "deployment_id": "1",
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": [],
        "https://purl.imsglobal.org/spec/lti-dl/claim/data": "keep me",
    }


def test_titles_can_be_changed_and_a_quiz_need_not_count(client: FlaskClient):
    answer = asked_for(client)
    fields = {**ticked("quiz-onboarding"), "title-quiz-onboarding": "  Your first week <b> & after "}
    del fields["graded-quiz-onboarding"]

    (item,) = read(client, client.post(answer, data=fields))["content_items"]

    assert item["title"] == "Your first week <b> & after"
    assert (item["custom"]["graded"], "lineItem" in item) == ("no", False)


@pytest.mark.parametrize(
    ("title", "sentence"),
    [(" ", "Give Onboarding quiz a title."), ("x" * 201, "Use at most 200 characters for Onboarding quiz.")],
)
def test_a_title_that_cannot_be_is_asked_for_again(client: FlaskClient, session: Session, title: str, sentence: str):
    page = asked_for(client)

    answer = client.post(page, data={**ticked("quiz-onboarding"), "title-quiz-onboarding": title})

    assert answer.status_code == 422
    assert f'<a href="#title-quiz-onboarding">{sentence}</a>' in answer.text
    assert session.scalars(select(Quiz)).all() == [], "Nothing is made before everything is right."


def test_a_title_of_something_that_is_not_ticked_does_not_matter(client: FlaskClient):
    page = asked_for(client)

    answer = client.post(page, data={**ticked("mentoring"), "title-quiz-onboarding": ""})

    assert read(client, answer).titles == ["Mentoring"]


def test_without_a_return_address_nobody_is_let_in_or_written_down(client: FlaskClient, app: Flask):
    """DL-02"""
    asked = start(client)

    with Watch(app) as watch:
        answer = ask(client, asked=asked, without="deep_link_return_url")

    assert watch.outcome(answer) == refused("bad_token")
    assert "deep_link_return_url" in watch.lines[0]


@pytest.mark.usefixtures("knows_keys")
@pytest.mark.parametrize(
    "role", ["Learner", "Mentor", "Manager", "Instructor#TeachingAssistant"], ids=lambda role: f"ROLE-19 {role}"
)
def test_those_who_do_not_shape_the_course_page_place_nothing(client: FlaskClient, app: Flask, role: str):
    asked = start(client)
    uri = f"{MEMBERSHIP}#{role}" if "#" not in role else f"{MEMBERSHIP}/{role}"

    with Watch(app) as watch:
        answer = ask(client, asked=asked, roles=[uri])

    assert watch.outcome(answer) == refused("may_not_place", 403)


def test_a_course_designer_may_place(client: FlaskClient):
    page = asked_for(client, roles=[f"{MEMBERSHIP}#ContentDeveloper"])

    assert read(client, client.post(page, data=ticked("mentoring"))).titles == ["Mentoring"]


def test_a_request_is_answered_once(client: FlaskClient):
    asked = start(client)

    answers = [ask(client, asked=asked) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 400]
    assert "state_spent" in answers[1].text


@pytest.mark.parametrize("types", [["link"], ["file", "image"], [], ["html"]], ids=lambda types: f"DL-01 {types}")
def test_where_no_activity_is_taken_the_page_says_so_and_leads_back(client: FlaskClient, types: list[str]):
    page = asked_for(client, settings={"accept_types": types})

    shown = client.get(page)
    reply = read(client, client.post(page, data={"do": "cancel"}))

    assert shown.status_code == 200
    assert "takes something else here than this tool has" in shown.text
    assert reply["content_items"] == []


def test_a_return_address_full_of_signs_stays_an_attribute(client: FlaskClient):
    """DL-03"""
    nasty = f"{ISSUER}/back?\"'><script>alert(1)</script>&a=1&amp;b"
    page = asked_for(client, settings={"deep_link_return_url": nasty})

    answer = client.post(page, data=ticked("mentoring"))

    assert "<script>alert" not in answer.text
    assert read(client, answer).url == nasty


@pytest.mark.usefixtures("knows_keys")
@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/back",
        "http://campus.example/back",
        "https://campus.example.evil.example/back",
        "https://campus.example@evil.example/back",
        "https://campus.example:8443/back",
        "https://evil.example/https://campus.example/",
        "https://evil.example\\@campus.example/back",
        "https://evil.example\t@campus.example/back",
        "https://campus.example/ back",
        "javascript:alert(1)",
        "//campus.example/back",
        "https://[campus.example/back",
        "https://school.instructure.com/back",
        "ftp://campus.example/back",
    ],
    ids=lambda address: f"DL-05 {address}",
)
def test_an_answer_goes_to_the_platform_and_nowhere_else(client: FlaskClient, app: Flask, address: str):
    asked = start(client)

    with Watch(app) as watch:
        answer = ask(client, asked=asked, settings={"deep_link_return_url": address})

    assert watch.outcome(answer) == refused("wrong_return_address")


def test_a_school_of_its_own_domain_is_home_if_the_signed_launch_says_that_it_frames_us(client: FlaskClient):
    framed = {"document_target": "iframe", "return_url": "https://learn.school.example/courses/1"}

    page = asked_for(
        client,
        launch_presentation=framed,
        settings={"deep_link_return_url": "https://learn.school.example/courses/1/deep_linking_response"},
    )

    assert form_action(client.post(page, data=ticked("mentoring")).headers) == "https://learn.school.example"


@pytest.mark.parametrize(
    ("issuer", "is_home"), [("https://canvas.instructure.com", True), ("https://canvas.instructure.com.evil", False)]
)
def test_hosted_canvas_is_home_at_every_school(
    client: FlaskClient, session: Session, platform: Platform, issuer: str, is_home: bool
):
    with transaction():
        platform.issuer = issuer
    asked = start(client, iss=issuer)
    back = {"deep_link_return_url": "https://school.instructure.com/courses/1/deep_linking_response"}

    answer = ask(client, asked=asked, iss=issuer, settings=back)

    assert answer.status_code == (303 if is_home else 400)


def test_only_the_page_that_leaves_may_post_to_the_lms_and_to_that_origin_alone(client: FlaskClient):
    page = asked_for(client)

    shown, leaving = client.get(page), client.post(page, data=ticked("mentoring"))

    assert form_action(shown.headers) == "'self'"
    assert form_action(leaving.headers) == ISSUER
    assert "csrf_token" not in leaving.text


def test_the_choice_belongs_to_the_browser_that_was_launched(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
):
    """DL-07"""
    page = asked_for(client, sub="ines")
    tariq = app.test_client()
    assert launch(tariq, sub="tariq", roles=TEACHES).status_code == 303
    ines_elsewhere = app.test_client()
    assert launch(ines_elsewhere, sub="ines", roles=TEACHES).status_code == 303

    answers = {
        name: [each.get(page).status_code, each.post(page, data=ticked("mentoring")).status_code]
        for name, each in (("stranger", app.test_client()), ("tariq", tariq), ("ines elsewhere", ines_elsewhere))
    }

    assert answers == {"stranger": [401, 401], "tariq": [404, 404], "ines elsewhere": [404, 404]}
    assert session.scalars(select(LinkRequest.answered)).all() == [None]


def test_the_choice_needs_its_token_against_forgery(app: Flask, client: FlaskClient):
    """DL-07"""
    app.config["WTF_CSRF_ENABLED"] = True
    pages = [asked_for(client), asked_for(client, context=None)]

    refusals = [client.post(page, data=ticked("mentoring")).status_code for page in pages]
    tokens = [re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(page).text)[0] for page in pages]
    answers = [
        client.post(page, data={**ticked("mentoring"), "csrf_token": token}).status_code
        for page, token in zip(pages, tokens, strict=True)
    ]

    assert (refusals, answers) == ([400, 400], [200, 200])


@pytest.mark.parametrize(
    "fields",
    [
        {"one": "mentoring"},
        {"one": "mentoring", "pick-mentoring": "y", "pick-quiz-onboarding": "y"},
        {"one": ["mentoring", "quiz-onboarding"]},
    ],
    ids=["DL-08 chosen", "DL-08 forged ticks", "DL-08 forged twice"],
)
def test_one_thing_is_placed_where_one_is_taken(client: FlaskClient, fields: dict[str, Any]):
    page = asked_for(client, settings={"accept_multiple": False})

    shown = client.get(page).text
    reply = read(client, client.post(page, data={**ticked(), **fields}))

    assert (shown.count('type="radio"'), shown.count("pick-")) == (2, 0)
    assert reply.titles == ["Mentoring"]


def test_something_that_is_not_offered_is_not_placed(client: FlaskClient):
    several = place(client, "mentoring", "treasure")
    one = client.post(asked_for(client, settings={"accept_multiple": False}), data={**ticked(), "one": "treasure"})

    assert (several.titles, one.status_code) == (["Mentoring"], 422)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("x" * 20 * 1024, id="DL-10 20 KB"),
        pytest.param("ä 日本 \u2028 \x00 \"<>&' </script> \r\n\t %22 &amp; ", id="DL-10 odd signs"),
        pytest.param("", id="DL-10 empty"),
        pytest.param("  spaces around  ", id="DL-10 spaces"),
    ],
)
def test_data_comes_back_byte_for_byte(client: FlaskClient, data: str):
    assert place(client, "mentoring", settings={"data": data})["data"] == data


@pytest.mark.parametrize("bend", [{"without": "data"}, {"settings": {"data": None}}], ids=["none", "null"])
def test_data_comes_back_only_if_it_was_sent(client: FlaskClient, bend: dict[str, Any]):
    reply = read(client, client.post(asked_for(client, **bend), data=ticked("mentoring")))

    assert [name.rpartition("/")[2] for name in reply.claims if "lti-dl" in name] == ["content_items", "msg"]


def test_nothing_is_an_answer_too(client: FlaskClient):
    """DL-11"""
    page = asked_for(client)

    reply = read(client, client.post(page, data={**ticked(), "do": "cancel"}))

    assert reply["content_items"] == []


@pytest.mark.parametrize(
    ("takes_several", "error"),
    [(True, '<a href="#pick-mentoring">%s</a>'), (False, "<li>%s</li>")],
    ids=["several", "one"],
)
def test_whoever_forgets_to_choose_is_told_so_and_nothing_is_sent(client: FlaskClient, takes_several: bool, error: str):
    page = asked_for(client, settings={"accept_multiple": takes_several})

    answer = client.post(page, data=ticked())

    assert answer.status_code == 422
    assert error % "Choose what you want to place, or press Cancel." in answer.text
    assert 'name="JWT"' not in answer.text


def test_cancelling_places_nothing_whatever_is_ticked_or_wrong(client: FlaskClient, session: Session):
    page = asked_for(client)

    fields = {**ticked("mentoring", "quiz-onboarding"), "title-mentoring": "", "do": "cancel"}
    reply = read(client, client.post(page, data=fields))

    assert reply["content_items"] == []
    assert session.scalars(select(Quiz)).all() == []


def test_every_answer_is_fresh_and_short_lived(client: FlaskClient):
    """DL-12"""
    page = asked_for(client)

    first, second = (read(client, client.post(page, data=ticked("mentoring"))) for _ in range(2))

    assert [reply.claims["exp"] - reply.claims["iat"] for reply in (first, second)] == [300, 300]
    assert first.claims["nonce"] != second.claims["nonce"]
    assert len(first.claims["nonce"]) >= 32


def test_without_a_course_the_same_can_be_placed_and_belongs_to_the_course_it_is_opened_in(
    app: Flask, client: FlaskClient, session: Session
):
    """DL-13"""
    page = asked_for(client, context=None)

    shown = client.get(page)
    reply = read(client, client.post(page, data=ticked("mentoring", "quiz-onboarding")))

    assert page.startswith("/lti/placing/")
    assert shown.status_code == 200
    assert [item["custom"] for item in reply["content_items"]] == [
        {"activity": "mentoring", "context_history": HISTORY},
        {"activity": "quiz", "resource": "quiz:onboarding", "context_history": HISTORY},
    ]
    assert session.scalars(select(Enrolment)).all() == []
    assert session.scalars(select(Quiz)).all() == []
    assert session.scalars(select(Person.subject)).all() == ["leo"]

    leo = app.test_client()
    custom = {"activity": "quiz", "resource": "quiz:onboarding"}
    opened = launch(leo, custom=custom)
    quiz = session.scalars(select(Quiz)).one()
    assert opened.location.endswith(f"/quizzes/{quiz.public_id}")


def test_a_request_without_course_is_open_to_its_browser_alone(app: Flask, client: FlaskClient):
    page = asked_for(client, context=None, sub="ines")
    other = app.test_client()
    asked_for(other, context=None, sub="tariq")

    assert [app.test_client().get(page).status_code, other.get(page).status_code] == [401, 404]


def test_a_page_of_one_course_does_not_open_below_another(client: FlaskClient):
    page = asked_for(client)
    elsewhere = asked_for(client, context={"id": "202", "title": "Another course"})

    request_id = page.rpartition("/")[2]
    crossed = elsewhere.rpartition("/")[0] + "/" + request_id

    assert [client.get(each).status_code for each in (page, crossed, f"/lti/placing/{request_id}")] == [200, 404, 404]


def test_no_column_is_offered_or_sent_where_none_is_taken(client: FlaskClient):
    """DL-14"""
    page = asked_for(client, settings={"accept_lineitem": False})

    shown = client.get(page).text
    (item,) = read(client, client.post(page, data=ticked("quiz-onboarding")))["content_items"]

    assert "graded-quiz-onboarding" not in shown
    assert "lineItem" not in item


@pytest.mark.parametrize(
    ("targets", "shown_in"),
    [(["iframe", "window"], "iframe"), (["window"], "window"), (["embed"], ""), (["frame", "window"], "")],
)
def test_an_item_is_shown_where_the_lms_shows_items(client: FlaskClient, targets: list[str], shown_in: str):
    reply = place(client, "mentoring", settings={"accept_presentation_document_targets": targets})

    assert [name for name in ("iframe", "window") if name in reply["content_items"][0]] == ([shown_in] * bool(shown_in))


def test_a_request_lies_open_for_two_hours(client: FlaskClient, session: Session):
    page = asked_for(client)

    with clock.moved_to(clock.now() + timedelta(hours=1, minutes=59)):
        housekeeping.tidy()
        before = client.get(page).status_code
    with clock.moved_to(clock.now() + timedelta(hours=2, minutes=1)):
        after = client.get(page).status_code
        housekeeping.tidy()

    assert (before, after) == (200, 404)
    assert session.scalars(select(LinkRequest)).all() == []


@pytest.mark.parametrize("place_of", [{}, {"context": None}], ids=["in a course", "without a course"])
def test_an_installation_that_was_switched_off_answers_no_more(
    client: FlaskClient, session: Session, place_of: dict[str, Any]
):
    page = asked_for(client, **place_of)
    with transaction():
        session.scalars(select(Deployment)).one().standing = Standing.DEACTIVATED

    assert [client.get(page).status_code, client.post(page, data=ticked("mentoring")).status_code] == [403, 403]


def test_whoever_is_a_learner_by_now_does_not_place_what_they_began_as_an_instructor(client: FlaskClient):
    page = asked_for(client)
    launch(client)

    assert client.post(page, data=ticked("mentoring")).status_code == 403


def test_a_deep_linking_launch_makes_no_placement_even_if_it_names_one(client: FlaskClient, session: Session):
    asked_for(client, resource_link={"id": "7", "title": "Something"})

    counts = row_counts(session)
    assert (counts["placement"], counts["deep_link_request"], counts["enrolment"]) == (0, 1, 1)


def test_settings_in_an_ordinary_launch_change_nothing(client: FlaskClient, session: Session):
    asked = start(client)
    body = {"nonce": asked["nonce"], **claims()}
    body["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"] = {"deep_link_return_url": HOME}

    answer = client.post("/lti/launch", data={"state": asked["state"], "id_token": sign(body)})

    assert answer.status_code == 303
    assert session.scalars(select(LinkRequest)).all() == []
