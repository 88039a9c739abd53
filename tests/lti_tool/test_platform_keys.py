"""Keys of platforms are fetched once an hour and key set, whoever asks. Broken ones: hostile/test_platform_keys.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lti_tool import clock, platform_keys
from tests.cast import Cast
from tests.conftest import make_app
from tests.lti_tool.launching import ISSUER, FakeWeb, key_set, launch, start

KEYS = f"{ISSUER}/jwks"
ONE_FETCH = [f"GET {KEYS}"]
CAMPUS, SCHOOL = "campus-tool", "school-tool"
"""Two clients of one LMS, whose keys are published at one address."""


@dataclass
class Process:
    """The tool in one of several processes on one database: what it remembers is its own."""

    app: Flask
    memory: dict[str, Any] = field(default_factory=dict)

    def launch(self, *, minutes: float = 0, key: str = "one", client_id: str = CAMPUS) -> int:
        """A launch by somebody of this client, so many minutes from now: its status."""
        client = self.app.test_client()
        with pytest.MonkeyPatch.context() as patch, clock.moved_by(timedelta(minutes=minutes)):
            patch.setattr(platform_keys, "_memory", self.memory)
            at = int(clock.now().timestamp())
            asked = start(client, client_id=client_id)
            return launch(client, key=key, asked=asked, aud=client_id, iat=at, exp=at + 60).status_code


@pytest.fixture
def process(app: Flask, web: FakeWeb) -> Process:
    return Process(app)


@pytest.fixture
def another(database_url: str, tmp_path: Path, web: FakeWeb) -> Process:
    """A second process on the same database."""
    app = make_app(database_url, tmp_path)
    app.extensions["http"] = web
    return Process(app)


@pytest.mark.parametrize(("minutes", "fetches"), [(59, 1), (61, 2)])
def test_keys_serve_for_an_hour_and_then_cost_one_fetch(process: Process, web: FakeWeb, minutes: float, fetches: int):
    process.launch()

    statuses = [process.launch(minutes=minutes) for _ in range(3)]

    assert (statuses, web.asked) == ([303] * 3, ONE_FETCH * fetches)


def test_two_clients_of_one_lms_share_what_was_fetched(process: Process, web: FakeWeb, cast: Cast, session: Session):
    """Once a key set, and not once a registration: hosted Canvas has one for all of its schools."""
    cast.platform("School", client_id=SCHOOL)

    statuses = [process.launch(minutes=minutes, client_id=each) for minutes in (0, 59, 61) for each in (CAMPUS, SCHOOL)]

    assert (statuses, web.asked) == ([303] * 6, ONE_FETCH * 2)


def test_a_made_up_key_id_is_asked_for_once_a_minute_by_all_clients_of_an_lms_together(
    process: Process, web: FakeWeb, cast: Cast, session: Session
):
    """JWKS-06"""
    cast.platform("School", client_id=SCHOOL)
    process.launch()

    statuses = [process.launch(minutes=2, key="made-up", client_id=each) for each in (CAMPUS, SCHOOL)]

    assert (statuses, web.asked) == ([401] * 2, ONE_FETCH * 2)


def test_what_one_process_fetched_serves_the_others_for_its_hour(process: Process, another: Process, web: FakeWeb):
    """Also one that had older keys in its memory: or every process of a server would ask each hour."""
    statuses = [each.launch(minutes=minutes) for minutes in (0, 5, 59) for each in (process, another)]
    assert (statuses, web.asked) == ([303] * 6, ONE_FETCH)

    statuses = [process.launch(minutes=61), *(another.launch(minutes=minutes) for minutes in (63, 119))]
    assert (statuses, web.asked) == ([303] * 3, ONE_FETCH * 2)


def test_a_new_key_costs_all_processes_together_one_fetch(process: Process, another: Process, web: FakeWeb):
    for each in (process, another):
        each.launch()
    web.pages[KEYS] = key_set("two")

    statuses = [each.launch(minutes=minutes, key="two") for minutes, each in ((5, process), (7, another), (9, process))]

    assert (statuses, web.asked) == ([303] * 3, ONE_FETCH * 2)
