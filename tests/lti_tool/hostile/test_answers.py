"""What a hostile or broken LMS answers when we are the ones who ask: tokens, lists, key sets, cookies."""

from __future__ import annotations

import itertools
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lti_tool import clock, platform_keys
from lti_tool.claims import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE, ROSTER_SCOPE
from lti_tool.gradebook import GradeColumn, columns, results
from lti_tool.gradebook.models import ColumnState
from lti_tool.models import Standing
from lti_tool.outgoing import services
from lti_tool.outgoing.http import Answer, CallFailed, Http
from lti_tool.outgoing.services import Connector, Service, ServiceFailed, next_page
from tests.cast import THEN, Cast
from tests.lti_tool.hostile.trying import Trying
from tests.lti_tool.launching import ISSUER, FakeWeb, key_set
from tests.lti_tool.rosters import answering_with
from tests.lti_tool.schools import Schools
from tests.lti_tool.test_addresses import DEVELOPMENT, OK, Talk, answering, server

KEYS = f"{ISSUER}/jwks"
NEXT = "https://lms.example/list?page=2"


@pytest.mark.parametrize(
    ("link", "following"),
    [
        (f'<{NEXT}>; rel="next"', NEXT),
        (f"<{NEXT}>; rel=next", NEXT),
        (f'<{NEXT}> ; title="a" ;REL = "last next"', NEXT),
        (f'<https://lms.example/first>; rel="first", <{NEXT}>;rel=next', NEXT),
        (f'<{NEXT}>; rel="nextdoor"', None),
        (f'<{NEXT}>; title="rel=next"', None),
        (f'<{NEXT}>; rev="next"', None),
        (NEXT, None),
        ("", None),
    ],
)
def test_the_next_page_is_the_one_a_link_header_calls_next(link: str, following: str | None):
    assert next_page(Answer(200, {"link": link}, b"", "https://lms.example/list")) == following


@pytest.mark.parametrize("link", ["<a>;rel=" + " " * 60_000 + "x", "<a>" + ';rel=" ' * 9_000, "<a>" + " ;" * 30_000])
def test_a_link_header_of_nothing_but_gaps_is_read_in_no_time(link: str):
    """A pattern that tries every way to divide the gaps holds the whole process for minutes."""
    began = time.process_time()

    assert next_page(Answer(200, {"link": link}, b"", "https://lms.example/list")) is None

    assert time.process_time() - began < 0.5


def test_no_cookie_of_an_lms_is_kept_and_brought_back():
    """One client serves every tenant: on a host that many schools share, one would bring another's session along."""
    heard: list[bytes] = []

    def talk(connection: Any) -> None:
        while head := connection.recv(65536):
            heard.append(head)
            connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: school=one\r\nContent-Length: 0\r\n\r\n")

    speaking: Talk = talk
    with server(speaking) as (port, _):
        web = Http(DEVELOPMENT)
        for _ in range(2):
            web.get(f"http://localhost:{port}/")
        kept = list(web.session.cookies)
        web.session.close()

    assert (kept, [b"cookie" in head.lower() for head in heard]) == ([], [False, False])


@pytest.mark.parametrize(
    "body",
    [json.dumps(key_set("one")).encode("utf-8-sig"), json.dumps(key_set("one")).encode("utf-16")],
    ids=["a byte order mark", "UTF-16"],
)
def test_a_key_set_in_an_odd_encoding_lets_people_in_or_is_a_page_and_spoils_nothing(
    trying: Trying, web: FakeWeb, body: bytes
):
    trying.forget_keys()
    web.pages[KEYS] = lambda: Answer(200, {}, body, KEYS)

    assert trying.launch() in ("ok", "keys_unavailable")

    platform_keys.forget()
    web.pages[KEYS] = key_set("one")
    with clock.moved_by(timedelta(hours=2)):
        at = int(clock.now().timestamp())
        assert trying.launch(iat=at, exp=at + 60) == "ok"


def standing_column(cast: Cast, session: Session) -> GradeColumn:
    course = cast.course()
    course.line_item_scopes = [RESULT_SCOPE]
    column = GradeColumn(
        course_id=course.id,
        activity="exam:final",
        title="Final exam",
        maximum=10.0,
        state=ColumnState.STANDING,
        line_item=f"{ISSUER}/ags/1",
        created=THEN,
    )
    session.add(column)
    session.commit()
    return column


@pytest.mark.parametrize("number", [10**400, -(10**400), "1e999", float("nan")])
def test_a_result_that_no_float_can_hold_counts_as_none(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch, number: object
):
    column = standing_column(cast, session)
    body = json.dumps([{"userId": "leo", "resultScore": number, "resultMaximum": number}]).replace('"1e999"', "1e999")
    answering_with(monkeypatch, lambda url: Answer(200, {}, body.encode(), url))

    found = results.of_one(column, "leo")

    assert (found.score, found.maximum) == (None, None)


def test_a_token_that_no_header_can_carry_is_a_failed_call():
    with pytest.raises(CallFailed), server(answering(OK)) as (port, _):
        Http(DEVELOPMENT).get(f"http://localhost:{port}/", headers={"Authorization": "Bearer \u20ac"})


@pytest.mark.parametrize("address", [f"{ISSUER}/ags/\x00", f"{ISSUER}/ags/\ud800", f"{ISSUER}:port/ags", 7])
def test_a_column_at_an_address_that_no_database_stores_is_none(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch, address: object
):
    column = standing_column(cast, session)
    column.state, column.line_item = ColumnState.UNSOUGHT, None
    column.course.line_items_url = f"{ISSUER}/ags"
    column.course.line_item_scopes = [LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE]
    session.commit()
    row = {"id": address, "resourceId": "exam:final", "tag": "exam", "label": "Final exam", "scoreMaximum": 10}
    answering_with(monkeypatch, lambda url: Answer(200, {}, json.dumps([row] if "?" in url else row).encode(), url))

    assert columns.ready(column).state is ColumnState.NONE


def test_no_transaction_is_open_while_a_token_is_asked_for(app: Flask, cast: Cast, session: Session):
    deployment = cast.platform().deployments[0]
    seen: list[bool] = []

    class Watching(Schools):
        def give_token(self, said: Any) -> tuple[int, bytes]:
            seen.append(session.in_transaction())
            return super().give_token(said)

    app.extensions["http"] = Watching()

    Connector(deployment).get_access_token([ROSTER_SCOPE])

    assert seen == [False]


def endless(monkeypatch: pytest.MonkeyPatch, body: bytes) -> list[str]:
    """An LMS whose list always has one more page."""
    pages = (f"{ISSUER}/ags?page={number}" for number in itertools.count(2))
    return answering_with(monkeypatch, lambda url: Answer(200, {"link": f'<{next(pages)}>; rel="next"'}, body, url))


def test_a_list_is_left_when_it_is_larger_than_any_honest_one(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """NRPS-05: five megabytes a page, and two thousand pages."""
    monkeypatch.setattr(services, "MOST_OF_A_LIST", 10_000)
    asked = endless(monkeypatch, b"x" * 1000)
    service = Service(cast.platform().deployments[0], [ROSTER_SCOPE])

    with pytest.raises(ServiceFailed, match="larger than any honest one"):
        list(service.pages(f"{ISSUER}/ags", accept="application/json"))

    assert len(asked) == 11


def test_a_list_that_drips_page_by_page_is_left_after_a_while(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """NRPS-05: or one hostile LMS would keep a worker of everybody's busy for hours."""
    monkeypatch.setattr(services, "LONGEST_LIST", 0.05)
    endless(monkeypatch, b"{}")
    service = Service(cast.platform().deployments[0], [ROSTER_SCOPE])

    def read_slowly() -> None:
        for _page in service.pages(f"{ISSUER}/ags", accept="application/json"):
            time.sleep(0.02)

    with pytest.raises(ServiceFailed, match="takes too long"):
        read_slowly()


def test_a_grade_waits_for_no_endless_list_of_columns_or_results(
    cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
):
    """A lane is held for two minutes: whoever takes longer has it taken away in the middle of its work."""
    monkeypatch.setattr(services, "LONGEST_ERRAND", 0.0)
    endless(monkeypatch, b"[]")
    column = standing_column(cast, session)
    column.course.line_items_url = f"{ISSUER}/ags"
    column.course.line_item_scopes = [LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE]
    session.commit()

    with pytest.raises(ServiceFailed, match="takes too long"):
        results.of_one(column, "leo")
    with pytest.raises(ServiceFailed, match="takes too long"):
        columns.replace_lost(column)


@pytest.mark.parametrize("shut", ["platform", "deployment"])
def test_nothing_more_is_told_to_an_lms_that_was_shut_out(app: Flask, cast: Cast, session: Session, shut: str):
    """No token is asked for, no grade sent and no name asked."""
    deployment = cast.platform().deployments[0]
    (deployment.platform if shut == "platform" else deployment).standing = Standing.DEACTIVATED
    session.commit()
    schools = app.extensions["http"] = Schools()

    with pytest.raises(ServiceFailed, match="not let in") as problem:
        Service(deployment, [ROSTER_SCOPE]).call("GET", f"{ISSUER}/members", accept="application/json")

    assert (schools.calls, schools.tokens_asked, problem.value.may_pass) == ([], [], True)
