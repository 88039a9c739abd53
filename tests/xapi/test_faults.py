"""Whatever happens to an LRS outside, or to us: it gets every statement, once, and each run in its order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

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
from tests.xapi.outside import connect, letters, stored_ids, tell
from xapi.checking import sections
from xapi.delivery import FEWEST_BYTES

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

    for words in (["lrs", "endpoint", "list"], ["outbox", "show"]):
        assert "rests until 20" in app.test_cli_runner().invoke(args=words, catch_exceptions=False).output
    with app.test_request_context():
        [section] = sections()
    assert str(section.tables[0].rows[0][3].value) == "Does not take anything now; it is tried again"


def test_one_bad_statement_among_five_hundred_costs_nineteen_requests(
    app: Flask, session: Session, cast: Cast, lrs: OutsideLRS
):
    leo = cast.enrol(cast.course(), "Leo")
    connect(lrs.url)
    tell(leo.who, 500)
    bad = stored_ids(session)[357]
    lrs.refuses = {bad}

    drain(app)

    assert list(lrs.stored) == [each for each in stored_ids(session) if each != bad]
    assert lrs.posts <= 19
    assert [state for state, _error in letters(session)].count("dead") == 1
