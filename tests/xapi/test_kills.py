"""`kill -9` at any commit or request of a delivery to an LRS outside, and again: everything once, in its order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.outbox import Letter
from lti_tool.running.delivering import drain
from tests.cast import Cast
from tests.journeys.crasher import AFTER_THE_HOLD, Crasher
from tests.journeys.outside_lrs import outside_lrs
from tests.mentoring.reading import words
from tests.xapi.outside import connect, letters, stored_ids, tell
from xapi import backfilling, cli
from xapi.delivery import FEWEST_BYTES
from xapi.endpoints import Endpoint

pytestmark = pytest.mark.slow

STATEMENTS = 30
"""For one delivery: three requests for those, and five more to find the bad one."""


@pytest.fixture
def crash(database_url: str, tmp_path: Path) -> Iterator[Crasher]:
    crasher = Crasher(database_url, tmp_path)
    yield crasher
    crasher.close()


def test_no_kill_loses_doubles_or_overtakes_a_statement(session: Session, cast: Cast, crash: Crasher):
    course, endings, bad = cast.course(), Counter[int](), set[str]()
    with outside_lrs() as lrs:
        connect(lrs.url, most_bytes=FEWEST_BYTES)

        for last in count(1):
            before = len(stored_ids(session))
            tell(cast.enrol(course, f"Learner {last}").who, STATEMENTS)
            bad.add(stored_ids(session)[before + 17])
            lrs.refuses = bad
            ended, said = crash(last=last, each_statement=False)
            assert ended in (0, -9), said
            again, problem = crash(later=AFTER_THE_HOLD, each_statement=False)
            assert again == 0, (last, problem)
            assert list(lrs.stored) == [each for each in stored_ids(session) if each not in bad], last
            assert Counter(state for state, _error in letters(session)) == {
                "delivered": last * (STATEMENTS - 1),
                "dead": last,
            }
            endings[ended] += 1
            if ended == 0:
                break

    assert endings[-9] >= 20, "the delivery has at least that many steps"


def test_no_kill_of_a_backfill_loses_or_doubles_what_happened_before(
    app: Flask, session: Session, cast: Cast, crash: Crasher
):
    tell(cast.enrol(cast.course(), "Leo").who, 25)
    endings = Counter[int]()
    for last in count(1):
        with outside_lrs() as lrs:
            endpoint = connect(lrs.url, f"School {last}")
            typed = ["lrs", "endpoint", "backfill", endpoint.public_id]

            ended, said = crash(typed=typed, at_once=10, last=last, each_statement=False)
            assert ended in (0, -9), said
            again, problem = crash(typed=typed, at_once=10, each_statement=False)
            assert again == 0, (last, problem)
            drain(app)

            assert list(lrs.stored) == stored_ids(session), last
            assert (lrs.repeated, len(letters_of(session, endpoint))) == (0, 25), last
        endings[ended] += 1
        if ended == 0:
            break

    assert endings[-9] >= 8, "it commits at least that many times"


def test_while_history_is_gathered_operators_see_how_far_and_nothing_new_overtakes_it(
    app: Flask, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    leo = cast.enrol(cast.course(), "Leo").who
    tell(leo, 25)
    monkeypatch.setattr(backfilling, "AT_ONCE", 10)
    seen = []

    with outside_lrs() as lrs:
        endpoint = connect(lrs.url)
        typed = ["lrs", "endpoint", "backfill", endpoint.public_id]
        set_pause = cli._set_pause

        def look(public_id: str, reason: str) -> None:
            set_pause(public_id, reason)
            seen.append(words(app.test_client().get("/lti/check")))
            if reason:
                tell(leo, 1, after=100 + len(seen))
                drain(app)
                assert lrs.stored == {}

        monkeypatch.setattr(cli, "_set_pause", look)
        assert app.test_cli_runner().invoke(args=typed).exit_code == 0
        drain(app)

        assert list(lrs.stored) == stored_ids(session)
    far = [
        re.findall(r"Paused: what happened before is being gathered(?:: ([0-9]+ of [0-9]+))?", page) for page in seen
    ]
    assert [found[0] if found else None for found in far] == ["", "10 of 25", "20 of 25", "25 of 25", None]


def letters_of(session: Session, endpoint: Endpoint) -> list[Letter]:
    session.rollback()
    return list(session.scalars(select(Letter).where(Letter.lane == endpoint.lane)))
