"""Registration without copying keys: by invitation, in Moodle's and in Canvas's manner; then an operator decides."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock, platforms
from lti_tool.claims import ASKED_CUSTOM, LINE_ITEM_SCOPE, ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.db import db, transaction
from lti_tool.models import Deployment, Person, Platform, Standing
from lti_tool.outgoing.addresses import Reach
from lti_tool.outgoing.http import Answer, CallFailed, Http
from lti_tool.outgoing.services import Service, ServiceFailed
from lti_tool.registering import introducing
from lti_tool.registering.invitations import Invitation
from tests.conftest import Arrive
from tests.lti_tool.launching import FakeWeb
from tests.lti_tool.registering import Invited, invite, opened, pressed, words

RECORDED = Path(__file__).parents[1] / "platforms" / "moodle-4.5"
PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION = introducing.TOOL_CONFIGURATION
SOURCE = "https://lms.example/openid-configuration"
TOKEN = "token-of-the-lms.that-nobody.may-keep"


def configuration(**changes: Any) -> dict[str, Any]:
    """What an honest LMS says of itself; a change of None leaves the member out."""
    said: dict[str, Any] = {
        "issuer": "https://lms.example",
        "authorization_endpoint": "https://lms.example/auth",
        "token_endpoint": "https://lms.example/token",
        "jwks_uri": "https://lms.example/jwks",
        "registration_endpoint": "https://lms.example/register",
        "scopes_supported": ["openid", ROSTER_SCOPE, SCORE_SCOPE, LINE_ITEM_SCOPE],
        PLATFORM_CONFIGURATION: {
            "product_family_code": "lms",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea", "RichTextEditor"]},
            ],
        },
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


@dataclass
class Lms(FakeWeb):
    """An LMS out there: its configuration, what it answers to a registration, and all that it was sent."""

    answer: Callable[[dict[str, Any]], tuple[int, Any]] = field(
        default=lambda asked: (200, {**asked, "client_id": "c1", TOOL_CONFIGURATION: {"deployment_id": "7"}})
    )
    sent: list[dict[str, Any]] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.pages.setdefault(SOURCE, configuration())

    def call(self, method: str, url: str, **rest: Any) -> Answer:
        self.bearers.append((rest.get("headers") or {}).get("Authorization", ""))
        if method == "GET":
            return super().call(method, url, **rest)
        self.asked.append(f"{method} {url}")
        self.sent.append(json.loads(rest["body"]))
        status, body = self.answer(self.sent[-1])
        return Answer(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode(), url)


@pytest.fixture
def lms(app: Flask) -> Lms:
    app.extensions["http"] = lms = Lms()
    return lms


@pytest.fixture
def invited(session: Session) -> Invited:
    return invite(note="For Ines's school")


def registered(client: FlaskClient, invited: Invited, source: str = SOURCE, token: str = TOKEN) -> tuple[int, str]:
    """The whole way through the pages: the status and the words at the end."""
    page = opened(client, invited.link, openid_configuration=source, registration_token=token)
    assert page.status_code == 200, page.text
    done = pressed(client, page)
    return done.status_code, words(done)


def newest(session: Session) -> Platform:
    session.expire_all()
    return session.scalars(select(Platform).order_by(Platform.id.desc()).limit(1)).one()


def how_many(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Platform)) or 0


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_an_lms_registers_itself_and_waits(
    session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited, flavor: str
):
    """DR-06 DR-07 DR-11"""
    campus.set_flavor(flavor)

    page = client.get(campus.begin_registration(invited.link))
    done = pressed(client, page)

    assert "The learning platform at localhost wants to add this tool." in words(page)
    assert "Added, and waiting for approval" in words(done)
    platform, tool = newest(session), campus.tools()[-1]
    assert (platform.issuer, platform.client_id, platform.standing, platform.family, invited.state) == (
        campus.url,
        tool.client_id,
        Standing.WAITING,
        {"strict": "campus"}.get(flavor, flavor),
        "used",
    )
    assert [(each.deployment_id, each.standing) for each in platform.deployments] == (
        [] if flavor == "canvas" else [(tool.deployment_id, Standing.WAITING)]
    )
    assert (platform.is_self_registered, platform.remarks, tuple(platform.granted_scopes)) == (True, [], tool.scopes)
    assert campus.refusals() == []


STEPS = {
    "moodle": "In Site administration, Plugins, External tool, Manage tools: activate the tool, which Moodle calls"
    " pending. In each course that uses it, under More, LTI External tools: switch on “Show in activity chooser”.",
    "canvas": "Go back to Canvas, look through what it shows you and enable the tool. Leave its permissions as they"
    " are, or parts of the tool will be switched off."
    " In each course that uses it, under Settings, Navigation: enable Mentoring.",
    "strict": "If your platform keeps new tools inactive, activate this one there, and offer it to the courses that"
    " will use it.",
}
DEPLOYMENT_COMES_LATER = (
    "Your platform tells the tool its deployment only when somebody opens it for the first time. That first visit is"
    " turned away too; the person who runs this tool then approves the deployment as well."
)


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_the_pages_say_that_nobody_comes_in_before_an_operator_approves_and_what_is_left_to_do(
    app: Flask, session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited, flavor: str
):
    """DR-06 DR-11: each LMS by its own words, and Canvas's deployment comes with the first visit."""
    campus.set_flavor(flavor)

    page = client.get(campus.begin_registration(invited.link))
    done = pressed(client, page)

    platform = newest(session)
    command = f"flask --app wsgi platform approve {platform.public_id}"

    assert (
        "Nobody can use it yet after that: the person who runs this tool has to approve your platform first."
        in words(page)
    )
    assert words(done) == " ".join(
        [
            f"Added, and waiting for approval {platform.name} ({campus.url}) is registered with this tool.",
            "Nobody can open the tool from there yet.",
            f"What you do in your learning platform {STEPS[flavor]}",
            f"What the person who runs this tool does They approve your platform. Send them this line: {command}",
            *([DEPLOYMENT_COMES_LATER] if flavor == "canvas" else []),
            "Close and go back to the learning platform If this page stays open, you can close it yourself.",
        ]
    )
    assert app.test_cli_runner().invoke(args=command.split()[3:]).exit_code == 0
    assert newest(session).standing == Standing.ACTIVE


@pytest.mark.parametrize("flavor", ["strict", "moodle"])
def test_after_approval_people_come_in(
    session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited, arrive: Arrive, flavor: str
):
    """DR-06 DR-11"""
    campus.set_flavor(flavor)
    pressed(client, client.get(campus.begin_registration(invited.link)))
    tool = campus.activate(campus.tools()[-1])

    refused = campus.visitor("leo").start("mentoring")
    answer = client.post(refused.url, data=refused.fields)
    assert (answer.status_code, "registered with this tool but not approved" in answer.text) == (403, True)
    assert refused.fields["client_id"] == tool.client_id

    with transaction():
        platforms.approve(session, newest(session))
    arrive("leo")

    leo = session.scalars(select(Person).where(Person.platform_id == newest(session).id)).one()
    assert (leo.name, leo.email) == ("Leo Nowak", "leo@campus.example")


def test_on_canvas_the_first_visit_tells_the_deployment_and_is_turned_away(
    session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited, app: Flask, arrive: Arrive
):
    """DR-11 ISS-09"""
    campus.set_flavor("canvas")
    pressed(client, client.get(campus.begin_registration(invited.link)))
    tool = campus.activate(campus.tools()[-1])
    with transaction():
        platforms.approve(session, newest(session))

    with pytest.raises(AssertionError, match="not this installation of the tool"):
        arrive("leo")

    (deployment,) = newest(session).deployments
    assert (deployment.deployment_id, deployment.standing) == (tool.deployment_id, Standing.WAITING)
    app.test_cli_runner().invoke(args=["deployment", "approve", newest(session).public_id, tool.deployment_id])
    arrive("leo")


def test_what_is_asked_of_moodle_is_what_moodle_wants(app: Flask, client: FlaskClient, lms: Lms, invited: Invited):
    """The configuration was recorded from Moodle 4.5."""
    recorded = json.loads((RECORDED / "openid-configuration-https.json").read_text())
    lms.pages[SOURCE] = recorded

    registered(client, invited)

    (asked,) = lms.sent
    public_id = asked["initiate_login_uri"].rpartition("/")[2]
    about = asked.pop(TOOL_CONFIGURATION)
    assert asked == {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "client_name": "Mentoring",
        "client_uri": "http://localhost:8000",
        "logo_uri": "http://localhost:8000/static/mentoring.svg",
        "initiate_login_uri": f"http://localhost:8000/lti/login/{public_id}",
        "redirect_uris": ["http://localhost:8000/lti/launch"],
        "jwks_uri": "http://localhost:8000/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scope for scope in introducing.SCOPES if scope in recorded["scopes_supported"]),
    }
    launch = {"target_link_uri": "http://localhost:8000/lti/launch", "label": "Mentoring"}
    assert about == {
        "domain": "localhost:8000",
        "description": introducing.ABOUT,
        "target_link_uri": "http://localhost:8000/lti/launch",
        "custom_parameters": ASKED_CUSTOM,
        "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
        "messages": [
            {"type": "LtiResourceLinkRequest", **launch},
            {"type": "LtiDeepLinkingRequest", **launch, "placements": ["ContentArea"]},
        ],
    }
    with client.get("/static/mentoring.svg") as logo:
        assert (logo.status_code, logo.mimetype) == (200, "image/svg+xml")


def test_what_moodle_answered_is_understood(
    app: Flask, session: Session, lms: Lms, client: FlaskClient, invited: Invited
):
    """The answer was recorded from Moodle 4.5."""
    recorded = json.loads((RECORDED / "dynamic-registration-request-response.json").read_text())
    lms.answer = lambda _asked: (200, recorded["response"]["body"])

    registered(client, invited)

    platform = newest(session)
    assert (platform.client_id, [each.deployment_id for each in platform.deployments]) == ("QdTZeFB7xnW5z7Y", ["1"])
    assert platform.granted_scopes == [
        "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
        "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
        "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
        "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
    ]
    # It was recorded for another tool, and that shows.
    assert platform.remarks == [
        "The LMS wrote down another redirect_uris than the tool gave it.",
        "The LMS wrote down another initiate_login_uri than the tool gave it.",
        "The LMS wrote down another jwks_uri than the tool gave it.",
    ]


def test_canvas_is_told_what_only_canvas_asks(campus: CampusInHand, client: FlaskClient, session: Session):
    campus.set_flavor("canvas")
    pressed(client, client.get(campus.begin_registration(invite().link)))

    row = campus.here.store.first("SELECT body FROM tools")
    about = json.loads(row["body"])[TOOL_CONFIGURATION]

    canvas = "https://canvas.instructure.com/lti/"
    assert (about[canvas + "privacy_level"], about[canvas + "tool_id"]) == ("public", "lti-mentoring")
    assert [
        (each["type"], each["placements"], each.get(canvas + "course_navigation/default_enabled"))
        for each in about["messages"]
    ] == [
        ("LtiResourceLinkRequest", ["course_navigation"], False),
        ("LtiDeepLinkingRequest", ["link_selection"], None),
        ("LtiDeepLinkingRequest", ["assignment_selection"], None),
    ]


def test_old_moodles_list_their_messages_as_texts(lms: Lms, client: FlaskClient, invited: Invited):
    """DR-10"""
    platform = {
        "product_family_code": "moodle",
        "messages_supported": ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"],
    }
    lms.pages[SOURCE] = configuration(**{PLATFORM_CONFIGURATION: platform})

    assert registered(client, invited)[0] == 200

    assert [each["type"] for each in lms.sent[0][TOOL_CONFIGURATION]["messages"]] == platform["messages_supported"]


def test_the_token_goes_with_both_requests(lms: Lms, client: FlaskClient, invited: Invited):
    """DR-07"""
    registered(client, invited)

    assert (lms.asked, lms.bearers) == (
        [f"GET {SOURCE}", "POST https://lms.example/register"],
        [f"Bearer {TOKEN}", f"Bearer {TOKEN}"],
    )


def test_the_token_is_in_no_log_no_address_and_no_row(
    app: Flask, session: Session, lms: Lms, client: FlaskClient, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG):
        answers = [(200, b"{}"), (401, {"error": TOKEN}), (200, {"client_id": "c1"})]
        for answer in answers:
            lms.answer = lambda _asked, answer=answer: answer  # type: ignore[misc]
            page = opened(client, invite().link, openid_configuration=SOURCE, registration_token=TOKEN)
            done = pressed(client, page)

    assert "Added, and waiting" in words(done)
    assert TOKEN not in caplog.text
    assert TOKEN not in done.text
    assert TOKEN not in "".join(re.findall(r'(?:action|href|src)="[^"]*"', page.text))
    rows = [
        str(each) for table in ("platform", "invitation") for each in session.execute(text(f"SELECT * FROM {table}"))
    ]
    assert (len(rows), [each for each in rows if TOKEN in each]) == (4, [])


def test_the_address_is_closed_without_an_invitation(lms: Lms, client: FlaskClient, session: Session):
    """DR-01"""
    assert client.get("/lti/register").status_code == 404
    page = client.get(f"/lti/register/guessed?openid_configuration={SOURCE}")

    assert (page.status_code, words(page)) == (
        404,
        "The tool was not added There is no such invitation. Check that its address was copied whole. "
        "What you can do: Ask the person who runs this tool for a new invitation.",
    )
    assert client.post("/lti/register/guessed", data={"confirm": "x"}).status_code == 404
    assert lms.asked == []


def test_an_invitation_is_good_once(lms: Lms, client: FlaskClient, session: Session, invited: Invited):
    """DR-02"""
    page = opened(client, invited.link, openid_configuration=SOURCE)
    assert pressed(client, page).status_code == 200

    for answer in (opened(client, invited.link, openid_configuration=SOURCE), pressed(client, page)):
        assert (answer.status_code, "This invitation has been used" in answer.text) == (403, True)
        assert "If it was your platform, nothing is missing" in answer.text
    assert how_many(session) == 1


def test_an_invitation_ends_and_can_be_taken_back(app: Flask, lms: Lms, client: FlaskClient, session: Session):
    """DR-02"""
    early, late = invite(hours=2), invite()
    page = opened(client, late.link, openid_configuration=SOURCE)
    app.test_cli_runner().invoke(args=["platform", "revoke", late.row.public_id])

    with clock.moved_to(early.row.expires):
        over = opened(client, early.link, openid_configuration=SOURCE)
    answers = [over, opened(client, late.link, openid_configuration=SOURCE), pressed(client, page)]

    assert [(each.status_code, "no longer valid" in each.text) for each in answers] == [(403, True)] * 3
    assert (early.row.expires - early.row.created, late.state, how_many(session)) == (timedelta(hours=2), "revoked", 0)


def test_two_who_press_at_once_register_one_lms(app: Flask, lms: Lms, session: Session, invited: Invited):
    """DR-02"""
    pages = [opened(app.test_client(), invited.link, openid_configuration=SOURCE) for _ in range(2)]
    together = threading.Barrier(2, timeout=10)

    def press(page: Any) -> int:
        together.wait()
        return pressed(app.test_client(), page).status_code

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(press, pages))

    assert statuses[0] == 200
    assert statuses[1] in (403, 409)
    assert (how_many(session), lms.asked.count("POST https://lms.example/register")) == (1, 1)


def test_somebody_who_comes_while_another_is_registering_is_told_so(
    app: Flask, lms: Lms, client: FlaskClient, session: Session, invited: Invited
):
    during = []

    def answer(asked: dict[str, Any]) -> tuple[int, Any]:
        during.append(pressed(app.test_client(), opened(app.test_client(), invited.link, openid_configuration=SOURCE)))
        return 200, {"client_id": "c1"}

    lms.answer = answer

    assert registered(client, invited)[0] == 200
    assert [(each.status_code, "somebody else is registering" in each.text) for each in during] == [(409, True)]


def test_an_invitation_taken_back_while_an_lms_is_registering_is_taken_back(
    app: Flask, lms: Lms, client: FlaskClient, session: Session, invited: Invited
):
    """DR-02: an operator who takes it back has a reason to, and does not know how far somebody has come."""

    taken_back = ["platform", "revoke", invited.row.public_id]

    def answer(_asked: dict[str, Any]) -> tuple[int, Any]:
        app.test_cli_runner().invoke(args=taken_back)
        return 200, {"client_id": "c1"}

    lms.answer = answer

    status, said = registered(client, invited)

    assert (status, "taken back" in said, how_many(session), invited.state) == (403, True, 0, "revoked")


SSRF = [
    *("http://169.254.169.254/latest/meta-data", "http://localhost:8001/openid-configuration", "file:///etc/passwd"),
    *("https://[::1]/c", "https://127.0.0.1/c", "https://10.0.0.5/c", "https://[::ffff:169.254.169.254]/c", "nonsense"),
]


@pytest.mark.parametrize("source", SSRF)
def test_a_configuration_is_read_from_public_addresses_only(
    app: Flask, session: Session, client: FlaskClient, invited: Invited, source: str
):
    """DR-03"""
    app.extensions["http"] = Http(Reach())

    page = opened(client, invited.link, openid_configuration=source)

    assert (page.status_code, "cannot be used" in words(page), "still be used" in words(page)) == (422, True, True)
    assert invited.state == "open"


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"])
@pytest.mark.parametrize(
    "url", ["http://lms.example/x", "https://169.254.169.254/x", "https://[::1]/x", "javascript:x", 7]
)
def test_every_endpoint_must_be_public_too(
    session: Session, lms: Lms, client: FlaskClient, invited: Invited, name: str, url: Any
):
    """DR-03"""
    lms.pages[SOURCE] = configuration(**{name: url})

    status, said = registered(client, invited)

    assert (status, name in said, lms.sent, how_many(session), invited.state) == (422, True, [], 0, "open")


def test_a_redirect_of_the_configuration_is_not_followed(
    session: Session, lms: Lms, client: FlaskClient, invited: Invited
):
    """DR-03"""
    there = {"location": "http://169.254.169.254/"}
    lms.pages[SOURCE] = lambda: Answer(302, there, b"", SOURCE)

    status, said = registered(client, invited)

    assert (status, lms.asked, invited.state) == (502, [f"GET {SOURCE}"], "open")
    assert "lms.example sends us on to another address (HTTP 302), and that is not followed" in said


def raising(problem: str) -> Callable[[], Answer]:
    def fail() -> Answer:
        raise CallFailed(problem)

    return fail


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (lambda: Answer(200, {}, b"<html>Log in</html>", SOURCE), "is not a JSON object"),
        (lambda: Answer(200, {}, b"[" * 100_000, SOURCE), "is not a JSON object"),
        (lambda: Answer(200, {}, b"\xff\xfe", SOURCE), "is not a JSON object"),
        (lambda: Answer(500, {}, b"", SOURCE), "lms.example answered HTTP 500"),
        (lambda: Answer(403, {}, b"", SOURCE), "does not accept the registration token (HTTP 403)"),
        (raising("lms.example sent more than 262144 bytes"), "sent more than 262144 bytes"),
        (raising("lms.example did not answer in time"), "did not answer in time"),
        ([], "is not a JSON object"),
        ({"issuer": "https://lms.example"}, "does not describe an LTI platform"),
        (configuration(issuer=None), "names no issuer"),
        (configuration(issuer="lms"), "issuer is no web address"),
        (configuration(issuer="https://lms.example/" + "x" * 300), "issuer is no web address"),
        (configuration(issuer=["https://lms.example"]), "names no issuer"),
        (configuration(token_endpoint=None), "names no token_endpoint"),
        (configuration(jwks_uri="https://lms.example/\x00"), "jwks_uri"),
        (configuration(jwks_uri="https://lms.example/" + "x" * 2000), "jwks_uri"),
        (configuration(**{PLATFORM_CONFIGURATION: "moodle"}), "does not describe an LTI platform"),
    ],
)
def test_an_odd_configuration_is_a_sentence_and_the_invitation_stays_good(
    session: Session, lms: Lms, client: FlaskClient, invited: Invited, page: Any, said: str
):
    lms.pages[SOURCE] = page

    status, told = registered(client, invited)

    assert (status in (422, 502), said in told, "can still be used" in told) == (True, True, True)
    assert (lms.sent, how_many(session), invited.state) == ([], 0, "open")


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes_supported": None},
        {"scopes_supported": "openid"},
        {"scopes_supported": [7, None, ROSTER_SCOPE]},
        {PLATFORM_CONFIGURATION: {"messages_supported": "all", "product_family_code": 7}},
        {
            PLATFORM_CONFIGURATION: {
                "messages_supported": [None, 7, {"type": ["x"]}, {"type": "Odd", "placements": "x"}]
            }
        },
        {PLATFORM_CONFIGURATION: {}},
        {"authorization_server": 7},
    ],
)
def test_what_is_odd_and_can_be_done_without_does_no_harm(
    session: Session, lms: Lms, client: FlaskClient, invited: Invited, changes: dict[str, Any]
):
    lms.pages[SOURCE] = configuration(**changes)

    assert registered(client, invited)[0] == 200
    assert newest(session).standing == Standing.WAITING


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b"<html>"), "but its answer is not a JSON object"),
        ((200, {}), "but did not say under which client id"),
        ((200, {"client_id": 7}), "but did not say under which client id"),
        ((200, {"client_id": "c" * 256}), "but did not say under which client id"),
        ((301, b""), "sends us on to another address"),
        ((500, b""), "lms.example answered HTTP 500"),
    ],
)
def test_an_odd_answer_to_the_registration_is_a_sentence(
    session: Session, lms: Lms, client: FlaskClient, invited: Invited, answer: tuple[int, Any], said: str
):
    lms.answer = lambda _asked: answer

    status, told = registered(client, invited)

    assert (status, said in told, how_many(session), invited.state) == (502, True, 0, "open")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"errors": [{"field": "scope", "message": "is not known"}, {"message": "name is taken"}]},
            "scope: is not known; name is taken",
        ),
        ({"errors": ["scope is <b>odd</b>"]}, "scope is <b>odd</b>"),
        ({"error": "invalid_client_metadata", "error_description": "no redirect_uris"}, "no redirect_uris"),
        ({"error": "invalid_redirect_uri"}, "invalid_redirect_uri"),
        ({"errors": {"odd": 1}}, "lms.example answered HTTP 422"),
        (["odd"], "lms.example answered HTTP 422"),
    ],
)
def test_the_reasons_of_the_lms_are_shown(lms: Lms, client: FlaskClient, invited: Invited, body: Any, said: str):
    """DR-08"""
    lms.answer = lambda _asked: (422, body)

    assert registered(client, invited)[1].startswith(
        f"The tool was not added The learning platform refused the registration: {said}."
    )


def test_canvas_says_what_it_minds(
    session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited, monkeypatch: pytest.MonkeyPatch
):
    """DR-08"""
    campus.set_flavor("canvas")
    monkeypatch.setitem(introducing.PLACEMENTS, "LtiResourceLinkRequest", ("link_selection",))
    page = client.get(campus.begin_registration(invited.link))
    monkeypatch.setattr(introducing, "domain", lambda: "elsewhere.example")

    done = pressed(client, page)

    assert (done.status_code, invited.state) == (502, "open")
    assert "domain: domain is not host and port of target_link_uri" in words(done)


def test_a_token_that_moodle_has_seen_before_is_explained(
    session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited
):
    """DR-09"""
    campus.set_flavor("moodle")
    address = campus.begin_registration(invited.link)
    pressed(client, client.get(address))
    again = invite()

    done = pressed(client, client.get(address.replace(invited.link, again.link)))

    assert (done.status_code, again.state, campus.refusals()) == (502, "open", ["token_already_used"])
    assert "It has expired or was used already: start the registration again in the learning platform." in words(done)


def test_an_lms_that_is_registered_already_stays_as_it_is(session: Session, lms: Lms, client: FlaskClient):
    """DR-05"""
    registered(client, invite())
    with transaction():
        platforms.approve(session, newest(session))
    before = {**vars(newest(session))}
    again = invite()

    status, said = registered(client, again)

    assert (status, how_many(session), again.state) == (409, 1, "open")
    assert "https://lms.example is registered here already under the client id c1." in said
    after = vars(newest(session))
    assert {name: after[name] for name in before if name[0] != "_"} == {
        name: value for name, value in before.items() if name[0] != "_"
    }


def remarks_of(session: Session, lms: Lms, client: FlaskClient, **changes: Any) -> list[str]:
    lms.pages[SOURCE] = configuration(**changes)
    assert registered(client, invite())[0] == 200
    return newest(session).remarks


def test_endpoints_elsewhere_are_shown_to_the_operator(session: Session, lms: Lms, client: FlaskClient, app: Flask):
    """DR-04"""
    remarks = remarks_of(session, lms, client, issuer="https://other.example", jwks_uri="https://keys.example/jwks")

    assert remarks == [
        "It calls itself https://other.example, but described itself at lms.example.",
        "It calls itself https://other.example, but people are vouched for at lms.example.",
        "It calls itself https://other.example, but access tokens are given at lms.example.",
        "It calls itself https://other.example, but its keys are published at keys.example.",
        "It calls itself https://other.example, but it was registered at lms.example.",
    ]
    listed = app.test_cli_runner().invoke(args=["platform", "list"]).output
    assert f"    look: {remarks[3]}" in listed
    assert newest(session).standing == Standing.WAITING


def test_hosted_canvas_has_its_endpoints_at_a_known_second_place(session: Session, lms: Lms, client: FlaskClient):
    """DR-04"""
    source = "https://school.instructure.com/api/lti/security/openid-configuration"
    sso = "https://sso.canvaslms.com"
    lms.pages[source] = configuration(
        issuer="https://canvas.instructure.com",
        authorization_endpoint=f"{sso}/api/lti/authorize_redirect",
        token_endpoint=f"{sso}/login/oauth2/token",
        jwks_uri=f"{sso}/api/lti/security/jwks",
        registration_endpoint="https://school.instructure.com/api/lti/registrations",
    )

    status, _said = registered(client, invite(), source)

    assert (status, newest(session).remarks) == (200, [])


@pytest.mark.parametrize("issuer", ["https://instructure.com.evil.example", "https://evilinstructure.com"])
def test_nobody_passes_for_canvas(session: Session, lms: Lms, client: FlaskClient, issuer: str):
    """DR-04"""
    remarks = remarks_of(session, lms, client, issuer=issuer, jwks_uri="https://sso.canvaslms.com/jwks")

    assert f"It calls itself {issuer}, but its keys are published at sso.canvaslms.com." in remarks


def test_names_of_the_lms_are_shown_and_never_obeyed(session: Session, lms: Lms, client: FlaskClient, app: Flask):
    """DR-14"""
    name = "<script>alert(1)</script>\x1b[2J"
    lms.pages[SOURCE] = configuration(
        **{PLATFORM_CONFIGURATION: {"https://canvas.instructure.com/lti/account_name": name}}
    )
    page = opened(client, invite().link, openid_configuration=SOURCE, registration_token='"><script>alert(2)</script>')
    done = pressed(client, page)

    assert newest(session).name == name
    for shown in (page, done):
        assert not re.search(r"<script(?! src=)", shown.text)
    assert "&lt;script&gt;alert(1)" in done.text
    assert "<script>alert(1)</script>?[2J" in app.test_cli_runner().invoke(args=["platform", "list"]).output


def test_scopes_are_kept_as_they_were_granted(
    app: Flask, session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited
):
    """DR-13"""
    pressed(client, client.get(campus.begin_registration(invited.link, withheld="lti-nrps")))
    with transaction():
        platforms.approve(session, newest(session))
    platform = newest(session)
    listed = app.test_cli_runner().invoke(args=["platform", "list"]).output

    assert (platforms.allows(platform, ROSTER_SCOPE), platforms.allows(platform, SCORE_SCOPE)) == (False, True)
    assert "    off: The class list cannot be read: people are known here from their first visit on." in listed
    service = Service(platform.deployments[0], [ROSTER_SCOPE])
    with pytest.raises(ServiceFailed, match="did not grant this tool the permission for it") as refused:
        service.call("GET", f"{campus.url}/services/2/memberships", accept="application/json")
    assert (refused.value.may_pass, campus.refusals()) == (False, [])

    app.test_cli_runner().invoke(args=["platform", "regrant", platform.public_id])
    session.expire_all()
    assert platforms.allows(newest(session), ROSTER_SCOPE)


def test_what_the_answer_says_about_claims_is_not_believed(
    session: Session, campus: CampusInHand, client: FlaskClient, invited: Invited, arrive: Arrive
):
    """DR-12: Moodle's answer lists name and e-mail whatever is shared; only a launch tells."""
    campus.set_flavor("moodle")
    pressed(client, client.get(campus.begin_registration(invited.link)))
    with campus.here.store.writing() as rows:
        rows.execute("UPDATE tools SET claims = ?", ('["sub", "iss"]',))
    campus.activate(campus.tools()[-1])
    with transaction():
        platforms.approve(session, newest(session))

    page = arrive("leo")

    leo = session.scalars(select(Person).where(Person.platform_id == newest(session).id)).one()
    assert (leo.name, leo.email) == ("", "")
    assert "Participant 1" in page.get(page.page).text  # type: ignore[attr-defined]


def test_the_last_page_closes_the_frame_at_the_origins_of_the_lms_alone(
    session: Session, lms: Lms, client: FlaskClient, invited: Invited
):
    """DR-15"""
    lms.pages[SOURCE] = configuration(authorization_endpoint="https://sso.lms.example/auth")
    page = client.get(
        f"{invited.link}?openid_configuration={SOURCE}", headers={"Referer": "https://vanity.school.example/admin"}
    )
    done = pressed(client, page)

    origins = ["https://lms.example", "https://sso.lms.example", "https://vanity.school.example"]
    told = re.search(r'data-origins="([^"]*)"', done.text)
    assert told is not None
    assert json.loads(unescape(told[1])) == origins == newest(session).framed_from
    framed = [re.search("frame-ancestors (.*)", each.headers["Content-Security-Policy"]) for each in (page, done)]
    assert [each[1] for each in framed if each] == [
        "'self' https://lms.example https://vanity.school.example",
        f"'self' {' '.join(origins)}",
    ]


def test_a_page_that_went_wrong_shows_in_the_frame_as_well(lms: Lms, client: FlaskClient, invited: Invited):
    """DR-15"""
    lms.answer = lambda _asked: (500, b"")
    page = opened(client, invited.link, openid_configuration=SOURCE)

    pages = [
        pressed(client, page),
        pressed(client, page),
        opened(client, "/lti/register/x", openid_configuration=SOURCE),
    ]

    assert [each.status_code for each in pages] == [502, 409, 404]
    for each in pages:
        assert each.headers["Content-Security-Policy"].endswith("frame-ancestors 'self' https://lms.example")


def test_plain_http_gets_into_no_frame_and_no_message(
    app: Flask, session: Session, client: FlaskClient, invited: Invited
):
    app.extensions["http"] = Lms()

    page = client.get(f"{invited.link}?openid_configuration={SOURCE}", headers={"Referer": "http://evil.example/"})

    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self' https://lms.example")


@pytest.mark.parametrize("bend", ["nothing", "made up", "another invitation's", "another token's", "late"])
def test_the_form_must_be_the_one_we_showed(
    app: Flask, session: Session, lms: Lms, client: FlaskClient, invited: Invited, bend: str
):
    """DR-16"""
    other = opened(client, invite().link, openid_configuration=SOURCE, registration_token=TOKEN)
    page = opened(client, invited.link, openid_configuration=SOURCE, registration_token=TOKEN)
    word = re.search(r'name="confirm"[^>]*value="([^"]*)"', (other if bend.startswith("another i") else page).text)
    said = {"confirm": unescape(word[1]) if word else "", "registration_token": TOKEN}
    if bend == "nothing":
        said = {}
    elif bend == "made up":
        said["confirm"] = said["confirm"][:-3] + "AAA"
    elif bend == "another token's":
        said["registration_token"] = "other"

    with clock.moved_to(clock.now() + timedelta(minutes=61 if bend == "late" else 0)):
        answer = client.post(invited.link, data=said)

    assert (answer.status_code, "This page is no longer valid." in words(answer)) == (400, True)
    assert (lms.asked, invited.state, how_many(session)) == ([], "open", 0)


def test_another_site_cannot_press_the_button(lms: Lms, client: FlaskClient, invited: Invited):
    """DR-16"""
    answer = client.post(invited.link, data={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (answer.status_code, lms.asked) == (403, [])


def test_more_than_a_form_holds_is_not_taken(lms: Lms, client: FlaskClient, invited: Invited):
    """CLAIM-22"""
    huge = "x" * 2_000_000

    posted = client.post(invited.link, data={"confirm": huge})
    asked = [
        opened(client, invited.link, openid_configuration="https://lms.example/" + "x" * 3000),
        opened(client, invited.link, openid_configuration=SOURCE, registration_token="x" * 20_000),
    ]

    assert [posted.status_code, *(each.status_code for each in asked)] == [413, 422, 422]


def test_the_bare_invitation_says_where_to_paste_it(client: FlaskClient, invited: Invited):
    page = opened(client, invited.link)

    assert (page.status_code, invited.link in words(page), "Moodle" in words(page)) == (200, True, True)
    assert invited.state == "open"


def test_an_error_of_ours_gives_the_invitation_back(
    lms: Lms, client: FlaskClient, session: Session, invited: Invited, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_args: Any, **_rest: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("lti_tool.registering.registration.keep", broken)

    status, _said = registered(client, invited)

    session.refresh(invited.row)
    assert (status, invited.state, invited.row.held_until, invited.row.tries) == (500, "open", None, 1)


def test_a_secret_is_stored_hashed(session: Session, invited: Invited):
    secret = invited.link.rpartition("/")[2]

    assert len(secret) == 32
    assert session.scalar(select(func.count()).where(Invitation.secret == secret)) == 0
    assert db.session.scalar(select(func.count()).select_from(Deployment)) == 0


def test_canvas_can_read_its_configuration_from_an_address(client: FlaskClient):
    answer = client.get("/lti/canvas.json")

    launch = {"text": "Mentoring", "target_link_uri": "http://localhost:8000/lti/launch", "enabled": True}
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "max-age=300, public")
    assert answer.get_json() == {
        "title": "Mentoring",
        "description": introducing.ABOUT,
        "oidc_initiation_url": "http://localhost:8000/lti/login",
        "target_link_uri": "http://localhost:8000/lti/launch",
        "redirect_uris": ["http://localhost:8000/lti/launch"],
        "public_jwk_url": "http://localhost:8000/lti/jwks",
        "scopes": list(introducing.CANVAS_SCOPES),
        "custom_fields": ASKED_CUSTOM,
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "domain": "localhost:8000",
                "tool_id": "lti-mentoring",
                "privacy_level": "public",
                "settings": {
                    "text": "Mentoring",
                    "icon_url": "http://localhost:8000/static/mentoring.svg",
                    "placements": [
                        {
                            **launch,
                            "placement": "course_navigation",
                            "message_type": "LtiResourceLinkRequest",
                            "default": "disabled",
                            "visibility": "members",
                        },
                        {**launch, "placement": "link_selection", "message_type": "LtiDeepLinkingRequest"},
                        {**launch, "placement": "assignment_selection", "message_type": "LtiDeepLinkingRequest"},
                    ],
                },
            }
        ],
    }
