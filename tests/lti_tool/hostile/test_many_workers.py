"""STATE-12: one token, a hundred posts at once, several processes: exactly one is let in. And one person, many tabs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.arrivals.verifying import state_cookie
from lti_tool.models import Course, Enrolment, Person
from tests.conftest import SECRET
from tests.lti_tool.hostile.trying import Trying
from tests.lti_tool.launching import claims, sign, start
from tests.lti_tool.outcomes import shown_in

ROOT = Path(__file__).parents[3]
WORKERS, POSTS = 4, 100


@contextmanager
def served(database_url: str, folder: Path, *, workers: int = WORKERS) -> Iterator[str]:
    """The tool as `flask serve` runs it, with several workers; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": "http://localhost:8000"}
    order = ["serve", "--port", str(port), "--workers", str(workers), "--threads", "4"]
    with (folder / "served.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *order],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + 60
    while time.monotonic() < last and server.poll() is None:
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.mark.slow
def test_a_hundred_posts_of_one_token_to_four_workers_let_one_in(
    app: Flask, trying: Trying, session: Session, client: FlaskClient, database_url: str, tmp_path: Path
):
    """STATE-12"""
    asked = start(client)
    form = {"state": asked["state"], "id_token": sign({"nonce": asked["nonce"], **claims()})}
    with app.app_context():
        cookies = {state_cookie(asked["state"]): asked["state"]}
    session.rollback()

    with served(database_url, tmp_path) as address, ThreadPoolExecutor(POSTS) as people:

        def post(_number: int) -> str:
            said = requests.post(f"{address}/lti/launch", data=form, cookies=cookies, allow_redirects=False, timeout=60)
            return "ok" if said.status_code == 303 else f"{said.status_code} {shown_in(said.text)}"

        answers = Counter(people.map(post, range(POSTS)))

    assert answers == {"ok": 1, "400 state_spent": POSTS - 1}
    assert session.scalar(select(func.count()).select_from(BrowserSession)) == 2, "Maya's and one of Leo's"


@pytest.mark.slow
def test_one_person_who_launches_eight_times_at_once_is_let_in_eight_times_as_one(
    app: Flask, trying: Trying, session: Session, database_url: str, tmp_path: Path
):
    """Eight tabs of somebody whom nobody has seen before, two workers, a new connection each."""
    begun = [start(app.test_client()) for _ in range(8)]
    forms = [
        {"state": each["state"], "id_token": sign({"nonce": each["nonce"], **claims(sub="zoe", context=NEW_COURSE)})}
        for each in begun
    ]
    with app.app_context():
        cookies = [{state_cookie(each["state"]): each["state"]} for each in begun]
    session.rollback()
    together = threading.Barrier(8, timeout=30)

    with served(database_url, tmp_path, workers=2) as address, ThreadPoolExecutor(8) as tabs:

        def post(number: int) -> tuple[int, str, bool]:
            together.wait()
            said = requests.post(
                f"{address}/lti/launch",
                data=forms[number],
                cookies=cookies[number],
                headers={"Connection": "close"},
                allow_redirects=False,
                timeout=60,
            )
            page = requests.get(f"{address}{said.headers['Location']}", cookies=said.cookies, timeout=60)
            return said.status_code, said.headers["Location"], page.ok

        answers = Counter(tabs.map(post, range(8)))

    zoe = session.scalars(select(Person).where(Person.subject == "zoe")).one()
    course = session.scalars(select(Course).where(Course.context_id == "brand new")).one()
    enrolled = session.scalars(select(Enrolment).where(Enrolment.person_id == zoe.id)).all()
    assert answers == {(303, f"/courses/{course.public_id}/", True): 8}
    assert [(each.course_id, each.person_id) for each in enrolled] == [(course.id, zoe.id)]
    assert session.scalar(select(func.count()).where(BrowserSession.person_id == zoe.id)) == 8


NEW_COURSE = {"id": "brand new", "title": "Brand new"}
