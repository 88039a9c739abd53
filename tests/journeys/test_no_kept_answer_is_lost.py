"""`kill -9` while answers come in: whatever was told to be kept is there, and is marked.

A server of its own process answers over HTTP; it, or its database, is killed at a moment nobody chose, started again,
and asked.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import cli, clock
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment
from quizzes import closing, offering, starting
from quizzes.kinds import CHOSEN
from quizzes.models import Answer, Attempt
from quizzes.queries import attempt_to_change
from tests.cast import Cast
from tests.conftest import fresh_postgres, make_app
from tools import postgres

LEARNERS = 4
ANSWERS = 40
"""Sent before the kill, at the least."""
AFTER_THE_GRACE = timedelta(minutes=2)


@dataclass
class Learner:
    """Answers one question after the other, as fast as it goes, and writes down what was told to be kept."""

    cookie: str
    address: str
    options: list[list[str]]
    sent: int = 0
    told: int = 0
    """How often an answer was told to be kept."""
    kept: dict[int, tuple[int, str]] = field(default_factory=dict)
    """By question the number and the option that were told to be kept last."""

    def answer(self, port: int, rounds: random.Random, stop: threading.Event) -> None:
        browser = requests.Session()
        browser.cookies.set("mentoring", self.cookie)
        while not stop.is_set():
            self.sent += 1
            place = rounds.randint(1, len(self.options))
            option = rounds.choice(self.options[place - 1])
            try:
                answer = browser.post(
                    f"http://127.0.0.1:{port}{self.address}",
                    json={"answers": [[place, self.sent, {CHOSEN: [option]}]]},
                    timeout=10,
                )
                if answer.status_code == 200:
                    self.kept[place] = (self.sent, option)
                    self.told += 1
            except requests.RequestException:
                return


@pytest.fixture
def learners(app: Flask, cast: Cast, session: Session) -> list[Learner]:
    return class_of(app, cast, session)


def class_of(app: Flask, cast: Cast, session: Session) -> list[Learner]:
    course = cast.course()
    quiz = offering.offer(session, course, at=clock.now())
    session.commit()
    return [_learner(app, cast, session, cast.enrol(course, f"Learner {n}"), quiz) for n in range(LEARNERS)]


def _learner(app: Flask, cast: Cast, session: Session, me: Enrolment, quiz: Any) -> Learner:
    attempt = starting.start(session, quiz, me, seed=bytes([me.number]) * 16, at=clock.now())
    session.commit()
    client = cast.visit(app.test_client(), me)
    cookie = client.get_cookie("mentoring")
    assert cookie is not None
    address = f"/courses/{me.course.public_id}/quizzes/attempts/{attempt.public_id}/batch"
    return Learner(cookie.value, address, [[option.id for option in each.options] for each in attempt.answers])


@contextmanager
def served(database: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.answering", database, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert server.stdout is not None
        yield server, int(server.stdout.readline())
    finally:
        server.kill()
        server.communicate()


def kill_while_answering(database: str, folder: Path, learners: list[Learner], chance: random.Random) -> None:
    with served(database, folder) as (server, port), answering(port, learners, chance):
        _let_answer(learners, chance)
        server.send_signal(signal.SIGKILL)
        server.wait()


@contextmanager
def answering(port: int, learners: list[Learner], chance: random.Random) -> Iterator[None]:
    stop = threading.Event()
    threads = [
        threading.Thread(target=each.answer, args=(port, random.Random(chance.random()), stop)) for each in learners
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _let_answer(learners: list[Learner], chance: random.Random) -> None:
    """Until a moment nobody chose, after some answers were sent that were told to be kept."""
    before = sum(each.told for each in learners)
    deadline = time.monotonic() + 60
    while sum(each.told for each in learners) < before + ANSWERS:
        assert time.monotonic() < deadline, "the server takes no answers"
        time.sleep(0.01)
    time.sleep(chance.random() / 5)


def _check_all_is_there(session: Session, learners: list[Learner]) -> None:
    session.rollback()
    session.expire_all()
    # They may go on answering meanwhile.
    told = [dict(each.kept) for each in learners]
    for each, kept in zip(learners, told, strict=True):
        public_id = each.address.split("/")[-2]
        rows = session.scalars(select(Answer).join(Answer.attempt).where(Attempt.public_id == public_id))
        stored = {answer.place: (answer.seq, answer.chosen) for answer in rows}
        for place, (seq, option) in kept.items():
            assert stored[place][0] >= seq, "what was told to be kept is there, or a newer answer that was under way"
            assert stored[place] == (seq, [option]) or stored[place][0] > seq


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 5))])
def test_twenty_kills_lose_no_answer_that_was_told_to_be_kept(
    app: Flask, session: Session, database_url: str, tmp_path: Path, learners: list[Learner], first: int
):
    """Twenty rounds, and a hundred in `make soak`."""
    chance = random.Random(first)

    for _ in range(20):
        kill_while_answering(database_url, tmp_path, learners, chance)
        _check_all_is_there(session, learners)

    _closed_by_two_at_once(app, session)
    _check_all_is_there(session, learners)
    assert session.scalar(select(func.count()).select_from(Attempt).where(Attempt.submitted.is_(None))) == 0
    marked = session.scalars(select(Answer.fraction)).all()
    assert None not in marked


def _closed_by_two_at_once(app: Flask, session: Session) -> None:
    """As two workers of a server close what is over."""
    late = max(deadline for deadline in session.scalars(select(Attempt.deadline)) if deadline is not None)
    ids = session.scalars(select(Attempt.id)).all()
    session.rollback()

    def close() -> None:
        for attempt_id in ids:
            with app.app_context(), transaction() as own:
                attempt = attempt_to_change(own, Attempt.id == attempt_id)
                assert attempt is not None
                closing.close_if_over(own, attempt, at=late + AFTER_THE_GRACE)

    workers = [threading.Thread(target=close) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    if postgres.find_programs() is None:
        pytest.skip("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    with postgres.scratch_cluster(postgres.OUTLIVES_A_KILL) as cluster:
        yield cluster


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 5))])
def test_twenty_kills_of_the_database_lose_none_either(cluster: postgres.Cluster, tmp_path: Path, first: int):
    """The tool is not started again: it finds its database again by itself. A hundred in `make soak`."""
    chance = random.Random(first)
    url = fresh_postgres(cluster.url, "killed")
    app = make_app(url, tmp_path)
    with app.app_context():
        cli.prepare_database()
        learners = class_of(app, Cast(db.session), db.session)
        with served(url, tmp_path) as (_server, port), answering(port, learners, chance):
            for _ in range(20):
                _let_answer(learners, chance)
                db.session.rollback()
                cluster.kill()
                cluster.start()
                db.engine.dispose()
                _check_all_is_there(db.session, learners)
        db.session.rollback()
        db.engine.dispose()
