"""`/lti/check`: who may see it, what stands there, and what an operator is told to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campus.testing import CampusInHand
from lti_tool import clock, outbox
from lti_tool.claims import RESULT_SCOPE, ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.db import db, transaction
from lti_tool.models import Deployment, Enrolment, Platform, Role, Standing
from lti_tool.operating import checking, operators
from lti_tool.operating.operators import OperatorCode, OperatorSession
from lti_tool.operating.probing import PlatformProbe
from lti_tool.outbox import Lane, Letter, LetterState
from lti_tool.outgoing.http import Answer
from lti_tool.outgoing.services import Connector
from lti_tool.running import housekeeping
from lti_tool.running.delivering import drain
from tests.cast import THEN, Cast
from tests.conftest import Arrive
from tests.lti_tool.launching import ISSUER, TARGET, FakeWeb, key_set, launch
from tests.lti_tool.schools import Schools
from tests.mentoring.reading import sent, words
from xapi.endpoints import Endpoint

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def run(*typed: str) -> tuple[int, str]:
        session.rollback()
        result = app.test_cli_runner().invoke(args=typed, catch_exceptions=False)
        session.rollback()
        return result.exit_code, result.output

    return run


@pytest.fixture
def public(app: Flask) -> Flask:
    """An installation that others reach."""
    app.config.update(PUBLIC_URL="https://mentoring.example", IS_HTTPS=True)
    return app


def at_the_door(client: FlaskClient, typed: str, **environ: Any) -> TestResponse:
    return client.post(
        "/lti/check",
        data={"code": typed},
        base_url="https://mentoring.example",
        environ_overrides={**ELSEWHERE, **environ},
    )


def page(client: FlaskClient) -> TestResponse:
    return client.get("/lti/check", base_url="https://mentoring.example", environ_overrides=ELSEWHERE)


def new_code(session: Session) -> str:
    with transaction():
        return operators.new_code(session)


def section(answer: TestResponse, key: str) -> str:
    """What one section of the page says."""
    found = re.search(rf'<section class="panel dense" id="{key}".*?</section>', answer.text, re.DOTALL)
    assert found is not None, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split())


def queries(client: FlaskClient) -> int:
    """How many questions the page asks the database."""
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert client.get("/lti/check").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return len(counted)


class TestTheDoor:
    def test_a_stranger_sees_where_a_code_comes_from_and_nothing_else(
        self, public: Flask, client: FlaskClient, platform: Platform
    ):
        answer = page(client)

        assert (answer.status_code, "flask --app wsgi check --page" in answer.text) == (401, True)
        assert platform.name not in answer.text
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    def test_a_code_opens_the_page_in_one_browser(self, public: Flask, client: FlaskClient, session: Session):
        answer = at_the_door(client, new_code(session))

        assert (answer.status_code, answer.location) == (303, "/lti/check")
        assert "How this tool is doing" in words(page(client))
        assert page(public.test_client()).status_code == 401

    def test_the_cookie_is_for_this_page_and_this_browser_only(
        self, public: Flask, client: FlaskClient, session: Session
    ):
        cookie = at_the_door(client, new_code(session)).headers["Set-Cookie"]

        assert cookie.startswith("__Host-operator=")
        wanted = ("Secure", "HttpOnly", "Path=/", "SameSite=Strict", "Max-Age=28800")
        assert [each for each in wanted if each not in cookie] == []

    def test_a_code_is_taken_however_it_is_typed(self, public: Flask, client: FlaskClient, session: Session):
        assert at_the_door(client, f" {new_code(session).upper().replace('-', ' ')} ").status_code == 303

    def test_a_code_is_good_once(self, public: Flask, client: FlaskClient, session: Session):
        typed = new_code(session)
        at_the_door(client, typed)

        answer = at_the_door(public.test_client(), typed)

        assert answer.status_code == 422
        assert "was used already or is older than ten minutes" in words(answer)

    def test_a_code_is_good_for_ten_minutes(self, public: Flask, client: FlaskClient, session: Session):
        typed = new_code(session)

        with clock.moved_by(timedelta(minutes=10, seconds=1)):
            assert at_the_door(client, typed).status_code == 422

    def test_a_session_is_good_for_eight_hours(self, public: Flask, client: FlaskClient, session: Session):
        at_the_door(client, new_code(session))

        with clock.moved_by(timedelta(hours=7, minutes=59)):
            assert page(client).status_code == 200
        with clock.moved_by(timedelta(hours=8, seconds=1)):
            assert page(client).status_code == 401
            housekeeping.tidy()
        assert session.scalar(select(func.count(OperatorSession.id))) == 0

    @pytest.mark.parametrize("typed", ["", "abcd-efgh-jkmn", "x" * 5000, "\x00", "' OR 1=1", "ä"])
    def test_what_is_no_code_opens_nothing(self, public: Flask, client: FlaskClient, session: Session, typed: str):
        new_code(session)

        assert (at_the_door(client, typed).status_code, page(client).status_code) == (422, 401)

    def test_guessing_is_stopped_and_harms_no_other_address(self, public: Flask, client: FlaskClient, session: Session):
        typed = new_code(session)
        statuses = [at_the_door(client, f"guess {number}").status_code for number in range(12)]

        assert statuses == [422] * 10 + [429] * 2
        assert at_the_door(client, typed).status_code == 429
        assert at_the_door(client, typed, REMOTE_ADDR="203.0.113.8").status_code == 303

    def test_neither_code_nor_session_stands_in_the_database(
        self, public: Flask, client: FlaskClient, session: Session
    ):
        typed = new_code(session)
        kept = session.scalars(select(OperatorCode.key)).one()
        at_the_door(client, typed)

        cookie = client.get_cookie("__Host-operator", domain="mentoring.example")
        assert cookie is not None
        assert typed.replace("-", "") not in kept
        assert session.scalars(select(OperatorSession.key)).one() != cookie.value

    def test_leaving_ends_the_session(self, public: Flask, client: FlaskClient, session: Session):
        at_the_door(client, new_code(session))
        key = client.get_cookie("__Host-operator", domain="mentoring.example").value
        fields = sent(page(client))

        client.post("/lti/check/end", data=fields, base_url="https://mentoring.example", environ_overrides=ELSEWHERE)
        client.set_cookie("__Host-operator", key, domain="mentoring.example")

        assert page(client).status_code == 401

    def test_on_a_local_installation_its_own_machine_needs_no_code(self, client: FlaskClient):
        answer = client.get("/lti/check")

        assert answer.status_code == 200
        assert "You see this without a code because it is a local installation" in words(answer)

    @pytest.mark.parametrize(
        "asked",
        [
            {"environ_overrides": {"REMOTE_ADDR": "192.168.1.5"}},
            {"base_url": "http://evil.example"},
            {"base_url": "http://localhost.evil.example:8000"},
            {"environ_overrides": {"REMOTE_ADDR": ""}},
        ],
        ids=["another machine", "another name", "a name that begins alike", "nowhere"],
    )
    def test_whoever_only_seems_to_be_there_needs_one(self, client: FlaskClient, asked: dict[str, Any]):
        assert client.get("/lti/check", **asked).status_code == 401

    def test_on_a_public_installation_its_own_machine_needs_one_too(self, public: Flask, client: FlaskClient):
        assert client.get("/lti/check", base_url="https://mentoring.example").status_code == 401

    def test_another_page_presses_no_button(self, public: Flask, client: FlaskClient, session: Session, web: FakeWeb):
        at_the_door(client, new_code(session))
        platform = session.scalars(select(Platform)).one()
        there = {"base_url": "https://mentoring.example", "environ_overrides": ELSEWHERE}
        address = f"/lti/check/platforms/{platform.public_id}"

        statuses = [
            client.post(address, data=data, **there).status_code
            for data in ({}, {"token": "x"}, {"token": operators.form_token("another key")})
        ]

        assert (statuses, web.asked) == ([403, 403, 403], [])
        assert client.post(address, data=sent(page(client)), **there).status_code == 303

    def test_a_stranger_tests_nothing(self, public: Flask, client: FlaskClient, platform: Platform, web: FakeWeb):
        client.set_cookie("__Host-operator", "x" * 30, domain="mentoring.example")
        with public.app_context():
            token = operators.form_token("x" * 30)

        answer = client.post(
            f"/lti/check/platforms/{platform.public_id}",
            data={"token": token},
            base_url="https://mentoring.example",
            environ_overrides=ELSEWHERE,
        )

        assert (answer.status_code, web.asked) == (403, [])


class TestThePage:
    def test_a_first_time_operator_is_told_what_is_missing(self, client: FlaskClient):
        said = words(client.get("/lti/check"))

        assert "No learning platform is registered, so nobody can come in." in said
        assert "flask --app wsgi platform invite" in said

    def test_a_platform_stands_there_with_all_that_is_registered(self, client: FlaskClient, platform: Platform):
        said = section(client.get("/lti/check"), f"platform-{platform.public_id}")

        for each in (platform.name, platform.issuer, "campus-tool", platform.auth_url, platform.token_url):
            assert each in said
        assert "Let in" in said

    def test_what_waits_for_approval_is_said_with_what_to_type(
        self, client: FlaskClient, session: Session, platform: Platform
    ):
        platform.standing, platform.remarks = Standing.WAITING, ["It names another host for its keys."]
        session.add(
            Deployment(platform_id=platform.id, deployment_id="2; rm -rf x", standing=Standing.WAITING, created=THEN)
        )
        session.commit()

        said = words(client.get("/lti/check"))

        assert f"flask --app wsgi platform approve {platform.public_id}" in said
        assert "deployment approve" not in said, "It comes in with its platform."
        assert "It names another host for its keys." in said

        platform.standing = Standing.ACTIVE
        session.commit()

        said = words(client.get("/lti/check"))

        assert "platform approve" not in said
        assert f"flask --app wsgi deployment approve {platform.public_id} '2; rm -rf x'" in said

    def test_refusals_stand_there_with_meaning_and_remedy(self, client: FlaskClient, web: FakeWeb):
        launch(client, aud="somebody-else")
        client.post(
            "/lti/login",
            data={"iss": "https://who.example", "login_hint": "l", "target_link_uri": TARGET, "client_id": "c9"},
        )

        said = section(client.get("/lti/check"), "verdicts")

        assert "wrong_audience" in said
        assert "The client id above differs from the one in the LMS." in said
        assert "iss=https://who.example client_id=c9" in said

    def test_what_waits_and_what_stands_still_is_said_with_what_to_type(
        self, client: FlaskClient, session: Session, platform: Platform
    ):
        lane = f"gradebook:{platform.public_id}"
        outbox.post(session, lane, {"grade": 1})
        outbox.post(session, lane, {"grade": 2})
        session.flush()
        dead = session.scalars(select(Letter).order_by(Letter.id)).first()
        assert dead is not None
        dead.state, dead.error = LetterState.DEAD, "the column is gone"
        session.add(Lane(name="lrs:away", paused="HTTP 401"))
        session.commit()

        answer = client.get("/lti/check")

        said = section(answer, "outbox")
        assert f"gradebook: {platform.name}" in said
        assert "the column is gone" in said
        assert "Paused: HTTP 401" in said
        assert f"flask --app wsgi outbox retry {lane}" in words(answer)
        assert "flask --app wsgi outbox retry lrs:away" in words(answer)

    def test_courses_say_what_is_synchronized_and_what_is_off(
        self, client: FlaskClient, session: Session, cast: Cast, platform: Platform
    ):
        course = cast.course("Starting at work", platform=platform)
        course.roster_url, course.line_item_scopes = f"{ISSUER}/members", [SCORE_SCOPE, RESULT_SCOPE]
        bare = cast.course("Another course", platform=platform)
        cast.enrol(course, "Leo")
        session.commit()

        said = section(client.get("/lti/check"), f"platform-{platform.public_id}")

        assert f"{bare.title} 0 never yet 0 0 reading the roster, sending grades" in said
        assert f"{course.title} 1 never yet 0 0" in said
        assert "Leo" not in said

    def test_learning_record_stores_outside_stand_there_without_their_secrets(
        self, client: FlaskClient, session: Session, platform: Platform
    ):
        session.add(
            Endpoint(
                label="School LRS",
                url="https://lrs.example/xapi",
                key="lrs-key",
                sealed_secret="sealed-secret",
                platform_id=platform.id,
                created=THEN,
            )
        )
        session.commit()

        said = section(client.get("/lti/check"), "lrs")

        assert f"School LRS lrs.example {platform.name} Runs 0 – 0" in said
        assert [each for each in ("lrs-key", "sealed-secret") if each in said] == []

    def test_keys_and_release_stand_there(self, app: Flask, client: FlaskClient, run: Run):
        run("key", "rotate")

        answer = client.get("/lti/check")

        assert "Signs now" in section(answer, "keys")
        assert "Published, signs later" in section(answer, "keys")
        assert str(app.config["RELEASE"]) in section(answer, "here")

    @pytest.mark.parametrize(("proxies", "is_told"), [(0, True), (1, False)])
    def test_a_public_installation_is_told_that_no_proxy_is_believed(
        self, public: Flask, run: Run, proxies: int, is_told: bool
    ):
        public.config["TRUSTED_PROXIES"] = proxies

        _code, told = run("check")

        assert ("TRUSTED_PROXIES=1" in told) == is_told

    def test_the_page_names_nobody(
        self, client: FlaskClient, session: Session, cast: Cast, platform: Platform, web: FakeWeb
    ):
        course = cast.course("Course", platform=platform)
        cast.enrol(course, "Ines Ferreira", Role.INSTRUCTOR)
        launch(client, sub="leo-4711", name="Leo Fischer", email="leo@campus.example")
        people = session.scalars(select(Enrolment)).all()

        text = client.get("/lti/check").text

        told = [word for each in people for word in (each.person.name, each.person.subject, each.person.email) if word]
        assert len(told) == 5
        assert [word for word in told if word in text] == []

    def test_many_platforms_and_courses_cost_few_queries_each(
        self, client: FlaskClient, session: Session, cast: Cast, platform: Platform
    ):
        def with_course(platform: Platform, number: int) -> None:
            course = cast.course(f"Course {number}", platform=platform)
            cast.enrol(course, f"Leo {number}")

        with_course(platform, 0)
        one_course = queries(client)
        for number in range(1, 40):
            with_course(platform, number)
        answer, forty_courses = client.get("/lti/check"), queries(client)
        for number in range(4):
            with_course(cast.platform(f"School {number}", client_id=f"tool-{number}"), number)
        five_platforms = queries(client)

        assert "10 more are not shown." in section(answer, f"platform-{platform.public_id}")
        assert forty_courses == one_course
        assert five_platforms - one_course <= 4 * 10

    def test_of_very_many_platforms_it_says_how_many_more_and_shows_those_that_wait(
        self, client: FlaskClient, session: Session, cast: Cast
    ):
        made = [cast.platform(f"School {number}", client_id=f"tool-{number}") for number in range(50)]
        whole = client.get("/lti/check").text
        made += [cast.platform(f"School {number}", client_id=f"tool-{number}") for number in (50, 51)]
        made[-1].standing = Standing.WAITING
        session.commit()

        answer = client.get("/lti/check")

        shown = [number for number, each in enumerate(made) if f'id="platform-{each.public_id}"' in answer.text]
        said = "2 more are registered; flask --app wsgi platform list shows them."
        assert (len(shown), shown[-1]) == (50, 51)
        assert said in section(answer, "further-platforms")
        assert "more are registered" not in whole


class TestTestNow:
    def press(self, client: FlaskClient, platform: Platform) -> TestResponse:
        fields = sent(client.get("/lti/check"))
        address = f"/lti/check/platforms/{platform.public_id}"
        return client.post(address, data={"token": fields["token"]}, follow_redirects=True)

    def test_a_platform_that_answers_is_said_to(
        self, app: Flask, session: Session, campus: CampusInHand, arrive: Arrive
    ):
        platform = session.scalars(select(Platform)).one()

        said = section(self.press(app.test_client(), platform), f"platform-{platform.public_id}")

        assert "It answered with one usable key." in said
        assert "It gave one." in said
        assert campus.refusals() == []

    def test_each_failure_is_told_in_words(self, client: FlaskClient, platform: Platform, web: FakeWeb):
        url = platform.jwks_url
        answers: list[tuple[Any, str]] = [
            (None, "campus.example cannot be reached"),
            ({"keys": []}, "the answer holds no RSA key that could sign launches"),
            (["no key set"], "the answer holds no RSA key that could sign launches"),
            (lambda: Answer(200, {}, b"<html>", url), "the answer from campus.example is not JSON"),
            (lambda: Answer(404, {}, b"", url), "it answered HTTP 404"),
        ]
        for page, sentence in answers:
            web.pages[url] = page
            said = section(self.press(client, platform), f"platform-{platform.public_id}")
            assert sentence in said
            assert "the LMS gave no access token" in said

    def test_a_platform_without_an_active_deployment_is_asked_for_no_token(
        self, client: FlaskClient, session: Session, platform: Platform, web: FakeWeb
    ):
        session.scalars(select(Deployment)).one().standing = Standing.WAITING
        session.commit()

        said = section(self.press(client, platform), f"platform-{platform.public_id}")

        assert "no deployment is active, so there is nothing to ask a token for" in said

    def test_one_school_is_tried_out_and_not_its_neighbour_on_the_same_issuer(
        self, app: Flask, client: FlaskClient, session: Session, cast: Cast
    ):
        """TOKEN-01: one token desk and one key set for both."""
        schools = app.extensions["http"] = Schools()
        schools.pages["", f"{ISSUER}/jwks"] = key_set("one")
        north, south = (cast.platform(name, client_id=name) for name in ("north-school", "south-school"))
        kept = Connector(north.deployments[0]).get_access_token([ROSTER_SCOPE])

        given = self.press(client, south)
        still_kept = Connector(north.deployments[0]).get_access_token([ROSTER_SCOPE])
        schools.raw = (401, b'{"error": "invalid_client"}')
        refused = self.press(client, north)

        assert [each.client for each in schools.tokens_asked[:2]] == ["north-school", "south-school"]
        assert {each.client for each in schools.tokens_asked[2:]} == {"north-school"}
        assert still_kept == kept
        gave, refusal = "It gave one.", "the LMS gave no access token (HTTP 401)"
        assert [
            (gave in said, refusal in said)
            for page in (given, refused)
            for said in (section(page, f"platform-{each.public_id}") for each in (north, south))
        ] == [(False, False), (True, False), (False, True), (True, False)]

    def test_pressing_twice_keeps_one_outcome(
        self, client: FlaskClient, session: Session, platform: Platform, web: FakeWeb
    ):
        web.pages[platform.jwks_url] = key_set("one", "two")
        self.press(client, platform)
        self.press(client, platform)

        assert session.scalars(select(PlatformProbe.key_count)).all() == [2]

    def test_what_is_not_there_cannot_be_tested(self, client: FlaskClient, platform: Platform):
        fields = sent(client.get("/lti/check"))

        assert client.post("/lti/check/platforms/nobody", data={"token": fields["token"]}).status_code == 404


class TestTheTerminal:
    def test_the_same_facts_are_printed_as_text(self, run: Run, platform: Platform):
        code, said = run("check")

        assert code == 0
        for each in ("This installation\n=================", f"Issuer: {platform.issuer}", "Nothing waits."):
            assert each in said

    def test_a_title_that_an_lms_chose_steers_no_terminal_and_forges_no_line(
        self, run: Run, cast: Cast, platform: Platform
    ):
        cast.course("\x1b[2J\x1b]0;evil\x07 Work\n! Type this\n  rm -r var", platform=platform)

        said = run("check")[1]

        assert "?[2J?]0;evil? Work?! Type this?  rm -r var" in said
        assert [line for line in said.splitlines() if not line.isprintable() or line.startswith("! Type this")] == []

    def test_what_wants_doing_is_printed_with_its_command(self, run: Run):
        assert "! No learning platform is registered" in run("check")[1]

    def test_a_code_is_printed_that_opens_the_page(self, run: Run, public: Flask, client: FlaskClient):
        code, said = run("check", "--page")

        assert code == 0
        assert "https://mentoring.example/lti/check" in said
        assert at_the_door(client, said.splitlines()[-1]).status_code == 303

    def test_text_and_page_say_the_same(self, app: Flask, session: Session, campus: CampusInHand, arrive: Arrive):
        arrive("ines")
        drain(app)

        with app.test_request_context():
            report = checking.report(clock.now())
        text = checking.as_text(report)

        titles = [each.title for each in report.sections] + [t.title for each in report.sections for t in each.tables]
        assert [title for title in titles if title not in text] == []
        assert "Notices: LtiContextCopyNotice" in text
