"""Deep linking as certification wants it, with what Moodle recorded, and against a strict LMS in three manners.

https://www.imsglobal.org/spec/lti/v1p3/cert/ section 6.2.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import addresses, gradebook
from campus.flavors import FLAVORS
from campus.testing import Answer, CampusInHand, FlaskBrowser, FormPost, Visitor, launch
from lti_tool.claims import DEEP_LINKING, DEEP_LINKING_RESPONSE, DL, LTI
from lti_tool.models import Course, Placement
from lti_tool.running.delivering import drain
from quizzes.models import Quiz
from tests.journeys.walking import right_answers, start_quiz, sure
from tests.lti_tool.choosing import Reply, read, ticked
from tests.lti_tool.launching import TARGET, sign, start
from tests.platforms.recordings import MOODLE, recorded
from tests.quizzes.making import a_quiz


def moodles_request(client: FlaskClient) -> dict[str, Any]:
    """The recorded request under a fresh nonce, time and target."""
    claims = recorded("id_token-teacher-deeplink")["claims"]
    asked = start(client, iss=claims["iss"], client_id=claims["aud"])
    at = int(time.time())
    fresh = {"iat": at, "exp": at + 60, "nonce": asked["nonce"], LTI + "target_link_uri": TARGET}
    return {"state": asked["state"], "id_token": sign({**claims, **fresh}, key="moodle")}


@pytest.fixture
def reply(client: FlaskClient, moodle: object) -> Reply:
    """What Moodle is answered when its teacher places the quiz."""
    opened = client.post("/lti/launch", data=moodles_request(client))
    assert opened.status_code == 303, opened.text
    return read(client, client.post(opened.location, data=ticked("quiz-onboarding")))


@pytest.mark.usefixtures("moodle")
def test_a_recorded_request_opens_the_page_of_choices(client: FlaskClient):
    """CERT-DL-01"""
    opened = client.post("/lti/launch", data=moodles_request(client))

    shown = client.get(opened.location)
    assert (opened.status_code, shown.status_code) == (303, 200)
    assert "Choose what to place" in shown.text


def test_the_answer_is_a_form_post_with_a_token_to_where_moodle_wants_it(reply: Reply):
    """CERT-DL-02"""
    settings = recorded("id_token-teacher-deeplink")["claims"][DEEP_LINKING]

    assert reply.url == settings["deep_link_return_url"]


def test_the_answer_says_what_it_is(reply: Reply):
    """CERT-DL-03"""
    said = reply.claims[LTI + "message_type"], reply.claims[LTI + "version"]

    assert said == (DEEP_LINKING_RESPONSE, "1.3.0")


def test_the_answer_says_from_when_to_when_it_counts(reply: Reply):
    """CERT-DL-04"""
    issued, expires = reply.claims["iat"], reply.claims["exp"]

    assert (type(issued), type(expires)) == (int, int)
    assert abs(issued - time.time()) < 60
    assert expires == issued + 300


def test_the_answer_is_signed_with_a_published_key(client: FlaskClient, reply: Reply):
    """CERT-DL-05: `read` has verified the signature; the key is found by its name alone."""
    kids = [row["kid"] for row in client.get("/lti/jwks").get_json()["keys"]]

    assert (reply.header["alg"], kids.count(reply.header["kid"])) == ("RS256", 1)


def test_the_answer_is_for_this_platform_and_this_installation(reply: Reply):
    """CERT-DL-06; that data is echoed where it was sent is shown by the strict campus below."""
    claims = recorded("id_token-teacher-deeplink")["claims"]

    assert (reply.claims["iss"], reply.claims["aud"]) == (claims["aud"], MOODLE)
    assert reply.claims[LTI + "deployment_id"] == claims[LTI + "deployment_id"]
    assert len(reply.claims["nonce"]) >= 32
    assert DL + "data" not in reply.claims


@pytest.mark.parametrize("sample", ["deeplink-response-1item", "deeplink-response-3items"])
def test_the_answer_has_everything_that_moodle_took_from_the_probe_tool(reply: Reply, sample: str):
    """CERT-DL-07: the values an operator would affirm, compared with answers that Moodle 4.5 accepted."""
    taken = recorded(sample)
    (item,), theirs = reply["content_items"], taken[DL + "content_items"][0]

    # The recorded tool sent `data: null`, which nobody had asked for, and dates, which Moodle ignores.
    assert set(taken) - set(reply.claims) == {DL + "data"}
    assert set(theirs) - {"available"} <= set(item)
    assert set(theirs["lineItem"]) <= set(item["lineItem"])
    assert {name: type(item[name]) for name in theirs if name != "available"} == {
        name: type(value) for name, value in theirs.items() if name != "available"
    }


def chosen(campus: CampusInHand, app: Flask, *keys: str, **fields: str) -> Answer:
    """Walk the whole way as Ines from the course page and back: what the campus says to the answer."""
    visitor = campus.visitor("ines")
    client = app.test_client()
    opened = launch(visitor, "add", FlaskBrowser(client), course="2")
    page = client.post(opened.answer.goes_to, data={**ticked(*keys), **fields})
    read_page = Answer(page.status_code, opened.answer.goes_to, dict(page.headers), page.get_data(as_text=True))
    return sent_home(visitor, read_page)


def sent_home(visitor: Visitor, page: Answer) -> Answer:
    return FormPost.read(page).sent_by(visitor.browser)


@pytest.mark.parametrize("flavor", FLAVORS)
def test_a_strict_lms_of_each_manner_places_what_was_chosen_with_its_column(
    campus: CampusInHand, app: Flask, session: Session, flavor: str
):
    """CERT-DL-06"""
    campus.set_flavor(flavor)

    answer = chosen(campus, app, "mentoring", "quiz-onboarding")

    quiz = session.scalars(select(Quiz)).one()
    placed = campus.here.register.placements("2")[-2:]
    (column,) = gradebook.columns_of_placement(campus.here.store, placed[1].id)
    assert (answer.status, campus.refusals()) == (200, [])
    assert [(each.title, each.custom["activity"]) for each in placed] == [
        ("Mentoring", "mentoring"),
        ("Onboarding quiz", "quiz"),
    ]
    assert gradebook.columns_of_placement(campus.here.store, placed[0].id) == []
    assert (column.label, column.maximum, column.resource_id, column.tag) == (
        *("Onboarding quiz", 20, quiz.reference, "quiz"),
    )


SEVERAL = {"onboarding": ("Onboarding quiz", 20), "week-2": ("Second week", 5), "week-3": ("Third week", 8)}


def with_three_quizzes(campus: CampusInHand, app: Flask, session: Session) -> dict[str, str]:
    """Let Ines's course have three quizzes; what each is called by, by name."""
    launch(campus.visitor("ines"), "quiz", FlaskBrowser(app.test_client()))
    first = session.scalars(select(Quiz)).one()
    for name, (title, draws) in list(SEVERAL.items())[1:]:
        a_quiz(session, first.course, first.bank, name, title, asks=draws)
    session.commit()
    return {quiz.name: quiz.reference for quiz in session.scalars(select(Quiz))}


@pytest.mark.parametrize("flavor", FLAVORS)
def test_several_graded_activities_placed_at_once_become_a_column_each(
    campus: CampusInHand, app: Flask, session: Session, flavor: str
):
    """And each link opens its own quiz and knows its own column, so that no grade goes astray."""
    campus.set_flavor(flavor)
    references = with_three_quizzes(campus, app, session)
    before = len(campus.here.register.placements("2"))
    fields = {f"title-quiz-{name}": title for name, (title, _draws) in SEVERAL.items()}
    fields |= {f"graded-quiz-{name}": "y" for name in SEVERAL}

    answer = chosen(campus, app, "mentoring", *(f"quiz-{name}" for name in SEVERAL), **fields)

    placed = campus.here.register.placements("2")[before:]
    assert (answer.status, campus.refusals(), len(placed)) == (200, [], 4)
    columns = [gradebook.columns_of_placement(campus.here.store, each.id) for each in placed]
    assert [[(one.label, one.maximum, one.resource_id, one.tag) for one in own] for own in columns] == [
        [],
        *([(title, draws, references[name], "quiz")] for name, (title, draws) in SEVERAL.items()),
    ]
    for each in placed[1:]:
        launch(campus.visitor("leo"), each.key, FlaskBrowser(app.test_client()))
    addresses_seen = {row["id"]: row["resource_id"] for row in _columns_seen_by_tool(campus)}
    opened = {
        link.reference: addresses_seen[link.line_item]
        for link in session.scalars(select(Placement).where(Placement.resource != ""))
        if link.line_item is not None
    }
    assert opened == {reference: reference for reference in references.values()}


@pytest.mark.parametrize("flavor", FLAVORS)
def test_what_was_placed_opens_the_quiz_and_knows_its_column(
    campus: CampusInHand, app: Flask, session: Session, flavor: str
):
    campus.set_flavor(flavor)
    chosen(campus, app, "quiz-onboarding")
    key = campus.here.register.placements("2")[-1].key

    opened = launch(campus.visitor("leo"), key, FlaskBrowser(app.test_client()))

    quiz, placement = session.scalars(select(Quiz)).one(), session.scalars(select(Placement)).one()
    assert opened.answer.goes_to.endswith(f"/quizzes/{quiz.public_id}")
    assert (placement.resource, placement.reference) == (quiz.reference, quiz.reference)
    assert placement.line_item is not None
    assert placement.line_item in [
        row["id"] for row in _columns_seen_by_tool(campus) if row["resource_id"] == quiz.reference
    ]


def _columns_seen_by_tool(campus: CampusInHand) -> list[dict[str, Any]]:
    return [
        {"id": addresses.line_item(campus.here, "2", column.id), "resource_id": column.resource_id}
        for column in gradebook.columns(campus.here.store, "2")
    ]


@pytest.mark.parametrize(
    ("accepts", "keys", "placed"),
    [
        ({"accept_lineitem": False}, ("quiz-onboarding",), 1),
        ({"accept_types": ["link"]}, ("quiz-onboarding",), 0),
        ({"accept_presentation_document_targets": ["window"]}, ("mentoring",), 1),
        ({"accept_presentation_document_targets": ["embed"]}, ("mentoring",), 1),
    ],
    ids=["no columns", "links only", "windows only", "embedded only"],
)
def test_a_strict_lms_has_nothing_to_say_against_an_answer(
    campus: CampusInHand, app: Flask, accepts: dict[str, Any], keys: tuple[str, ...], placed: int
):
    campus.here.accepts |= accepts
    before = len(campus.here.register.placements("2"))

    answer = chosen(campus, app, *keys)

    assert (answer.status, campus.refusals()) == (200, [])
    assert len(campus.here.register.placements("2")) - before == placed


@pytest.mark.parametrize("flavor", FLAVORS)
def test_what_was_placed_survives_a_copy_of_the_course(campus: CampusInHand, app: Flask, session: Session, flavor: str):
    """The whole way: chosen here, copied by the LMS, opened there, and the grade is in the copied column."""
    campus.set_flavor(flavor)
    origin = with_three_quizzes(campus, app, session)
    before = len(campus.here.register.placements("2"))
    fields = {"graded-quiz-week-2": "y", "title-quiz-week-2": "Second week"}
    assert chosen(campus, app, "quiz-week-2", **fields).status == 200
    (placed,) = campus.here.register.placements("2")[before:]
    made = campus.copy_course("ines")
    campus.enrol("leo", made)

    leo = app.test_client()
    page = launch(campus.visitor("leo"), placed.key, FlaskBrowser(leo), course=made).answer.goes_to
    attempt = start_quiz(leo, page)
    leo.post(attempt, data=sure(right_answers(session, attempt, how_many=5)))
    drain(app)

    copy = session.scalars(select(Course).where(Course.context_id == made)).one()
    (link,) = session.scalars(select(Placement).where(Placement.course_id == copy.id))
    quiz = session.scalars(select(Quiz).where(Quiz.course_id == copy.id, Quiz.name == "week-2")).one()
    (column,) = gradebook.columns_of_placement(campus.here.store, campus.here.register.placements(made)[-1].id)
    assert (quiz.title, quiz.published.outlined.asks) == ("Second week", 5)
    assert (link.resource, link.reference) == (origin["week-2"], quiz.reference)
    assert (column.label, column.resource_id, column.tag) == ("Second week", origin["week-2"], "quiz")
    assert [(cell["course"], cell["score"]) for cell in campus.cells()] == [(made, 5)]
    assert [each.label for each in gradebook.columns(campus.here.store, made)].count("Second week") == 1
    assert campus.refusals() == []
