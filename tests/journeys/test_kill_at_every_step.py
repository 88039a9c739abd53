"""`kill -9` at any point of journey 3, start again, hand in again: one grade, one statement of each.

On PostgreSQL the whole journey is killed at every step; what LMSs do differently is theirs and not the database's, so
the others run on SQLite alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campus.testing import CampusInHand, FlaskBrowser, launch, running_campus
from lti_tool import clock, keys
from lti_tool.db import transaction
from lti_tool.gradebook import GradeColumn, columns
from lti_tool.gradebook.models import ColumnState
from lti_tool.running.delivering import drain
from quizzes.models import Attempt
from tests.conftest import keys_of, register
from tests.journeys.crasher import AFTER_THE_HOLD, Crasher
from tests.journeys.outside_lrs import OutsideLRS, outside_lrs
from tests.journeys.walking import public_id_in, right_answers, start_quiz, sure
from tests.lti_tool.grading import TITLE, earn
from xapi.endpoints import Endpoint
from xapi.lrs.models import StoredStatement
from xapi.translations import registration

pytestmark = pytest.mark.slow

RIGHT = 14
TOLD = ["answered"] * RIGHT + ["completed", "passed"]
AFTER_EVERY_HOLD = max(AFTER_THE_HOLD, int(columns.HOLD.total_seconds()) + 1)
"""The same where it may have held the column as well, while it looked for it or made it."""
ENOUGH = 1000
"""More steps than the journey has; reaching them means that the count is broken."""


@pytest.fixture
def crash(database_url: str, tmp_path: Path) -> Iterator[Crasher]:
    crasher = Crasher(database_url, tmp_path)
    yield crasher
    crasher.close()


@pytest.fixture
def campus(app: Flask, session: Session) -> Iterator[CampusInHand]:
    with running_campus(fetch_json=keys_of(app), people=ENOUGH) as campus:
        register(campus)
        yield campus


@pytest.fixture
def lrs(session: Session) -> Iterator[OutsideLRS]:
    with outside_lrs() as lrs:
        with transaction():
            session.add(
                Endpoint(label="Outside", url=lrs.url, key="k", sealed_secret=keys.seal("s"), created=clock.now())
            )
        yield lrs


def extras(campus: CampusInHand) -> Iterator[str]:
    """Learners enough that every case has one of its own."""
    return iter([person.key for person in campus.people() if person.key.startswith("extra")])


def test_no_kill_loses_or_doubles_a_grade_or_a_statement(
    app: Flask, session: Session, campus: CampusInHand, crash: Crasher, lrs: OutsideLRS
):
    endings: Counter[int] = Counter()

    for last, key in enumerate(extras(campus), start=1):
        order, attempt = _ready(app, session, campus, key)
        ended, said = crash(**order, last=last)
        assert ended in (0, -9), said
        again, problem = crash(**order, later=AFTER_THE_HOLD)
        assert again == 0, (last, problem)
        _check_one_of_each(session, campus, lrs, key, attempt, last)
        endings[ended] += 1
        if ended == 0:
            break

    assert endings[0] == 1
    assert endings[-9] >= 50, "the journey has at least that many steps"


@pytest.mark.sqlite
def test_no_kill_gives_canvas_a_submission_too_many_or_too_few(
    app: Flask, session: Session, campus: CampusInHand, crash: Crasher
):
    """AGS-08 AGS-16: a second, better attempt over one that Canvas has already."""
    campus.set_flavor("canvas")
    endings: Counter[int] = Counter()

    for last, key in enumerate(extras(campus), start=1):
        order, _attempt = _ready(app, session, campus, key, earlier=RIGHT - 5)
        ended, said = crash(**order, last=last)
        assert ended in (0, -9), said
        again, problem = crash(**order, later=AFTER_THE_HOLD)
        assert again == 0, (last, problem)
        cells = [(cell["score"], cell["submissions"]) for cell in campus.cells() if cell["person"] == key]
        assert cells == [(RIGHT, 2)], last
        endings[ended] += 1
        if ended == 0:
            break

    assert endings[0] == 1
    assert endings[-9] >= 40, "the journey has at least that many steps"


@pytest.mark.sqlite
def test_no_kill_loses_or_doubles_a_grade_in_moodle(app: Flask, session: Session, campus: CampusInHand, crash: Crasher):
    """AGS-02 AGS-16: Moodle refuses a score it has already, so what became of the first one has to be found out."""
    campus.set_flavor("moodle")
    endings: Counter[int] = Counter()

    for last, key in enumerate(extras(campus)):
        _earned(app, session, campus, key)
        endings[_killed(crash, last)] += 1
        scores = [entry["score"] for entry in campus.score_log() if entry["person"] == key]
        assert (scores, campus.gradebook()[key, TITLE]) == ([RIGHT], RIGHT), last
        if last and endings[0] > 1:
            break

    assert endings[0] == 2, "the first of all, which made the column, and the last"
    assert endings[-9] >= 15, "the delivery has at least that many steps"


@pytest.mark.sqlite
@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_no_kill_makes_a_second_column_or_none_for_an_activity_without_one(
    app: Flask, session: Session, campus: CampusInHand, crash: Crasher, flavor: str
):
    """AGS-16: looked for, made, and written down; Moodle makes a second one of the same name without a word.

    Canvas counts submissions besides (AGS-08): one grade earned is one of them, wherever the kill falls.
    """
    campus.set_flavor(flavor)
    endings: Counter[int] = Counter()

    for last, key in enumerate(extras(campus), start=1):
        _without_column(session, campus)
        _earned(app, session, campus, key)
        ended = _killed(crash, last)
        labels = [column.label for column in campus.columns()]
        assert (labels.count(TITLE), campus.gradebook().get((key, TITLE))) == (1, RIGHT), last
        assert [entry["score"] for entry in campus.score_log() if entry["person"] == key] == [RIGHT], last
        if flavor == "canvas":
            assert [cell["submissions"] for cell in campus.cells() if cell["person"] == key] == [1], last
        endings[ended] += 1
        if ended == 0:
            break

    assert endings[0] == 1
    assert endings[-9] >= 25, "looking, making and sending have at least that many steps"


def _earned(app: Flask, session: Session, campus: CampusInHand, key: str) -> None:
    """Somebody has earned a grade for an activity that was never placed, and its letter is about to be carried."""
    client = app.test_client()
    assert launch(campus.visitor(key), "mentoring", FlaskBrowser(client)).answer.status == 303
    drain(app)
    earn(session, campus, key, RIGHT)
    session.rollback()


def _killed(crash: Crasher, last: int) -> int:
    """Deliver, killed at this commit or call (0 is none), and again after every hold: how the first one ended."""
    ended, said = crash(last=last or None, each_statement=False)
    assert ended in (0, -9), said
    again, problem = crash(later=AFTER_EVERY_HOLD)
    assert again == 0, (last, problem)
    return ended


def _without_column(session: Session, campus: CampusInHand) -> None:
    """As on the first day: there is no column, and nobody has looked for one."""
    while any(column.label == TITLE for column in campus.columns()):
        campus.delete_column(TITLE)
    session.rollback()
    session.execute(update(GradeColumn).values(line_item=None, state=ColumnState.UNSOUGHT, held_until=None))
    session.commit()


def _ready(
    app: Flask, session: Session, campus: CampusInHand, key: str, *, earlier: int = 0
) -> tuple[dict[str, Any], str]:
    """A learner with an attempt about to be handed in, perhaps after one that earned less: the order, the attempt."""
    client = app.test_client()
    launched = launch(campus.visitor(key), "quiz", FlaskBrowser(client))
    if earlier:
        first = start_quiz(client, launched.answer.headers["Location"])
        client.post(first, data=sure(right_answers(session, first, how_many=earlier)))
        drain(app)
    attempt = start_quiz(client, launched.answer.headers["Location"])
    form = sure(right_answers(session, attempt, how_many=RIGHT))
    session.rollback()
    cookie = client.get_cookie("mentoring")
    assert cookie is not None
    return {"cookie": cookie.value, "address": attempt, "form": form}, public_id_in(attempt)


def _check_one_of_each(
    session: Session, campus: CampusInHand, lrs: OutsideLRS, key: str, attempt: str, last: int
) -> None:
    session.rollback()
    assert session.scalars(select(Attempt.raw).where(Attempt.public_id == attempt)).all() == [RIGHT], last
    inside = session.scalars(
        select(StoredStatement.body)
        .where(StoredStatement.registration == registration("attempt", attempt))
        .order_by(StoredStatement.seq)
    )
    verbs = [json.loads(body)["verb"]["id"].rpartition("/")[2] for body in inside]
    session.rollback()
    assert verbs == TOLD, last
    assert [verb for verb in lrs.of(campus.person(key).id) if verb != "initialized"] == TOLD, last
    scores = [entry["score"] for entry in campus.score_log() if entry["person"] == key]
    assert (scores, campus.gradebook()[key, "Onboarding quiz"]) == ([RIGHT], RIGHT), last
