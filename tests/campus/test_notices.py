"""The campus's notification service: who may say where notices go, and what is sent there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from campus import notices
from campus.messages import LTI
from campus.services import NOTICES, ROSTER
from campus.testing import CampusInHand, campus_in_hand
from tests.campus.fake_tool import Clock, FakeTool, bearer

HANDLERS = "/api/lti/notice-handlers/1"
HERE = "http://localhost:8000/lti/notices"


@pytest.fixture
def arrived() -> list[tuple[str, Any]]:
    """What was brought to the tool."""
    return []


@pytest.fixture
def campus(tool: FakeTool, clock: Clock, arrived: list[tuple[str, Any]]) -> Iterator[CampusInHand]:
    def post(url: str, body: Any) -> int:
        arrived.append((url, body))
        return 200

    with campus_in_hand(fetch_json=tool.fetch_json, now=clock, post_json=post) as campus:
        yield campus


def put(campus: CampusInHand, kind: str = "LtiContextCopyNotice", handler: str = HERE, scope: str = NOTICES) -> int:
    body = {"notice_type": kind, "handler": handler}
    return campus.app.test_client().put(HANDLERS, json=body, headers=bearer(campus, scope)).status_code


def opened(campus: CampusInHand, body: Any) -> dict[str, Any]:
    (notice,) = body["notices"]
    key = jwt.PyJWKSet.from_dict(campus.app.test_client().get("/jwks").get_json()).keys[0]
    return jwt.decode(
        notice["jwt"], key, ["RS256"], audience="campus-tool", options={"verify_exp": False, "verify_iat": False}
    )


@pytest.mark.parametrize("flavor", ["strict", "canvas"])
def test_a_handler_is_kept_by_kind_and_can_be_taken_back(campus: CampusInHand, flavor: str):
    campus.set_flavor(flavor)
    assert (put(campus), campus.notice_handlers()) == (200, {"LtiContextCopyNotice": HERE})

    listed = campus.app.test_client().get(HANDLERS, headers=bearer(campus, NOTICES)).get_json()
    assert listed == {
        "client_id": "campus-tool",
        "deployment_id": "1",
        "notice_handlers": [
            {"notice_type": "LtiHelloWorldNotice", "handler": ""},
            {"notice_type": "LtiAssetProcessorSubmissionNotice", "handler": ""},
            {"notice_type": "LtiContextCopyNotice", "handler": HERE},
        ],
    }
    assert (put(campus, handler=""), campus.notice_handlers()) == (200, {})


def test_what_is_no_wish_for_notices_is_refused(campus: CampusInHand):
    assert put(campus, kind="LtiOtherNotice") == 400
    assert put(campus, handler="https://elsewhere.example/lti/notices") == 400
    assert put(campus, scope=ROSTER) == 403
    assert campus.app.test_client().put(HANDLERS, json={}).status_code == 401
    assert campus.notice_handlers() == {}


def test_moodle_has_no_such_service(campus: CampusInHand):
    campus.set_flavor("moodle")

    assert put(campus) == 404


def test_whoever_asks_to_be_greeted_is_greeted(campus: CampusInHand, arrived: list[tuple[str, Any]]):
    put(campus, kind="LtiHelloWorldNotice")

    ((url, body),) = arrived
    assert (url, opened(campus, body)[LTI + "notice"]["type"]) == (HERE, "LtiHelloWorldNotice")


def test_a_copied_course_is_told_with_where_it_came_from(campus: CampusInHand, arrived: list[tuple[str, Any]]):
    put(campus)

    made = campus.copy_course("ines")

    claims = opened(campus, arrived[0][1])
    assert (claims[LTI + "context"]["id"], claims[LTI + "origin_contexts"], claims[LTI + "deployment_id"]) == (
        made,
        ["2"],
        "1",
    )
    assert campus.notices_sent() == [("LtiContextCopyNotice", 200)]


def test_nobody_who_wants_none_gets_one(campus: CampusInHand, arrived: list[tuple[str, Any]]):
    campus.copy_course("ines")

    assert (arrived, campus.notices_sent()) == ([], [])


def test_a_tool_that_is_away_misses_the_notice_and_the_course_is_copied(campus: CampusInHand):
    put(campus)
    unheard = notices.post_json("http://127.0.0.1:9/", {})

    assert (unheard, campus.copy_course("ines")) == (0, "4")
