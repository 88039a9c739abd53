"""Whatever happens to an LRS outside, or to us: it gets every statement, once, and each run in its order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.outbox import Letter, LetterState
from lti_tool.outgoing import connecting, http
from lti_tool.running.delivering import LONGEST_WAIT, drain
from tests.cast import Cast
from tests.journeys.outside_lrs import OutsideLRS, outside_lrs
from tests.journeys.troubles import Trouble, Troubles
from tests.mentoring.reading import sent, words
from tests.xapi.outside import connect, letters, stored_ids, tell
from xapi.checking import sections
from xapi.delivery import FEWEST_BYTES
from xapi.lrs.models import StoredStatement

LONG_ENOUGH = timedelta(seconds=LONGEST_WAIT + 1)


@pytest.fixture
def lrs() -> Iterator[OutsideLRS]:
    with outside_lrs() as lrs:
        yield lrs


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds for a silent LRS."""
    for module in (connecting, http):
        monkeypatch.setattr(module, "READ", 0.1)


def waiting(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(Letter.state == LetterState.WAITING)) or 0


def deliver_all(app: Flask, session: Session, *, rounds: int = 200) -> None:
    """Until nothing waits, letting as much time go by as any lane rests."""
    at = clock.now()
    for _ in range(rounds):
        at += LONG_ENOUGH
        with clock.moved_to(at):
            drain(app)
        if not waiting(session):
            return
    raise AssertionError("statements wait for ever")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_request_in_ten_goes_wrong_and_nothing_is_lost_doubled_or_overtaken(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS, hasty: None, seed: int
):
    leo = cast.enrol(cast.course(), "Leo")
    connect(lrs.url, most_bytes=FEWEST_BYTES)
    lrs.troubles = Troubles(seed)

    tell(leo.who, 300)
    drain(app)
    tell(cast.enrol(leo.course, "Zoe").who, 300)
    deliver_all(app, session)

    assert list(lrs.stored) == stored_ids(session)
    assert letters(session) == [("delivered", "")] * 600
    assert lrs.troubles.met.total() >= 3


@pytest.mark.parametrize("trouble", list(Trouble))
def test_what_comes_later_never_overtakes_what_waits(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS, hasty: None, trouble: Trouble
):
    leo = cast.enrol(cast.course(), "Leo")
    connect(lrs.url)
    lrs.troubles = Troubles(1, share=1.0, weights={trouble: 1.0})
    tell(leo.who, 30)
    drain(app)
    lrs.troubles = None

    tell(cast.enrol(leo.course, "Zoe").who, 30)
    drain(app)
    before = len(lrs.stored)
    deliver_all(app, session)

    assert before == (30 if trouble.stores else 0), "the lane rests"
    assert list(lrs.stored) == stored_ids(session)


def test_an_lrs_that_was_down_gets_all_that_has_waited_once_and_is_hardly_asked_meanwhile(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS
):
    leo = cast.enrol(cast.course(), "Leo")
    connect(lrs.url)
    lrs.answer = 503
    tell(leo.who, 1100)

    for _minute in range(3):
        with clock.moved_by(timedelta(minutes=_minute)):
            drain(app)
    asked = lrs.posts
    lrs.answer = 200
    deliver_all(app, session)

    assert asked == 3, "once each time, however much waits"
    assert list(lrs.stored) == stored_ids(session)
    assert lrs.posts - asked <= 5
    assert lrs.connections == 1, "the connection stays open"


def test_operators_see_that_an_lrs_is_down(app: Flask, session: Session, cast: Cast, lrs: OutsideLRS):
    connect(lrs.url)
    lrs.answer = 503
    tell(cast.enrol(cast.course(), "Leo").who, 3)
    drain(app)

    for typed in (["lrs", "endpoint", "list"], ["outbox", "show"]):
        assert "rests until 20" in app.test_cli_runner().invoke(args=typed, catch_exceptions=False).output
    with app.test_request_context():
        [section] = sections()
    assert str(section.tables[0].rows[0][3].value) == "Does not take anything now; it is tried again"


@pytest.mark.parametrize("refusal", [400, 409, 413, 422])
def test_one_bad_statement_among_five_hundred_costs_nineteen_requests(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS, refusal: int
):
    lrs.refusal = refusal
    leo = cast.enrol(cast.course(), "Leo")
    connect(lrs.url)
    tell(leo.who, 500)
    bad = stored_ids(session)[357]
    lrs.refuses = {bad}

    drain(app)

    assert list(lrs.stored) == [each for each in stored_ids(session) if each != bad]
    assert lrs.posts <= 19
    assert [state for state, _error in letters(session)].count("dead") == 1


def test_no_request_holds_more_than_500_statements_or_a_megabyte(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS
):
    leo = cast.enrol(cast.course(), "Leo")
    connect(lrs.url)
    tell(leo.who, 1100)
    enlarge(session, 30_000, every=11)

    drain(app)

    assert list(lrs.stored) == stored_ids(session)
    assert sum(count for count, _size in lrs.sizes) == 1100
    assert max(count for count, _size in lrs.sizes) <= 500
    assert 900_000 < max(size for _count, size in lrs.sizes) <= 1024 * 1024, "as full as they may be"
    assert len(lrs.sizes) >= 4


def test_small_statements_travel_by_five_hundred(app: Flask, session: Session, cast: Cast, lrs: OutsideLRS):
    connect(lrs.url)
    tell(cast.enrol(cast.course(), "Leo").who, 1100)

    drain(app)

    assert [count for count, _size in lrs.sizes] == [500, 500, 100]


def enlarge(session: Session, size: int, *, every: int) -> None:
    """Every so many statements have an extension of so many bytes, of letters that take two each."""
    for row in session.scalars(select(StoredStatement).order_by(StoredStatement.seq)).all()[::every]:
        said = json.loads(row.body)
        said["context"]["extensions"]["https://example.org/large"] = "é" * (size // 2)
        row.body = json.dumps(said, ensure_ascii=False)
    session.commit()


def test_what_was_given_up_is_explained_to_operators_who_have_it_tried_again(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS
):
    connect(lrs.url, "School")
    tell(cast.enrol(cast.course(), "Leo").who, 20)
    bad = stored_ids(session)[7]
    lrs.refuses, lrs.refusal, lrs.why = {bad}, 422, "Unknown verb, told by leo@example.org\n(see the manual)"
    drain(app)
    at_the_machine = app.test_client()

    page = at_the_machine.get("/lti/check")

    lane = session.scalars(select(Letter.lane).where(Letter.state == LetterState.DEAD)).one()
    said = words(page)
    assert f"School {bad} attended" in said
    assert 'the LRS answered HTTP 422: {"error": "Unknown verb, told by …' in said
    assert "leo@example.org" not in page.text
    lrs.refuses = set()
    again = at_the_machine.post(f"/lti/check/lanes/{lane}/again", data=sent(page))
    assert again.status_code == 303
    drain(app)
    assert sorted(lrs.stored) == sorted(stored_ids(session))
    assert letters(session) == [("delivered", "")] * 20
    after = words(at_the_machine.get("/lti/check"))
    assert "were given up" not in after
    assert "School 127.0.0.1 every platform Runs 0 – 0 20" in after


def test_a_stranger_has_nothing_tried_again(app: Flask, session: Session, cast: Cast, lrs: OutsideLRS):
    connect(lrs.url)
    lrs.answer = 400
    tell(cast.enrol(cast.course(), "Leo").who, 1)
    drain(app)
    lane = session.scalars(select(Letter.lane).where(Letter.state == LetterState.DEAD)).one()

    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    answers = [
        app.test_client().post(f"/lti/check/lanes/{lane}/again", data={"token": "x"}, environ_overrides=environ)
        for environ in ({}, elsewhere)
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert [state for state, _error in letters(session)] == ["dead"]


def test_programs_on_this_machine_read_how_much_waits_and_since_when(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS
):
    lane = connect(lrs.url).lane
    leo = cast.enrol(cast.course(), "Leo").who
    tell(leo, 20)
    lrs.refuses = {stored_ids(session)[3]}
    drain(app)
    lrs.answer = 401
    at = clock.now()
    with clock.moved_to(at):
        tell(leo, 5, after=20)
        drain(app)

    with clock.moved_to(at + timedelta(minutes=2)):
        answer = app.test_client().get("/metrics")

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert [line for line in answer.text.splitlines() if lane in line] == [
        f'mentoring_outbox_letters{{lane="{lane}",state="dead"}} 1',
        f'mentoring_outbox_letters{{lane="{lane}",state="delivered"}} 19',
        f'mentoring_outbox_letters{{lane="{lane}",state="waiting"}} 5',
        f'mentoring_outbox_oldest_waiting_seconds{{lane="{lane}"}} 120',
        f'mentoring_outbox_paused{{lane="{lane}"}} 1',
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {"environ_overrides": {"REMOTE_ADDR": "192.168.1.5"}},
        {"environ_overrides": {"REMOTE_ADDR": ""}},
        {"base_url": "http://evil.example"},
        {"headers": {"X-Forwarded-For": "203.0.113.7"}},
        {"headers": {"Via": "1.1 proxy"}},
    ],
    ids=["another machine", "nowhere", "another name", "through a proxy", "through another"],
)
def test_nobody_else_reads_them(app: Flask, asked: dict[str, Any]):
    assert app.test_client().get("/metrics", **asked).status_code == 404
