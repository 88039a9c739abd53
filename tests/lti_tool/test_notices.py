"""Notices of a platform: believed only if signed for us, done once, and a copied course recognized."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, platform_keys
from lti_tool.models import Course, Deployment, Platform, Standing
from lti_tool.notices import Notice
from lti_tool.placing.copies import CourseCopy
from lti_tool.running import housekeeping
from tests.cast import THEN, Cast
from tests.lti_tool.launching import FakeWeb, key_set, sign
from tests.lti_tool.noticing import copied, notice, send

pytestmark = pytest.mark.usefixtures("web")


@pytest.fixture
def origin(session: Session, cast: Cast, platform: Platform) -> Course:
    return cast.course("Starting at work", platform=platform)


def kept(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.notice_type).order_by(Notice.id)))


def copies_known(session: Session) -> list[tuple[str, str]]:
    return [(row.course.context_id, row.origin.context_id) for row in session.scalars(select(CourseCopy))]


def test_a_greeting_is_acknowledged(client: FlaskClient, session: Session):
    answer = send(client, notice())

    assert (answer.status_code, answer.json, kept(session)) == (200, {"notices": 1}, ["LtiHelloWorldNotice"])


def test_a_notice_of_a_kind_we_do_not_use_is_acknowledged_and_left_alone(
    client: FlaskClient, session: Session, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO", "lti_tool.verdicts")

    answer = send(client, notice("LtiAssetProcessorSubmissionNotice"))

    assert answer.status_code == 200
    assert "notice verdict=ignored" in caplog.messages[-1]
    assert "LtiAssetProcessorSubmissionNotice" in caplog.messages[-1]


BENT: dict[str, tuple[dict[str, Any], str]] = {
    "PNS-01 wrong aud": ({"aud": "somebody-else", "azp": None}, "wrong_audience"),
    "PNS-01 azp is another": ({"aud": ["campus-tool", "other"], "azp": "other"}, "wrong_audience"),
    "two audiences without azp": ({"aud": ["campus-tool", "other"], "azp": None}, "wrong_audience"),
    "aud is a number": ({"aud": 7}, "wrong_audience"),
    "PNS-01 wrong issuer": ({"iss": "https://elsewhere.example"}, "wrong_audience"),
    "PNS-01 wrong deployment": ({"deployment_id": "77"}, "unknown_deployment"),
    "no deployment": ({"deployment_id": None}, "bad_token"),
    "no notice": ({"notice": None}, "bad_token"),
    "a notice without id": ({"notice": {"type": "LtiHelloWorldNotice"}}, "bad_token"),
    "an id that is a number": ({"notice": {"id": 5, "type": "LtiHelloWorldNotice"}}, "bad_token"),
    "no nonce": ({"nonce": None}, "bad_token"),
    "version 1.1": ({"version": "1.1"}, "wrong_version"),
    "expired": ({"iat": 1000, "exp": 4600}, "wrong_time"),
    "no exp": ({"exp": None}, "wrong_time"),
    "lives ten years": ({"exp": 4000000000}, "wrong_time"),
}


@pytest.mark.parametrize(("changes", "code"), BENT.values(), ids=BENT)
def test_a_notice_that_is_not_meant_for_us_is_refused(
    client: FlaskClient, session: Session, changes: dict[str, Any], code: str
):
    """PNS-01"""
    answer = send(client, notice(**changes))

    assert (answer.status_code, answer.json["error"], kept(session)) == (401, code, [])


def test_a_notice_signed_by_nobody_or_by_somebody_else_is_refused(client: FlaskClient, session: Session):
    """PNS-01"""
    signed = sign(notice())
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "one"}).encode()).decode().rstrip("=")
    body = signed.split(".")[1]
    forged = [f"{header}.{body}.", f"{header}.{body}.x", signed[:-20] + "A" * 20, sign(notice(), key="two"), "no token"]
    forged.append(sign(notice(), key="two", header={"kid": "one"}))
    forged += [f"{signed.rpartition('.')[0]}.\ud800", f"{signed}\ud800", f"{signed}="]

    statuses = [client.post("/lti/notices", json={"notices": [{"jwt": each}]}).status_code for each in forged]

    assert (statuses, kept(session)) == ([401] * len(forged), [])


def test_of_a_body_with_one_bad_notice_nothing_is_done(client: FlaskClient, session: Session, origin: Course):
    """PNS-01"""
    answer = send(client, notice(), copied("new course", origin.context_id), notice(aud="other", azp=None))

    assert (answer.status_code, kept(session), copies_known(session)) == (401, [], [])


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.DEACTIVATED])
def test_a_deployment_that_is_not_approved_is_not_heard(client: FlaskClient, session: Session, standing: Standing):
    """PNS-01"""
    session.scalars(select(Deployment)).one().standing = standing
    session.commit()

    answer = send(client, notice())

    assert (answer.status_code, answer.json["error"], kept(session)) == (401, "unknown_deployment", [])


def test_a_platform_that_was_removed_is_not_heard(client: FlaskClient, session: Session, platform: Platform):
    platform.standing = Standing.DEACTIVATED
    session.commit()

    assert send(client, notice()).json["error"] == "platform_not_active"


def test_a_platform_that_hands_out_no_keys_is_asked_to_try_again(client: FlaskClient, session: Session, web: FakeWeb):
    web.pages.clear()

    answer = send(client, notice())

    assert (answer.status_code, answer.json["error"], kept(session)) == (503, "keys_unavailable", [])


def test_the_same_notice_is_done_once(client: FlaskClient, session: Session, origin: Course):
    """PNS-02"""
    first = copied("new course", origin.context_id, notice={"id": "n1", "type": "LtiContextCopyNotice"})
    again = copied("another course", origin.context_id, notice={"id": "n1", "type": "LtiContextCopyNotice"})

    statuses = [send(client, each).status_code for each in (first, first, again)]

    assert (statuses, copies_known(session)) == ([200, 200, 200], [("new course", "starting at work")])


def test_a_nonce_is_good_for_one_notice(client: FlaskClient, session: Session):
    send(client, notice(nonce="used"))

    answer = send(client, notice(nonce="used"))

    assert (answer.status_code, answer.json["error"], len(kept(session))) == (401, "wrong_nonce", 1)


def test_a_copied_course_is_recognized_before_anybody_has_opened_it(
    client: FlaskClient, session: Session, origin: Course
):
    """PNS-03"""
    send(client, copied("new course", origin.context_id))

    course = session.scalars(select(Course).where(Course.context_id == "new course")).one()
    assert (course.title, course.label, copies_known(session)) == (
        "Starting at work 102",
        "NEW101",
        [("new course", "starting at work")],
    )


def test_the_same_notice_of_two_tenants_is_done_once_for_each(
    client: FlaskClient, session: Session, cast: Cast, platform: Platform, origin: Course
):
    """PNS-02, PNS-04: one issuer, one key; the same notice id, nonce, course and deployment, told apart by client."""
    other = cast.platform("Another school", client_id="another")
    cast.course("Starting at work", platform=other)
    same = {"notice": {"id": "n1", "type": "LtiContextCopyNotice"}, "nonce": "n1"}
    sent = [
        copied("new course", origin.context_id, aud=each, azp=each, **same) for each in ("campus-tool", "another") * 2
    ]

    answers = [send(client, each) for each in sent]

    assert [(answer.status_code, answer.json) for answer in answers] == [(200, {"notices": 1})] * 4
    rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(row.platform_id, row.notice_id) for row in rows] == [(platform.id, "n1"), (other.id, "n1")]
    found = session.scalars(select(CourseCopy).order_by(CourseCopy.id)).all()
    assert [(each.course.platform.id, each.origin.platform.id) for each in found] == [
        (platform.id, platform.id),
        (other.id, other.id),
    ]


def test_a_nonce_spent_by_one_tenant_is_fresh_for_another(
    client: FlaskClient, session: Session, cast: Cast, platform: Platform
):
    cast.platform("Another school", client_id="another")
    send(client, notice(nonce="used"))

    theirs = send(client, notice(nonce="used", aud="another", azp="another"))
    again = send(client, notice(nonce="used", aud="another", azp="another"))

    assert (theirs.status_code, again.status_code, again.json["error"]) == (200, 401, "wrong_nonce")
    assert len(kept(session)) == 2


def test_courses_of_another_tenant_are_no_origin(client: FlaskClient, session: Session, cast: Cast, origin: Course):
    """PNS-04"""
    other = cast.platform("Another school", client_id="another")
    cast.course("Elsewhere", platform=other)

    answer = send(client, copied("new course", "elsewhere", "unknown anywhere"))

    titles = session.scalars(select(Course.title).order_by(Course.id)).all()
    assert (answer.status_code, copies_known(session), titles) == (200, [], ["Starting at work", "Elsewhere"])


def test_another_deployment_of_the_platform_is_another_tenant(
    client: FlaskClient, session: Session, platform: Platform, origin: Course
):
    """PNS-04"""
    session.add(Deployment(platform_id=platform.id, deployment_id="2", standing=Standing.ACTIVE, created=THEN))
    session.commit()

    send(client, copied("new course", origin.context_id, deployment_id="2"))

    assert copies_known(session) == []


@pytest.mark.parametrize(
    "changes",
    [{"context": None}, {"context": "x"}, {"origin_contexts": "x"}, {"origin_contexts": [1, None, {}]}],
    ids=["no course", "course is text", "origins are text", "origins are no texts"],
)
def test_a_copy_notice_without_courses_does_nothing(client: FlaskClient, session: Session, changes: dict[str, Any]):
    claims = copied("new course", "starting at work")
    claims |= {f"https://purl.imsglobal.org/spec/lti/claim/{name}": value for name, value in changes.items()}

    assert (send(client, claims).status_code, copies_known(session)) == (200, [])


def test_too_many_notices_at_once_are_too_many(client: FlaskClient, session: Session):
    """PNS-05"""
    many = client.post("/lti/notices", json={"notices": [{"jwt": "a.b.c"}] * 10_000})
    just_too_many = client.post("/lti/notices", json={"notices": [{"jwt": "a.b.c"}] * 101})
    too_long = client.post("/lti/notices", data=b"x" * (1024 * 1024 + 1), content_type="application/json")

    assert [each.status_code for each in (many, just_too_many, too_long)] == [413, 413, 413]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"\xff", b'{"notices": 7}', b'{"notices": [7]}', b'{"notices": [{"jwt": 7}]}', b"[" * 50_000],
    ids=["nothing", "a list", "broken", "no text", "a number", "a list of numbers", "a jwt of numbers", "too deep"],
)
def test_what_is_no_body_of_notices_is_a_bad_request(client: FlaskClient, body: bytes):
    assert client.post("/lti/notices", data=body, content_type="application/json").status_code == 400


def test_two_registrations_of_the_same_name_are_told_apart_by_their_keys(
    client: FlaskClient, session: Session, cast: Cast, web: FakeWeb, platform: Platform
):
    """PLAT-05"""
    own = Platform(
        name="Own Canvas",
        issuer=platform.issuer,
        client_id=platform.client_id,
        auth_url="https://own.example/auth",
        token_url="https://own.example/token",
        jwks_url="https://own.example/jwks",
        created=THEN,
    )
    session.add(own)
    session.flush()
    session.add(Deployment(platform_id=own.id, deployment_id="1", standing=Standing.ACTIVE, created=THEN))
    session.commit()
    web.pages["https://own.example/jwks"] = key_set("two")
    platform_keys.forget()

    assert send(client, notice(), key="two").status_code == 200
    assert session.scalars(select(Notice.platform_id)).all() == [own.id]


def test_notices_are_forgotten_when_they_can_no_longer_come_again(client: FlaskClient, session: Session):
    send(client, notice())

    with clock.moved_by(timedelta(days=31)):
        housekeeping.tidy()

    assert kept(session) == []


def test_get_is_no_way_to_bring_notices(client: FlaskClient):
    assert client.get("/lti/notices").status_code == 405
